"""The compiled index: it gives the page that scoring every document gives, and no damaged byte is ever believed."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import config, generation, indexing, mapped, query, segmentation, text
from directory.analysis import Analyzer
from directory.cli.app import run as run_command
from directory.errors import IndexDamaged
from directory.query import Query
from directory.search import Hit, Page, _fields, _postings, _profile, _repair, _senses, snapshot, whoosh
from directory.search import _ranking as ranking
from directory.search._answer import Answerer
from directory.search._backend import Searcher, Spelling
from directory.search._compile import compile_index
from directory.search._compiled import ADDED, DELETED, FILE
from directory.search._document import Document, Row
from directory.segmentation.table import Table
from directory.service import Directory
from directory.taxonomy import parse

FILTERS = (
    "kind:project", "kind:model", "lang:zh", "lang:en", "stars:>1000", "stars:<50", "stars:>=0", "category:rag",
    "category:agent", "license:mit", "state:ok", "state:dead", "state:new", "updated:>2024-01-01", "updated:<2025",
    "pricing:开源免费", "pricing:付费", "-agent", "-模型", '-"large language model"', "category:rag category:agent",
)  # fmt: skip


class Asking:
    """Queries as people and programs put them, the same ones for the same seed.

    Args:
        words: what free words are taken from, the frequent ones often.
        labels: of the taxonomy.
        names: of resources.
    """

    def __init__(self, dice: random.Random, words: list[str], labels: list[str], names: list[str]) -> None:
        self._dice = dice
        self._words, self._labels, self._names = words, labels, names

    def _word(self) -> str:
        kind = self._dice.random()
        found = self._dice.choice(self._labels if kind < 0.25 else self._names if kind < 0.4 else self._words)
        if self._dice.random() < 0.05 and len(found) > 3:  # a slip: what is repaired must be the same too
            place = self._dice.randrange(len(found) - 1)
            found = found[:place] + found[place + 1] + found[place] + found[place + 2 :]
        return found

    def one(self) -> Query:
        """The next query."""
        dice = self._dice
        parts = [self._word() for _ in range(dice.choice((0, 1, 1, 1, 2, 2, 3, 4, 8, 14)))]
        if dice.random() < 0.12:
            parts.insert(0, f'"{self._word()} {self._word()}"' if dice.random() < 0.5 else f'"{self._word()}"')
        if dice.random() < 0.35 or not parts:
            parts += dice.sample(FILTERS, dice.choice((1, 1, 2)))
        if dice.random() < 0.1:
            parts.append(f"-{self._word()}")
        sort = dice.choice((*["relevance"] * 6, *query.SORTS))
        limit, offset = dice.choice(((10, 0), (10, 0), (3, 0), (50, 0), (1000, 0), (10, 10), (5, 40)))
        return query.parse(" ".join(parts), sort=sort, limit=limit, offset=offset, exact=dice.random() < 0.15)


def assert_same(asked: Query, expected: Page, found: Page, uncounted: Page) -> None:
    assert found.hits == expected.hits, asked
    assert found == expected, asked
    assert uncounted.hits == expected.hits, asked
    assert uncounted._replace(total=0, facets={}) == expected._replace(total=0, facets={}), asked


# ── the bundled catalogue ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def opened(built: Path) -> indexing.OpenIndex:
    root = built / "index"
    return indexing.open_index(root, generation.current(root))


@pytest.fixture(scope="module")
def record(built: Path, opened: indexing.OpenIndex) -> Searcher:
    """The index of record: every document is scored."""
    folder = generation.current(built / "index").folder
    return whoosh.open_index(folder, opened.taxonomy, opened.analyzer)


def asking(seed: int, opened: indexing.OpenIndex, record: Searcher) -> Asking:
    reader = record.reader
    found = [reader.folded(n) for n in range(len(reader.rows))]
    words = [t.text for folded in found for t in opened.analyzer.words(folded)]
    labels = [label.text for term in opened.taxonomy for label in term.labels]
    names = [row.name for row in reader.rows] + [reader.hit(n).repo for n in range(0, len(reader.rows), 3)]
    names += [reader.hit(n).url for n in range(0, len(reader.rows), 9)]
    return Asking(random.Random(seed), words, labels, [n for n in names if n])


@pytest.mark.parametrize("seed", range(4))
def test_300_queries_get_the_page_that_scoring_everything_gives(
    opened: indexing.OpenIndex, record: Searcher, seed: int
) -> None:
    """Hits, order, scores, highlights, total, facets, notes, suggestion; with and without counts."""
    ask = asking(seed, opened, record)
    repaired = empty = 0
    for _ in range(300):
        asked = ask.one()
        expected = record.search(asked)
        found, uncounted = (opened.searcher.search(asked._replace(counted=c)) for c in (True, False))
        assert_same(asked, expected, found, uncounted)
        repaired += bool(expected.suggestion)
        empty += not expected.hits
    assert 0 < repaired < 100, "the queries are not what they are meant to be"
    assert empty < 150, "the queries are not what they are meant to be"


def test_an_index_that_was_added_to_gives_the_page_that_scoring_everything_gives(home: Path) -> None:
    """Resources renamed, hidden, killed and described anew by raw SQL; the next search adds them."""
    service = Directory(config.load({"home": home}))
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection, connection:
        changes = ("name = name || ' 智能体'", "hidden = 1", "summary_zh = '开源的大模型微调平台'", "licence = 'MIT'")
        for number, change in enumerate(changes):
            connection.execute(f"UPDATE resource SET {change} WHERE id % 100 = ?", (number,))
        connection.execute("UPDATE link SET state = 'dead' WHERE resource_id % 100 = 9")
    root = home / "index"
    before = generation.current(root)
    service.search(query.parse("智能体"))
    current = generation.current(root)
    assert (current.base, current.sequence > before.sequence) == (before.sequence, True), "it was built whole"
    opened = indexing.open_index(root, current)
    record = whoosh.open_index(current.folder, opened.taxonomy, opened.analyzer)
    ask = asking(9, opened, record)
    for _ in range(200):
        asked = ask.one()
        found, uncounted = (opened.searcher.search(asked._replace(counted=c)) for c in (True, False))
        assert_same(asked, record.search(asked), found, uncounted)


def test_the_compiled_index_holds_what_the_index_of_record_holds(opened: indexing.OpenIndex, record: Searcher) -> None:
    ours, theirs = opened.searcher.reader, record.reader
    assert list(ours.rows) == list(theirs.rows)
    for number in range(len(theirs.rows)):
        assert ours.hit(number) == theirs.hit(number)
        assert ours.folded(number) == theirs.folded(number)
    for token in {t.text for n in range(0, len(ours.rows), 5) for t in opened.analyzer.words(ours.folded(n))}:
        for channel in ("text", "gram"):
            assert list(ours.postings(channel, token)) == list(theirs.postings(channel, token))
    for term in opened.taxonomy:
        assert list(ours.postings("concept", term.slug)) == list(theirs.postings("concept", term.slug))


# ── small catalogues of any kind ─────────────────────────────────────────────────────────────────────────────────────

TERMS = parse(
    [
        {"slug": "llm", "zh": "大模型", "en": "LLM", "alt": {"zh": ["大语言模型"], "en": ["large language model"]}},
        {"slug": "rag", "zh": "检索增强", "en": "RAG", "alt": {"en": ["retrieval"]}, "broader": ["llm"]},
        {"slug": "agent", "zh": "智能体", "en": "Agent", "alt": {"en": ["agents"]}, "related": ["llm"]},
        {"slug": "image", "zh": "文生图", "en": "text to image", "hidden": ["画图"]},
    ]
)
LABELS = [label.text for term in TERMS for label in term.labels]
WORDS = (
    "模型 平台 微调 语音 开源 知识库 智能体 大模型 检索 增强 文生图 画 的 the a of agent agents rag llm gpt gpt-4 "
    "GPT4o AutoGPT auto open-source C++ c# platform search vector-database stable diffusion 通义千问 扩散"
).split()
SPELLING: Spelling = _repair.spelling([(w, 1.0) for w in WORDS], LABELS, dict.fromkeys(WORDS, 3))


LEXICON = {"平台": ["platform"], "platform": ["平台"], "检索": ["search"], "search": ["检索"], "模型": ["llm"]}
"""What words are called in the other language."""


class InMemory:
    """Postings and profiles as they were gathered: what the exhaustive answer is computed from."""

    def __init__(
        self,
        documents: list[Document],
        found: Iterable[_postings.Posted],
        profiles: list[bytes],
        deleted: frozenset[int],
    ) -> None:
        self.rows = [_fields.row(d, TERMS) for d in documents]
        self.priors = [ranking.prior(r.stars, r.cited_by, r.state) for r in self.rows]
        self.deleted = deleted
        self._documents, self._profiles = documents, profiles
        self._found: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for channel, token, numbers, impacts in found:
            listed = self._found.setdefault((channel, token.decode("utf-8", "surrogatepass")), [])
            listed += zip(numbers, impacts, strict=True)

    def postings(self, channel: str, token: str) -> Iterator[tuple[int, float]]:
        listed = self._found.get((channel, token), ())
        return ((number, impact) for number, impact in listed if number not in self.deleted)

    def sense(self, key: str) -> int:
        return _profile.packed(self._found.get(("sense", key), ()))

    def profile(self, number: int) -> bytes:
        return self._profiles[number]

    def called(self, beginning: str) -> Iterator[int]:
        named = (n for n, row in enumerate(self.rows) if text.squash(row.name).startswith(beginning))
        return (number for number in named if number not in self.deleted)

    def hit(self, number: int) -> Hit:
        return _fields.hit(self._documents[number])

    def folded(self, number: int) -> str:
        return _fields.folded(self._documents[number])

    def spelling(self) -> Spelling:
        return SPELLING


def made_up(dice: random.Random, count: int) -> list[Document]:
    """Documents that are alike in many ways: few words, few numbers of stars, equal names, nothing in some fields."""
    words = dice.sample(WORDS, dice.randrange(2, len(WORDS)))
    names = [dice.choice(words) for _ in range(max(1, count // dice.choice((1, 2, 10))))]
    stars = [None, 0, *(dice.randrange(5_000) for _ in range(dice.choice((0, 1, 20))))]

    def some(most: int) -> str:
        return " ".join(dice.choices(words, k=dice.randrange(most))) if dice.random() < 0.8 else ""

    found = []
    for number in range(count):
        repo = f"owner{dice.randrange(5)}/{dice.choice(names).replace(' ', '-')}" if dice.random() < 0.5 else ""
        found.append(
            Document(
                slug=f"d{number}",
                id=number + 1,
                name=dice.choice(names),
                names=tuple(dice.sample(words, dice.choice((0, 0, 1, 2)))),
                kind=dice.choice(("project", "project", "model")),
                summary_zh=some(12),
                summary_en=some(12),
                url=f"https://example.org/{dice.randrange(count)}",
                repo=repo,
                categories=tuple(dice.sample(list(TERMS.terms), dice.choice((0, 1, 1, 2)))),
                topics=tuple(dice.sample(words, dice.choice((0, 0, 2)))),
                pricing=dice.choice(("", "开源免费", "付费")),
                licence=dice.choice(("", "MIT", "Apache-2.0")),
                stars=dice.choice(stars),
                growth=dice.choice((None, 0, 7)),
                cited_by=dice.choice((0, 0, 0, 1, 3)),
                state=dice.choice(("ok", "ok", "ok", "new", "dead", "replaced", "legal", "suspect")),
                updated=dice.choice(("", "2024-05-01T00:00:00Z", "2026-05-01T00:00:00Z")),
                added=dice.choice(("", "2026-01-01T00:00:00Z")),
            )
        )
    return found


class Written(NamedTuple):
    """A folder with a compiled index, and what it must be equal to."""

    folder: Path
    reader: InMemory


def compiled(
    documents: list[Document], analyzer: Analyzer, root: Path, added: Sequence[Document] = (), gone: Iterable[int] = ()
) -> Written:
    """Write documents, and what was added to them since; `gone`: ids that are no longer what they were."""
    base = _postings.in_order(documents)
    found = _senses.learn(_postings.gather(base, TERMS, analyzer, lambda done: None, LEXICON), len(base))
    later = _postings.in_order(added)
    gathered = _postings.gather(later, TERMS, analyzer, lambda done: None, LEXICON)
    senses = {token.decode(): _postings.List(*listed) for channel, token, *listed in found if channel == "sense"}
    more = _senses.describe(gathered, len(later), senses.get)
    shifted = list(_postings.shifted(more, len(base)))
    profiles = [profile.ljust(found.profiles.size, b"\0") for profile in (*found.profiles, *more.profiles)]
    wanted = set(gone)
    deleted = frozenset(n for n, d in enumerate(base) if d.id in wanted)

    def fill(folder: Path) -> None:
        (folder / snapshot.SPELLING).write_text(json.dumps(SPELLING), "utf-8")
        compile_index(folder / FILE, base, TERMS, analyzer, found)
        if wanted:
            compile_index(folder / ADDED, later, TERMS, analyzer, more, len(base))
            (folder / DELETED).write_text(json.dumps(sorted(deleted)), "utf-8")

    root.mkdir(mode=0o700, exist_ok=True)
    built = generation.replace(root, 1, "f", fill)
    return Written(built.folder, InMemory([*base, *later], [*found, *shifted], profiles, deleted))


@pytest.mark.parametrize("sort", query.SORTS[1:])
def test_a_limit_of_nothing_gives_no_hits(opened: indexing.OpenIndex, sort: query.Sort) -> None:
    page = opened.searcher.search(query.parse("模型", sort=sort, limit=0))
    assert page.hits == ()
    assert page.total > 0


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    count=st.sampled_from((0, 1, 2, 7, 30, 63, 64, 65, 66, 130, 300)),
    changed=st.sampled_from((0, 0, 1, 5, 40)),
)
def test_any_small_catalogue_is_answered_as_by_scoring_everything(
    tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer, seed: int, count: int, changed: int
) -> None:
    """Ties, dead states, equal names and empty fields; lists shorter and longer than what is written down of them.

    With an addition too: documents that were changed, removed and new.
    """
    dice = random.Random(seed)
    root = tmp_path_factory.mktemp("small")
    documents = made_up(dice, count)
    others = made_up(dice, changed)
    gone = dice.sample(range(1, count + 1), min(count, changed))
    numbers = [*gone[: len(gone) // 2], *range(count + 1, count + 1 + changed)]
    added = [d._replace(id=n, slug=f"d{n - 1}") for d, n in zip(others, numbers, strict=False)]
    written = compiled(documents, analyzer, root, added, [*gone, *(d.id for d in added)])
    expected = Answerer(written.reader, TERMS, analyzer)
    searcher = snapshot.open_index(written.folder, TERMS, analyzer)
    names = [d.name for d in (*documents, *added)] + [d.repo or d.url for d in (*documents, *added)]
    ask = Asking(dice, WORDS, LABELS, names or ["x"])
    for _ in range(25):
        asked = ask.one()
        pages = [searcher.search(asked._replace(counted=c)) for c in (True, False)]
        assert_same(asked, expected.search(asked), *pages)
    for beginning in {text.squash(name)[: dice.randrange(1, 4)] for name in names}:
        assert sorted(searcher.reader.called(beginning)) == sorted(written.reader.called(beginning))
    searcher.close()
    shutil.rmtree(root)


# ── damage ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ASKED = [
    query.parse(typed)
    for typed in (
        "大模型",
        "agent 平台",
        "gpt-4",
        "智能休",
        '"开源 模型"',
        "stars:>10",
        "rag -模型",
        "kind:model",
        "owner1",
    )
] + [query.parse("模型", sort="stars"), query.parse("", sort="name")]


def answers(searcher: Searcher) -> list[Page]:
    return [searcher.search(asked) for asked in ASKED]


def damages(content: bytes, dice: random.Random, flips: int) -> Iterable[bytes]:
    """Cut off, made longer, emptied, one bit flipped in many places."""
    for length in {0, 1, 23, 24, len(content) // 2, len(content) - 4, len(content) - 1}:
        yield content[: max(length, 0)]
    yield content + b"\0"
    yield bytes(len(content))
    for place in dice.sample(range(len(content)), min(flips, len(content))):
        yield content[:place] + bytes([content[place] ^ (1 << dice.randrange(8))]) + content[place + 1 :]


def believed(path: Path, expected: list[Page], ask: Callable[[], list[Page]], flips: int) -> list[str]:
    """The damages of a file after which something else than the right answers or IndexDamaged came out."""
    content = path.read_bytes()
    wrong = []
    for number, damaged in enumerate(damages(content, random.Random(5), flips)):
        path.write_bytes(damaged)
        try:
            if ask() != expected:
                wrong.append(f"{path.name}, damage {number}: a wrong answer")
        except IndexDamaged:
            continue
        except Exception as error:  # noqa: BLE001  (anything else is what is looked for)
            wrong.append(f"{path.name}, damage {number}: {type(error).__name__}: {error}")
    path.write_bytes(content)
    return wrong


def test_no_damaged_byte_of_the_compiled_index_is_believed(analyzer: Analyzer, tmp_path: Path) -> None:
    documents = made_up(random.Random(1), 80)
    changed = [d._replace(name="Changed", summary_zh="开源平台") for d in documents[::8]]
    folder = compiled(documents, analyzer, tmp_path / "index", changed, [d.id for d in changed]).folder
    expected = answers(snapshot.open_index(folder, TERMS, analyzer))
    assert sum(len(page.hits) for page in expected) > 20

    def ask() -> list[Page]:
        return answers(snapshot.open_index(folder, TERMS, analyzer))

    for name, flips in ((FILE, 500), (ADDED, 200), (DELETED, 20), (snapshot.SPELLING, 20)):
        assert believed(folder / name, expected, ask, flips) == []


def test_no_damaged_byte_of_the_dictionary_is_believed(table: Table, tmp_path: Path) -> None:
    """Every byte of a small one; the real one is the same code over more of them."""
    words = {w: n for n, w in enumerate(WORDS)}
    path = tmp_path / "t"
    path.write_bytes(segmentation.table.compile_table(words, 9))
    for content in damages(path.read_bytes(), random.Random(5), 100_000):
        (tmp_path / "damaged").write_bytes(content)
        try:
            found = Table(tmp_path / "damaged")
            assert found.total == 9
            assert {w: found.get(w) for w in words} == words
            assert found.get("没有的词") is None
        except IndexDamaged:
            continue
        pytest.fail("a byte that means nothing was changed: there is none")


@pytest.fixture
def small_home(built: Path, tmp_path: Path) -> Path:
    """The bundled catalogue's home without Whoosh's files, which no search reads."""
    copy = tmp_path / "home"
    shutil.copytree(built, copy)
    return copy


@pytest.mark.parametrize(
    "name",
    [
        "spelling.json",
        "taxonomy.jsonl",
        "words.json",
        "manifest.json",
        "CURRENT",
    ],
)
def test_no_damaged_byte_of_what_lies_beside_is_believed(small_home: Path, name: str) -> None:
    root = small_home / "index"
    found = generation.current(root)

    def ask() -> list[Page]:
        current = generation.current(root)
        if current[1:] != found[1:]:  # a changed number in the pointer is staleness: the service builds again
            raise IndexDamaged("stale")
        return answers(indexing.open_index(root, current).searcher)

    expected = ask()
    path = root / name if name == "CURRENT" else found.folder / name
    assert believed(path, expected, ask, 60) == []


@pytest.mark.parametrize(
    ("name", "before", "after", "typed"),
    [
        ("taxonomy.jsonl", "检索增强", "检索增弱", "检索增强"),
        ("words.json", '"大模型": ', '"大模形": ', "微调大模型"),
        ("spelling.json", '"autogpt": ', '"autogqt": ', "autogtp"),
    ],
)
def test_a_changed_letter_in_what_lies_beside_is_noticed(
    small_home: Path, name: str, before: str, after: str, typed: str
) -> None:
    """It is still JSON of the right form; only its checksum says that it is not what was written."""
    root = small_home / "index"
    found = generation.current(root)
    path = found.folder / name
    content = path.read_text("utf-8")
    assert before in content
    path.write_text(content.replace(before, after), "utf-8")
    with pytest.raises(IndexDamaged):
        indexing.open_index(root, found).searcher.search(query.parse(typed))


def test_a_search_over_a_damaged_index_answers_and_repairs(
    small_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the command: the same hits, one line about the damage, no traceback; the next search is clean."""
    monkeypatch.setenv("AIDIR_HOME", str(small_home))
    assert run_command(["search", "大模型", "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)["hits"]
    path = generation.current(small_home / "index").folder / FILE
    path.write_bytes(b"".join(b"\xff" if n == 9 else part for n, part in enumerate(split(path.read_bytes()))))
    for talk in (1, 0):
        assert run_command(["search", "大模型", "--json"]) == 0
        said = capsys.readouterr()
        assert json.loads(said.out)["hits"] == expected
        assert said.err.count("building it again") == talk
        assert "Traceback" not in said.err


def split(content: bytes) -> list[bytes]:
    return [content[n : n + 1000] for n in range(0, len(content), 1000)]


# ── the mapped file ──────────────────────────────────────────────────────────────────────────────────────────────────

MAGIC = b"test\0\0\0\1"


@settings(deadline=None)
@given(content=st.binary(max_size=3 * mapped.PAGE), data=st.data())
def test_a_mapped_file_gives_back_what_was_sealed(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("mapped") / "f"
    path.write_bytes(mapped.seal(MAGIC, content))
    found = mapped.Mapped(path, MAGIC, "test file")
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    assert found.read(start, end) == content[start:end]
    for outside in ((-1, 0), (0, len(content) + 1), (end + 1, end)):
        with pytest.raises(IndexDamaged):
            found.read(*outside)
    found.close()
    with pytest.raises(IndexDamaged):
        mapped.Mapped(path, b"another\1", "test file")


@settings(deadline=None, max_examples=200)
@given(content=st.binary(max_size=2 * mapped.PAGE + 9), data=st.data())
def test_no_changed_byte_of_a_mapped_file_is_read(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    sealed = mapped.seal(MAGIC, content)
    path = tmp_path_factory.mktemp("mapped") / "f"
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(sealed) - 1))
        path.write_bytes(sealed[:place] + bytes([sealed[place] ^ data.draw(st.integers(1, 255))]) + sealed[place + 1 :])
    else:
        path.write_bytes(sealed[: data.draw(st.integers(0, len(sealed) - 1))])
    with pytest.raises(IndexDamaged):
        mapped.Mapped(path, MAGIC, "test file").read(0, len(content))


def test_a_mapped_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(IndexDamaged, match="test file"):
            mapped.Mapped(path, MAGIC, "test file")


def test_rows_are_a_sequence(opened: indexing.OpenIndex) -> None:
    rows = opened.searcher.reader.rows
    assert isinstance(rows[0], Row)
    assert rows[:3] == [rows[0], rows[1], rows[2]]
    with pytest.raises(IndexError):
        rows[len(rows)]


def test_every_query_was_answered_by_the_compiled_index(opened: indexing.OpenIndex) -> None:
    """How often it answered with bounds and how often document by document; Whoosh has no part in it."""
    assert isinstance(opened.searcher, snapshot.SnapshotSearcher)
    searcher = snapshot.SnapshotSearcher(opened.searcher.reader, opened.taxonomy, opened.analyzer)  # type: ignore[arg-type]
    for typed, way in (("大模型 平台", "fast"), ('"知识图谱"', "fast"), ('"!?"', "whole"), ("category:rag", "fast")):
        before = searcher.answered[way]
        searcher.search(query.parse(typed))
        assert searcher.answered[way] == before + 1, typed
