"""What does a resource, a term, a change look like to a consumer? The contract of docs/export.md, version 1.

A key is never removed, renamed or given another type within a version; new ones may come. Unknown is null, never
left out and never 0. The schemas in `_schemas/` say the same to a machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from directory.exporters import _safe

if TYPE_CHECKING:
    from directory.catalogue.record import LinkRecord, RepositoryRecord, ResourceRecord, Source
    from directory.exporters import Hot, Mention, Snapshot
    from directory.taxonomy import Term

VERSION = "1.0"

Plain = dict[str, Any]


def schemas() -> dict[str, Plain]:
    """The JSON Schemas (2020-12) by the name of their file."""
    folder = resources.files("directory.exporters").joinpath("_schemas")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return {f.name: json.loads(f.read_text("utf-8")) for f in files}


class Contract:
    """A snapshot's resources and terms as plain data.

    Args:
        snapshot: what is exported.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._labels = {t.slug: _label(t) for t in snapshot.taxonomy}

    @property
    def head(self) -> Plain:
        """What every document begins with."""
        snapshot = self._snapshot
        return {"schema_version": VERSION, "sequence": snapshot.sequence, "updated": _safe.when(snapshot.updated)}

    @cached_property
    def filed(self) -> dict[str, list[ResourceRecord]]:
        """The resources of each term, in slug order; a term without any has an empty list."""
        found: dict[str, list[ResourceRecord]] = {t.slug: [] for t in self._snapshot.taxonomy}
        for resource in self._snapshot.resources:
            for slug in resource.terms:
                if slug in found:
                    found[slug].append(resource)
        return found

    def resource(self, found: ResourceRecord) -> Plain:
        """Everything that is known of a resource."""
        return {
            "schema_version": VERSION,
            "slug": _safe.prose(found.slug),
            "path": f"resources/{_safe.stem(found.slug)}.json",
            "kind": _safe.prose(found.kind),
            "name": _safe.prose(found.name),
            "names": _texts(found.names),
            "summary_zh": _known(found.summary_zh),
            "summary_en": _known(found.summary_en),
            "pricing": _known(found.pricing),
            "licence": _known(found.licence),
            "terms": [self._labels[slug] for slug in found.terms if slug in self._labels],
            "tags": _texts(found.tags),
            "url": _safe.address(found.url) or None,
            "state": _safe.prose(found.state),
            "links": [_link(link) for link in found.links if _safe.address(link.url)],
            "repository": _repository(found.repository) if found.repository else None,
            "cited_by": _count(found.cited_by) or 0,
            "articles": [_mention(m) for m in self._snapshot.mentions.get(found.slug, ())],
            "provenance": {_safe.prose(field): _source(source) for field, source in found.provenance.items()},
            "added_at": _safe.prose(found.added_at),
            "changed_at": _safe.prose(found.changed_at),
        }

    def card(self, found: ResourceRecord) -> Plain:
        """What a list shows of a resource; the rest lies at `path`."""
        repository = found.repository
        return {
            "slug": _safe.prose(found.slug),
            "path": f"resources/{_safe.stem(found.slug)}.json",
            "kind": _safe.prose(found.kind),
            "name": _safe.prose(found.name),
            "summary_zh": _known(found.summary_zh),
            "summary_en": _known(found.summary_en),
            "pricing": _known(found.pricing),
            "url": _safe.address(found.url) or None,
            "state": _safe.prose(found.state),
            "stars": _count(repository.stars) if repository else None,
        }

    def term(self, term: Term) -> Plain:
        """A term with its labels and the terms around it."""
        aliases: dict[str, list[str]] = {}
        for label in term.labels:
            if label.kind == "alt":
                aliases.setdefault(_safe.prose(label.language), []).append(_safe.prose(label.text))
        return {
            **self._labels[term.slug],
            "path": f"terms/{_safe.stem(term.slug)}.json",
            "aliases": aliases,
            "broader": list(term.broader),
            "narrower": self._snapshot.taxonomy.narrower(term.slug),
            "related": list(term.related),
            "count": len(self.filed[term.slug]),
        }

    def searches(self, hot: Hot) -> Iterator[Plain]:
        """What people search for, with the term that the words name."""
        for query, times in hot.searches:
            if shown := _safe.prose(query):
                term = self._snapshot.taxonomy.resolve(query)
                yield {"query": shown, "times": times, "term": self._labels[term.slug] if term else None}


def line(value: Plain) -> bytes:
    """An item on a line of its own. Bytes: ten thousand of them take half the memory that text does."""
    return _safe.dumps(value).encode()


def document(head: Plain, key: str, lines: Iterable[bytes]) -> bytes:
    """A JSON document whose list `key` comes last, one line an item, so that two versions can be compared by line."""
    return line(head)[:-1] + f',"{key}":[\n'.encode() + b",\n".join(lines) + b"\n]}\n"


def _label(term: Term) -> Plain:
    names = {n.language: _safe.prose(n.text) for n in term.labels if n.kind == "pref"}
    return {"slug": term.slug, "zh": names.get("zh"), "en": names.get("en")}


def _known(raw: str | None) -> str | None:
    return (_safe.prose(raw) if raw else "") or None


def _count(raw: int | None) -> int | None:
    """A number that can be one; an import may have said anything."""
    return raw if raw is not None and raw >= 0 else None


def _texts(found: Iterable[str]) -> list[str]:
    return [shown for raw in found if (shown := _safe.prose(raw))]


def _link(found: LinkRecord) -> Plain:
    """A link with the evidence of its freshness; all of it is null until it was looked at."""
    return {
        "url": _safe.address(found.url),
        "role": _safe.prose(found.role),
        "state": _safe.prose(found.state),
        "since": _safe.when(found.since),
        "last_ok": _safe.when(found.last_ok),
        "last_checked": _safe.when(found.last_checked),
        "why": _known(found.reason),
    }


def _repository(found: RepositoryRecord) -> Plain:
    return {
        "name": _safe.prose(found.name),
        "url": _safe.address(f"https://github.com/{found.name}"),
        "node_id": _known(found.node_id),
        "database_id": found.database_id,
        "past_names": [{"name": _safe.prose(p.name), "noted_at": _safe.prose(p.noted_at)} for p in found.past],
        "stars": _count(found.stars),
        "stars_asof": _safe.when(found.stars_asof),
        "stars_source": _known(found.stars_source),
        "growth_7": found.growth_7,
        "growth_30": found.growth_30,
        "archived": found.archived,
        "pushed_at": _safe.when(found.pushed_at),
        "topics": _texts(found.topics),
    }


def _mention(found: Mention) -> Plain:
    return {
        "title": _safe.prose(found.title),
        "url": _safe.address(found.url) or None,
        "source": _known(found.source),
        "published": _known(found.published),
    }


def _source(found: Source) -> Plain:
    # A curator's source is the name of a person's account: it stays at home.
    named = None if found.origin == "curator" else _known(found.source)
    return {"origin": _safe.prose(found.origin), "source": named, "set_at": _safe.prose(found.set_at)}
