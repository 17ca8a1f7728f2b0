"""What does an importer give? Entries, articles and keywords, each with the place in the file where it stood.

An importer is a module of this package; its file name is its name. It is pure: text in, a `Reading` out. It opens no
file, asks no network and knows no catalogue. What cannot be read is a value (`Leftover`), not an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from directory.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file's text and its path inside the source (`README.md`, `software/ollama.yml`)."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What is imported: a name for the record (`page.txt`, `owner/list`) and its files in path order."""

    name: str
    files: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stood: the file's path and its line, counted from 1 (0 = the whole file)."""

    path: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class EntryLink:
    """An address and its role: repository, homepage, docs, paper, model, demo, download or page (cited somewhere)."""

    url: str
    role: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource as a list or page shows it.

    `summaries` maps a language (`zh`, `en`) to the description in it. `path` is the heading path, outermost first.
    `labels` are taxonomy labels or tags as written. `stars` come with the day they were read (`stars_asof`, ISO date).
    """

    name: str
    links: tuple[EntryLink, ...]
    place: Place
    summaries: dict[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    past_names: tuple[str, ...] = ()
    kind: str = ""
    pricing: str = ""
    licence: str = ""
    stars: int | None = None
    stars_asof: str = ""
    stars_source: str = ""
    archived: bool = False
    slug: str = ""
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleMatch:
    """A resource that a page matched to its article: the group it stood in and its place there, counted from 1."""

    entry: Entry
    group: str
    group_position: int
    position: int


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article as a page shows it; `published` is an ISO date-time as written there, without a zone."""

    title: str
    body: str
    place: Place
    source: str = ""
    author: str = ""
    published: str = ""
    clicks: int | None = None
    url: str = ""
    matches: tuple[ArticleMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyword:
    """A string of a page's keyword line and the term it resolves to (its slug; empty = left over)."""

    text: str
    term: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that looked like content and could not be read."""

    place: Place
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything an importer found."""

    entries: tuple[Entry, ...] = ()
    articles: tuple[ArticleEntry, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    leftovers: tuple[Leftover, ...] = ()


class Importer(Protocol):
    """The seam: what a module of this package offers."""

    @property
    def SUMMARY(self) -> str:
        """One line for `aidir import --help`."""

    @property
    def FILES(self) -> tuple[str, ...]:
        """Glob patterns of the files it reads when the source is a folder, the best first; e.g. `("README*.md",)`."""

    def read(self, source: Source, taxonomy: Taxonomy) -> Reading:
        """Read the whole source.

        Raises:
            UnreadableFile: this is not a file of the importer's form.
        """
        ...
