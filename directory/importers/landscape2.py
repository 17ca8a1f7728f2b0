"""Which resources does a landscape hold (`landscape.yml` or landscape2's `data.yml`)?

`path` is category and subcategory. Everything else an item has (logo, `second_path`, `additional_repos`, its `extra`)
stays in `extra` under its name; the empty marks `item:` of the older form are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from directory import text
from directory.errors import UnreadableFile
from directory.importers import Entry, Leftover, Place, Reading, Source, SourceFile
from directory.importers._file import Lines, load, read_each
from directory.importers._record import Record, mappings, summary

if TYPE_CHECKING:
    from directory.taxonomy import Taxonomy

SUMMARY = "CNCF-style landscapes (landscape.yml, landscape2 data.yml)"
FILES = ("landscape.yml", "data.yml", "**/landscape.yml", "**/data.yml")


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read the landscape's items.

    Raises:
        UnreadableFile: the file has no categories.
    """
    return read_each(source, _read_file)


def _read_file(file: SourceFile) -> Reading:
    data = load(file)
    categories = (data.get("categories") or data.get("landscape")) if isinstance(data, dict) else None
    if not isinstance(categories, list):
        raise UnreadableFile(f"{file.path}: not a landscape (it has no list called categories or landscape)")
    lines = Lines(file.text)
    entries: list[Entry] = []
    leftovers: list[Leftover] = []
    for path, item in _items(categories):
        name = str(item.get("name") or "")
        place = Place(file.path, lines.find(f"name: {name}"))
        if entry := _entry(Record(item), path, place):
            entries.append(entry)
        else:
            leftovers.append(Leftover(place, text.clip(text.clean(name), 200), "it has no name or no address"))
    return Reading(entries=tuple(entries), leftovers=tuple(leftovers))


def _items(categories: object) -> Iterator[tuple[tuple[str, ...], dict[Any, Any]]]:
    for category in mappings(categories):
        for subcategory in mappings(category.get("subcategories")):
            path = tuple(text.clean(str(c["name"])) for c in (category, subcategory) if c.get("name"))
            for item in mappings(subcategory.get("items")):
                yield path, item


def _entry(record: Record, path: tuple[str, ...], place: Place) -> Entry | None:
    if record.extra.get("item", "") is None:
        del record.extra["item"]
    name = record.take("name")
    record.take_link("homepage_url", "homepage")
    record.take_link("repo_url", "repository")
    if not name or not record.links:
        return None
    return Entry(
        name=name,
        links=tuple(record.links),
        place=place,
        summaries=summary(record.take("description")),
        path=path,
        licence=record.take("license"),
        extra=record.extra,
    )
