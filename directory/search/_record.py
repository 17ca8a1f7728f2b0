"""How does Whoosh hold the index of record: postings with their impacts, and stored fields?

Impacts are computed before (`_postings`) and written as the weights of Whoosh's postings, so nothing here scores. Its
query parser is not used: the Plan says what to look for. Only what 2.7.4 shares with its forks is used: no `refresh`,
no buffered or parallel writers, no `create_in` on a live folder.
"""

from __future__ import annotations

import json
import struct
import warnings
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from operator import sub
from pathlib import Path
from pickle import dumps
from typing import Any, NamedTuple
from zlib import crc32

from directory import generation, text
from directory.analysis import Analyzer, Cut
from directory.search import Document, Hit, Progress, Row, Spelling, _fields, _lexicon, _postings, _repair, _senses
from directory.search import _ranking as ranking
from directory.search._compiled import DELETED, read_deleted
from directory.taxonomy import Taxonomy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is from 2016: invalid escapes and `is` with literals
    from whoosh import columns, fields, formats, index
    from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3PerDocWriter
    from whoosh.filedb import filetables
    from whoosh.filedb.filestore import FileStorage
    from whoosh.support.charset import default_charset as _  # noqa: F401  (loaded here, under the filter)
    from whoosh.util.numlists import GrowableArray
    from whoosh.writing import SegmentWriter

SPELLING = "spelling.json"
LEXICON = "lexicon.json"
_MAIN, _ADDED = "MAIN", "ADDED"
_REMEMBERED = 256
"""Columns of concepts that are kept."""
_encode = json.JSONEncoder(ensure_ascii=False).encode

# W3's form, as whoosh.codec.whoosh3 and whoosh.filedb.filetables have it.
_BLOCK = 4096
_CRC32 = 1
_FIELD, _LENGTH, _LENGTHS, _POINTER = (struct.Struct(form) for form in ("!H", "!i", "!ii", "!Iq"))
_INFO = struct.Struct("!BfIBBfIIqi")
"""Flags, sum of weights, documents, two lengths, highest weight, first and last document; start and length of posts."""


_STORED = columns.PickleColumn(columns.CompressedBytesColumn(level=0))
"""In the form that W3 reads, but not compressed: an eighth of the file for a seventh of the time of writing it."""


class Channel(fields.FieldType):  # type: ignore[misc]
    """A field whose tokens and weights are given, not analysed."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = self.stored = self.unique = False
        self.vector = self.column_type = None


class _Terms(filetables.OrderedHashWriter):  # type: ignore[misc]
    """The file of terms; Whoosh's own way, term by term, takes four times as long and a hundred bytes for each."""

    def __init__(self, file: Any) -> None:
        filetables.HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("I")
        self._place: int = file.tell()
        self._hashed = [(array("I"), array("Q")) for _ in range(256)]

    def add_sorted(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Add keys and values; the keys ascend."""
        place, write = self._place, self.dbfile.write
        for key, value in items:
            hashed = crc32(key)
            hashes, places = self._hashed[hashed & 255]
            hashes.append(hashed)
            places.append(place)
            self.index.append(place)
            entry = _LENGTHS.pack(len(key), len(value)) + key + value
            write(entry)
            place += len(entry)
        self._place = place

    def _write_hashes(self) -> None:
        for hashes, places in self._hashed:
            slots = 2 * len(hashes)
            table = bytearray(_POINTER.size * slots)
            self.directory.append((self.dbfile.tell(), slots))
            taken = bytearray(slots)
            for hashed, place in zip(hashes, places, strict=True):
                slot = (hashed >> 8) % slots
                while taken[slot]:
                    slot = (slot + 1) % slots
                taken[slot] = 1
                _POINTER.pack_into(table, _POINTER.size * slot, hashed, place)
            self.dbfile.write(bytes(table))


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes whole posting lists in W3's form; posting by posting, with its checks, that takes four times as long."""

    def __init__(self, codec: W3Codec, storage: FileStorage, segment: Any) -> None:
        self._fieldmap: dict[str, int] = {}
        self._tindex = _Terms(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._tindex.extras["fieldmap"] = self._fieldmap
        self._postfile = segment.create_file(storage, W3Codec.POSTS_EXT)
        self.is_closed = False

    def add_postings(self, schema: fields.Schema, lengths: None, items: Iterable[_postings.Posted]) -> None:
        self._tindex.add_sorted(self._terms(items))

    def _terms(self, items: Iterable[_postings.Posted]) -> Iterator[tuple[bytes, bytes]]:
        write, place = self._postfile.write, self._postfile.tell()
        for channel, token, documents, impacts in items:
            field = self._fieldmap.setdefault(channel, len(self._fieldmap))
            written = _blocks(documents, impacts)
            write(written)
            info = (0, sum(impacts), len(documents), 0, 0, max(impacts), documents[0], documents[-1])
            yield _FIELD.pack(field) + token, _INFO.pack(*info, place, len(written))
            place += len(written)


def _blocks(documents: array[int], impacts: array[float]) -> bytes:
    """A posting list in W3's form: blocks, each with what is in it; the length of the last is negative."""
    if len(documents) == 1:  # most lists
        number, weight = documents[0], impacts[0]
        data = dumps(((number,), None if weight == 1 else weight, None), 2)
        info = dumps((1, number, weight, 0, 0, 0), 2)
        return b"".join((WHOOSH3_HEADER_MAGIC, _LENGTH.pack(-len(info) - len(data)), info, data))
    parts = [WHOOSH3_HEADER_MAGIC]
    for start in range(0, len(documents), _BLOCK):
        last = start + _BLOCK >= len(documents)
        ids, weights = documents[start : start + _BLOCK], impacts[start : start + _BLOCK]
        same = weights.count(weights[0]) == len(weights)
        kept = (None if weights[0] == 1 else weights[0]) if same else tuple(weights)
        data = dumps((tuple(map(sub, ids, chain((0,), ids))), kept, None), 2)
        info = dumps((len(ids), ids[-1], max(weights), 0, 0, 0), 2)
        length = len(info) + len(data)
        parts += (_LENGTH.pack(-length if last else length), info, data)
    return b"".join(parts)


class _PerDocWriter(W3PerDocWriter):  # type: ignore[misc]
    def _create_column(self, name: str, column: columns.Column) -> None:
        super()._create_column(name, _STORED if name == "_stored" else column)


class _Codec(W3Codec):  # type: ignore[misc]
    length_stats = False  # no field is scored by its length

    def per_document_writer(self, storage: FileStorage, segment: Any) -> _PerDocWriter:
        return _PerDocWriter(self, storage, segment)

    def field_writer(self, storage: FileStorage, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)


class _Given:
    """Stands in for the pool that Whoosh sorts a writer's postings in."""

    def __init__(self, found: Iterable[_postings.Posted]) -> None:
        self._found = found

    def iter_postings(self) -> Iterable[_postings.Posted]:
        return self._found

    def cleanup(self) -> None:
        """Others need the postings after Whoosh."""


def _schema() -> fields.Schema:
    stored = dict.fromkeys(("hit", "row", "folded"), fields.STORED)
    return fields.Schema(**stored, **{name: Channel() for name in (*_fields.CHANNELS, *_postings.LEARNT)})


def _open(folder: Path, name: str) -> Any:
    return index.open_dir(str(folder), indexname=name, readonly=True).reader()


def _write(
    folder: Path, name: str, documents: Sequence[Document], taxonomy: Taxonomy, found: Iterable[_postings.Posted]
) -> None:
    created = FileStorage(str(folder)).create_index(_schema(), indexname=name)
    writer = SegmentWriter(created, codec=_Codec())
    try:
        stored = writer.perdocwriter
        for number, document in enumerate(documents):
            stored.start_doc(number)
            stored.add_field("hit", None, _encode(_fields.hit(document)), 0)
            stored.add_field("row", None, _encode(_fields.row(document, taxonomy)), 0)
            stored.add_field("folded", None, _fields.folded(document), 0)
            stored.finish_doc()
        writer.docnum = len(documents)
        writer._added = bool(documents)
        writer.pool = _Given(found)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    created.close()


class Built(NamedTuple):
    """What was written: the documents in the order of their numbers, their postings, and Han words with counts."""

    documents: list[Document]
    postings: Iterable[_postings.Posted]
    words: dict[str, int]


class Extended(NamedTuple):
    """What was added: the documents in the order of their numbers, their postings, and the first one's number."""

    documents: list[Document]
    postings: Iterable[_postings.Posted]
    first: int


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> Built:
    """Write a complete index into an empty folder, and beside it what words are called in the other language."""
    ordered = _postings.in_order(documents)
    cut: dict[str, Cut] = {}
    lexicon = _lexicon.learn(ordered, analyzer, cut)
    (folder / LEXICON).write_text(json.dumps(lexicon, ensure_ascii=False), "utf-8")
    found = _postings.gather(ordered, taxonomy, analyzer, progress, lexicon, cut, folder)
    del lexicon, cut  # before the next large thing
    learnt = _senses.learn(found, len(ordered))
    _write(folder, _MAIN, ordered, taxonomy, learnt)
    return Built(ordered, learnt, found.words())


def write_spelling(folder: Path, taxonomy: Taxonomy, built: Built) -> None:
    """Write what misspelt words are compared with. To be done last: pypinyin, once imported, keeps 50 MB of memory."""
    spelling = _repair.collect(built.documents, taxonomy, built.words)
    with (folder / SPELLING).open("w", encoding="utf-8") as file:
        for number, part in enumerate(spelling):  # one after the other: names are many
            file.write((", " if number else "[") + _encode(part))
        file.write("]")


def extend(
    folder: Path, documents: Iterable[Document], replaced: Iterable[int], taxonomy: Taxonomy, analyzer: Analyzer
) -> Extended:
    """Write an addition beside an index, in the place of an earlier one; the files of the index are not touched."""
    for old in (*folder.glob(f"{_ADDED}_*"), *folder.glob(f"_{_ADDED}_*")):
        old.unlink()
    base = _open(folder, _MAIN)
    first = base.doc_count_all()
    keys = [("key", _fields.identity(number)) for number in replaced]
    deleted = sorted({n for key in keys if key in base for n in base.postings(*key).all_ids()})
    ordered = _postings.in_order(documents)
    lexicon = json.loads(generation.read(folder, LEXICON))
    found = _postings.gather(ordered, taxonomy, analyzer, lambda done: None, lexicon)
    learnt = _senses.describe(found, len(ordered), lambda key: _listed(base, "sense", key))
    base.close()
    _write(folder, _ADDED, ordered, taxonomy, learnt)
    (folder / DELETED).unlink(missing_ok=True)  # it may be linked to the one of another generation
    (folder / DELETED).write_text(json.dumps(deleted), "utf-8")
    return Extended(ordered, _postings.shifted(learnt, first), first)


def _listed(reader: Any, channel: str, token: str) -> _postings.List | None:
    """A whole posting list, as it was written."""
    if (channel, token) not in reader:
        return None
    numbers, impacts = array("I"), array("f")
    matcher = reader.postings(channel, token)
    while matcher.is_active():
        numbers.append(matcher.id())
        impacts.append(matcher.weight())
        matcher.next()
    return _postings.List(numbers, impacts)


class RecordReader:
    """The postings and stored fields of an open Whoosh index, and of what was added to it."""

    def __init__(self, folder: Path) -> None:
        generation.verify(folder, (_MAIN, f"_{_MAIN}", _ADDED, f"_{_ADDED}"))
        self._folder = folder
        self._readers = [_open(folder, _MAIN)]
        self.deleted: frozenset[int] = frozenset()
        if index.exists_in(str(folder), indexname=_ADDED):
            self._readers.append(_open(folder, _ADDED))
            self.deleted = read_deleted(folder)
        self._first = [0, self._readers[0].doc_count_all()]
        stored = (reader.stored_fields(n) for reader in self._readers for n in range(reader.doc_count_all()))
        self._stored = list(stored)
        self.rows = [Row(*json.loads(found["row"])) for found in self._stored]
        self.about = lru_cache(maxsize=_REMEMBERED)(self._about)
        self.priors = [ranking.prior(r.stars, r.cited_by, r.state) for r in self.rows]

    def postings(self, channel: str, token: str) -> Iterator[tuple[int, float]]:
        """The documents that have a token in a channel, with its impact there."""
        for first, reader in zip(self._first, self._readers, strict=False):
            found = _listed(reader, channel, token)
            for number, impact in zip(*found, strict=True) if found else ():
                if first + number not in self.deleted:
                    yield first + number, impact

    def sense(self, key: str) -> Iterable[tuple[int, float]]:
        """The concepts that a word goes with."""
        found = _listed(self._readers[0], "sense", key)
        return zip(*found, strict=True) if found else ()

    def _about(self, concept: int) -> Sequence[float]:
        """How much each document is about a concept."""
        shares = array("f", bytes(4 * len(self.rows)))
        for number, share in self.postings("about", str(concept)):
            shares[number] = share
        return shares

    def called(self, beginning: str) -> Iterator[int]:
        """The documents whose squashed name begins so."""
        named = (n for n, row in enumerate(self.rows) if text.squash(row.name).startswith(beginning))
        return (number for number in named if number not in self.deleted)

    def hit(self, number: int) -> Hit:
        """What is shown of a document."""
        shown = Hit(*json.loads(self._stored[number]["hit"]))
        return shown._replace(categories=tuple(shown.categories))

    def folded(self, number: int) -> str:
        """The folded text of a document."""
        return str(self._stored[number]["folded"])

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(*json.loads(generation.read(self._folder, SPELLING)))

    def spelling(self) -> Spelling:
        """What misspelt words are compared with."""
        return self._spelling

    def close(self) -> None:
        """Let go of the files."""
        for reader in self._readers:
            reader.close()
