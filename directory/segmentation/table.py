"""How is jieba's frequency table kept so that opening it costs nothing? A read-only, memory-mapped exact hash.

Content of the file (`directory.mapped` is around it), all integers little-endian:

    0   u64  total: the sum of all frequencies
    8   u32  slots: a power of two
    12  u32  length of the key section in bytes
    16  slots x u32   offset of the key in the key section; 0 = empty slot
        slots x u32   frequency
        keys          at each offset: one byte length, then the word in UTF-8

A word's slot is CRC-32 of its UTF-8 form modulo `slots`; collisions go to the next slot.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

from directory.errors import IndexDamaged
from directory.mapped import Mapped, seal

_HEADER = struct.Struct("<QII")
VERSION = 2
_MAGIC = b"aidirFQ" + str(VERSION).encode()


def compile_table(frequencies: Mapping[str, int], total: int) -> bytes:
    """The file's content for a table of words and frequencies (words over 255 bytes are left out: jieba has none)."""
    slots = 1 << max(4, (len(frequencies) * 8 // 5).bit_length())
    offsets, values, keys = array("I", bytes(4 * slots)), array("I", bytes(4 * slots)), bytearray(b"\0")
    mask = slots - 1
    for word, frequency in frequencies.items():
        key = word.encode()
        slot, length = crc32(key) & mask, len(key)
        if length > 255:
            continue
        while offsets[slot]:
            slot = (slot + 1) & mask
        offsets[slot] = len(keys)
        values[slot] = frequency
        keys.append(length)
        keys += key
    head = _HEADER.pack(total, slots, len(keys))
    return seal(_MAGIC, b"".join((head, offsets.tobytes(), values.tobytes(), keys)))


def _verified(start: int, end: int) -> None:
    """Nothing is left to check."""


class Table:
    """A compiled table, opened: `get(word)` is its frequency or None.

    Args:
        path: a file that `compile_table` made.

    Raises:
        IndexDamaged: the file is missing, cut off or of another version; a changed byte is noticed when it is used.
    """

    def __init__(self, path: Path) -> None:
        self._file = Mapped(path, _MAGIC, f"dictionary {path.name}")
        total, slots, keys = _HEADER.unpack(self._file.read(0, _HEADER.size))
        content = self._file.content
        self._keys = _HEADER.size + 8 * slots
        if slots & (slots - 1) or len(content) != self._keys + keys or not total:
            raise IndexDamaged(f"the dictionary {path.name} is not complete")
        self._check = self._file.check
        self.total: int = total
        self._mask = slots - 1
        self._offsets = content[_HEADER.size : _HEADER.size + 4 * slots].cast("I")
        self._values = content[_HEADER.size + 4 * slots : self._keys].cast("I")

    def get(self, word: str) -> int | None:
        """The frequency of a word (0 for the mere beginning of one), None when it is unknown.

        Raises:
            IndexDamaged: a byte that is needed is not the one that was written.
        """
        key = word.encode("utf-8", "surrogatepass")
        slot = crc32(key) & self._mask
        check, content = self._check, self._file.content
        while True:
            place = _HEADER.size + 4 * slot
            check(place, place + 4)
            offset = self._offsets[slot]
            if not offset:
                return None
            start = self._keys + offset + 1
            check(start - 1, min(start + len(key), len(content)))
            if content[start - 1] == len(key) and content[start : start + len(key)] == key:
                place += 4 * (self._mask + 1)
                check(place, place + 4)
                return int(self._values[slot])
            slot = (slot + 1) & self._mask

    def verify(self) -> None:
        """Read the whole file once and compare its checksums.

        Raises:
            IndexDamaged: a byte was changed.
        """
        self._file.verify()
        self._check = _verified
