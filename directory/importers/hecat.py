"""Which resources does a hecat data folder hold (`software/*.yml`, as awesome-selfhosted has it)?

`website_url` is the link an entry is listed with. `stargazers_count` stays in `extra`: the file tells the day of the
last commit (`updated_at`), not the day of the count. Several licences are one string, joined with `, `. The slug is the
file's name. Files of tags, platforms and licences describe labels, not resources, and are passed over.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from directory import text
from directory.errors import UnreadableFile
from directory.importers import Entry, Leftover, Place, Reading, Source, SourceFile
from directory.importers._file import load, read_each
from directory.importers._record import Record, summary

if TYPE_CHECKING:
    from directory.taxonomy import Taxonomy

SUMMARY = "hecat data folders (software/*.yml, awesome-selfhosted)"
FILES = ("software/*.yml", "*.yml")

_LINKS = {
    "website_url": "homepage",
    "source_code_url": "repository",
    "demo_url": "demo",
    "related_software_url": "page",
}
_DESCRIBES_LABELS = frozenset({"tags", "platforms", "licenses", "licenses-nonfree", "markdown"})


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read every file of the folder, each one resource.

    Raises:
        UnreadableFile: no file holds a resource.
    """
    return read_each(source, _read_file)


def _read_file(file: SourceFile) -> Reading:
    path = PurePosixPath(file.path)
    if path.parent.name in _DESCRIBES_LABELS or path.stem in _DESCRIBES_LABELS:
        return Reading()
    data = load(file)
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        raise UnreadableFile(f"{file.path}: not a hecat resource (a mapping with a name)")
    record = Record(data)
    name = record.take("name")
    for key, role in _LINKS.items():
        record.take_link(key, role)
    place = Place(file.path, 1)
    if not name or not record.links:
        return Reading(leftovers=(Leftover(place, text.clip(name, 200), "it has no name or no address"),))
    entry = Entry(
        name=name,
        links=tuple(record.links),
        place=place,
        summaries=summary(record.take("description")),
        labels=record.take_list("tags"),
        licence=", ".join(record.take_list("licenses")),
        archived=record.take_flag("archived"),
        slug=text.slug(path.stem),
        extra=record.extra,
    )
    return Reading(entries=(entry,))
