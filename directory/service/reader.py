"""How are the reader's questions answered: search, list, show, terms, status?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from directory import freshness, generation, indexing, text
from directory.errors import CatalogueError, IndexDamaged, UnknownName
from directory.query import MAX_LENGTH, Query
from directory.search import EXACT_NAME, Page, Suggestion
from directory.service.home import Home
from directory.taxonomy import Taxonomy, Term

if TYPE_CHECKING:
    from directory.catalogue.record import ArticleRecord, EventRecord, ResourceRecord
    from directory.search import Explanation, Searcher
    from directory.tally import Hot


LOST = ("dead", "replaced", "legal")
"""The states that keep a resource out of a search that does not ask for them."""


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


class Reader(Home):
    """The questions a reader asks."""

    def search(self, query: Query) -> Page:
        """Answer a query from the index, which is built or brought up to date first when it has to be.

        Raises:
            CatalogueError: there is no usable index and none can be written.
        """
        note = self._ensure_index()
        try:
            page = self._opened().searcher.search(query)
        except IndexDamaged as damage:
            page = self._mend(damage).search(query)
        if not any(condition.field == "state" for condition in query.filters):
            # Only its exact name brings a lost one up when nobody asked for the lost.
            lost = (
                f"{h.name} is {h.state}{h.since and f' since {h.since[:10]}'}" for h in page.hits if h.state in LOST
            )
            page = page._replace(notes=(*page.notes, *lost))
        return page._replace(notes=(*page.notes, note)) if note else page

    def note_search(self, page: Page) -> bool:
        """Count what was searched for, when the settings say so; returns whether it was counted."""
        if not self.settings.log_searches or not page.query.strip():
            return False
        from datetime import UTC, datetime

        from directory import tally

        today = (self._clock() if self._clock else datetime.now(UTC)).date().isoformat()
        return tally.note(self._path, page.query, today, found=page.total > 0)

    def hot(self, days: int = 7, *, minimum: int | None = None, missing: bool = False) -> list[Hot]:
        """What many people search for, the hottest first; what an exporter may show, too.

        Args:
            days: how far back.
            minimum: searches in that time below which a query is left out; `tally.MINIMUM` by default.
            missing: only what nothing was found for: what the catalogue lacks.
        """
        from datetime import date, timedelta

        from directory import tally

        least = tally.MINIMUM if minimum is None else minimum
        self._ensure_catalogue()
        today = date.fromisoformat(self._now()[:10])
        with self._catalogue() as catalogue:
            counts = catalogue.searches.since((today - timedelta(days=days)).isoformat())
        return tally.hot(counts, today, days, minimum=least, blocked=self.settings.hot_blocked, missing=missing)

    def explain(self, query: Query, page: Page) -> list[Explanation]:
        """How the hits of a page came to their scores.

        Args:
            query: what was asked.
            page: the answer to it.
        """
        asked = query._replace(words=page.suggestion or query.words)
        return self._opened().searcher.explain(asked, (hit.slug for hit in page.hits))

    def _mend(self, damage: IndexDamaged) -> Searcher:
        """What answers when the compiled index is damaged: a new one, or where none can be written, Whoosh alone."""
        self._talk.say(f"{damage}; building it again")
        try:
            self._rebuild()
            return self._opened().searcher
        except CatalogueError as error:
            try:
                found = indexing.open_index(self._root, generation.current(self._root), "whoosh")
            except IndexDamaged:
                raise error from None
            self._talk.say(f"{error}; answering from Whoosh's index beside it, more slowly")
            self._open = found
            return found.searcher

    def suggest(self, prefix: str, limit: int = 10) -> list[Suggestion]:
        """What the beginning of a query could become: keywords and resources, the most likely first."""
        self._ensure_index()
        try:
            return self._opened().searcher.suggest(prefix[:MAX_LENGTH], limit)
        except IndexDamaged as damage:
            return self._mend(damage).suggest(prefix[:MAX_LENGTH], limit)

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
                best = self.search(Query(slug, words=slug, limit=3, exact=True)).hits
                if best and best[0].score >= EXACT_NAME:
                    found = catalogue.resources.get(best[0].slug)
                if found is None:
                    best = self.search(Query(slug, words=slug, limit=3)).hits
                    hint = "did you mean " + ", ".join(h.slug for h in best) + "?" if best else "try: aidir search"
                    raise UnknownName(f"nothing in the catalogue is called '{slug}'", hint)
            return found, catalogue.articles.mentioning(found.slug)

    def status(self) -> Status:
        """What this home folder holds, without changing anything in it."""
        versions = indexing.versions()
        number = freshness.sequence(self._path)
        index = "none"
        try:
            current = generation.current(self._root)
            fresh = current.sequence == number and current.fingerprint == indexing.fingerprint(self._encoder)
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

    def history(self, slug: str) -> list[EventRecord]:
        """What happened to a resource and to those merged into it, the oldest first.

        Raises:
            UnknownName: there is none.
        """
        found, _ = self.show(slug)
        with self._catalogue() as catalogue:
            return catalogue.resources.history(found.slug)
