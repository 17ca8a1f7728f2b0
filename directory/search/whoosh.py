"""How does Whoosh answer? From the index of record alone, document by document; slow, and right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from directory.analysis import Analyzer
from directory.errors import IndexDamaged
from directory.query import Query
from directory.search import Page, Suggestion, _record
from directory.search._answer import Answerer
from directory.search._explain import explain
from directory.search._suggest import suggest
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.search._backend import Progress, Searcher
    from directory.search._document import Document
    from directory.search._explain import Explanation


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> None:
    """Write a complete index into an empty folder."""
    built = _record.build(folder, documents, taxonomy, analyzer, progress)
    _record.write_spelling(folder, taxonomy, built)


def extend(
    folder: Path, documents: Iterable[Document], replaced: Iterable[int], taxonomy: Taxonomy, analyzer: Analyzer
) -> None:
    """Add documents to what `build` wrote, in the place of what was added before."""
    _record.extend(folder, documents, replaced, taxonomy, analyzer)


def open_index(folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
    """Open what `build` wrote.

    Raises:
        IndexDamaged: it cannot be read.
    """
    try:
        return WhooshSearcher(_record.RecordReader(folder), taxonomy, analyzer)
    except Exception as error:  # noqa: BLE001  (a damaged file makes Whoosh raise anything: struct.error, KeyError, ...)
        raise IndexDamaged(f"the index cannot be opened: {type(error).__name__}: {error}") from None


class WhooshSearcher:
    """An open index that answers."""

    def __init__(self, reader: _record.RecordReader, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self.reader = reader
        self._taxonomy = taxonomy
        self._analyzer = analyzer
        self._answerer = Answerer(reader, taxonomy, analyzer)

    def search(self, query: Query) -> Page:
        """Answer a query.

        Raises:
            IndexDamaged: a file turned out to be unreadable on the way.
        """
        try:
            return self._answerer.search(query)
        except (OSError, KeyError, ValueError, EOFError, IndexError, TypeError) as error:
            raise IndexDamaged(f"the index cannot be read: {type(error).__name__}: {error}") from None

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """What the beginning of a query could become, the most likely first."""
        return suggest(prefix, limit, self.reader, self._taxonomy)

    def explain(self, query: Query, slugs: Iterable[str]) -> list[Explanation]:
        """How documents come to their scores for a query."""
        return explain(query, slugs, self.reader, self._taxonomy, self._analyzer)

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()
