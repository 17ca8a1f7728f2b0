"""How does the directory reach other sites: which resources, in which format, written how?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from directory.errors import InputError
from directory.query import Filter, Query
from directory.service.reader import Reader

if TYPE_CHECKING:
    from directory.catalogue.record import ArticleRecord
    from directory.exporters import Exporter, File, Language, Mention, Snapshot
    from directory.exporters import Hot as HotSearches
    from directory.service.tree import Outcome

CHANGES, ROOM = 400, 100_000
"""Resources and bytes in changes.json at most, unless a beginning is asked for."""
HOT_DAYS = 7
NEWS = 100
"""Items in a feed."""
_STATES = ("new", "ok", "moved", "archived", "blocked", "suspect", "dead", "legal", "replaced", "ignored")


class Publisher(Reader):
    """What is given to other sites."""

    def export(
        self,
        exporter: str,
        conditions: Sequence[Filter] = (),
        *,
        language: Language = "both",
        site: str = "",
        since: int | str | None = None,
    ) -> Iterator[File]:
        """The files of an export. All of them show the catalogue at one moment.

        Args:
            exporter: the format's name.
            conditions: the filters of search; links in every state are taken unless one filters states.
            language: of texts for people: zh, en or both.
            site: the address it will be published at; empty = the one in the settings.
            since: a sequence or a day (UTC, ISO) that changes.json reaches back to.

        Raises:
            UnknownName: there is no such format.
            InputError: the address of the site is none.
        """
        return _plugin(exporter).export(self._snapshot(conditions, language, site, since))

    def publish(
        self,
        exporter: str,
        target: Path,
        conditions: Sequence[Filter] = (),
        *,
        language: Language = "both",
        site: str = "",
        since: int | str | None = None,
    ) -> Outcome:
        """Write an export, touching only what changed: whoever reads meanwhile sees the old one or the new one.

        Args:
            exporter: the format's name.
            target: the file, or for a format of several files the folder.
            conditions, language, site, since: as in `export`.

        Raises:
            UnknownName: there is no such format.
            InputError: the address of the site is none, or the target holds something that no export put there.
            CatalogueError: the target cannot be written; what was there stays.
        """
        from directory import generation
        from directory.service import tree

        plugin = _plugin(exporter)
        # Locked before the catalogue is read: of two exports at a time the later one shows the later catalogue.
        with generation.locked(self.settings.home / "export"):
            files = self.export(exporter, conditions, language=language, site=site, since=since)
            return tree.replace_file(target, next(files)) if plugin.FILE else tree.replace(target, files)

    def _snapshot(
        self, conditions: Sequence[Filter], language: Language, site: str, since: int | str | None
    ) -> Snapshot:
        from directory import taxonomy
        from directory.exporters import ACTIONS, Snapshot

        self._ensure_catalogue()
        slugs = self._selected(conditions)
        hot = self._searches()
        with self._catalogue() as catalogue:
            found = tuple(r for r in catalogue.resources.all() if slugs is None or r.slug in slugs)
            if not found and slugs is not None:
                self._talk.say("nothing in the catalogue fits these filters: the export is empty")
            return Snapshot(
                sequence=catalogue.sequence(),
                updated=catalogue.changes.last_at(),
                taxonomy=taxonomy.parse(catalogue.terms.plain(), "the catalogue's terms"),
                resources=found,
                mentions=_mentions(catalogue.articles.all()),
                window=catalogue.changes.latest(CHANGES) if since is None else catalogue.changes.since(since),
                room=ROOM if since is None else 0,
                happenings=tuple(catalogue.changes.happenings(ACTIONS, NEWS, slugs)),
                hot=hot,
                language=language,
                site=_site(site or self.settings.site),
            )

    def _searches(self) -> HotSearches | None:
        """What was searched for in the last days; None when nothing was counted, or nothing often enough."""
        from directory.exporters import Hot, HotSearch

        found = tuple(HotSearch(search.query, search.times) for search in self.hot(HOT_DAYS))
        return Hot(self._now()[:10], HOT_DAYS, found) if found else None

    def _selected(self, conditions: Sequence[Filter]) -> frozenset[str] | None:
        """The slugs that fit the filters; None = all. A site wants to know of dead links, too."""
        if not conditions:
            return None
        wanted = tuple(conditions)
        if not any(c.field == "state" for c in wanted):
            wanted += tuple(Filter("state", "=", state) for state in _STATES)
        return frozenset(hit.slug for hit in self.search(Query("", filters=wanted, sort="name", limit=10**9)).hits)


def _plugin(name: str) -> Exporter:
    from directory import plugins

    found: Exporter = plugins.load("exporters", name)
    return found


def _site(raw: str) -> str:
    from directory import url

    found = url.tidy(raw) if raw else ""
    if found is None:
        raise InputError(f"'{raw}' is no address", "give a full https:// address")
    return found.rstrip("/")


def _mentions(articles: Sequence[ArticleRecord]) -> dict[str, tuple[Mention, ...]]:
    from directory.exporters import Mention

    found: dict[str, dict[int, Mention]] = {}
    for article in articles:
        for match in article.matches:
            mention = Mention(article.title, article.url, article.source, article.published)
            found.setdefault(match.resource, {})[article.id] = mention
    return {slug: tuple(mentions.values()) for slug, mentions in found.items()}
