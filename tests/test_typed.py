"""What users type and what they expect, row by row: in the library and on the command line."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import query
from directory.search import Hit, Page
from directory.service import Directory
from tests.conftest import Run

SAME = [
    ("GPT-4", "ＧＰＴ－４", "gpt4", "gpt 4", "Gpt\u20104"),
    ("DALL·E 3", "dalle3", "DALL- E 3", "dall-e-3"),
    ("大语言模型", "大語言模型"),
    ("神经网络", "神經網路"),
    ("智能体", "智慧體", "ＡＧＥＮＴ", "agent"),
    ("LLM", "llm", "ＬＬＭ"),
    ("LangChain", "langchain", "LANGCHAIN"),
]
"""Spellings of one thing; the first has to find something."""

REPAIRED = [
    ("lanchain", "langchain", "langchain"),
    ("langchian", "langchain", "langchain"),
    ("通议千问", "通义千问", "qwen-7b"),
    ("只能体", "智能体", "metagpt"),
    ("damoxing", "大模型", "awesome-llm"),
    ("dmx", "大模型", "awesome-llm"),
    ("zhinengti", "智能体", "metagpt"),
]
"""Typed, what is searched for instead, and a resource that must be among the first ten."""

ADDRESSED = [
    ("langgenius/dify", "dify"),
    ("https://github.com/langgenius/dify", "dify"),
    ("https://github.com/langgenius/dify/blob/main/README_CN.md#quick-start", "dify"),
    ("Microsoft/GraphRAG", "graphrag"),
    ("http://www.github.com/langchain-ai/langchain.git", "langchain"),
]


def ask(directory: Directory, typed: str, **more: object) -> Page:
    return directory.search(query.parse(typed, **more))  # type: ignore[arg-type]


def slugs(page: Page) -> list[str]:
    return [hit.slug for hit in page.hits]


@pytest.mark.parametrize("spellings", SAME, ids=lambda s: s[0])
def test_spellings_of_one_thing_find_the_same(seeded: Directory, spellings: tuple[str, ...]) -> None:
    found = [set(slugs(ask(seeded, typed, limit=10_000))) for typed in spellings]
    assert found[0]
    assert all(other == found[0] for other in found), [len(f) for f in found]


def test_taiwanese_words_find_what_the_mainlands_do(seeded: Directory) -> None:
    """人工智慧 is an alias of 人工智能: literal hits differ, the concept does not."""
    one, other = (set(slugs(ask(seeded, typed, limit=10_000))) for typed in ("人工智慧", "人工智能"))
    assert len(one & other) > 0.99 * len(one | other)


@pytest.mark.parametrize("typed", ["LLM", "llm", "大模型", "大语言模型"])
def test_one_concept_whatever_it_is_called(seeded: Directory, typed: str) -> None:
    terms = seeded.taxonomy()
    page = ask(seeded, typed, limit=10_000)
    assert page.also_searched
    assert typed not in page.also_searched
    filed = {h.slug for h in page.hits if "large-language-model" in h.categories}
    everything = ask(seeded, "category:llm", limit=10_000).hits
    assert {h.slug for h in everything if "large-language-model" in h.categories} <= filed
    exact = ask(seeded, typed, limit=1000, exact=True)
    assert exact.also_searched == ()
    assert 0 < exact.total < page.total
    assert terms.resolve(typed) == terms.resolve("LLM")


def test_a_literal_hit_stands_above_an_alias(seeded: Directory) -> None:
    """Of two resources that are equal but for the word, the one that says it as typed scores higher."""
    for typed in ("智能体", "微调", "大模型"):
        asked = query.parse(typed, limit=10_000)
        page = seeded.search(asked)
        impacts: dict[bool, list[float]] = {True: [], False: []}
        for found in seeded.explain(asked, page):
            (part,) = found.parts
            impacts["written" in part.how].append(part.impact)
        assert sum(impacts[True]) / len(impacts[True]) > sum(impacts[False]) / len(impacts[False])


@pytest.mark.parametrize(("typed", "meant", "slug"), REPAIRED)
def test_what_is_mistyped_is_repaired_and_said(seeded: Directory, typed: str, meant: str, slug: str) -> None:
    page = ask(seeded, typed)
    assert page.suggestion == meant
    assert slug in slugs(page)
    assert slugs(page) == slugs(ask(seeded, meant))
    assert f"showing results for {meant}; search instead for {typed}: --exact" in page.notes
    exact = ask(seeded, typed, exact=True)
    assert not exact.suggestion
    assert slugs(exact) != slugs(page)


@pytest.mark.parametrize("typed", ["微调", "RAG", "平台", "训练", "MCP", "AI", "TTS", "图像"])
def test_short_words_always_work(seeded: Directory, typed: str) -> None:
    page = ask(seeded, typed, exact=True)
    assert page.total
    assert not page.suggestion
    for hit in page.hits[:3]:
        assert shows(seeded, hit, typed), hit


def shows(directory: Directory, hit: Hit, typed: str) -> bool:
    terms = directory.taxonomy().terms
    labels = [n.text for slug in hit.categories for n in terms[slug].labels]
    return typed.lower() in " ".join((hit.name, hit.summary_zh, hit.summary_en, *labels)).lower()


def test_a_phrase_is_a_phrase(seeded: Directory) -> None:
    page = ask(seeded, '"检索增强"', limit=10_000)
    assert page.total
    assert all(shows(seeded, hit, "检索增强") for hit in page.hits)
    assert ask(seeded, '"增强检索检索"').total == 0


def test_filters_narrow_and_exclusions_drop(seeded: Directory) -> None:
    page = ask(seeded, "category:rag stars:>1000 license:mit -论文", limit=10_000)
    assert page.total == len(page.hits) > 0
    for hit in page.hits:
        assert (hit.stars or 0) > 1000
        assert hit.licence == "MIT"
        assert "论文" not in hit.summary_zh + hit.name
        above = {a for c in hit.categories for a in (c, *seeded.taxonomy().ancestors(c))}
        assert "rag" in above
    assert set(slugs(page)) == set(slugs(ask(seeded, "#rag stars:>1000 licence:MIT -论文", limit=10_000)))


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("lang:zh", lambda hit: hit.summary_zh),
        ("state:new", lambda hit: hit.state == "new"),
        ("kind:model", lambda hit: hit.kind == "model"),
        ("stars:>=10k", lambda hit: hit.stars >= 10_000),
        ("stars:<500", lambda hit: hit.stars < 500),
        ("updated:>2024-01-01", lambda hit: hit.updated[:10] > "2024-01-01"),
        ("pricing:开源免费", lambda hit: hit.pricing == "开源免费"),
    ],
)
def test_every_filter_holds_for_every_hit(seeded: Directory, typed: str, holds: object) -> None:
    page = ask(seeded, typed, limit=10_000)
    assert all(holds(hit) for hit in page.hits)  # type: ignore[operator]
    without = ask(seeded, "", limit=10_000)
    assert {h.slug for h in without.hits if _safe(holds, h)} == set(slugs(page))


def _safe(holds: object, hit: Hit) -> bool:
    try:
        return bool(holds(hit))  # type: ignore[operator]
    except TypeError:  # no stars known
        return False


@pytest.mark.parametrize(
    ("typed", "same_as", "said"),
    [
        ("colour:red agent", "colour red agent", "no filter 'colour:'"),
        ("agent stars:many", "agent", "needs a number"),
        ("agent updated:soon", "agent", "needs a date"),
        ("agent category:龙虾", "agent", "no category is called"),
        ('agent "', "agent", ""),
        ("agent -", "agent", ""),
    ],
)
def test_odd_syntax_is_words_with_a_note(seeded: Directory, typed: str, same_as: str, said: str) -> None:
    page = ask(seeded, typed)
    assert slugs(page) == slugs(ask(seeded, same_as))
    assert any(said in note for note in page.notes) if said else not page.notes


@pytest.mark.parametrize(("typed", "slug"), ADDRESSED)
def test_an_address_leads_to_its_repository(seeded: Directory, typed: str, slug: str) -> None:
    assert slugs(ask(seeded, typed))[0] == slug


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("智", "智能体", "category"),
        ("模", "模型", "category"),
        ("la", "LangChain", "resource"),
        ("ra", "RAG", "category"),
        ("dm", "大模型", "category"),
        ("zhineng", "智能体", "category"),
        ("langch", "LangChain", "resource"),
    ],
)
def test_a_beginning_gets_suggestions(seeded: Directory, typed: str, text: str, kind: str) -> None:
    found = seeded.suggest(typed, 10)
    assert (text, kind) in [(s.text, s.kind) for s in found]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("typed", ["agent", "智能体", "rag 平台", "", "langchain 教程"])
def test_facets_count_what_the_list_has(seeded: Directory, typed: str) -> None:
    page = ask(seeded, typed, limit=10_000)
    assert page.total == len(page.hits)
    for field in ("kind", "licence", "state", "pricing"):
        counted = {v.value: v.total for v in page.facets[field]}
        for value, number in counted.items():
            assert number == sum(getattr(h, field) == value for h in page.hits), (field, value)
    for value, number in ((v.value, v.total) for v in page.facets["category"][:12]):
        assert ask(seeded, f"{typed} category:{value}", limit=1).total == number


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*'智能体模型训练-"#:/', "agent", "category:rag", "stars:>1k", "GPT-4", "lanchain", " ", "的"])
    ),
    st.sampled_from(query.SORTS),
    st.booleans(),
    st.integers(0, 12),
)
def test_any_syntax_and_any_option(
    seeded: Directory, pieces: list[str], sort: query.Sort, exact: bool, limit: int
) -> None:
    asked = query.parse("".join(pieces), sort=sort, exact=exact, limit=limit)
    page = seeded.search(asked)
    assert len(page.hits) == min(limit, page.total)
    assert seeded.search(asked) == page
    shifted = seeded.search(asked._replace(offset=1))
    assert shifted.hits[: max(limit - 1, 0)] == page.hits[1:]
    for hit in page.hits:
        for field, spans in hit.highlights.items():
            assert all(0 <= a < b <= len(getattr(hit, field)) for a, b in spans)
            assert spans == sorted(spans)


@pytest.mark.parametrize("sort", query.SORTS)
def test_every_sort_has_the_same_hits(seeded: Directory, sort: query.Sort) -> None:
    found = ask(seeded, "agent", limit=1000, sort=sort)
    assert set(slugs(found)) == set(slugs(ask(seeded, "agent", limit=10_000)))
    if sort in ("stars", "growth"):
        values = [getattr(h, sort) for h in found.hits]
        assert all(b is None or (a is not None and a >= b) for a, b in pairwise(values))


# ── the same on the command line ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "first", "said"),
    [
        ("ＧＰＴ－４", "", ""),
        ("dalle3", "dall-e-3", ""),
        ("大語言模型", "", "also searched: "),
        ("LLM", "", "also searched: "),
        ("damoxing", "", "showing results for 大模型; search instead for damoxing: --exact"),
        ("langchian", "langchain", "showing results for langchain; search instead for langchian: --exact"),
        ("通议千问", "", "showing results for 通义千问"),
        ("微调", "", "also searched: "),
        ('"检索增强"', "", ""),
        ("category:rag stars:>1000 license:mit -论文", "", ""),
        ("agent colour:red", "", "there is no filter 'colour:'"),
        ("langgenius/dify", "dify", ""),
        ("https://github.com/langgenius/dify", "dify", ""),
    ],
)
def test_on_the_command_line(run: Run, built: Path, seeded: Directory, typed: str, first: str, said: str) -> None:
    done = run("search", typed, home=built)
    assert done.code == 0
    listed = [line.split("\t")[0] for line in done.out.splitlines()]
    assert listed == slugs(ask(seeded, typed))
    assert not first or listed[0] == first
    assert said in done.err


@pytest.mark.parametrize(("typed", "said"), [("智", "智能体"), ("la", "LangChain"), ("智能体", "")])
def test_a_very_short_query_comes_with_suggestions(run: Run, built: Path, typed: str, said: str) -> None:
    done = run("search", typed, home=built)
    assert ("suggestions: " in done.err) == bool(said)
    assert said in done.err
    assert "suggestions" not in run("search", typed, "--json", home=built).err


@pytest.mark.parametrize(("typed", "text"), [("智", "智能体"), ("la", "LangChain")])
def test_suggestions_on_the_command_line(run: Run, built: Path, typed: str, text: str) -> None:
    done = run("suggest", typed, home=built)
    assert done.code == 0
    assert text in [line.split("\t")[0] for line in done.out.splitlines()]
    assert done.err == ""


def test_exact_on_the_command_line(run: Run, built: Path) -> None:
    page = json.loads(run("search", "智能体", "--exact", "--json", home=built).out)
    assert page["also_searched"] == []
    assert page["total"]
