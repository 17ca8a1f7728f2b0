"""How are the links kept true: check them, refresh GitHub's facts, and the nightly round of both?"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from directory import config, generation
from directory.errors import CatalogueBusy
from directory.service.matchmaker import Matchmaker
from directory.service.publisher import Publisher

if TYPE_CHECKING:
    from directory.catalogue.record import LinkHistory
    from directory.catalogue.run import RunRow
    from directory.checkers import Options, Stop
    from directory.service.report import Report
    from directory.service.scope import Scope

_GAINERS = 20


def _never() -> bool:
    return False


class Keeper(Publisher, Matchmaker):
    """What keeps the directory true."""

    def keep(
        self, scope: Scope, *, stop: Stop = _never, options: Options | None = None, dry_run: bool = False
    ) -> Report:
        """Look at links, judge them, and bring the catalogue up to what was seen.

        A round that was interrupted is taken up again by the next one with the same scope.

        Args:
            scope: which links, for which job.
            stop: asked all the time; True ends the round after the batch in hand.
            options: how the checkers are set up; None = as the settings say.
            dry_run: look and report, and change nothing.

        Raises:
            CatalogueBusy: another round is at work.
            UnknownName: the scope names something that is not there.
            ConfigError: the token or GitHub's address cannot be right.
        """
        options = options or self._options()
        self._ensure_catalogue()
        if dry_run:
            return self._rehearse(scope, stop, options)
        try:
            with generation.locked(self.settings.home / "keeper", wait=False):
                return self._round(scope, stop, options)
        except CatalogueBusy as busy:
            if "at work in this folder" not in str(busy):
                raise
            raise CatalogueBusy("another round is looking at the links", "it is done when it is done") from None

    def nightly(self, scope: Scope, *, stop: Stop = _never, options: Options | None = None) -> Report:
        """Check and refresh what is due, then build the index, match articles again, write the exports.

        Args:
            scope, stop, options: as for `keep`.

        Raises:
            As `keep`; UnknownName, InputError or CatalogueError: an export cannot be written.
        """
        self._check_exports()
        found = self.keep(scope, stop=stop, options=options)
        if found.stopped:
            return found
        self.index()
        if self.rematch().changed:
            self.index()  # matches are exported, and every change of the catalogue counts
        return replace(found, exports=tuple(self._export_all()))

    def link_history(self, slug: str) -> list[LinkHistory]:
        """What was seen of a resource's links, and when their states changed, the oldest first.

        Raises:
            UnknownName: there is no such resource.
        """
        found, _ = self.show(slug)
        with self._catalogue() as catalogue:
            return catalogue.links.history(found.id)

    def _check_exports(self) -> None:
        from directory import plugins

        for name in self.settings.exports:
            plugins.load("exporters", name)

    def _export_all(self) -> list[str]:
        """The nightly exports. The one place where this job meets the exporters: `Publisher.publish`."""
        written = []
        for name, target in self.settings.exports.items():
            self.publish(name, Path(target).expanduser(), site=self.settings.site)
            written.append(f"{name} → {target}")
        return written

    def _options(self) -> Options:
        from importlib import metadata

        from directory.checkers import Options

        agent = f"aidir/{metadata.version('aidir')} (link check of a curated directory)"
        return Options(token=config.token(self.settings), api=self.settings.github_api, agent=agent)

    def _rehearse(self, scope: Scope, stop: Stop, options: Options) -> Report:
        """A dry run is a round over a copy of the catalogue."""
        from directory import database

        with tempfile.TemporaryDirectory(prefix="aidir-dry-run-") as folder:
            database.backup(self._path, Path(folder) / self._path.name)
            copy = Keeper(self.settings._replace(home=Path(folder)), talk=self._talk, clock=self._clock)
            return replace(copy._round(scope, stop, options), dry_run=True)

    def _round(self, scope: Scope, stop: Stop, options: Options) -> Report:
        from directory import database
        from directory.service.round import Round

        began = time.monotonic()
        round_ = Round(self._path, scope, options=options, stop=stop, talk=self._talk, now=self._clock or database.now)
        run = round_.go()
        return self._report(run, time.monotonic() - began, resumed=round_.resumed)

    def _report(self, run: RunRow, seconds: float, *, resumed: bool) -> Report:
        from directory.service.report import End, Gain, Line, Report

        detail: dict[str, Any] = run.detail
        renamed = [Line(n["slug"], n["name"], n["url"], n["from"], "renamed", "", n["to"])
                   for n in detail.get("renamed", ())]  # fmt: skip
        told = {(line.slug, line.url) for line in renamed}
        with self._catalogue() as catalogue:
            changes = [
                Line(c.slug, c.name, c.url, c.before, c.after, c.why, str(c.evidence.get("location", "")))
                for c in catalogue.links.changes(run.id)
                if c.after != "moved" or (c.slug, c.url) not in told
            ]
            states = catalogue.links.counts()
            gainers = tuple(Gain(*g) for g in catalogue.repositories.gainers(_GAINERS))
        ends = [End(**end) for end in detail.get("ends", ())]
        hint = "what was seen is kept; nothing was judged"
        ends += [End(name, "void", reason, hint) for name, reason in detail.get("tripped", {}).items()]
        statuses: dict[str, int] = detail.get("statuses", {})
        return Report(
            job=run.job,
            started_at=run.started_at,
            finished_at=run.finished_at or "",
            seconds=round(seconds, 1),
            ending=run.ending,
            links=detail.get("links", 0),
            looked=sum(statuses.values()),
            statuses=statuses,
            outcomes=detail.get("outcomes", {}),
            states=states,
            changes=(*renamed, *changes),
            gainers=gainers,
            ends=tuple(ends),
            rate_left=detail.get("rate_left", ""),
            resumed=resumed,
            stopped=bool(detail.get("stopped")),
        )


def since(day: str) -> str:
    """A day or time as the catalogue writes it; for `Scope.since`."""
    moment = datetime.fromisoformat(day)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
