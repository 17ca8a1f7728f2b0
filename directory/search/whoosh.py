"""How does Whoosh hold the index? The index of record: postings with their impacts, and stored fields.

Impacts are computed before (`_postings`) and written as the weights of Whoosh's postings, so nothing here scores. Its
query parser is not used: the Plan says what to look for. Only what 2.7.4 shares with its forks is used: no `refresh`,
no buffered or parallel writers, no `create_in` on a live folder.
"""

from __future__ import annotations

import json
import warnings
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

from directory.analysis import Analyzer
from directory.errors import IndexDamaged
from directory.query import Query
from directory.search import (
    Document,
    Hit,
    Page,
    Progress,
    Row,
    Searcher,
    Spelling,
    Suggestion,
    _fields,
    _postings,
    _repair,
)
from directory.search._answer import Answerer
from directory.search._suggest import suggest
from directory.taxonomy import Taxonomy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is from 2016: invalid escapes and `is` with literals
    from whoosh import fields, formats, index
    from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PostingsWriter
    from whoosh.filedb.filestore import FileStorage
    from whoosh.support.charset import default_charset as _  # noqa: F401  (loaded here, under the filter)
    from whoosh.writing import SegmentWriter

SPELLING = "spelling.json"


class Channel(fields.FieldType):  # type: ignore[misc]
    """A field whose tokens and weights are given, not analysed."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = self.stored = self.unique = False
        self.vector = self.column_type = None


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    """Takes a whole posting list; one by one, with its checks, half the time of writing an index goes there."""

    _ids: array[int]

    def add_list(self, found: _postings.List) -> None:
        for start in range(0, len(found.documents), self._blocklimit):
            if self._ids:
                self._write_block()
            self._ids = found.documents[start : start + self._blocklimit]
            self._weights = found.impacts[start : start + self._blocklimit]
            self._maxweight = max(self._weights)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: fields.Schema, lengths: None, items: _postings.Postings) -> None:
        for channel in sorted(items):
            self.start_field(channel, schema[channel])
            lists = ((token.encode("utf-8", "surrogatepass"), found) for token, found in items[channel].items())
            for token, found in sorted(lists, key=itemgetter(0)):
                self.start_term(token)
                self._postwriter.add_list(found)
                self.finish_term()
            self.finish_field()


class _Codec(W3Codec):  # type: ignore[misc]
    length_stats = False  # no field is scored by its length

    def field_writer(self, storage: FileStorage, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        return _PostingsWriter(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)


class _Given:
    """Stands in for the pool that Whoosh sorts a writer's postings in."""

    def __init__(self, found: _postings.Postings) -> None:
        self._found = found

    def iter_postings(self) -> _postings.Postings:
        return self._found

    def cleanup(self) -> None:
        """Nothing lies on the disk."""


def _schema() -> fields.Schema:
    stored = dict.fromkeys(("hit", "row", "folded"), fields.STORED)
    return fields.Schema(**stored, **{name: Channel() for name in _fields.CHANNELS})


def write(folder: Path, documents: Sequence[Document], taxonomy: Taxonomy, found: _postings.Postings) -> None:
    """Write a complete index into an empty folder, as one segment.

    Args:
        folder: where to.
        documents: in the order of their numbers.
        taxonomy: the terms.
        found: their postings.
    """
    created = FileStorage(str(folder)).create_index(_schema())
    writer = SegmentWriter(created, codec=_Codec(blocklimit=4096, compression=0))
    try:
        for document in documents:
            writer.add_document(
                hit=json.dumps(_fields.hit(document), ensure_ascii=False),
                row=json.dumps(_fields.row(document, taxonomy), ensure_ascii=False),
                folded=_fields.folded(document),
            )
        writer.pool = _Given(found)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    created.close()


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> None:
    """Write a complete index into an empty folder."""
    ordered = _postings.in_order(documents)
    found = _postings.gather(ordered, taxonomy, analyzer, progress)
    write(folder, ordered, taxonomy, found)
    write_spelling(folder, ordered, taxonomy, found)


def write_spelling(folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, found: _postings.Postings) -> None:
    """Write beside the index what misspelt words are compared with."""
    spelling = _repair.collect(documents, taxonomy, found)
    (folder / SPELLING).write_text(json.dumps(spelling, ensure_ascii=False), "utf-8")


def open_index(folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
    """Open what `build` wrote.

    Raises:
        IndexDamaged: it cannot be read.
    """
    try:
        return WhooshSearcher(WhooshReader(folder), taxonomy, analyzer)
    except Exception as error:  # noqa: BLE001  (a damaged file makes Whoosh raise anything: struct.error, KeyError, ...)
        raise IndexDamaged(f"the index cannot be opened: {type(error).__name__}: {error}") from None


class WhooshReader:
    """The postings and stored fields of an open Whoosh index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reader = index.open_dir(str(folder), readonly=True).reader()
        numbers = range(self._reader.doc_count_all())
        self.deleted = frozenset(n for n in numbers if self._reader.is_deleted(n))
        self.rows = [Row(*json.loads(self._reader.stored_fields(n)["row"])) for n in numbers]

    def postings(self, channel: str, token: str) -> Iterator[tuple[int, float]]:
        """The documents that have a token in a channel, with its impact there."""
        if (channel, token) not in self._reader:
            return
        matcher = self._reader.postings(channel, token)
        while matcher.is_active():
            yield matcher.id(), matcher.weight()
            matcher.next()

    def hit(self, number: int) -> Hit:
        """What is shown of a document."""
        shown = Hit(*json.loads(self._reader.stored_fields(number)["hit"]))
        return shown._replace(categories=tuple(shown.categories))

    def folded(self, number: int) -> str:
        """The folded text of a document."""
        return str(self._reader.stored_fields(number)["folded"])

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(*json.loads((self._folder / SPELLING).read_text("utf-8")))

    def spelling(self) -> Spelling:
        """What misspelt words are compared with."""
        return self._spelling

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()


class WhooshSearcher:
    """An open index that answers."""

    def __init__(self, reader: WhooshReader, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self.reader = reader
        self._taxonomy = taxonomy
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

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()
