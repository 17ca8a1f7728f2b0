"""How does the selection become JSON-LD in the words of schema.org, for search engines?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from directory.catalogue.record import ResourceRecord
from directory.exporters import File, Snapshot, _group, _safe

SUMMARY = "schema.org JSON-LD: a data set and a list of its items"
FILE = "resources.jsonld"

_TYPES = {
    "project": "SoftwareSourceCode",
    "model": "SoftwareApplication",
    "dataset": "Dataset",
    "tool": "SoftwareApplication",
    "course": "Course",
    "site": "WebSite",
}
_FREE = {"开源免费": True, "开放权重": True, "免费": True, "付费": False}


def export(snapshot: Snapshot) -> Iterator[File]:
    """A Dataset that says what this is, and an ItemList of the resources."""
    name = "aidir"
    dataset = {
        "@type": "Dataset",
        "name": name,
        "description": " ".join(_group.chosen(snapshot, _group.ABOUT["zh"], _group.ABOUT["en"])),
        "inLanguage": ["zh", "en"],
        "dateModified": _safe.moment(snapshot.updated),
        "version": str(snapshot.sequence),
        "url": f"{snapshot.site}/" if snapshot.site else "",
    }
    items = [item for found in snapshot.resources if (item := _item(snapshot, found))]
    listed = {
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(items),
        "itemListElement": [
            {"@type": "ListItem", "position": number, "item": item} for number, item in enumerate(items, 1)
        ],
    }
    graph = [{key: v for key, v in dataset.items() if v != ""}, listed]
    yield File(FILE, _safe.dumps({"@context": "https://schema.org", "@graph": graph}) + "\n")


def _item(snapshot: Snapshot, found: ResourceRecord) -> dict[str, Any] | None:
    address = _safe.address(found.url)
    if not address:
        return None
    kind = _TYPES.get(found.kind, "WebSite")
    code = _group.repository(found)
    others = dict.fromkeys(a for link in found.links if (a := _safe.address(link.url)) and a != address)
    value: dict[str, Any] = {
        "@type": kind,
        "name": _group.title(found),
        "alternateName": [_safe.prose(n) for n in found.names],
        "description": " ".join(_group.chosen(snapshot, found.summary_zh, found.summary_en)),
        "url": address,
        "sameAs": list(others),
        "keywords": _group.labels(snapshot, found),
        "license": _safe.spdx(found.licence),
        "isAccessibleForFree": _FREE.get(found.pricing, ""),
        "dateModified": _safe.moment(found.changed_at),
    }
    if kind == "SoftwareSourceCode":
        value["codeRepository"] = code
    if kind == "SoftwareApplication":
        value["applicationCategory"] = "Artificial intelligence"
    if kind == "Course":
        value["provider"] = {"@type": "Organization", "name": _group.title(found)}
    return {key: v for key, v in value.items() if v not in ("", [])}
