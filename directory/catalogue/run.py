"""Which links has a round still to look at, and what has it seen so far? It outlives the process that works on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, update
from sqlmodel import Session, col, select

from directory.models import Link, Run, RunItem

_ITEM = RunItem.__table__  # type: ignore[attr-defined]
SETTLED_AT_ONCE = 300
"""Links in one transaction of settling: about a second's work."""


class RunRow(NamedTuple):
    """A run."""

    id: int
    job: str
    scope: dict[str, object]
    started_at: str
    finished_at: str | None
    ending: str
    detail: dict[str, object]


class ItemRow(NamedTuple):
    """A link of a run: its state when the run began, who looked at it, what was seen (empty status = nothing yet)."""

    link_id: int
    before: str
    checker: str
    status: str
    seen: dict[str, object]


class Runs:
    """The runs. Only one is open at a time: the caller holds the lock."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, job: str, scope: dict[str, object], links: Sequence[tuple[int, str]], at: str) -> int:
        """Open a run over these links (id and present state), in this order; returns its id."""
        run = Run(job=job, scope=scope, started_at=at)
        self._session.add(run)
        self._session.flush()
        assert run.id is not None
        if links:
            blank = {"run_id": run.id, "checker": "", "status": "", "seen": {}, "settled": False}
            rows = [
                blank | {"link_id": number, "before": state, "position": i} for i, (number, state) in enumerate(links)
            ]
            self._session.connection().execute(insert(RunItem), rows)
        return run.id

    def get(self, run_id: int) -> RunRow:
        """One run."""
        return _row(self._session.get_one(Run, run_id))

    def unfinished(self) -> RunRow | None:
        """The run that was interrupted, if there is one."""
        chosen = select(Run).where(col(Run.finished_at).is_(None)).order_by(col(Run.id).desc())
        found = self._session.exec(chosen).first()
        return _row(found) if found else None

    def last(self) -> RunRow | None:
        """The run that was finished last."""
        chosen = select(Run).where(col(Run.finished_at).is_not(None)).order_by(col(Run.id).desc())
        found = self._session.exec(chosen).first()
        return _row(found) if found else None

    def pending(self, run_id: int) -> list[int]:
        """The links that were not looked at yet, in order."""
        chosen = select(RunItem.link_id).where(RunItem.run_id == run_id, RunItem.status == "")
        return list(self._session.exec(chosen.order_by(col(RunItem.position))))

    def store(self, run_id: int, checker: str, seen: Iterable[tuple[int, str, dict[str, object]]]) -> None:
        """Keep what a checker saw (link, status, everything else); a link that has its result keeps that one."""
        rows = [
            {"link": link_id, "checker": checker, "status": status, "seen": plain} for link_id, status, plain in seen
        ]
        blank = update(_ITEM).where(
            _ITEM.c.run_id == run_id, _ITEM.c.link_id == bindparam("link"), _ITEM.c.status == ""
        )
        if rows:
            self._session.connection().execute(blank, rows)

    def statuses(self, run_id: int) -> list[tuple[str, str, str]]:
        """Checker, state before and status of every link that was looked at."""
        chosen = select(RunItem.checker, RunItem.before, RunItem.status)
        return list(self._session.exec(chosen.where(RunItem.run_id == run_id, RunItem.status != "")).all())

    def outcomes(self, run_id: int) -> dict[str, int]:
        """The present states of the links that were looked at, counted."""
        chosen = (
            select(Link.state, func.count())
            .join(RunItem, col(RunItem.link_id) == Link.id)
            .where(RunItem.run_id == run_id, RunItem.status != "")
            .group_by(Link.state)
        )
        return dict(sorted(self._session.exec(chosen).all()))

    def unsettled(self, run_id: int) -> list[ItemRow]:
        """The next links whose observations have not gone into their history yet; empty when all have."""
        chosen = (
            select(RunItem)
            .where(RunItem.run_id == run_id, RunItem.status != "", col(RunItem.settled).is_(False))
            .order_by(col(RunItem.position))
            .limit(SETTLED_AT_ONCE)
        )
        return [ItemRow(i.link_id, i.before, i.checker, i.status, i.seen) for i in self._session.exec(chosen)]

    def settle(self, run_id: int, link_ids: Iterable[int]) -> None:
        """These links' observations go into their histories in this transaction."""
        mine = (_ITEM.c.run_id == run_id) & _ITEM.c.link_id.in_(list(link_ids))
        self._session.connection().execute(update(_ITEM).where(mine).values(settled=True))

    def size(self, run_id: int) -> int:
        """How many links the run is about."""
        return self._session.exec(select(func.count()).where(RunItem.run_id == run_id)).one()

    def note(self, run_id: int, **detail: object) -> None:
        """Remember something about the run; what was noted under other names stays."""
        run = self._session.get_one(Run, run_id)
        run.detail = {**run.detail, **detail}
        self._session.add(run)

    def finish(self, run_id: int, ending: str, at: str) -> None:
        """Close the run and let go of its items."""
        run = self._session.get_one(Run, run_id)
        run.ending, run.finished_at = ending, at
        self._session.add(run)
        self._session.exec(delete(RunItem).where(col(RunItem.run_id) == run_id))


def _row(run: Run) -> RunRow:
    return RunRow(run.id or 0, run.job, run.scope, run.started_at, run.finished_at, run.ending, run.detail)
