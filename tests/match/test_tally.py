"""Counting what is searched for: what is counted, what is shown, what is not kept."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from directory import tally
from directory.catalogue.record import SearchRecord

TODAY = date(2026, 11, 24)


def day(back: int) -> str:
    return date.fromordinal(TODAY.toordinal() - back).isoformat()


@pytest.mark.parametrize(
    ("typed", "counted"),
    [("ＬＬＭ", "llm"), (" 大語言  模型 ", "大语言 模型"), ("a@b.example", ""), ("https://x.example/1", ""),
     ("13800138000", ""), ("词" * 61, ""), ("GPT-4", "gpt-4"), ("\x1b[31mred", "[31mred")],
)  # fmt: skip
def test_queries_are_folded_and_private_things_are_not_counted(typed: str, counted: str) -> None:
    assert tally.normalise(typed) == counted


def test_recent_searches_weigh_more() -> None:
    counts = [SearchRecord("old", day(6), 12, 0), SearchRecord("new", day(0), 8, 0)]
    found = tally.hot(counts, TODAY, 7)
    assert [h.query for h in found] == ["new", "old"]
    assert found[1].heat < 12 / 2
    assert [h.query for h in tally.hot(counts, TODAY, 30)] == ["old", "new"]


def test_rare_blocked_and_older_queries_are_left_out() -> None:
    counts = [
        SearchRecord("rag", day(1), 3, 0), SearchRecord("once", day(1), 2, 0), SearchRecord("坏 词语", day(1), 9, 0),
        SearchRecord("before", day(7), 9, 0),
    ]  # fmt: skip
    assert [h.query for h in tally.hot(counts, TODAY, 7, blocked=("坏词",))] == ["rag"]


def test_missing_lists_what_was_not_found() -> None:
    counts = [SearchRecord("rag", day(1), 9, 0), SearchRecord("虚构模型", day(2), 4, 4)]
    found = tally.hot(counts, TODAY, 7, minimum=1, missing=True)
    assert [(h.query, h.missing) for h in found] == [("虚构模型", 4)]


def test_nothing_but_query_day_and_numbers_is_kept(home: Path) -> None:
    path = home / "catalogue.sqlite"
    assert tally.note(path, "RAG", "2026-11-24", found=True)
    assert tally.note(path, "rag", "2026-11-24", found=False)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT * FROM search_count").fetchall()
    connection.close()
    assert rows == [("rag", "2026-11-24", 2, 1)]


def test_a_catalogue_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    assert not tally.note(tmp_path / "none.sqlite", "rag", "2026-11-24", found=True)
    (tmp_path / "text").write_text("no database")
    assert not tally.note(tmp_path / "text", "rag", "2026-11-24", found=True)
