"""How is it made known how a round went: report files, GitHub's step summary, Prometheus, a ping?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from directory import generation
from directory.errors import CatalogueError, InputError
from directory.service import report
from directory.service.report import FailOn, Report

_PING_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Notices:
    """Where to tell.

    Args:
        reports: files; `.json` gets JSON, any other name Markdown.
        step_summary: a file that Markdown is appended to; empty = none.
        prom_file: for node_exporter's textfile collector; None = none.
        ping_url: asked when a round went well, `/fail` below it when not (the way of healthchecks.io); empty = none.
    """

    reports: tuple[Path, ...] = ()
    step_summary: str = ""
    prom_file: Path | None = None
    ping_url: str = ""

    def check(self) -> None:
        """Say before the round what would fail after it.

        Raises:
            InputError: the ping is no http(s) address, or a file's folder is not there.
        """
        if self.ping_url and urlsplit(self.ping_url).scheme not in ("http", "https"):
            raise InputError(f"'{self.ping_url}' cannot be pinged", "give an http(s) address")
        for path in (*self.reports, *([self.prom_file] if self.prom_file else [])):
            if not path.absolute().parent.is_dir():
                raise InputError(f"there is no folder {path.absolute().parent}", "make it first")

    def tell(self, found: Report, *, fail_on: FailOn | None, now: float, say: Callable[[str], None]) -> None:
        """Tell everybody; what cannot be told is said, and ends nothing.

        Args:
            found: the report.
            fail_on: decides whether the round went well (see `Report.exit_code`).
            now: seconds since the epoch.
            say: gets a line about what could not be told.
        """
        shown = report.markdown(found)
        for path in self.reports:
            text = json.dumps(report.plain(found), ensure_ascii=False, indent=2) + "\n"
            _try(lambda p=path, t=text: generation.write_atomic(p, (t if p.suffix == ".json" else shown).encode()), say)  # type: ignore[misc]
        if self.step_summary:
            _try(lambda: _append(Path(self.step_summary), shown), say)
        if self.prom_file is not None:
            prom_file, metrics = self.prom_file, report.prometheus(found, now)
            _try(lambda: generation.write_atomic(prom_file, metrics.encode()), say)
        if self.ping_url:
            self.ping(report.summary(found), well=found.exit_code(fail_on) == 0, say=say)

    def ping(self, told: str, *, well: bool, say: Callable[[str], None]) -> None:
        """Tell the watchdog, which also notices when no ping comes at all."""
        from urllib.request import Request, urlopen

        if not self.ping_url:
            return
        address = self.ping_url if well else self.ping_url.rstrip("/") + "/fail"

        def send() -> None:
            with urlopen(Request(address, data=told.encode()), timeout=_PING_TIMEOUT) as answer:  # noqa: S310  (checked)
                answer.read(1000)

        _try(send, say)


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _try(act: Callable[[], None], say: Callable[[str], None]) -> None:
    try:
        act()
    except (OSError, ValueError, CatalogueError) as error:
        say(f"could not tell how it went: {error}")
