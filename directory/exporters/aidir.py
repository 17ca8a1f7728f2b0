"""How does the selection become a file in our own form, the seeds', that `aidir import aidir` reads back?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from directory.catalogue.record import ResourceRecord
from directory.document import dump_yaml
from directory.exporters import File, Snapshot, _group, _safe
from directory.models import LINK_ROLES

SUMMARY = "our own YAML, the form of the seeds, for another aidir to import"
FILE = "resources.yaml"


def export(snapshot: Snapshot) -> Iterator[File]:
    """The entries, in slug order."""
    rows = [row for found in snapshot.resources for row in _rows(found)]
    yield File(FILE, dump_yaml(rows) if rows else "[]\n")


def _rows(found: ResourceRecord) -> Iterator[dict[str, Any]]:
    """An entry. The form has one address a role: further ones follow as entries of the same identity."""
    code = _group.repository(found)
    rest = [(link.role, a) for link in found.links if (a := _safe.address(link.url)) and a != code]
    if not (code or rest):
        return
    own = found.repository
    row: dict[str, Any] = {
        "slug": _safe.stem(found.slug),
        "name": _safe.prose(found.name),
        "names": [_safe.prose(n) for n in found.names],
        "kind": _safe.prose(found.kind),
        "summary_zh": _safe.prose(found.summary_zh),
        "summary_en": _safe.prose(found.summary_en),
        "terms": [_safe.prose(t) for t in (*found.terms, *found.tags)],
        "pricing": _safe.prose(found.pricing),
        "licence": _safe.prose(found.licence),
        "repository": code,
        "past_names": [_safe.prose(p.name) for p in own.past] if own else [],
        "stars": own.stars if own else None,
        "stars_asof": _safe.prose(own.stars_asof or "") if own else "",
        "stars_source": _safe.prose(own.stars_source) if own else "",
        "cited_by": found.cited_by,
    }
    while True:
        links: dict[str, str] = {}
        over = [(role, a) for role, a in rest if links.setdefault(role, a) != a]
        yield {key: v for key, v in (row | {"links": links}).items() if v not in ("", [], {}, None, 0)}
        if not over:
            return
        row, rest = {"name": row["name"], "repository": code}, over
        if not code and links:
            # Only an address tells who this is: one that is known comes along, in a role that is free.
            spare = next((r for r in LINK_ROLES if r not in {"repository", *(role for role, _ in over)}), "page")
            rest = [(spare, next(iter(links.values()))), *over]
