"""How are our own files read: the seeds' YAML and the JSON that `aidir export` writes?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from directory import document
from directory.errors import UnreadableFile
from directory.importers import Entry, EntryLink, Leftover, Place, Reading, Source, SourceFile
from directory.taxonomy import Taxonomy

SUMMARY = "our own YAML (the form of seeds/resources/) or JSON export"
FILES = ("resources/*.yaml", "*.yaml", "*.json")

KEYS = (
    "slug", "name", "names", "kind", "summary_zh", "summary_en", "terms", "pricing", "licence", "repository",
    "past_names", "links", "stars", "stars_asof", "stars_source", "cited_by",
)  # fmt: skip
"""The keys of an entry, in the order in which they are written."""


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read a list of entries; in `resources/rag.yaml` the file's name is each entry's home category.

    Raises:
        UnreadableFile: a file is neither YAML nor JSON, or not a list of entries.
    """
    entries: list[Entry] = []
    leftovers: list[Leftover] = []
    for file in source.files:
        for number, row in enumerate(_rows(file), 1):
            place = Place(file.path, 0)
            problem = _problem(row)
            if problem:
                shown = str(row.get("slug") or row.get("name") or "") if isinstance(row, Mapping) else ""
                leftovers.append(Leftover(place, shown or f"item {number}", problem))
            else:
                entries.append(_entry(row, place, taxonomy))
    return Reading(tuple(entries), leftovers=tuple(leftovers))


def _rows(file: SourceFile) -> list[Any]:
    is_json = file.path.endswith(".json")
    value = document.load_json(file.text, file.path) if is_json else document.load_yaml(file.text, file.path)
    if isinstance(value, Mapping):
        value = value.get("resources")
    if not isinstance(value, list):
        raise UnreadableFile(f"{file.path}: expected a list of entries", "see seeds/README.md for the form")
    return value


def _problem(row: Any) -> str:
    if not isinstance(row, Mapping):
        return "not a mapping"
    unknown = sorted(str(key) for key in row if key not in KEYS)
    if unknown:
        return f"unknown key '{unknown[0]}'"
    if not isinstance(row.get("name"), str):
        return "no name"
    for key in ("names", "terms", "past_names"):
        if not isinstance(row.get(key, []), list):
            return f"'{key}' is not a list"
    links = row.get("links", {})
    if not isinstance(links, Mapping) or not (row.get("repository") or links):
        return "neither repository nor links"
    if not isinstance(row.get("stars", 0), int) or not isinstance(row.get("cited_by", 0), int):
        return "'stars' and 'cited_by' are whole numbers"
    return ""


def _entry(row: Mapping[str, Any], place: Place, taxonomy: Taxonomy) -> Entry:
    path = PurePosixPath(place.path)
    terms = [str(t) for t in row.get("terms", [])]
    if path.parent.name == "resources" and path.stem in taxonomy.terms:
        terms = [path.stem, *(t for t in terms if t != path.stem)]
    links = [EntryLink(str(row["repository"]), "repository")] if row.get("repository") else []
    links += [EntryLink(str(address), str(role)) for role, address in row.get("links", {}).items()]
    return Entry(
        name=row["name"],
        links=tuple(links),
        place=place,
        summaries={n: str(row[f"summary_{n}"]) for n in ("zh", "en") if row.get(f"summary_{n}")},
        labels=tuple(terms),
        names=tuple(str(n) for n in row.get("names", [])),
        past_names=tuple(str(n) for n in row.get("past_names", [])),
        kind=str(row.get("kind", "")),
        pricing=str(row.get("pricing", "")),
        licence=str(row.get("licence", "")),
        stars=row.get("stars"),
        stars_asof=str(row.get("stars_asof", "")),
        stars_source=str(row.get("stars_source", "")),
        slug=str(row.get("slug", "")),
        extra={"cited_by": row["cited_by"]} if row.get("cited_by") else {},
    )
