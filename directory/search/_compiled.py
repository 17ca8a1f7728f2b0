"""What does a compiled index hold? The file of `_layout`, read where it lies, and only what is asked for."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import compress, count
from pathlib import Path
from typing import Any, overload
from zlib import crc32

from directory.errors import IndexDamaged
from directory.mapped import Mapped
from directory.query import Sort
from directory.search import Hit, Row, Spelling, _layout
from directory.search._plan import Clause

FILE = "compiled.index"
_REMEMBERED = 2048
"""Lists kept open."""
_ENTRY = _layout.ENTRY.size


class Listed:
    """The documents that have a token or a clause, ascending, and how much they are about it.

    Args:
        documents: their numbers.
        impacts: the impact on each.
        literal: how many of them hold the words themselves.
        highest: the highest impact.
        size: bytes of a bitmap over all documents.
        top: places in the list of the best by prior x impact, best first; empty when nobody wrote them down.
        dense: the bitmap, where it is written down.
    """

    def __init__(
        self,
        documents: Sequence[int],
        impacts: Sequence[float],
        literal: int,
        highest: float,
        size: int,
        top: Sequence[int] = (),
        dense: bytes | memoryview = b"",
    ) -> None:
        self.documents = documents
        self.impacts = impacts
        self.literal = literal
        self.highest = highest
        self.top = top
        self._size = size
        self._dense = dense

    @cached_property
    def bits(self) -> int:
        """The documents as a bitmap in one integer: the interpreter's own arithmetic works on 100,000 at once."""
        if self._dense:
            return int.from_bytes(self._dense, "little")
        return to_bits(self.documents, self._size)

    def impact(self, number: int) -> float:
        """The impact on a document; 0 for one that is not listed."""
        place = bisect_left(self.documents, number)
        return self.impacts[place] if place < len(self.documents) and self.documents[place] == number else 0.0


def to_bits(numbers: Iterable[int], size: int) -> int:
    """Numbers as a bitmap of `size` bytes."""
    found = bytearray(size)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def numbers_of(bits: int) -> Iterator[int]:
    """The numbers in a bitmap, ascending."""
    words = memoryview(bits.to_bytes((bits.bit_length() + 63) // 64 * 8, "little")).cast("Q")
    for place, word in zip(compress(count(0, 64), words), filter(None, words), strict=True):
        while word:
            lowest = word & -word
            yield place + lowest.bit_length() - 1
            word ^= lowest


class Rows(Sequence[Row]):
    """The rows of a compiled index, read one by one."""

    def __init__(self, reader: CompiledReader) -> None:
        self._reader = reader

    def __len__(self) -> int:
        return self._reader.count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return Row(*json.loads(self._reader.texts(index)[0]))


class CompiledReader:
    """An open compiled index.

    Args:
        folder: where the file lies, and what misspelt words are compared with beside it.
        spelling: the name of that file.

    Raises:
        IndexDamaged: it is missing, of another version, or damaged; a damaged page is noticed when it is used.
    """

    deleted: frozenset[int] = frozenset()

    def __init__(self, folder: Path, spelling: str) -> None:
        self._beside = folder / spelling
        self._file = Mapped(folder / FILE, _layout.MAGIC, "compiled index")
        try:
            length = int.from_bytes(self._file.read(0, 8), "little")
            head = json.loads(bytes(self._file.read(8, 8 + length)))
            self.count: int = head["count"]
            self.facets: dict[str, dict[str, int]] = head["facets"]
            self._at: dict[str, list[int]] = head["sections"]
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"the compiled index has no head: {error}") from None
        self._size = _layout.bitmap_bytes(self.count)
        self._content = self._file.content
        self._slots = self._section("slots", "I")
        self._mask = len(self._slots) - 1
        self._places = self._section("places", "Q")
        self.rows = Rows(self)
        self.having = lru_cache(maxsize=_REMEMBERED)(self._having)
        self.clause = lru_cache(maxsize=_REMEMBERED)(self._clause)
        self._listed = lru_cache(maxsize=_REMEMBERED)(self._open)

    def _section(self, name: str, form: str) -> memoryview:
        start, end = self._at[name]
        return self._content[start:end].cast(form)  # type: ignore[call-overload, no-any-return]

    @cached_property
    def priors(self) -> Sequence[float]:
        """The prior of every document."""
        self._file.check(*self._at["priors"])
        return self._section("priors", "d")

    @cached_property
    def stars(self) -> Sequence[int]:
        """The stars of every document, -1 = unknown."""
        self._file.check(*self._at["stars"])
        return self._section("stars", "q")

    @cached_property
    def everything(self) -> int:
        """All documents, as a bitmap."""
        return (1 << self.count) - 1

    def order(self, sort: Sort) -> Sequence[int]:
        """All documents in the order of a sort."""
        start = self._at["orders"][0] + 4 * self.count * _layout.SORTS.index(sort)
        return self._file.read(start, start + 4 * self.count).cast("I")

    def _having(self, field: str, value: str) -> int:
        place = self.facets[field].get(value)
        if place is None:
            return 0
        start = self._at["bitmaps"][0] + place
        return int.from_bytes(self._file.read(start, start + self._size), "little")

    # ── postings ─────────────────────────────────────────────────────────────────────────────────────────────────

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        """The documents that have a token in a channel, and how much they are about it."""
        found = self._listed(_layout.LETTERS[channel] + token)
        return zip(found.documents, found.impacts, strict=True) if found else ()

    def listed(self, channel: str, token: str) -> Listed | None:
        """The same as an open list."""
        return self._listed(_layout.LETTERS[channel] + token)

    def _clause(self, clause: Clause) -> Listed | None:
        """The list of a clause; None when nothing has it."""
        found = self._listed(_layout.signature(clause))
        if found is not None:
            return found
        if not clause.concept and len(clause.literal) == 1:
            tokens, channel, weight = clause.literal[0]
            if channel == "text" and len(tokens) == 1 and weight == 1 and not self._listed("g" + tokens[0]):
                return self._listed("t" + tokens[0])
        from directory.search import _clause

        scores = _clause.scores(self, clause)
        if not scores:
            return None
        numbers = array("I", sorted(scores))
        impacts = array("f", map(scores.__getitem__, numbers))
        literal = len(_clause.literal(self, clause)) if clause.concept else len(scores)
        return Listed(numbers, impacts, literal, max(impacts), self._size)

    def _open(self, key: str) -> Listed | None:
        place = self._find(key.encode("utf-8", "surrogatepass"))
        if place is None:
            return None
        offset, length, literal, highest, _, _ = _layout.ENTRY.unpack_from(self._content, place)
        start = self._at["lists"][0] + offset
        middle, end = start + 4 * length, start + 8 * length
        tops = end + 4 * _layout.TOP if length > _layout.TOP else end
        last = tops + self._size if length >= _layout.dense(self.count) else tops
        self._file.check(start, last)
        content = self._content
        return Listed(
            content[start:middle].cast("I"),
            content[middle:end].cast("f"),
            literal,
            highest,
            self._size,
            content[end:tops].cast("I"),
            content[tops:last],
        )

    def _find(self, key: bytes) -> int | None:
        slot = crc32(key) & self._mask
        check, content = self._file.check, self._content
        base, entries = self._at["slots"][0], self._at["entries"][0]
        while True:
            check(base + 4 * slot, base + 4 * slot + 4)
            found = self._slots[slot]
            if not found:
                return None
            place = entries + 8 * (found - 1)
            check(place, place + _ENTRY)
            start = place + _ENTRY
            end = start + int.from_bytes(content[start - 4 : start - 2], "little")
            check(start, end)
            if content[start:end] == key:
                return place
            slot = (slot + 1) & self._mask

    # ── documents ────────────────────────────────────────────────────────────────────────────────────────────────

    def texts(self, number: int) -> list[str]:
        """A document's row, its folded texts, and the fields of its hit."""
        place = self._at["places"][0] + 8 * number
        self._file.check(place, place + 16)
        base = self._at["texts"][0]
        start, end = base + self._places[number], base + self._places[number + 1]
        return _layout.split(bytes(self._file.read(start, end)))

    def hit(self, number: int) -> Hit:
        """What is shown of a document, without score and highlights."""
        return to_hit(self.texts(number))

    def folded(self, number: int) -> str:
        """The folded texts of a document."""
        return self.texts(number)[1]

    @cached_property
    def _spelling(self) -> Spelling:
        try:
            return Spelling(*json.loads(self._beside.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamaged(f"the index is not complete: {error}") from None

    def spelling(self) -> Spelling:
        """What misspelt words are compared with."""
        return self._spelling

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def to_hit(texts: list[str], score: float = 0.0, highlights: Any = None) -> Hit:
    """A Hit from the texts of a document."""
    slug, name, kind, zh, en, url, repo, categories, pricing, licence, stars, state, *rest = texts[2:]
    asof, growth, updated, added, verified, growth_30, since, checked, why, archived = rest
    return Hit(
        slug, name, kind, zh, en, url, repo, tuple(categories.split()), pricing, licence, int(stars) if stars else None,
        state, score, highlights or {}, asof, int(growth) if growth else None, updated, added, verified,
        int(growth_30) if growth_30 else None, since, checked, why, archived == "1",
    )  # fmt: skip
