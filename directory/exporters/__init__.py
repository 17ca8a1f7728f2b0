"""What does an exporter get, and what must it give?

An exporter is a module of this package; its file name is the name of its format. It is pure: a `Snapshot` in, files
out. It opens no file of the user's, asks no network and no clock, so the same catalogue gives the same bytes. Modules
that begin with `_` are shared by the exporters. The promise to consumers stands in docs/export.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from directory.catalogue.change import Happening, Window
    from directory.catalogue.record import ResourceRecord
    from directory.taxonomy import Taxonomy

Language = Literal["zh", "en", "both"]

ACTIONS = ("added", "renamed", "moved", "archived", "revived")
"""The actions of the history that feeds tell of."""


class File(NamedTuple):
    """One file of an export: its path inside the export, with `/`, and its content."""

    path: str
    content: str | bytes

    @property
    def data(self) -> bytes:
        """The content as it is written: text is UTF-8."""
        return self.content.encode() if isinstance(self.content, str) else self.content


class Mention(NamedTuple):
    """An article that mentions a resource."""

    title: str
    url: str
    source: str
    published: str


class HotSearch(NamedTuple):
    """What people searched for: the query as it is shown, and how often."""

    query: str
    times: int


class Hot(NamedTuple):
    """The searches of some days, the most frequent first."""

    until: str
    """The last day that was counted (UTC, ISO)."""
    days: int
    searches: tuple[HotSearch, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The catalogue at one moment, as far as it is exported."""

    sequence: int
    """How many changes the catalogue has had."""
    updated: str
    """When the last one was noted (UTC, ISO); empty when never."""
    taxonomy: Taxonomy
    resources: tuple[ResourceRecord, ...]
    """In slug order."""
    mentions: dict[str, tuple[Mention, ...]]
    """Slug -> the articles that mention it, the newest first."""
    window: Window
    """The last changes."""
    room: int = 0
    """Bytes that the last changes may take; 0 = as many as they need."""
    happenings: tuple[Happening, ...] = ()
    """What happened to these resources, the latest first."""
    hot: Hot | None = None
    """What is searched for; None = nobody counts."""
    language: Language = "both"
    """The language of texts for people."""
    site: str = ""
    """The address that the export is published at, without a slash at the end; empty = unknown."""


class Exporter(Protocol):
    """The seam: what a module of this package offers."""

    @property
    def SUMMARY(self) -> str:
        """One line for `aidir export --help`."""

    @property
    def FILE(self) -> str:
        """The name of the one file it writes; empty = a folder of files."""

    def export(self, snapshot: Snapshot) -> Iterator[File]:
        """The files, in a stable order; texts hold nothing that is live in the format (see `_safe`)."""
        ...
