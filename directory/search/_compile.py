"""How is an index compiled into one file that answers without being unpacked? Postings in, bytes out (`_layout`)."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from operator import mul
from zlib import crc32

from directory import analysis, mapped
from directory.analysis import Analyzer
from directory.search import Document, Hit, Row, _clause, _layout, _plan
from directory.search import _ranking as ranking
from directory.search._fields import folded, hit, row
from directory.search._order import sort_keys
from directory.search._postings import List, Postings
from directory.taxonomy import Taxonomy

_ZEROS = bytes(8)


def compile_index(
    documents: Sequence[Document], taxonomy: Taxonomy, analyzer: Analyzer, found: Postings, first: int = 0
) -> bytes:
    """The content of the file.

    Args:
        documents: in the order of their numbers.
        taxonomy: the terms.
        analyzer: the one the postings were made with.
        found: the documents' postings.
        first: the number of the first document; of an addition to another index it is not 0, and what only a large
            index needs is left out.
    """
    rows = [row(document, taxonomy) for document in documents]
    priors = array("d", (ranking.prior(r.stars, r.cited_by, r.state) for r in rows))
    lists = _Lists(priors, first)
    for channel, letter in _layout.LETTERS.items():
        for token, listed in found.get(channel, {}).items():
            lists.add(letter + token, listed, len(listed.documents))
    if not first:
        for clause in _clauses(taxonomy, analyzer, found):
            lists.add_clause(clause, found)
    places, texts = _texts(documents, rows)
    about = _about(found.get("about", {}), len(rows), first)
    facets, bitmaps = _facets(rows)
    sections = {
        "slots": lists.slots(),
        "entries": bytes(lists.entries),
        "lists": bytes(lists.content),
        "priors": priors.tobytes(),
        "stars": array("q", (-1 if r.stars is None else r.stars for r in rows)).tobytes(),
        "orders": b"" if first else _orders(rows),
        "bitmaps": bitmaps,
        "about": about,
        "places": places.tobytes(),
        "texts": texts,
    }
    return mapped.seal(_layout.MAGIC, _assemble(sections, {"count": len(rows), "first": first, "facets": facets}))


def _assemble(sections: dict[str, bytes], head: dict[str, object]) -> bytes:
    room = 4096 + len(json.dumps(head))
    start, table = room, {}
    for name, content in sections.items():
        table[name] = [start, start + len(content)]
        start += -(-len(content) // 8) * 8
    encoded = json.dumps(head | {"sections": table}).encode()
    parts = [len(encoded).to_bytes(8, "little"), encoded.ljust(room - 8, b"\0")]
    for content in sections.values():
        parts += [content, _ZEROS[: -len(content) % 8]]
    return b"".join(parts)


class _Lists:
    """The sections `slots`, `entries` and `lists`."""

    def __init__(self, priors: array[float], first: int) -> None:
        self.entries = bytearray()
        self.content = bytearray()
        self._keys: list[tuple[int, int]] = []
        self._priors = priors
        self._first = first
        self._dense = _layout.dense(len(priors))
        self._size = _layout.bitmap_bytes(len(priors))
        self._masks = [1 << n for n in range(8)]

    def add(self, key: str, listed: List, literal: int) -> None:
        """Add a list under a key; `literal` of its documents hold the words themselves."""
        encoded = key.encode("utf-8", "surrogatepass")[:0xFFFF]
        documents, impacts = listed
        self._keys.append((crc32(encoded), len(self.entries)))
        self.entries += _layout.ENTRY.pack(
            len(self.content), len(documents), literal, max(impacts, default=0.0), len(encoded), 0
        )
        self.entries += encoded
        self.entries += _ZEROS[: -len(self.entries) % 8]
        self.content += documents.tobytes()
        self.content += impacts.tobytes()
        if not self._first and len(documents) > _layout.TOP:
            worth = list(map(mul, impacts, map(self._priors.__getitem__, documents)))
            best = nlargest(_layout.TOP, range(len(worth)), key=worth.__getitem__)
            self.content += array("I", best).tobytes()
        if not self._first and len(documents) >= self._dense:
            self.content += _bitmap(documents, self._size)
        self.content += _ZEROS[: -len(self.content) % 8]

    def add_clause(self, clause: _plan.Clause, found: Postings) -> None:
        """Add the list of a clause, if anything has it."""
        reader = _Gathered(found)
        scores = _clause.scores(reader, clause)
        if scores:
            numbers = array("I", sorted(scores))
            literal = len(_clause.literal(reader, clause)) if clause.concept else len(scores)
            self.add(_layout.signature(clause), List(numbers, array("f", map(scores.__getitem__, numbers))), literal)

    def slots(self) -> bytes:
        """The hash table over the entries."""
        size = 1 << max(4, (len(self._keys) * 8 // 5).bit_length())
        slots = array("I", bytes(4 * size))
        for hashed, place in self._keys:
            slot = hashed & (size - 1)
            while slots[slot]:
                slot = (slot + 1) & (size - 1)
            slots[slot] = place // 8 + 1
        return slots.tobytes()


class _Gathered:
    """Postings before they are written, as `_clause` reads them."""

    def __init__(self, found: Postings) -> None:
        self._found = found

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        listed = self._found[channel].get(token)
        return zip(*listed, strict=True) if listed else ()


def _clauses(taxonomy: Taxonomy, analyzer: Analyzer, found: Postings) -> Iterator[_plan.Clause]:
    """The clauses that queries are made of again and again: words that are not just their own list, and labels."""
    guesses = found["guess"]
    for token in found["text"]:
        if token in guesses or (len(token) > 1 and analysis.is_han(token)):
            yield _plan.word(token, token)
    for surface, (slug, hidden) in taxonomy.lookup.surfaces.items():
        if not hidden:
            yield _plan.mentioned(surface, slug, analyzer)


def _bitmap(numbers: Iterable[int], size: int) -> bytearray:
    bits = bytearray(size)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bits


def _texts(documents: Sequence[Document], rows: Sequence[Row]) -> tuple[array[int], bytes]:
    places, texts = array("Q", [0]), bytearray()
    for document, columns in zip(documents, rows, strict=True):
        texts += json.dumps(columns, ensure_ascii=False).encode("utf-8", "surrogatepass")
        places.append(len(texts))
        texts += _layout.join((folded(document), *_shown(hit(document))))
        places.append(len(texts))
    return places, bytes(texts)


def _shown(found: Hit) -> list[str]:
    """The fields of a Hit as strings, in the form `_compiled` reads back; without score and highlights."""
    values = found._replace(categories=" ".join(found.categories), archived="1" if found.archived else "")  # type: ignore[arg-type]
    return ["" if v is None else str(v) for f, v in zip(Hit._fields, values, strict=True) if f not in _layout.UNKEPT]


def _about(found: Mapping[str, List], count: int, first: int) -> bytes:
    """A byte for each concept and document."""
    concepts = 1 + max(map(int, found), default=-1)
    columns = bytearray(concepts * count)
    for concept, (documents, shares) in found.items():
        start = int(concept) * count - first
        for document, share in zip(documents, shares, strict=True):
            columns[start + document] = int(share)
    return bytes(columns)


def _facets(rows: Sequence[Row]) -> tuple[dict[str, dict[str, int]], bytes]:
    size = _layout.bitmap_bytes(len(rows))
    numbers: dict[str, dict[str, list[int]]] = {field: {} for field in _layout.FILTERS}
    for number, columns in enumerate(rows):
        for field, values in numbers.items():
            value = getattr(columns, field)
            for each in value if isinstance(value, list) else [value] if value else []:
                values.setdefault(each, []).append(number)
    facets: dict[str, dict[str, int]] = {}
    bitmaps = bytearray()
    for field, values in numbers.items():
        facets[field] = {}
        for each, having in sorted(values.items()):
            facets[field][each] = len(bitmaps)
            bitmaps += _bitmap(having, size)
    return facets, bytes(bitmaps)


def _orders(rows: Sequence[Row]) -> bytes:
    orders = bytearray()
    for sort in _layout.SORTS:
        keys = sort_keys(rows, sort)
        orders += array("I", sorted(range(len(rows)), key=keys.__getitem__)).tobytes()
    return bytes(orders)
