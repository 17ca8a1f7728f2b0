"""What can be done with the directory? Each use case is one method of `Directory`.

The only place that puts parts together. Imports stand inside the methods on purpose: a search must not pay for what an
import needs (tests/test_imports.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from directory import freshness, generation, indexing, text
from directory.config import Settings
from directory.errors import AidirError, CatalogueError, IndexDamaged, InputError, UnknownName
from directory.query import Query
from directory.search import Page
from directory.taxonomy import Taxonomy, Term

if TYPE_CHECKING:
    from datetime import datetime

    from directory.catalogue import Catalogue
    from directory.catalogue.record import ArticleRecord, ResourceRecord
    from directory.curation.filing import Report

MAX_FILE = 32_000_000
"""Bytes of one file that is imported."""


class Talk:
    """What the user is told while something runs; this one says nothing."""

    def say(self, line: str) -> None:
        """One line about what is happening or went wrong."""

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Show how far a long task is; yields what is called with the number of things done."""
        yield lambda done: None


class Status(NamedTuple):
    """The state of a home folder."""

    home: Path
    catalogue: str
    """`ready`, `none` or what is wrong with it."""
    resources: int
    terms: int
    articles: int
    open_proposals: int
    sequence: int
    index_state: str
    """`fresh`, `stale`, `none` or `damaged`."""
    versions: dict[str, str]


class Directory:
    """The directory in one home folder.

    Args:
        settings: where it is and how it behaves.
        talk: whom to tell what is going on.
        clock: the time; UTC now by default.
    """

    def __init__(
        self, settings: Settings, *, talk: Talk | None = None, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.settings = settings
        self._talk = talk or Talk()
        self._clock = clock
        self._path = settings.home / "catalogue.sqlite"
        self._root = settings.home / "index"
        self._open: indexing.OpenIndex | None = None

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def search(self, query: Query) -> Page:
        """Answer a query from the index, which is built or brought up to date first when it has to be.

        Raises:
            CatalogueError: there is no usable index and none can be written.
        """
        note = self._ensure_index()
        try:
            page = self._opened().searcher.search(query)
        except IndexDamaged as damage:
            self._talk.say(f"{damage}; building it again")
            self._rebuild()
            page = self._opened().searcher.search(query)
        return page._replace(notes=(*page.notes, note)) if note else page

    def taxonomy(self) -> Taxonomy:
        """The terms, as the index has them."""
        self._ensure_index()
        try:
            return self._opened().taxonomy
        except IndexDamaged:
            self._rebuild()
            return self._opened().taxonomy

    def term(self, label: str) -> Term:
        """The term that a label or slug names.

        Raises:
            UnknownName: none; the hint has the nearest ones.
        """
        terms = self.taxonomy()
        found = terms.resolve(label)
        if found is None:
            from rapidfuzz import fuzz, process

            labels = {n.text: t.slug for t in terms for n in t.labels if n.kind != "hidden"}
            found_near = process.extract(
                label, labels.keys(), scorer=fuzz.ratio, processor=text.squash, limit=4, score_cutoff=60
            )
            near = [labels[n] for n, _, _ in found_near]
            hint = "did you mean " + ", ".join(dict.fromkeys(near)) + "?" if near else "they are listed by: aidir terms"
            raise UnknownName(f"no category is called '{label}'", hint)
        return found

    def show(self, slug: str) -> tuple[ResourceRecord, list[ArticleRecord]]:
        """Everything about one resource, and the articles that it is matched to.

        Args:
            slug: a slug, a name, `owner/name` or a GitHub URL.

        Raises:
            UnknownName: there is none.
        """
        self._ensure_catalogue()
        with self._catalogue() as catalogue:
            found = catalogue.resources.get(slug)
            if found is None:
                best = self.search(Query(slug, words=slug, limit=3)).hits
                if best and best[0].score >= 1000:  # an exact name or address
                    found = catalogue.resources.get(best[0].slug)
                if found is None:
                    hint = "did you mean " + ", ".join(h.slug for h in best) + "?" if best else "try: aidir search"
                    raise UnknownName(f"nothing in the catalogue is called '{slug}'", hint)
            articles = [a for a in catalogue.articles.all() if any(m.resource == found.slug for m in a.matches)]
            return found, articles

    def status(self) -> Status:
        """What this home folder holds, without changing anything in it."""
        versions = indexing.versions()
        number = freshness.sequence(self._path)
        index = "none"
        try:
            current = generation.current(self._root)
            fresh = current.sequence == number and current.fingerprint == indexing.fingerprint()
            generation.verify(current.folder)
            index = "fresh" if fresh else "stale"
        except IndexDamaged as damage:
            index = "none" if not (self._root / generation.POINTER).exists() else f"damaged: {damage}"
        if not self._path.exists():
            return Status(self.settings.home, "none", 0, 0, 0, 0, 0, index, versions)
        try:
            with self._catalogue() as catalogue:
                counts = (
                    catalogue.resources.count(),
                    len(catalogue.terms.ids()),
                    catalogue.articles.count(),
                    len(catalogue.proposals.all()),
                    catalogue.sequence(),
                )
        except CatalogueError as error:
            return Status(self.settings.home, str(error), 0, 0, 0, 0, 0, index, versions)
        return Status(self.settings.home, "ready", *counts, index, versions)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def index(self) -> generation.Generation:
        """Build the index anew."""
        self._ensure_catalogue()
        return self._rebuild()

    def import_file(self, importer: str, path: Path, *, dry_run: bool = False) -> Report:
        """Read a file or folder with an importer and file what it holds.

        Args:
            importer: the importer's name.
            path: a file, or a folder whose files fit the importer's patterns.
            dry_run: report what would happen and change nothing.

        Raises:
            UnknownName: there is no such importer.
            UnreadableFile: the file is missing, binary, too large, or not of the importer's form.
        """
        from directory.curation import sources
        from directory.curation.filing import Filing

        plugin = sources.importer(importer)
        source = sources.read(path, plugin.FILES, limit=MAX_FILE)
        self._ensure_catalogue()
        terms = self.taxonomy()
        reading = plugin.read(source, terms)
        try:
            with self._writing() as catalogue:
                filing = Filing(catalogue, terms, origin="import", source=source.name, at=self._now())
                with self._talk.progress("filing entries", len(reading.entries)) as tick:
                    report = filing.file(reading, tick)
                if dry_run:
                    report.dry_run = True
                    raise _DryRunDone
        except _DryRunDone:
            pass
        return report

    # ── what the use cases share ─────────────────────────────────────────────────────────────────────────────────

    def _now(self) -> str:
        from directory import database

        return database.stamp((self._clock or database.now)())

    @contextmanager
    def _catalogue(self) -> Iterator[Catalogue]:
        from directory import catalogue

        with catalogue.open_catalogue(self._path) as found:
            yield found

    @contextmanager
    def _writing(self) -> Iterator[Catalogue]:
        from directory import catalogue

        with catalogue.open_catalogue(self._path, write=True) as found:
            yield found

    def _opened(self) -> indexing.OpenIndex:
        if self._open is None:
            self._open = indexing.open_index(self._root, generation.current(self._root))
        return self._open

    def _is_fresh(self) -> bool:
        try:
            current = generation.current(self._root)
        except IndexDamaged:
            return False
        return current.sequence == freshness.sequence(self._path) and current.fingerprint == indexing.fingerprint()

    def _ensure_index(self) -> str:
        """Bring the index up to date; returns a note for the answer when an old one has to serve."""
        if self._open is not None and self._is_fresh():
            return ""
        if self._is_fresh():
            return ""
        try:
            self._ensure_catalogue()
            self._rebuild()
        except CatalogueError as error:
            try:
                self._opened()
            except (IndexDamaged, AidirError):
                raise error from None
            return f"the index is older than the catalogue and could not be renewed: {error}"
        return ""

    def _ensure_catalogue(self) -> None:
        """Create the catalogue from the bundled seeds when there is none, or bring its schema up to date."""
        from directory import database

        if self._path.exists() and database.revision(self._path) == database.head():
            return
        with generation.locked(self._root):
            self._make_folder()
            if self._path.exists() and database.revision(self._path) is not None:
                if database.migrate(self._path):
                    self._talk.say("the catalogue was brought to the latest schema; a backup lies beside it")
                return
            self._create()

    def _make_folder(self) -> None:
        try:
            self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogueError(f"cannot create {self.settings.home}: {error.strerror}", "choose --home") from None

    def _create(self) -> None:
        """Make the catalogue beside its place and move it there when complete: a kill leaves nothing half done."""
        from directory import bundle, catalogue, database
        from directory.curation import seeds

        self._talk.say(f"first run: building the catalogue from the bundled seeds in {self.settings.home}")
        building = self._path.with_name("catalogue-new.sqlite")
        for leftover in self.settings.home.glob("catalogue-new.sqlite*"):
            leftover.unlink()
        database.migrate(building)
        with (
            catalogue.open_catalogue(building, write=True) as found,
            self._talk.progress("reading the seeds") as tick,
        ):
            seeds.file(found, bundle.folder("seeds"), at=self._now(), progress=tick)
        generation.fsync(building)
        building.replace(self._path)
        generation.fsync(self.settings.home)

    def _rebuild(self) -> generation.Generation:
        from directory import bundle, taxonomy
        from directory.curation import seeds

        if self._open is not None:
            self._open.searcher.close()
            self._open = None
        with generation.locked(self._root):
            with self._writing() as catalogue:
                # After an upgrade of the program its seeds may have grown.
                seeds.file(catalogue, bundle.folder("seeds"), at=self._now(), progress=lambda done: None)
            with self._catalogue() as catalogue:
                number = catalogue.sequence()
                terms = taxonomy.parse(catalogue.terms.plain(), "the catalogue's terms")
                found = indexing.documents(catalogue.resources.all())
            with self._talk.progress("building the index", len(found)) as tick:
                return indexing.build(self._root, number, terms, found, tick)


class _DryRunDone(Exception):
    """Rolls a dry run back."""


__all__ = ["Directory", "InputError", "Status", "Talk"]
