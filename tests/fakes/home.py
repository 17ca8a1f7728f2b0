"""How does a test get a directory of a few resources, without the bundled seeds, whose rounds stay on 127.0.0.1?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from directory import bundle, catalogue, config, database
from directory.catalogue.record import Draft
from directory.checkers import Options
from directory.curation import seeds
from directory.service import Directory
from directory.service.report import Report
from directory.service.scope import Scope
from tests.fakes.github import TOKEN, World
from tests.fakes.web import Web


@cache
def _empty() -> bytes:
    """An empty catalogue that takes the seeds for filed already: made once, it takes a second."""
    with tempfile.TemporaryDirectory() as folder:
        path, copy = Path(folder) / "catalogue.sqlite", Path(folder) / "copy.sqlite"
        database.migrate(path)
        with catalogue.open_catalogue(path, write=True) as found:
            found.terms.note_seeds(seeds.read(bundle.folder("seeds"))[2], at="2026-11-01T00:00:00Z")
        database.backup(path, copy)
        return copy.read_bytes()


def small(home: Path, clock: Callable[[], datetime] | None = None, **settings: Any) -> Directory:
    """A directory with an empty catalogue."""
    home.mkdir(mode=0o700, parents=True)
    (home / "catalogue.sqlite").write_bytes(_empty())
    return Directory(config.load({"home": home, **settings}, {}, home), clock=clock)


def fill(home: Path, links: Iterable[tuple[str, str]], at: str = "2026-11-22T03:00:00Z") -> None:
    """Add many resources (name, address) in one transaction."""
    with catalogue.open_catalogue(home / "catalogue.sqlite", write=True) as found:
        for name, address in links:
            role = "repository" if "//github.com/" in address else "homepage"
            found.resources.add(Draft(name, ((address, role),)), origin="import", source="test", at=at)


@dataclass
class Nights:
    """A directory, a GitHub and a web that live through nights together."""

    directory: Directory
    api: str
    page: str
    world: World
    web: Web
    options: dict[str, Any] = field(default_factory=dict)

    def setup(self, **more: Any) -> Options:
        """Checkers that only know 127.0.0.1."""
        values: dict[str, Any] = {
            "token": TOKEN, "api": self.api, "clock": self.world.clock, "canaries": (self.page + "/ok",),
            "allow_private": True, "gap": 0.0, **self.options, **more,
        }  # fmt: skip
        return Options(**values)

    def night(self, job: str = "check", *, due: bool = True, stop: Any = lambda: False, **more: Any) -> Report:
        """One round, and the day after it passes."""
        scope = {n: more.pop(n) for n in ("only", "limit", "since") if n in more}
        dry_run = more.pop("dry_run", False)
        found = self.directory.keep(
            Scope(job, due=due, **scope), stop=stop, options=self.setup(**more), dry_run=dry_run
        )
        self.world.clock.advance(86_400)
        return found

    def link(self, slug: str, place: int = 0) -> Any:
        """A link of a resource as the catalogue has it."""
        return self.directory.show(slug)[0].links[place]
