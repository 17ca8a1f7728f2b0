"""What do filters and sorts compare?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from directory import text
from directory.query import Sort
from directory.search import Row

GONE = ("dead", "replaced", "legal")
"""The states that keep a document out of an answer that does not ask for them."""


def sort_keys(rows: Sequence[Row], sort: Sort) -> list[Any]:
    """What rows are sorted by, ascending, unknown values last; rows that tie stay in the order of their numbers."""
    if sort == "name":
        return [(text.squash(row.name), text.fold(row.name)) for row in rows]
    if sort in ("stars", "growth"):
        values = [getattr(row, sort) for row in rows]
        return [(value is None, -(value or 0)) for value in values]
    return [[-ord(c) for c in getattr(row, sort)] or [0] for row in rows]  # the latest day first, no day last


def holds(one: Any, comparison: str, other: Any) -> bool:
    """Whether a comparison is true."""
    if comparison == ">":
        return bool(one > other)
    if comparison == "<":
        return bool(one < other)
    if comparison == ">=":
        return bool(one >= other)
    return bool(one <= other) if comparison == "<=" else bool(one == other)
