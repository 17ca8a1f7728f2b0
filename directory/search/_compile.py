"""How is an index compiled into one file that answers without being unpacked? Postings in, a file out (`_layout`)."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from heapq import nlargest
from operator import mul
from pathlib import Path
from typing import Any
from zlib import crc32

from directory import analysis, mapped
from directory.analysis import Analyzer
from directory.search import _clause, _layout, _plan
from directory.search import _ranking as ranking
from directory.search._document import Document, Row
from directory.search._fields import SHOWN, folded, row
from directory.search._order import sort_keys
from directory.search._postings import Posted, shifted
from directory.search._senses import Learnt
from directory.taxonomy import Taxonomy

_WORTH = 500
"""Postings that have to be gone through for a clause before its list is worth writing down."""
_ZEROS = bytes(8)
_LETTERS = {channel: letter.encode() for channel, letter in _layout.LETTERS.items()}
_CATEGORIES, _ARCHIVED = SHOWN.index("categories"), SHOWN.index("archived")
_encode = json.JSONEncoder(ensure_ascii=False).encode


def compile_index(
    path: Path,
    documents: Sequence[Document],
    taxonomy: Taxonomy,
    analyzer: Analyzer,
    found: Learnt,
    first: int = 0,
) -> None:
    """Write the file.

    Args:
        path: the file.
        documents: in the order of their numbers.
        taxonomy: the terms.
        analyzer: the one the postings were made with.
        found: the documents' postings and profiles, numbered from 0.
        first: the number of the first document; of an addition to another index it is not 0, and what only a large
            index needs is left out.
    """
    facets, bitmaps = _facets(row(document, taxonomy) for document in documents)
    head = {"count": len(documents), "first": first, "concepts": found.profiles.size, "facets": facets}
    with closing(mapped.Writer(path, _layout.MAGIC, 4096 + len(json.dumps(head)))) as file:
        sections = _Sections(file)
        priors = array("d", (ranking.prior(d.stars, d.cited_by, d.state) for d in documents))
        for profile in found.profiles:
            file.write(profile)
        sections.end("profiles")
        lists = _Lists(file, priors, first)
        words = lists.add_all(shifted(found, first) if first else found)
        if not first:
            lists.add_clauses(_clauses(words, taxonomy, analyzer))
        sections.end("lists")
        sections.add("slots", lists.slots())
        places = _texts(file, documents, taxonomy)
        sections.end("texts")
        sections.add("places", places)
        sections.add("priors", priors)
        sections.add("stars", array("q", (-1 if d.stars is None else d.stars for d in documents)))
        sections.add("orders", b"" if first else _orders(documents))
        sections.add("bitmaps", bitmaps)
        encoded = json.dumps(head | {"sections": sections.table}).encode()
        file.finish(len(encoded).to_bytes(8, "little") + encoded)


class _Sections:
    """Where each section begins and ends."""

    def __init__(self, file: mapped.Writer) -> None:
        self._file = file
        self._start = file.place
        self.table: dict[str, tuple[int, int]] = {}

    def end(self, name: str) -> None:
        """All that was written since the last section is one."""
        self.table[name] = (self._start, self._file.place)
        self._file.write(_ZEROS[: -self._file.place % 8])
        self._start = self._file.place

    def add(self, name: str, content: bytes | bytearray | array[Any]) -> None:
        """Write a whole section."""
        self._file.write(memoryview(content).cast("B"))
        self.end(name)


class _Lists:
    """The sections `slots` and `lists`; the second is written as it comes."""

    def __init__(self, file: mapped.Writer, priors: array[float], first: int) -> None:
        self.file = file
        self.start = file.place
        self._hashes, self._places = array("I"), array("I")
        self._priors = priors
        self._first = first
        self._dense = _layout.dense(len(priors))
        self._size = _layout.bitmap_bytes(len(priors))

    def add_all(self, found: Iterable[Posted]) -> list[str]:
        """Add the lists of all tokens; returned are the words that queries find in more than their own list."""
        words: list[str] = []
        guesses: set[bytes] = set()
        for channel, token, documents, impacts in found:
            self.add(_LETTERS[channel] + token, documents, impacts, len(documents))
            if channel == "guess":
                guesses.add(token)
            elif channel == "text":  # guesses come before it
                word = token.decode("utf-8", "surrogatepass")
                if token in guesses or (len(word) > 1 and analysis.is_han(word)):
                    words.append(word)
        return words

    def add(self, key: bytes, documents: array[int], impacts: array[float], literal: int) -> None:
        """Add a list under a key; `literal` of its documents hold the words themselves."""
        key = key[:0xFFFF]
        size, highest = len(documents), max(impacts)
        self._hashes.append(crc32(key))
        self._places.append((self.file.place - self.start) // 8 + 1)
        entry = _layout.ENTRY.pack(size, literal, highest, len(key), 0) + key
        # A multiple of eight, and so is all that is added.
        content = b"".join((entry, _ZEROS[: -len(entry) % 8], documents, impacts))
        if not self._first:
            if size > _layout.TOP:
                content += self._best(documents, impacts).tobytes()
            if size >= self._dense:
                content += _bitmap(documents, self._size)
        self.file.write(content)

    def _best(self, documents: array[int], impacts: array[float]) -> array[int]:
        if impacts.count(impacts[0]) == len(impacts):
            return array("I", range(_layout.TOP))  # documents are in the order of their priors
        worth = list(map(mul, impacts, map(self._priors.__getitem__, documents)))
        return array("I", nlargest(_layout.TOP, range(len(worth)), key=worth.__getitem__))

    def add_clauses(self, clauses: Iterable[_plan.Clause]) -> None:
        """Add the lists of clauses that anything has; those of all tokens have been added."""
        reader = _Written(self)
        for clause in clauses:
            if reader.gone_through(clause) >= _WORTH:
                self._add_clause(clause, reader)

    def _add_clause(self, clause: _plan.Clause, reader: _clause.Lists) -> None:
        scores = _clause.literal(reader, clause)
        literal = len(scores)
        _clause.add_concept(scores, reader, clause)
        if scores:
            numbers = array("I", sorted(scores))
            key = _layout.signature(clause).encode("utf-8", "surrogatepass")
            self.add(key, numbers, array("f", map(scores.__getitem__, numbers)), literal)

    def slots(self) -> array[int]:
        """The hash table over the entries."""
        size = 1 << max(4, (len(self._hashes) * 8 // 5).bit_length())
        slots, mask = array("I", (0,)) * size, size - 1
        for hashed, place in zip(self._hashes, self._places, strict=True):
            slot = hashed & mask
            while slots[slot]:
                slot = (slot + 1) & mask
            slots[slot] = place
        return slots


class _Written:
    """The lists that are written already, as `_clause` reads them."""

    def __init__(self, lists: _Lists) -> None:
        self._lists = lists
        self._slots = lists.slots()

    def gone_through(self, clause: _plan.Clause) -> int:
        """How many postings have to be gone through for a clause's list."""
        asked = {("concept", clause.concept)} if clause.concept else set()
        for tokens, channel, _ in clause.literal:
            asked.update((channel, token) for token in tokens)
            if channel == "text":
                asked.update(("guess", token) for token in tokens)
        return sum(self._find(*one)[1] for one in asked)

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        """The documents that have a token in a channel, with its impact there."""
        start, size = self._find(channel, token)
        if not size:
            return ()
        content = self._lists.file.read(start, start + 8 * size)
        documents, impacts = array("I", content[: 4 * size]), array("f", content[4 * size :])
        return zip(documents, impacts, strict=True)

    def _find(self, channel: str, token: str) -> tuple[int, int]:
        """Where the list of a token begins, and how long it is; 0 when there is none."""
        key = _LETTERS[channel] + token.encode("utf-8", "surrogatepass")
        mask = len(self._slots) - 1
        slot = crc32(key) & mask
        while found := self._slots[slot]:
            place = self._lists.start + 8 * (found - 1)
            start = place + -(-(_layout.ENTRY.size + len(key)) // 8) * 8
            head = self._lists.file.read(place, start)
            size, _, _, length, _ = _layout.ENTRY.unpack_from(head)
            if length == len(key) and head.startswith(key, _layout.ENTRY.size):
                return start, size
            slot = (slot + 1) & mask
        return 0, 0


def _clauses(words: Iterable[str], taxonomy: Taxonomy, analyzer: Analyzer) -> Iterator[_plan.Clause]:
    """The clauses that queries are made of again and again: words that are not just their own list, and labels."""
    for word in words:
        yield _plan.word(word, word)
    for surface, (slug, hidden) in taxonomy.surfaces.items():
        if not hidden:
            yield _plan.mentioned(surface, slug, analyzer)


def _bitmap(numbers: Iterable[int], size: int) -> bytearray:
    bits = bytearray(size)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bits


def _texts(file: mapped.Writer, documents: Sequence[Document], taxonomy: Taxonomy) -> array[int]:
    """Write the texts; returned is where each part begins, and where the last ends."""
    places, start = array("Q", [0]), file.place
    for document in documents:
        file.write(_encode(row(document, taxonomy)).encode("utf-8", "surrogatepass"))
        places.append(file.place - start)
        file.write(_layout.join((folded(document), *_shown(document))))
        places.append(file.place - start)
    return places


def _shown(document: Document) -> list[str]:
    """The fields of a Hit as strings, in the form `_compiled` reads back; without score and highlights."""
    values = [getattr(document, field) for field in SHOWN]
    values[_CATEGORIES] = " ".join(document.categories)
    values[_ARCHIVED] = "1" if document.archived else ""
    return ["" if value is None else str(value) for value in values]


def _facets(rows: Iterable[Row]) -> tuple[dict[str, dict[str, int]], bytes]:
    numbers: dict[str, dict[str, array[int]]] = {field: {} for field in _layout.FILTERS}
    count = 0
    for number, columns in enumerate(rows):
        count += 1
        for field, values in numbers.items():
            value = getattr(columns, field)
            for each in value if isinstance(value, list) else [value] if value else []:
                values.setdefault(each, array("I")).append(number)
    size = _layout.bitmap_bytes(count)
    facets: dict[str, dict[str, int]] = {}
    bitmaps = bytearray()
    for field, values in numbers.items():
        facets[field] = {}
        for each, having in sorted(values.items()):
            facets[field][each] = len(bitmaps)
            bitmaps += _bitmap(having, size)
    return facets, bytes(bitmaps)


def _orders(documents: Sequence[Document]) -> bytes:
    orders = bytearray()
    for sort in _layout.SORTS:
        keys = sort_keys(documents, sort)
        orders += array("I", sorted(range(len(documents)), key=keys.__getitem__)).tobytes()
    return bytes(orders)
