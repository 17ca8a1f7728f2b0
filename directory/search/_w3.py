"""How are posting lists and stored fields written in the form that Whoosh 2.7.4's own codec (W3) reads?

Whoosh's writer takes postings one by one, sorts and checks them; ours are sorted lists already (`_postings`). Only the
writing is replaced: what is written is read by Whoosh itself.
"""

from __future__ import annotations

import struct
import warnings
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import sub
from pickle import dumps
from typing import Any
from zlib import crc32

from directory.search import _postings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is from 2016: invalid escapes and `is` with literals
    from whoosh import columns, fields, formats
    from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3PerDocWriter
    from whoosh.filedb import filetables
    from whoosh.filedb.filestore import FileStorage
    from whoosh.util.numlists import GrowableArray

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


class Codec(W3Codec):  # type: ignore[misc]
    """Writes what W3 reads, faster."""

    length_stats = False  # no field is scored by its length

    def per_document_writer(self, storage: FileStorage, segment: Any) -> _PerDocWriter:
        return _PerDocWriter(self, storage, segment)

    def field_writer(self, storage: FileStorage, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)


class Given:
    """Stands in for the pool that Whoosh sorts a writer's postings in."""

    def __init__(self, found: Iterable[_postings.Posted]) -> None:
        self._found = found

    def iter_postings(self) -> Iterable[_postings.Posted]:
        return self._found

    def cleanup(self) -> None:
        """Others need the postings after Whoosh."""
