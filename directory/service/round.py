"""How does one round over the links go: which ones, what was seen, what is it worth, what does it change?

    begin     the links of a run are written down; an interrupted run is taken up where it was
    look      the crawl; every batch is committed as it comes
    settle    per checker: did so much fail that the fault is ours? If not, judge; in small transactions
    finish    growth of stars, the run's record

Only the one who holds the lock works on a run, so a link that has its result is not looked at again in it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from directory import crawl, database
from directory.catalogue import open_catalogue
from directory.catalogue.link import LinkRow
from directory.catalogue.run import ItemRow, RunRow
from directory.checkers import Limited, Options, Probe, Status, Stop
from directory.errors import CatalogueBusy
from directory.service import facts, finding
from directory.service.home import Talk
from directory.service.scope import Scope, target
from directory.verdict import LinkState, State, tally, trip

if TYPE_CHECKING:
    from directory.catalogue import Catalogue

_RESUMED_WITHIN = timedelta(hours=20)
_GROWN_AT_ONCE = 500
_PATIENCE = 4
"""Times that a busy catalogue is asked, each for `database.WAIT`."""


class Round:
    """One round.

    Args:
        path: the catalogue.
        scope: which links.
        options: how the checkers are set up.
        stop: True ends the round after what is in hand.
        talk: whom to tell.
        now: the time.
    """

    def __init__(
        self, path: Path, scope: Scope, *, options: Options, stop: Stop, talk: Talk, now: Callable[[], datetime]
    ) -> None:
        self._path = path
        self._scope = scope
        self._options = options
        self._stop = stop
        self._talk = talk
        self._now = now
        self._checkers = crawl.install(options)
        self.resumed = False

    def go(self) -> RunRow:
        """Do it all; returns the finished run."""
        run_id = self._begin()
        left = self._look(run_id)
        trusted, distrusted = self._settle(run_id)
        whole = not left and not distrusted
        return self._finish(run_id, "whole" if whole else "partial" if trusted or not distrusted else "void")

    def _writing(self) -> AbstractContextManager[Catalogue]:
        return open_catalogue(self._path, write=True)

    # ── begin ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> int:
        with open_catalogue(self._path) as catalogue:
            found = catalogue.runs.unfinished()
        if found is not None and self._is_ours(found):
            self.resumed = True
            self._talk.say(f"taking up the round of {found.started_at} where it was interrupted")
            return found.id
        if found is not None:
            self._settle(found.id)
            self._finish(found.id, "partial")
        with self._writing() as catalogue:
            chosen = self._scope.choose(catalogue.links.all(), self._checkers, self._now())
            links = [(row.id, str(row.state["state"])) for row in chosen]
            return catalogue.runs.begin(self._scope.job, self._scope.to_plain(), links, database.stamp(self._now()))

    def _is_ours(self, found: RunRow) -> bool:
        age = self._now() - datetime.fromisoformat(found.started_at)
        return found.scope == self._scope.to_plain() and timedelta(0) <= age + timedelta(hours=1) <= _RESUMED_WITHIN

    # ── look ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _look(self, run_id: int) -> int:
        """Look at what is left of a run; returns how many links it could not look at."""
        with open_catalogue(self._path) as catalogue:
            pending = {number: place for place, number in enumerate(catalogue.runs.pending(run_id))}
            rows = [row for row in catalogue.links.all() if row.id in pending] if pending else []
        rows.sort(key=lambda row: pending[row.id])
        same: dict[str, list[int]] = {}
        for row in rows:
            same.setdefault(row.url, []).append(row.id)
        first = {ids[0] for ids in same.values()}
        targets = [target(row, self._now()) for row in rows if row.id in first]
        inspected = {t.key for t in targets if t.inspect}
        seen = 0
        with self._talk.progress("looking at links", len(targets)) as tick:
            run = crawl.Crawl(
                self._checkers, clock=self._options.clock, stop=self._stop, progress=lambda done, total: tick(done)
            )
            # A generator: an exception here must end the crawl at once.
            with closing(cast("Generator[crawl.Batch]", run.run(targets))) as batches:
                for batch in batches:
                    rows_seen = [
                        (number, p.status.value, finding.pack(p, inspected=p.key in inspected))
                        for p in batch.probes
                        for number in same[p.url]
                    ]
                    self._store(run_id, batch.checker, rows_seen)
                    seen += len(rows_seen)
        with self._writing() as catalogue:
            catalogue.runs.note(run_id, **self._account(run))
        return len(rows) - seen

    def _store(self, run_id: int, checker: str, seen: list[tuple[int, str, dict[str, object]]]) -> None:
        for attempt in range(_PATIENCE):
            try:
                with self._writing() as catalogue:
                    catalogue.runs.store(run_id, checker, seen)
                return
            except CatalogueBusy:  # somebody imports a list: what was seen shall not be lost for that
                if attempt == _PATIENCE - 1:
                    raise

    def _account(self, run: crawl.Crawl) -> dict[str, object]:
        """How the crawl ended, to be kept with the run."""
        ends = [{"checker": name, **asdict(ending)} for name, ending in sorted(run.endings.items())]
        void = {name: reason for name in self._checkers if (reason := run.void(name))}
        told = {end["checker"] for end in ends}
        if run.clock_trouble and not told & void.keys():
            ends.append({"checker": "clock", "kind": "void", "reason": run.clock_trouble, "hint": "", "limit": False})
        left = [c.left for found in self._checkers.values() if isinstance(c := found.checker, Limited) and c.left]
        return {"ends": ends, "void": void, "rate_left": "; ".join(left), "stopped": self._stop()}

    # ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _settle(self, run_id: int) -> tuple[set[str], set[str]]:
        """Take what was seen into the links' histories, and judge it where it can be trusted.

        Returns:
            The checkers whose observations could be trusted, and those whose could not.
        """
        with self._writing() as catalogue:
            detail = catalogue.runs.get(run_id).detail
            seen = catalogue.runs.statuses(run_id)
            void = dict(detail["void"]) if isinstance(detail.get("void"), dict) else {}  # type: ignore[call-overload]
            tripped = {
                name: reason
                for name in {checker for checker, _, _ in seen} - void.keys()
                if (reason := trip(tally(_pairs(seen, name))))
            }
            catalogue.runs.note(run_id, tripped=tripped, statuses=_counted(status for _, _, status in seen))
        distrusted = {*void, *tripped}
        conflicts: list[ItemRow] = []
        with self._talk.progress("judging", len(seen)) as tick:
            done = 0
            while True:
                with self._writing() as catalogue:
                    items = catalogue.runs.unsettled(run_id)
                    conflicts += self._settle_some(catalogue, run_id, items, distrusted)
                done += len(items)
                tick(done)
                if not items:
                    break
        if conflicts:
            with self._writing() as catalogue:
                self._settle_conflicts(catalogue, run_id, conflicts)
        return {checker for checker, _, _ in seen} - distrusted, distrusted

    def _settle_some(
        self, catalogue: Catalogue, run_id: int, items: list[ItemRow], distrusted: set[str]
    ) -> list[ItemRow]:
        rows = {row.id: row for row in catalogue.links.all([item.link_id for item in items])} if items else {}
        catalogue.links.recall(rows)
        catalogue.repositories.recall({row.repository.id for row in rows.values() if row.repository})
        catalogue.runs.settle(run_id, [item.link_id for item in items])
        at = database.stamp(self._now())
        conflicts, renamed = [], []
        for item in items:
            row = rows.get(item.link_id)
            if row is None or catalogue.links.plain(row.id) is None:  # hidden or merged meanwhile
                continue
            probe = finding.unpack(row, item.status, item.seen)
            if item.checker in distrusted:
                finding.observe(catalogue, row, probe)
                continue
            try:
                inspected = bool(item.seen.get("inspected"))
                outcome = finding.settle(catalogue, run_id, row, probe, inspected=inspected, at=at)
            except facts.Conflict:
                conflicts.append(item)
            else:
                renamed += [_renamed(row, probe, outcome)] if outcome else []
        self._note_renamed(catalogue, run_id, renamed)
        return conflicts

    def _settle_conflicts(self, catalogue: Catalogue, run_id: int, items: list[ItemRow]) -> None:
        """Whoever had a name first may have been renamed by now; if not, a curator decides."""
        at = database.stamp(self._now())
        renamed = []
        for row, item in _matched(catalogue, items):
            probe = finding.unpack(row, item.status, item.seen)
            try:
                outcome = finding.repair(catalogue, run_id, row, probe, at)
            except facts.Conflict as conflict:
                facts.propose(catalogue, row, probe, str(conflict), at)
            else:
                renamed += [_renamed(row, probe, outcome)] if outcome else []
        self._note_renamed(catalogue, run_id, renamed)

    def _note_renamed(self, catalogue: Catalogue, run_id: int, renamed: list[dict[str, str]]) -> None:
        if renamed:
            before = catalogue.runs.get(run_id).detail.get("renamed")
            catalogue.runs.note(run_id, renamed=[*(before if isinstance(before, list) else ()), *renamed])

    # ── finish ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _finish(self, run_id: int, ending: str) -> RunRow:
        now = self._now()
        with open_catalogue(self._path) as catalogue:
            starred = catalogue.repositories.starred()
        for start in range(0, len(starred), _GROWN_AT_ONCE):
            with self._writing() as catalogue:
                facts.grow(catalogue, starred[start : start + _GROWN_AT_ONCE], now)
        with self._writing() as catalogue:
            runs = catalogue.runs
            runs.note(run_id, links=runs.size(run_id), outcomes=runs.outcomes(run_id))
            runs.finish(run_id, ending, database.stamp(now))
            return runs.get(run_id)


@dataclass(frozen=True, slots=True)
class _Counted:
    """As much of a probe as a tally needs."""

    status: Status
    at: datetime = datetime.min
    why: str = ""


def _pairs(seen: list[tuple[str, str, str]], checker: str) -> Iterator[tuple[LinkState, _Counted]]:
    for name, before, status in seen:
        if name == checker:
            yield LinkState(State(before)), _Counted(Status(status))


def _counted(names: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _matched(catalogue: Catalogue, items: list[ItemRow]) -> list[tuple[LinkRow, ItemRow]]:
    rows: dict[int, LinkRow] = {row.id: row for row in catalogue.links.all([item.link_id for item in items])}
    return [(rows[item.link_id], item) for item in items if item.link_id in rows]


def _renamed(row: LinkRow, probe: Probe, outcome: str) -> dict[str, str]:
    found: Any = probe.repository
    former = row.repository.name if row.repository else ""
    return {"slug": row.slug, "name": row.name, "url": row.url, "from": former, "to": found.name, "outcome": outcome}
