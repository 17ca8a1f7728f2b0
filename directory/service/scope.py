"""Which links is a round about, and what must a checker know of each?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from directory.checkers import Target
from directory.crawl import NOBODY, Installed
from directory.errors import UnknownName
from directory.verdict import LinkState, State, is_due

if TYPE_CHECKING:
    from directory.catalogue.link import LinkRow

_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which links a job is about.

    Args:
        job: check, refresh (one link a repository) or nightly.
        only: a checker's name, a state, or a resource's slug; several are alternatives.
        due: only those whose time has come.
        limit: at most so many, those looked at longest ago.
        since: only those not looked at since this time (UTC, ISO).
    """

    job: str
    only: tuple[str, ...] = ()
    due: bool = False
    limit: int | None = None
    since: str = ""

    def to_plain(self) -> dict[str, object]:
        """As it is kept with the run."""
        return {**asdict(self), "only": list(self.only)}

    def choose(self, rows: list[LinkRow], checkers: Mapping[str, Installed], now: datetime) -> list[LinkRow]:
        """The links to look at, in the order given.

        Args:
            rows: all there are, those looked at longest ago first.
            checkers: those installed.
            now: the time.

        Raises:
            UnknownName: `only` names neither a checker nor a state nor a resource.
        """
        known = {*checkers, *State, *(row.slug for row in rows)}
        unknown = [name for name in self.only if name not in known]
        if unknown:
            hint = f"checkers: {', '.join(checkers)}; states: {', '.join(State)}; or a resource's slug"
            raise UnknownName(f"'{unknown[0]}' is no checker, no state and no resource", hint)
        if self.job == "refresh":
            rows = _one_each(rows)
        chosen = [
            row
            for row in rows
            if (state := LinkState.from_plain(row.state)).state is not State.IGNORED
            and (not self.only or {row.slug, state.state.value, _checker(row.url, checkers)} & {*self.only})
            and (not self.since or str(row.state["probed"] or "") < self.since)
            and (not self.due or _is_due(row, state, now))
        ]
        return chosen[: self.limit]


def _checker(address: str, checkers: Mapping[str, Installed]) -> str:
    return next((name for name, found in checkers.items() if found.claims(address)), NOBODY)


def _one_each(rows: list[LinkRow]) -> list[LinkRow]:
    """One link for each repository: the one that names it as such, where there is one."""
    chosen: dict[int, LinkRow] = {}
    for row in rows:
        if row.repository is not None and not row.is_past:
            present = chosen.setdefault(row.repository.id, row)
            if row.role == "repository" != present.role:
                chosen[row.repository.id] = row
    kept = {row.id for row in chosen.values()}
    return [row for row in rows if row.id in kept]


def _is_due(row: LinkRow, state: LinkState, now: datetime) -> bool:
    # An earlier name costs a call of its own and matters only when somebody takes it: once a month.
    if row.is_past and state.probed is not None and state.state is not State.SUSPECT:
        return not timedelta(0) <= now - state.probed < _MONTH
    return is_due(state, now)


def target(row: LinkRow, now: datetime) -> Target:
    """What a checker needs to know of a link."""
    state, known = str(row.state["state"]), row.repository
    is_old = row.inspected < (now - _MONTH).date().isoformat()
    return Target(
        key=row.id,
        url=row.url,
        node_id=known.node_id if known else "",
        database_id=known.database_id if known else None,
        # An earlier name is asked for as it is written: does it still lead to us?
        name=known.name if known and not row.is_past else "",
        archived=known.archived if known else False,
        etag=row.etag,
        etag_by=row.etag_by,
        inspect=state in (State.NEW, State.SUSPECT) or is_old,
    )
