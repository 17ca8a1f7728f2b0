"""What words and documents are about: learnt by counting, and used for a second look at the best hits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import query
from directory.analysis import Analyzer
from directory.search import _places, _plan, _postings, _profile, _senses
from directory.search import _ranking as ranking
from directory.search._document import Document
from directory.service import Directory
from directory.taxonomy import Taxonomy, parse

TERMS: Taxonomy = parse(
    [
        {"slug": "speech", "zh": "语音", "en": "Speech"},
        {"slug": "vision", "zh": "视觉", "en": "Vision"},
    ]
)


class Learnt:
    """The part of a Reader that profiles read."""

    def __init__(self, documents: list[Document], analyzer: Analyzer) -> None:
        found = _postings.gather(documents, TERMS, analyzer, lambda done: None, {})
        self.learnt = _senses.learn(found, len(documents))
        self._lists = {(c, token.decode()): list(zip(*more, strict=True)) for c, token, *more in self.learnt}
        self._profiles = list(self.learnt.profiles)

    def sense(self, key: str) -> int:
        return _profile.packed(self._lists.get(("sense", key), ()))

    def concepts(self, key: str) -> list[int]:
        return [concept for concept, share in enumerate(_profile.unpacked(self.sense(key))) if share]

    def profile(self, number: int) -> bytes:
        return self._profiles[number]


@pytest.fixture(scope="module")
def learnt(seeded: Directory, analyzer: Analyzer) -> Learnt:
    """Forty resources: those about speech say 字幕 or subtitles, those about vision say 轮廓 or contours."""
    documents = []
    for n in range(40):
        speech = n % 2 == 0
        zh = ("字幕 工具" if speech else "轮廓 工具") if n % 4 < 2 else ""
        en = "" if zh else ("subtitles toolkit" if speech else "contours toolkit")
        documents.append(
            Document(
                slug=f"d{n}", id=n + 1, name=f"d{n}", summary_zh=zh, summary_en=en,
                categories=("speech" if speech else "vision",),
            )
        )  # fmt: skip
    return Learnt(documents, analyzer)


def near(learnt: Learnt, analyzer: Analyzer, typed: str, number: int) -> float:
    profile = _profile.Profile(_plan.make(query.parse(typed), TERMS, analyzer), learnt, 1.0)  # type: ignore[arg-type]
    return float(profile.again(number, 0.0) ** ranking.FLAT / ranking.NEAR)


def test_a_word_goes_with_the_concepts_of_the_documents_that_have_it(learnt: Learnt) -> None:
    speech, vision = 0, 1  # by slug
    assert learnt.concepts("字幕") == [speech]
    assert learnt.concepts("contour") == [vision]
    assert not learnt.sense("工具"), "it stands beside both as often as chance would have it"
    assert learnt.concepts(_profile.concept_key("vision")) == [vision]


def test_two_languages_meet_in_what_they_are_about(learnt: Learnt, analyzer: Analyzer) -> None:
    """字幕 is in no document that says subtitles."""
    english_speech, english_vision = 2, 3
    assert near(learnt, analyzer, "字幕", english_speech) == pytest.approx(1, abs=0.01)
    assert near(learnt, analyzer, "字幕", english_vision) == 0
    assert near(learnt, analyzer, "从未见过", english_speech) == 0


def test_documents_that_are_added_are_described_by_the_senses_of_the_index(learnt: Learnt, analyzer: Analyzer) -> None:
    added = [Document(slug="x", id=99, name="x", summary_zh="轮廓"), Document(slug="y", id=98, name="y")]
    found = _postings.gather(added, TERMS, analyzer, lambda done: None, {})
    senses = {
        token.decode(): _postings.List(*listed) for channel, token, *listed in learnt.learnt if channel == "sense"
    }
    described = _senses.describe(found, len(added), senses.get)
    assert list(described.profiles) == [bytes((0, _profile.SCALE)), bytes(2)]
    assert not any(channel == "sense" for channel, *_ in described)


def test_what_is_learnt_stands_in_the_order_of_channels(learnt: Learnt) -> None:
    keys = [(channel, token) for channel, token, *_ in learnt.learnt]
    assert keys == sorted(keys)
    assert {"sense", "text"} <= {channel for channel, _ in keys}


def test_nothing_is_learnt_from_nothing() -> None:
    assert list(_senses.learn((), 0)) == []
    assert list(_senses.describe((), 0, {}.get)) == []


class Near(_profile.Profile):
    """A profile with given nearness."""

    def __init__(self, given: list[float], gain: float) -> None:
        self._gain = gain
        self._profile = lambda number: (given[number],)  # type: ignore[assignment, return-value]
        self._pick, self._shares = tuple, [gain]


@given(
    scored=st.lists(st.tuples(st.floats(0, 500), st.floats(0, 1)), min_size=1, max_size=300),
    wanted=st.integers(1, 320),
    gain=st.floats(0, 3),
)
def test_looking_only_at_what_can_come_on_the_page_gives_the_same_page(
    scored: list[tuple[float, float]], wanted: int, gain: float
) -> None:
    profile = Near([near for _, near in scored], gain)
    again = [profile.again(n, score) for n, (score, _) in enumerate(scored)]
    assert all(after >= before - 1e-9 * before for after, (before, _) in zip(again, scored, strict=True)), "none falls"
    whole = sorted(ranking.place(n, score) for n, score in enumerate(again))[:wanted]
    places = _places.Places(wanted, (), profile)
    for number, (score, _) in enumerate(scored):
        if score >= places.floor:
            places.enter(number, score)
    assert places.found == whole


@pytest.mark.parametrize("typed", ["dify", "langgenius/dify", "https://github.com/langgenius/dify"])
def test_names_and_addresses_are_not_looked_at_again(seeded: Directory, typed: str) -> None:
    asked = query.parse(typed, limit=5)
    assert all(e.near == 1 for e in seeded.explain(asked, seeded.search(asked)))


def test_exact_queries_are_not_looked_at_again(seeded: Directory) -> None:
    for exact in (True, False):
        asked = query.parse("语音 识别 工具", limit=5, exact=exact)
        changed = [e.near != 1 for e in seeded.explain(asked, seeded.search(asked))]
        assert any(changed) == (not exact)
