"""What must a backend offer, to those who build with it and to those who read?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from directory.analysis import Analyzer
from directory.query import Query
from directory.search import Hit, Page, Suggestion
from directory.search._document import Document, Row
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.search._explain import Explanation

Progress = Callable[[int], Any]
"""Called with the number of documents done so far."""


class SpellingData(NamedTuple):
    """What is kept of a Spelling."""

    names: dict[str, float]
    """Squashed names and Latin words of names, with the popularity of the best resource that has one; kept in order."""
    pinyin: dict[str, list[str]]
    """Pinyin without tones -> Chinese words, labels first, then by frequency."""
    initials: dict[str, list[str]]
    """First letters -> labels and Chinese names."""
    readings: dict[str, str]
    """Han character -> its most common reading."""


class Spelling(SpellingData):
    """What unknown words are compared with; what is worked out from it is remembered."""

    @cached_property
    def sorted_names(self) -> list[str]:
        """The names, in order."""
        return sorted(self.names)

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        """The names by their length: what is nearly a word is nearly as long."""
        found: dict[int, list[str]] = {}
        for name in self.names:
            found.setdefault(len(name), []).append(name)
        return found


class Reader(Protocol):
    """An open index: postings and what is stored of each document, by document number."""

    @property
    def rows(self) -> Sequence[Row]:
        """The columns of every document, in document order."""
        ...

    @property
    def priors(self) -> Sequence[float]:
        """The prior of every document."""
        ...

    @property
    def deleted(self) -> frozenset[int]:
        """Numbers that stand for nothing any more."""
        ...

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        """The documents that have a token in a channel (`_fields.CHANNELS`), and how much they are about it."""
        ...

    def sense(self, key: str) -> int:
        """The concepts that a word (or a concept: `_profile.concept_key`) goes with, packed (`_profile.packed`)."""
        ...

    def profile(self, number: int) -> Sequence[int]:
        """How much a document is about each concept: 0 to `_profile.SCALE`."""
        ...

    def called(self, beginning: str) -> Iterable[int]:
        """The documents whose squashed name begins so."""
        ...

    def hit(self, number: int) -> Hit:
        """What is shown of a document, without score and highlights."""
        ...

    def folded(self, number: int) -> str:
        """The folded text of a document."""
        ...

    def spelling(self) -> Spelling:
        """What misspelt words are compared with; read when it is first needed."""
        ...


class Searcher(Protocol):
    """An open index."""

    @property
    def reader(self) -> Reader:
        """What the index holds, for those who weigh it in their own way (matching an article)."""
        ...

    def search(self, query: Query) -> Page:
        """Answer a query; any query gets an answer."""
        ...

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """What the beginning of a query could become, the most likely first."""
        ...

    def explain(self, query: Query, slugs: Iterable[str]) -> list[Explanation]:
        """How documents come to their scores for a query, in the order asked for; what is not indexed is left out."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class Backend(Protocol):
    """The seam: what a module of this package offers."""

    def build(
        self, folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
    ) -> None:
        """Write a complete index into an empty folder."""
        ...

    def extend(
        self,
        folder: Path,
        documents: Iterable[Document],
        replaced: Iterable[int],
        taxonomy: Taxonomy,
        analyzer: Analyzer,
    ) -> None:
        """Add documents to what `build` wrote, in the place of what was added before.

        Args:
            folder: the index.
            documents: everything that was added or changed since it was built.
            replaced: the ids of the documents that are no longer what they were then.
            taxonomy: the terms it was built with.
            analyzer: the one it was built with.
        """
        ...

    def open_index(self, folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
        """Open what `build` wrote.

        Raises:
            IndexDamaged: it cannot be read.
        """
        ...
