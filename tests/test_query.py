"""The query language: whatever is typed, a Query comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import query
from directory.query import Filter


def test_every_part() -> None:
    found = query.parse('大模型 "检索增强" -论文 -"white paper" category:rag stars:>1k updated:>2026-01 #agent')
    assert found.words == "大模型"
    assert found.phrases == ("检索增强",)
    assert found.excluded == ("论文", "white paper")
    assert found.filters == (
        Filter("category", "=", "rag"),
        Filter("stars", ">", "1000"),
        Filter("updated", ">", "2026-01"),
        Filter("category", "=", "agent"),
    )
    assert found.notes == ()


@pytest.mark.parametrize(
    ("typed", "words", "notes"),
    [
        ("foo:bar", "foo bar", 1),
        ("stars:many", "", 1),
        ("updated:soon", "", 1),
        ("kind:>model", "", 1),
        ('"never closed', "never closed", 0),
        ("https://github.com/langgenius/dify", "https://github.com/langgenius/dify", 0),
        ("- -- ---", "", 0),
        ('""', "", 0),
        ("C++ # a", "C++ # a", 0),
        ("“检索”", "", 0),
    ],
)
def test_odd_syntax_degrades(typed: str, words: str, notes: int) -> None:
    found = query.parse(typed)
    assert found.words == words
    assert len(found.notes) == notes


@pytest.mark.parametrize(("typed", "number"), [("1000", "1000"), ("1.5k", "1500"), ("2w", "20000"), ("3万", "30000")])
def test_numbers_as_people_write_them(typed: str, number: str) -> None:
    assert query.parse(f"stars:>={typed}").filters == (Filter("stars", ">=", number),)


def test_a_very_long_query_is_cut_with_a_note() -> None:
    found = query.parse("大模型" * 40_000)
    assert len(found.typed) == query.MAX_LENGTH
    assert found.notes


@given(st.text(max_size=300))
def test_any_text_is_a_query(raw: str) -> None:
    found = query.parse(raw)
    assert len(found.typed) <= query.MAX_LENGTH
    assert query.parse(found.typed) == found
