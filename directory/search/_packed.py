"""What lies in one compiled file? The form of `_layout`, read where it lies, and only what is asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from directory.errors import IndexDamaged
from directory.mapped import Mapped
from directory.search import _layout
from directory.search._listed import Listed

if TYPE_CHECKING:
    from directory.query import Sort

_ENTRY = _layout.ENTRY.size


class Packed:
    """An open compiled file.

    Args:
        path: a file that `_compile` made.

    Raises:
        IndexDamaged: it is missing, of another version, or damaged; a damaged page is noticed when it is used.
    """

    def __init__(self, path: Path) -> None:
        self._file = Mapped(path, _layout.MAGIC, "compiled index")
        try:
            length = int.from_bytes(self._file.read(0, 8), "little")
            head = json.loads(bytes(self._file.read(8, 8 + length)))
            self.count: int = head["count"]
            self.first: int = head["first"]
            self.concepts: int = head["concepts"]
            self.facets: dict[str, dict[str, int]] = head["facets"]
            self._at: dict[str, list[int]] = head["sections"]
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"the compiled index has no head: {error}") from None
        self._size = _layout.bitmap_bytes(self.count)
        self._content = self._file.content
        self._slots = self._section("slots", "I")
        self._mask = len(self._slots) - 1
        self._places = self._section("places", "Q")
        self._texts = self._at["texts"][0]

    def _section(self, name: str, form: str) -> memoryview:
        start, end = self._at[name]
        return self._content[start:end].cast(form)  # type: ignore[call-overload, no-any-return]

    def column(self, name: str, form: str) -> memoryview:
        """A column of the documents, checked: `priors` (form d) or `stars` (form q)."""
        self._file.check(*self._at[name])
        return self._section(name, form)

    def profile(self, number: int) -> bytes:
        """How much a document is about each concept."""
        start = self._at["profiles"][0] + number * self.concepts
        return bytes(self._file.read(start, start + self.concepts))

    def order(self, sort: Sort) -> Sequence[int]:
        """All documents in the order of a sort."""
        start = self._at["orders"][0] + 4 * self.count * _layout.SORTS.index(sort)
        return self._file.read(start, start + 4 * self.count).cast("I")

    def having(self, field: str, value: str) -> int:
        """The documents with a value of a facet, as a bitmap."""
        place = self.facets[field].get(value)
        if place is None:
            return 0
        start = self._at["bitmaps"][0] + place
        return int.from_bytes(self._file.read(start, start + self._size), "little")

    def listed(self, key: str) -> Listed | None:
        """The list of a key; None when there is none."""
        place = self._find(key.encode("utf-8", "surrogatepass"))
        if place is None:
            return None
        length, literal, highest, size, _ = _layout.ENTRY.unpack_from(self._content, place)
        start = place + -(-(_ENTRY + size) // 8) * 8
        middle, end = start + 4 * length, start + 8 * length
        tops = last = end
        if not self.first:
            tops = end + 4 * _layout.TOP if length > _layout.TOP else end
            last = tops + self._size if length >= _layout.dense(self.count) else tops
        self._file.check(start, last)
        content = self._content
        return Listed(
            content[start:middle].cast("I"),
            content[middle:end].cast("f"),
            literal,
            highest,
            content[end:tops].cast("I"),
            content[tops:last],
        )

    def _find(self, key: bytes) -> int | None:
        slot = crc32(key) & self._mask
        check, content = self._file.check, self._content
        base, lists = self._at["slots"][0], self._at["lists"][0]
        while True:
            check(base + 4 * slot, base + 4 * slot + 4)
            found = self._slots[slot]
            if not found:
                return None
            place = lists + 8 * (found - 1)
            check(place, place + _ENTRY)
            start = place + _ENTRY
            end = start + int.from_bytes(content[start - 4 : start - 2], "little")
            check(start, end)
            if content[start:end] == key:
                return place
            slot = (slot + 1) & self._mask

    def row(self, number: int) -> bytes:
        """A document's row, as JSON."""
        return self._text(2 * number)

    def texts(self, number: int) -> list[str]:
        """A document's folded texts, and the fields of its hit."""
        return _layout.split(self._text(2 * number + 1))

    def _text(self, index: int) -> bytes:
        place = self._at["places"][0] + 8 * index
        self._file.check(place, place + 16)
        start, end = self._texts + self._places[index], self._texts + self._places[index + 1]
        return bytes(self._file.read(start, end))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
