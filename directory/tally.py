"""What is searched for, how often, and what of it is hot? Counted with the standard library alone.

A search must not pay for SQLModel (340 ms), so the count is one statement on the catalogue's file. What is kept is the
folded query, the day and two numbers: nobody's address, no time of day, nothing that looks like personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from directory import text

MAX_QUERY = 60
"""Characters: what is longer is a text and no query many people type."""

MINIMUM = 3
"""Searches in the window before a query is shown: one person's are nobody else's business."""

KEPT = 90
"""Days that counts are kept."""

_PERSONAL = re.compile(r"@|://|www\.|\d{7,}")
"""Mail addresses, links, telephone and card numbers."""


class Counted(Protocol):
    """A count of one query on one day."""

    @property
    def query(self) -> str:
        """The folded query."""

    @property
    def day(self) -> str:
        """ISO."""

    @property
    def times(self) -> int:
        """How often it was searched for."""

    @property
    def missing(self) -> int:
        """How often of these nothing was found."""


class Hot(NamedTuple):
    """A query many people type."""

    query: str
    times: int
    """Searches in the window."""
    missing: int
    """How often of these nothing was found."""
    heat: float
    """The count with older days weighing less."""


def normalise(typed: str) -> str:
    """The form that is counted; empty when a query is not to be counted."""
    folded = text.fold(text.clean(typed))
    return "" if len(folded) > MAX_QUERY or _PERSONAL.search(folded) else folded


def note(path: Path, typed: str, day: str, *, found: bool) -> bool:
    """Count a search.

    Args:
        path: the catalogue.
        typed: the query.
        day: ISO.
        found: whether there was an answer.

    Returns:
        Whether it was counted. A catalogue that cannot be written, or has an older schema, is no reason to fail.
    """
    query = normalise(typed)
    if not query:
        return False
    import sqlite3

    statement = (
        "INSERT INTO search_count (query, day, count, missing) VALUES (?, ?, 1, ?) "
        "ON CONFLICT (query, day) DO UPDATE SET count = count + 1, missing = missing + excluded.missing"
    )
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0.5)
        try:
            with connection:
                connection.execute(statement, (query, day, int(not found)))
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return True


def hot(
    counts: Iterable[Counted],
    today: date,
    days: int,
    *,
    minimum: int = MINIMUM,
    blocked: Sequence[str] = (),
    missing: bool = False,
) -> list[Hot]:
    """The queries of the last days, the hottest first.

    Args:
        counts: what was counted.
        today: the last day of the window.
        days: its length. A search counts half as much after half of it.
        minimum: searches in the window below which a query is left out.
        blocked: words; a query that has one of them is left out.
        missing: only searches that found nothing count: what the catalogue lacks.
    """
    first = (today - timedelta(days=days - 1)).isoformat()
    walls = [folded for word in blocked if (folded := text.squash(word))]
    totals: dict[str, tuple[int, int, float]] = {}
    for row in counts:
        number = row.missing if missing else row.times
        if not number or not first <= row.day <= today.isoformat():
            continue
        if any(wall in text.squash(row.query) for wall in walls):
            continue
        age = (today - date.fromisoformat(row.day)).days
        count, lacking, heat = totals.get(row.query, (0, 0, 0.0))
        totals[row.query] = (count + row.times, lacking + row.missing, heat + number * 0.5 ** (2 * age / days))
    found = [
        Hot(query, count, lacking, round(heat, 3))
        for query, (count, lacking, heat) in totals.items()
        if (lacking if missing else count) >= minimum
    ]
    return sorted(found, key=lambda h: (-h.heat, h.query))
