"""How does the selection become the projects.yaml of a best-of list?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from directory.catalogue.record import ResourceRecord
from directory.document import dump_yaml
from directory.exporters import File, Snapshot, _group, _safe

SUMMARY = "the projects.yaml of a best-of list"
FILE = "projects.yaml"

_HOSTS = {"gitlab_id": re.compile(r"https://gitlab\.com/(.+)"), "gitee_id": re.compile(r"https://gitee\.com/(.+)")}
_REST = "others"
"""best-of's own category for what has none."""


def export(snapshot: Snapshot) -> Iterator[File]:
    """The list, with terms as categories and labels; its description is English unless Chinese is asked for."""
    if snapshot.language == "both":
        snapshot = replace(snapshot, language="en")
    categories: dict[str, str] = {}
    labels: dict[str, str] = {}
    projects = []
    for term, found in _group.sections(snapshot):
        for resource in found:
            row = _project(snapshot, resource)
            if row is None:
                continue
            category = _group.name(snapshot, term) if term else next(iter(row.get("labels", ())), _REST)
            row["category"] = term.slug if term else category
            categories.setdefault(row["category"], _safe.plain_markup(category))
            labels.update({label: _label(snapshot, label) for label in row.get("labels", ())})
            projects.append(row)
    value = {
        "configuration": {"project_dead_months": 24, "project_inactive_months": 12},
        "categories": [{"category": slug, "title": title} for slug, title in categories.items() if slug != _REST],
        "labels": [{"label": slug, "name": labels[slug], "description": labels[slug]} for slug in sorted(labels)],
        "projects": projects,
    }
    yield File(FILE, dump_yaml(value))


def _label(snapshot: Snapshot, label: str) -> str:
    term = snapshot.taxonomy.terms.get(label)
    return _safe.plain_markup(_group.name(snapshot, term)) if term else label


def _project(snapshot: Snapshot, found: ResourceRecord) -> dict[str, Any] | None:
    home, code = _group.address(found, "homepage"), _group.repository(found)
    row: dict[str, Any] = {"name": _safe.plain_markup(_group.title(found))}
    if found.repository is not None:
        row["github_id"] = _safe.plain_markup(found.repository.name)
    for key, pattern in _HOSTS.items():
        if match := pattern.fullmatch(code):
            row[key] = match[1]
    if home != code:
        row["homepage"] = home
    if not row.keys() & {"github_id", *_HOSTS}:
        # What is not code is listed by its address, without being looked up.
        row |= {"homepage": home or _safe.address(found.url), "resource": True}
        if not row["homepage"]:
            return None
    known = [t for t in found.terms if t in snapshot.taxonomy.terms]
    row |= {
        "docs_url": _group.address(found, "docs"),
        "category": "",
        "labels": list(dict.fromkeys((*known, *map(_safe.plain_markup, found.tags)))),
        "license": _safe.plain_markup(found.licence),
        "description": _safe.plain_markup(" ".join(_group.chosen(snapshot, found.summary_zh, found.summary_en))),
    }
    return {key: v for key, v in row.items() if v not in ("", []) or key == "category"}
