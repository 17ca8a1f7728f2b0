"""How does a test get a directory of a few resources, without the bundled seeds, whose rounds stay on 127.0.0.1?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from directory import bundle, catalogue, config, database
from directory.checkers import Options
from directory.curation import seeds
from directory.service import Directory
from directory.service.report import Report
from directory.service.scope import Scope
from tests.fakes.github import TOKEN, World
from tests.fakes.web import Web


def small(home: Path, clock: Callable[[], datetime] | None = None, **settings: Any) -> Directory:
    """A directory with an empty catalogue that takes the seeds for filed already."""
    home.mkdir(mode=0o700, parents=True)
    database.migrate(home / "catalogue.sqlite")
    with catalogue.open_catalogue(home / "catalogue.sqlite", write=True) as found:
        found.terms.note_seeds(seeds.read(bundle.folder("seeds"))[2], at="2026-11-01T00:00:00Z")
    return Directory(config.load({"home": home, **settings}, {}, home), clock=clock)


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
