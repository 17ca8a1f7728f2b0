"""Where does the directory live, and how is it kept ready: catalogue, index, locks, transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from directory import freshness, generation, indexing
from directory.config import Settings
from directory.errors import AidirError, CatalogueError, IndexDamaged

if TYPE_CHECKING:
    from datetime import datetime

    from directory.catalogue import Catalogue


class Talk:
    """What the user is told while something runs; this one says nothing."""

    def say(self, line: str) -> None:
        """One line about what is happening or went wrong."""

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Show how far a long task is; yields what is called with the number of things done."""
        yield lambda done: None


class Home:
    """One home folder with its catalogue and index; what every use case stands on.

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
        self._encoder = self._chosen_encoder()

    def index(self) -> generation.Generation:
        """Build the index anew."""
        self._ensure_catalogue()
        return self._rebuild()

    def _chosen_encoder(self) -> str:
        """Which encoder makes the vectors by which articles are matched; empty when none is wanted or installed."""
        if not self.settings.meaning:
            return ""
        from directory import meaning

        return meaning.installed()

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
        """The current index; another process may have put a new one in the place of the one that is open."""
        current = generation.current(self._root)
        if self._open is None or self._open.folder != current.folder:
            self._let_go()
            self._open = indexing.open_index(self._root, current)
        return self._open

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.searcher.close()
            self._open = None

    def _is_fresh(self) -> bool:
        try:
            current = generation.current(self._root)
        except IndexDamaged:
            return False
        number = freshness.remembered(self._path, self._root / "sequence")
        return current.sequence == number and current.fingerprint == indexing.fingerprint(self._encoder)

    def _ensure_index(self) -> str:
        """Bring the index up to date; returns a note for the answer when an old one has to serve."""
        if self._is_fresh():
            return ""
        try:
            self._ensure_catalogue()
            self._renew()
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

    def _renew(self) -> None:
        """Bring the index up to the catalogue: add what has changed, or build it whole where that is too much."""
        self._let_go()
        with generation.locked(self._root):
            try:
                current = generation.current(self._root)
                if current.fingerprint == indexing.fingerprint(self._encoder) and self._add(current):
                    return
            except IndexDamaged:
                pass
        self._rebuild()

    def _add(self, current: generation.Generation) -> bool:
        with self._catalogue() as catalogue:
            number = catalogue.sequence()
            if number == current.sequence:
                return True  # another process was quicker
            changed = catalogue.changes.resources_since(current.base)
            if changed is None or not indexing.fits(len(changed), catalogue.resources.count()):
                return False
            found = indexing.documents(catalogue.resources.some(changed))
        indexing.update(self._root, current, number, found, changed)
        return True

    def _rebuild(self) -> generation.Generation:
        from directory import bundle, taxonomy
        from directory.curation import seeds

        self._let_go()
        with generation.locked(self._root):
            with self._writing() as catalogue:
                # After an upgrade of the program its seeds may have grown.
                seeds.file(catalogue, bundle.folder("seeds"), at=self._now(), progress=lambda done: None)
            with self._catalogue() as catalogue:
                number = catalogue.sequence()
                terms = taxonomy.parse(catalogue.terms.plain(), "the catalogue's terms")
                found = indexing.documents(catalogue.resources.all())
            if self.settings.meaning and not self._encoder:
                from directory.meaning import HINT

                self._talk.say(
                    f"meaning is on, but its encoder is not installed: articles are matched by words alone; {HINT}"
                )
            with self._talk.progress("building the index", len(found) * (2 if self._encoder else 1)) as tick:
                return indexing.build(self._root, number, terms, found, tick, self._encoder)
