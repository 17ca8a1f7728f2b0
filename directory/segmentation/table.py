"""How is jieba's frequency table kept so that opening it costs nothing? A read-only, memory-mapped exact hash.

Layout, all integers little-endian:

    0   8s   magic b"aidirFQ1"
    8   u64  total: the sum of all frequencies
    16  u32  slots: a power of two
    20  u32  length of the key section in bytes
    24  u32  CRC-32 of everything behind the header
    28  u32  zero
    32  slots x u32   offset of the key in the key section; 0 = empty slot
        slots x u32   frequency
        keys          at each offset: one byte length, then the word in UTF-8

A word's slot is CRC-32 of its UTF-8 form modulo `slots`; collisions go to the next slot. Nothing in it is executed.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

from directory.errors import IndexDamaged

_HEADER = struct.Struct("<8sQIIII")
_MAGIC = b"aidirFQ1"


def compile_table(frequencies: Mapping[str, int], total: int) -> bytes:
    """The file's content for a table of words and frequencies (words over 255 bytes are left out: jieba has none)."""
    slots = 1 << max(4, (len(frequencies) * 8 // 5).bit_length())
    offsets, values, keys = array("I", bytes(4 * slots)), array("I", bytes(4 * slots)), bytearray(b"\0")
    mask = slots - 1
    for word, frequency in frequencies.items():
        key = word.encode()
        if len(key) > 255:
            continue
        slot = crc32(key) & mask
        while offsets[slot]:
            slot = (slot + 1) & mask
        offsets[slot] = len(keys)
        values[slot] = frequency
        keys.append(len(key))
        keys += key
    body = offsets.tobytes() + values.tobytes() + bytes(keys)
    return _HEADER.pack(_MAGIC, total, slots, len(keys), crc32(body), 0) + body


class Table:
    """A compiled table, opened: `get(word)` is its frequency or None.

    Args:
        path: a file that `compile_table` made.
        verify: read the whole file once and compare its checksum.

    Raises:
        IndexDamaged: the file is missing, cut off, of another version or (with `verify`) changed.
    """

    def __init__(self, path: Path, *, verify: bool = False) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"the dictionary {path.name} cannot be opened: {error}") from None
        view = memoryview(self._map)
        if len(view) < _HEADER.size:
            raise IndexDamaged(f"the dictionary {path.name} is cut off")
        magic, total, slots, keys, checksum, _ = _HEADER.unpack_from(view)
        self._keys = _HEADER.size + 8 * slots
        if magic != _MAGIC or slots & (slots - 1) or len(view) != self._keys + keys or not total:
            raise IndexDamaged(f"the dictionary {path.name} is not complete")
        if verify and crc32(view[_HEADER.size :]) != checksum:
            raise IndexDamaged(f"the dictionary {path.name} is damaged")
        self.total: int = total
        self._mask = slots - 1
        self._offsets = view[_HEADER.size : _HEADER.size + 4 * slots].cast("I")
        self._values = view[_HEADER.size + 4 * slots : self._keys].cast("I")

    def get(self, word: str) -> int | None:
        """The frequency of a word (0 for the mere beginning of one), None when it is unknown."""
        key = word.encode("utf-8", "surrogatepass")
        slot = crc32(key) & self._mask
        offsets, keys, content = self._offsets, self._keys, self._map
        while offset := offsets[slot]:
            start = keys + offset + 1
            if content[start - 1] == len(key) and content[start : start + len(key)] == key:
                return int(self._values[slot])
            slot = (slot + 1) & self._mask
        return None
