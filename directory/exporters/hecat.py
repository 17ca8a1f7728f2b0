"""How does the selection become a hecat data folder, as awesome-selfhosted has it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from directory import text
from directory.catalogue.record import ResourceRecord
from directory.document import dump_yaml
from directory.exporters import File, Snapshot, _group, _safe

SUMMARY = "a hecat data folder (software/*.yml, as awesome-selfhosted has it)"
FILE = ""

_LONGEST = 250
"""Characters of a description that hecat's linter lets through."""
_LINKS = {"demo_url": "demo", "related_software_url": "page"}


def export(snapshot: Snapshot) -> Iterator[File]:
    """A file a resource, a file a tag, and the licences that are used.

    hecat has one description; it is the English one unless Chinese is asked for.
    """
    if snapshot.language == "both":
        snapshot = replace(snapshot, language="en")
    tags: dict[str, None] = {}
    licences: dict[str, None] = {}
    for found in snapshot.resources:
        row = _row(snapshot, found)
        if row is not None:
            tags.update(dict.fromkeys(row["tags"]))
            licences.update(dict.fromkeys(row["licenses"]))
            yield File(f"software/{_safe.stem(found.slug)}.yml", dump_yaml(row))
    names = {_safe.plain_markup(_group.name(snapshot, t)): t.slug for t in snapshot.taxonomy}
    for tag in sorted(tags):
        value = {"name": tag, "description": f"{tag}."}
        stem = names.get(tag) or text.slug(tag)
        # Tags without a term may share a slug with one, or have none at all (Han characters).
        taken = tag not in names and (not stem or stem in names.values())
        yield File(f"tags/{_safe.stem('/' + tag if taken else stem)}.yml", dump_yaml(value))
    # hecat will not start without this folder; the catalogue does not know of platforms.
    yield File("platforms/unknown.yml", dump_yaml({"name": "Unknown", "description": "Not known."}))
    rows = [
        {"identifier": n, "name": n, "url": _safe.spdx(n) or "https://spdx.org/licenses/"} for n in sorted(licences)
    ]
    yield File("licenses.yml", dump_yaml(rows))


def _row(snapshot: Snapshot, found: ResourceRecord) -> dict[str, Any] | None:
    website = _group.address(found, "homepage") or _safe.address(found.url)
    if not website:
        return None
    own = found.repository
    row: dict[str, Any] = {
        "name": _safe.plain_markup(_group.title(found)),
        "website_url": website,
        "source_code_url": _group.repository(found),
        "description": _safe.plain_markup(_group.sentence(snapshot, found, _LONGEST)),
        "licenses": [shown for n in found.licence.split(", ") if (shown := _safe.plain_markup(n))],
        "platforms": [],
        "tags": [_safe.plain_markup(label) for label in _group.labels(snapshot, found)],
        **{key: _group.address(found, role) for key, role in _LINKS.items()},
        "stargazers_count": own.stars if own else None,
        "updated_at": _safe.plain_markup(own.pushed_at or "")[:10] if own else "",
        "archived": own.archived if own else False,
    }
    # What hecat itself always has stays, also when it is empty.
    return {key: v for key, v in row.items() if v not in ("", None, False) or key in ("description", "licenses")}
