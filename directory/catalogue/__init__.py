"""What does the catalogue hold? The one door to the tables: nobody else writes SQL.

A Catalogue is one transaction on the database. What it gives out are plain records (`record`), detached from it.

    with catalogue.open_catalogue(path, write=True) as found:
        found.resources.get("dify")

Doors: `terms` (the taxonomy), `resources` (entries, links, repositories, provenance, history), `articles` (texts and
their matches), `ledger` (renames and merges), `proposals` (what waits for a curator), `changes` (what changed
since when), `links` (their states and histories), `repositories` (GitHub's ids, facts and stars), `runs` (rounds over
the links), `searches` (what was searched for).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, select

from directory import database
from directory.catalogue.article import Articles
from directory.catalogue.change import Changes
from directory.catalogue.ledger import Ledger
from directory.catalogue.link import Links
from directory.catalogue.proposal import Proposals
from directory.catalogue.repository import Repositories
from directory.catalogue.resource import Resources
from directory.catalogue.run import Runs
from directory.catalogue.searches import Searches
from directory.catalogue.term import Terms
from directory.models import Change

__all__ = [
    "Articles",
    "Catalogue",
    "Changes",
    "Ledger",
    "Links",
    "Proposals",
    "Repositories",
    "Resources",
    "Runs",
    "Searches",
    "Terms",
    "open_catalogue",
]


class Catalogue:
    """One transaction on the catalogue, with a door for each kind of thing in it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.terms = Terms(session)
        self.resources = Resources(session)
        self.ledger = Ledger(session, self.resources)
        self.articles = Articles(session)
        self.proposals = Proposals(session)
        self.changes = Changes(session)
        self.links = Links(session)
        self.repositories = Repositories(session)
        self.runs = Runs(session)
        self.searches = Searches(session)

    def sequence(self) -> int:
        """How many changes there have been: what an index or an export is compared with."""
        return self._session.exec(select(func.max(Change.sequence))).one() or 0


@contextmanager
def open_catalogue(path: Path, *, write: bool = False) -> Iterator[Catalogue]:
    """Open the catalogue for one transaction, which commits when the block ends without an exception.

    Raises:
        CatalogueBusy: another process kept the write lock for `database.WAIT` seconds.
        CatalogueError: the file is missing, damaged, read-only, or the disk is full.
    """
    with database.session(path, write=write) as session:
        yield Catalogue(session)
