"""What do filters and sorts compare?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from directory import text
from directory.query import Sort

if TYPE_CHECKING:
    from directory.search._document import Document, Row

_LAST = "\U0010ffff"


class _Opposite(dict[int, int]):
    """Each character's opposite, so that ascending is descending."""

    def __missing__(self, code: int) -> int:
        opposite = self[code] = ord(_LAST) - code
        return opposite


_OPPOSITE = _Opposite()

GONE = ("dead", "replaced", "legal")
"""The states that keep a document out of an answer that does not ask for them."""


def sort_keys(rows: Sequence[Row | Document], sort: Sort) -> list[Any]:
    """What rows are sorted by, ascending, unknown values last; rows that tie stay in the order of their numbers.

    Documents, which have what their rows have, will do.
    """
    if sort == "name":
        return [(text.squash(row.name), text.fold(row.name)) for row in rows]
    if sort in ("stars", "growth"):
        values = [getattr(row, sort) for row in rows]
        return [(value is None, -(value or 0)) for value in values]
    # The latest day first, no day last.
    return [getattr(row, sort).translate(_OPPOSITE) or _LAST for row in rows]


def holds(one: Any, comparison: str, other: Any) -> bool:
    """Whether a comparison is true."""
    if comparison == ">":
        return bool(one > other)
    if comparison == "<":
        return bool(one < other)
    if comparison == ">=":
        return bool(one >= other)
    return bool(one <= other) if comparison == "<=" else bool(one == other)
