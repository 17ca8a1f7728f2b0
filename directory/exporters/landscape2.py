"""How does the selection become a landscape that landscape2 builds?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from directory.catalogue.record import ResourceRecord
from directory.document import dump_yaml
from directory.exporters import File, Snapshot, _group, _safe

SUMMARY = "a landscape for landscape2 (data.yml, settings.yml, a logo)"
FILE = ""

_REST = "Other"
_LOGO = "resource.svg"
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="28" fill="none" '
    'stroke="#607d8b" stroke-width="4"/></svg>\n'
)


def export(snapshot: Snapshot) -> Iterator[File]:
    """The folder. A subcategory is a home category, its category the outermost one above it.

    Other categories of a resource are its `second_path`; what a landscape has no place for is in its annotations.
    """
    if snapshot.language == "both":
        snapshot = replace(snapshot, language="en")
    tree: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    for term, found in _group.sections(snapshot):
        for resource in found:
            labels = _group.labels(snapshot, resource)
            path = _path(snapshot, term.slug) if term else [_safe.plain_markup((labels or [_REST])[n]) for n in (-1, 0)]
            item = _item(snapshot, resource)
            if item is not None:
                items = tree.setdefault(path[0], {}).setdefault(path[1], {})
                if item["name"] in items:  # landscape2 refuses a name that stands twice
                    item["name"] += f" ({_safe.stem(resource.slug)})"
                items[item["name"]] = item
    categories = [
        {"name": name, "subcategories": [{"name": n, "items": list(items.values())} for n, items in below.items()]}
        for name, below in tree.items()
    ]
    yield File("data.yml", dump_yaml({"categories": categories}))
    yield File("settings.yml", dump_yaml({"foundation": "aidir", "url": snapshot.site or "https://landscape.invalid"}))
    yield File(f"logos/{_LOGO}", _SVG)


def _path(snapshot: Snapshot, slug: str) -> list[str]:
    terms = snapshot.taxonomy.terms
    top = next(reversed(snapshot.taxonomy.ancestors(slug)), slug)
    return [_safe.plain_markup(_group.name(snapshot, terms[s])) for s in (top, slug)]


def _item(snapshot: Snapshot, found: ResourceRecord) -> dict[str, Any] | None:
    code = _group.repository(found)
    address = _group.address(found, "homepage") or code or _safe.address(found.url)
    if not address:
        return None
    known = [t for t in found.terms if t in snapshot.taxonomy.terms]
    row: dict[str, Any] = {
        "name": _safe.plain_markup(_group.title(found)),
        "homepage_url": address,
        "logo": _LOGO,
        "description": _safe.plain_markup(" ".join(_group.chosen(snapshot, found.summary_zh, found.summary_en))),
        "license": _safe.plain_markup(found.licence),
        "repo_url": code,
        "second_path": [" / ".join(_path(snapshot, slug)) for slug in known[1:]],
        "extra": {"other_links": _others(found, {address, code}), "annotations": _annotations(found)},
    }
    row["extra"] = {key: v for key, v in row["extra"].items() if v}
    return {key: v for key, v in row.items() if v not in ("", [])}


def _others(found: ResourceRecord, shown: set[str]) -> list[dict[str, str]]:
    return [
        {"name": _safe.plain_markup(n.role), "url": a}
        for n in found.links
        if (a := _safe.address(n.url)) and a not in shown
    ]


def _annotations(found: ResourceRecord) -> dict[str, str]:
    stars = found.repository.stars if found.repository else None
    notes = {
        "slug": found.slug,
        "kind": found.kind,
        "terms": "; ".join((*found.terms, *found.tags)),
        "pricing": found.pricing,
        "state": found.state,
        "stars": "" if stars is None else str(stars),
        "summary_zh": found.summary_zh,
        "summary_en": found.summary_en,
    }
    return {key: shown for key, value in notes.items() if (shown := _safe.plain_markup(value))}
