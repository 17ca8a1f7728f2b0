"""What has changed in the catalogue since a sequence or a day, and what happened lately?

The triggers of `database` add a row to the table `change` for every change to what is searched or exported. They write
no time; the day of a change is the latest that the resource itself, its history, its links or its stars name.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from directory.models import Change, Event, Link, Repository, Resource


class ChangeRecord(NamedTuple):
    """The last change to a resource: its number, when it was noted (UTC ISO, or a day), and whether it is gone."""

    slug: str
    sequence: int
    at: str
    gone: bool
    """Whether the resource is hidden now, or merged into another."""
    merged_into: str


class Window(NamedTuple):
    """What changed after a sequence, complete: whoever has seen `since` needs nothing else."""

    since: int
    changes: tuple[ChangeRecord, ...]
    """The latest first."""
    terms: int
    """The sequence of the last change to the terms; 0 = never."""


class Happening(NamedTuple):
    """Something that happened to a resource."""

    id: int
    at: str
    action: str
    slug: str


class Changes:
    """The changes, by number and by day."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def latest(self, limit: int) -> Window:
        """The resources that changed last.

        Args:
            limit: how many at most.
        """
        found = self._last(limit + 1)
        since = found[limit][1] if len(found) > limit else 0
        return self._window(since, found[:limit])

    def since(self, start: int | str) -> Window:
        """Everything that changed after a sequence, or on and after a day.

        Args:
            start: a sequence, or a day or time (UTC, ISO).
        """
        found = self._last()
        if isinstance(start, int):
            return self._window(start, [f for f in found if f[1] > start])
        window = self._window(0, found)
        recent = [c.sequence for c in window.changes if c.at >= start]
        floor = max(window.since, min(recent) - 1 if recent else self._highest())
        return window._replace(since=floor, changes=tuple(c for c in window.changes if c.sequence > floor))

    def resources_since(self, sequence: int) -> set[int] | None:
        """The ids of the resources that changed after a sequence; None when a term did, so that any may have."""
        found = self._session.exec(select(Change.resource_id).where(col(Change.sequence) > sequence).distinct()).all()
        return None if None in found else {number for number in found if number is not None}

    def happenings(self, actions: Iterable[str], limit: int, slugs: Container[str] | None = None) -> list[Happening]:
        """What happened lately to resources that can be found, the latest first.

        Args:
            actions: the actions of the history that are asked for.
            limit: how many at most.
            slugs: of these resources only; None = of all.
        """
        chosen = (
            select(Event.id, Event.at, Event.action, Resource.slug)
            .join(Resource, col(Resource.id) == Event.resource_id)
            .where(col(Event.action).in_(list(actions)), col(Resource.hidden).is_(False), Resource.merged_into == "")
            .order_by(col(Event.at).desc(), col(Event.id).desc())
        )
        rows = self._session.exec(chosen.limit(limit) if slugs is None else chosen)
        found = (Happening(number or 0, at, action, slug) for number, at, action, slug in rows)
        return list(islice((h for h in found if slugs is None or h.slug in slugs), limit))

    def last_at(self) -> str:
        """When anything was noted last; empty in a catalogue without history."""
        return self._session.exec(select(func.max(Event.at))).one() or ""

    def _highest(self) -> int:
        return self._session.exec(select(func.max(Change.sequence))).one() or 0

    def _last(self, limit: int | None = None) -> list[tuple[int, int]]:
        """Resource ids with the number of their last change, the latest first."""
        last = func.max(Change.sequence)
        chosen = (
            select(Change.resource_id, last)
            .where(col(Change.resource_id).is_not(None))
            .group_by(col(Change.resource_id))
            .order_by(last.desc())
        )
        rows = self._session.exec(chosen.limit(limit) if limit is not None else chosen)
        return [(number, sequence or 0) for number, sequence in rows if number is not None]

    def _window(self, since: int, found: Sequence[tuple[int, int]]) -> Window:
        terms = self._session.exec(select(func.max(Change.sequence)).where(col(Change.resource_id).is_(None))).one()
        rows = self._described()
        # Of a row that was deleted in the sqlite3 shell nobody knows the slug: what is older is not told completely.
        since = max([since, *(sequence for number, sequence in found if number not in rows)])
        changes = (
            ChangeRecord(slug, sequence, at, hidden or bool(merged_into), merged_into)
            for number, sequence in found
            if sequence > since
            for slug, at, hidden, merged_into in [rows[number]]
        )
        return Window(since, tuple(changes), terms or 0)

    def _described(self) -> dict[int, tuple[str, str, bool, str]]:
        """Slug, day of the last change, hidden and merged_into of every resource, in four queries."""
        session = self._session
        noted = select(Event.resource_id, func.max(Event.at)).group_by(col(Event.resource_id))
        events = dict(session.exec(noted).all())
        turned = select(Link.resource_id, func.max(Link.since)).group_by(col(Link.resource_id))
        links = dict(session.exec(turned).all())
        counted = select(Resource.id, Repository.stars_asof).join(
            Repository, col(Repository.id) == Resource.repository_id
        )
        stars = dict(session.exec(counted).all())
        found = {}
        every: Any = Resource
        for r in session.execute(rows_of(every.__table__)):  # rows, not objects: a fraction of the memory
            at = max(r.changed_at, *(known.get(r.id) or "" for known in (events, links, stars)))
            found[r.id] = (r.slug, at, r.hidden, r.merged_into)
        return found
