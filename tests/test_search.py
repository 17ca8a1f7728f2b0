"""What people type and what they expect, over the bundled catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import query, text
from directory.search import Page
from directory.service import Directory

PROJECTS = {"autogpt", "metagpt", "graphrag", "dify", "ragflow", "agno", "taskingai", "xtuner"}


def ask(directory: Directory, typed: str, **more: object) -> Page:
    return directory.search(query.parse(typed, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("AutoGPT", "autogpt"),
        ("autogpt", "autogpt"),
        ("auto gpt", "autogpt"),
        ("AUTO-GPT", "autogpt"),
        ("langgenius/dify", "dify"),
        ("https://github.com/langgenius/dify", "dify"),
        ("github.com/langgenius/dify/tree/main", "dify"),
        ("https://github.com/geekan/MetaGPT/blob/main/docs/README_CN.md", "metagpt"),
        ("geekan/MetaGPT", "metagpt"),
        ("phidata", "agno"),
        ("phidatahq/phidata", "agno"),
        ("ｘｔｕｎｅｒ", "xtuner"),
        ("GraphRAG", "graphrag"),
        ("TaskingAI", "taskingai"),
    ],
)
def test_a_name_or_address_comes_first(seeded: Directory, typed: str, slug: str) -> None:
    assert ask(seeded, typed).hits[0].slug == slug


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("大模型", "large-language-model"),
        ("大語言模型", "large-language-model"),
        ("LLM", "large-language-model"),
        ("llm", "large-language-model"),
        ("ＬＬＭ", "large-language-model"),
        ("Agent", "agent"),
        ("智能体", "agent"),
        ("RAG", "rag"),
        ("搜索增强", "rag"),
        ("微调", "fine-tuning"),
        ("fine tuning", "fine-tuning"),
        ("文生图", "text-to-image"),
        ("知识库", "knowledge-base"),
    ],
)
def test_a_concept_leads_to_its_group(seeded: Directory, typed: str, category: str) -> None:
    page = ask(seeded, typed, limit=5)
    terms = seeded.taxonomy()
    filed = [category in {a for c in hit.categories for a in (c, *terms.ancestors(c))} for hit in page.hits]
    assert filed[0], page.hits[0]
    assert sum(filed) * 2 > len(filed), [h.slug for h in page.hits]


def test_the_spellings_of_one_concept_find_the_same(seeded: Directory) -> None:
    found = [{h.slug for h in ask(seeded, typed, limit=1000).hits} for typed in ("LLM", "llm", "ＬＬＭ")]
    assert found[0] == found[1] == found[2]


def test_an_alias_is_searched_too_and_said(seeded: Directory) -> None:
    page = ask(seeded, "智能体")
    assert "Agent" in page.also_searched
    exact = ask(seeded, "智能体", exact=True)
    assert exact.also_searched == ()
    assert exact.total <= page.total


def test_every_hit_of_a_two_character_word_is_found(seeded: Directory) -> None:
    """No word of two characters is missed, however the segmenter cut the text around it."""
    everything = ask(seeded, "", limit=100_000).hits
    for word in ("微调", "平台", "模型", "智能", "检索", "开源", "语音", "向量"):
        holding = {h.slug for h in everything if word in h.summary_zh or word in h.name}
        found = {h.slug for h in ask(seeded, word, limit=100_000, exact=True).hits}
        assert holding <= found, word


def test_a_phrase_stands_as_it_is(seeded: Directory) -> None:
    page = ask(seeded, '"知识图谱"', limit=1000)
    terms = seeded.taxonomy()
    for hit in page.hits:
        labels = " ".join(label.text for c in hit.categories for label in terms.terms[c].labels)
        assert "知识图谱" in hit.summary_zh + hit.name + labels or "知识图谱" in hit.summary_en


def test_filters_exclusions_and_counts(seeded: Directory) -> None:
    page = ask(seeded, "category:rag", limit=1000)
    assert page.total == len(page.hits) > 0
    counted = {v.value: v.total for v in page.facets["category"]}
    assert counted["rag"] == page.total
    for value, number in list(counted.items())[:10]:
        assert ask(seeded, f"category:rag category:{value}").total >= number
    without = ask(seeded, "category:rag -dify", limit=1000)
    assert "dify" not in {h.slug for h in without.hits}
    only = ask(seeded, "category:rag kind:project stars:>1000", limit=1000).hits
    assert all(h.kind == "project" and (h.stars or 0) > 1000 for h in only)


def test_an_unknown_category_is_noted_not_an_error(seeded: Directory) -> None:
    assert "category" in ask(seeded, "dify category:龙虾").notes[0]


@pytest.mark.parametrize("sort", query.SORTS)
def test_sorting(seeded: Directory, sort: query.Sort) -> None:
    hits = ask(seeded, "", sort=sort, limit=1000).hits
    if sort == "stars":
        known = [h.stars for h in hits if h.stars is not None]
        assert known == sorted(known, reverse=True)
        assert [h.stars is None for h in hits] == sorted(h.stars is None for h in hits)
    elif sort == "name":
        folded = [text.squash(h.name) for h in hits]
        assert folded == sorted(folded)
    elif sort in ("updated", "added"):
        values = [getattr(h, sort) for h in hits]
        assert values == sorted(values, reverse=True)
    assert len({h.slug for h in hits}) == len(hits)


def test_pages_do_not_overlap(seeded: Directory) -> None:
    first = [h.slug for h in ask(seeded, "模型", limit=3).hits]
    second = [h.slug for h in ask(seeded, "模型", limit=3, offset=3).hits]
    together = [h.slug for h in ask(seeded, "模型", limit=6).hits]
    assert first + second == together


def test_highlights_say_what_was_found(seeded: Directory) -> None:
    hit = ask(seeded, "智能体", limit=1).hits[0]
    shown = [getattr(hit, field)[a:b].casefold() for field, spans in hit.highlights.items() for a, b in spans]
    assert shown
    labels = "智能体|agent|agents|ai智能体|ai agent|ai agents|ai代理|代理智能体|autonomous agent|agentic"
    assert set(shown) <= set(labels.split("|"))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_query_gets_an_answer(seeded: Directory, raw: str) -> None:
    page = ask(seeded, raw, limit=3)
    assert len(page.hits) <= 3
    assert page.total >= len(page.hits)


def test_the_index_follows_the_catalogue(directory: Directory, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    assert ask(directory, "quetzalcoatl").total == 0
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection, connection:
        connection.execute("UPDATE resource SET name = 'Quetzalcoatl' WHERE slug = 'dify'")
    assert ask(directory, "quetzalcoatl").hits[0].slug == "dify"
