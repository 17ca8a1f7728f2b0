"""Which resources does a best-of list hold (`projects.yaml`, as best-of-generator reads it)?

`path` is the title of the project's category, whose id stays in `extra["category"]`; a project without one stands under
`others`. `labels` are label ids as written. A category or label marked `ignore` is hidden on the list's page, but its
projects are projects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory import text
from directory.errors import UnreadableFile
from directory.importers import Entry, EntryLink, Leftover, Place, Reading, Source, SourceFile
from directory.importers._file import Lines, load, read_each
from directory.importers._record import Record, mappings, summary

if TYPE_CHECKING:
    from directory.taxonomy import Taxonomy

SUMMARY = "best-of lists (projects.yaml)"
FILES = ("projects.yaml", "projects.yml", "**/projects.yaml")

_HOSTS = {"gitlab_id": "https://gitlab.com/", "gitee_id": "https://gitee.com/"}


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read the list's projects.

    Raises:
        UnreadableFile: the file has no list of projects.
    """
    return read_each(source, _read_file)


def _read_file(file: SourceFile) -> Reading:
    data = load(file)
    if not isinstance(data, dict) or not isinstance(data.get("projects"), list):
        raise UnreadableFile(f"{file.path}: not a best-of list (it has no list called projects)")
    titles = {str(c.get("category")): str(c["title"]) for c in mappings(data.get("categories")) if c.get("title")}
    lines = Lines(file.text[file.text.find("projects:") :])
    offset = file.text.count("\n", 0, max(file.text.find("projects:"), 0))
    entries: list[Entry] = []
    leftovers: list[Leftover] = []
    for project in data["projects"]:
        name = str(project.get("name", "")) if isinstance(project, dict) else ""
        found = lines.find(name)
        place = Place(file.path, found + offset if found else 0)
        entry = _entry(Record(project), titles, place) if isinstance(project, dict) else None
        if entry:
            entries.append(entry)
        else:
            leftovers.append(Leftover(place, text.clip(text.clean(name), 200), "it has no name or no address"))
    return Reading(entries=tuple(entries), leftovers=tuple(leftovers))


def _entry(record: Record, titles: dict[str, str], place: Place) -> Entry | None:
    name = record.take("name")
    record.take_repository("github_id")
    for key, host in _HOSTS.items():
        if shown := record.take(key):
            record.links.append(EntryLink(host + shown, "repository"))
    record.take_link("homepage", "homepage")
    record.take_link("docs_url", "docs")
    if not name or not record.links:
        return None
    category = str(record.extra.get("category") or "others")
    return Entry(
        name=name,
        links=tuple(record.links),
        place=place,
        summaries=summary(record.take("description")),
        path=(text.clean(titles.get(category, category)),),
        labels=record.take_list("labels"),
        licence=record.take("license"),
        extra=record.extra,
    )
