"""Is what is read from a file of ours what was written? A read-only, memory-mapped file that is checked page by page.

Opening reads a header and the checksums of the pages; a page is compared with its checksum when it is first touched. So
a file of any size opens at once, and no damaged byte is ever used. Nothing in it is executed.

Layout, all integers little-endian:

    0   8s   magic: what kind of file, and the version of its form
    8   u64  length of the content
    16  u32  CRC-32 of the checksums
    20  u32  CRC-32 of the 20 bytes before
    24       the content, in pages of 4096 bytes (the last may be shorter)
             pages x u32: CRC-32 of each page
"""

from __future__ import annotations

import mmap
import struct
from array import array
from pathlib import Path
from zlib import crc32

from directory.errors import IndexDamaged

PAGE = 4096
_HELD = 1 << 21
"""What a Writer holds before it writes: what was written last is what is read again, if anything is."""
_HEADER = struct.Struct("<8sQII")


def seal(magic: bytes, content: bytes | bytearray) -> bytes:
    """A file's bytes for a content.

    Args:
        magic: eight bytes.
        content: what `Mapped.content` will be.
    """
    view = memoryview(content)
    sums = _sums(view).tobytes()
    return b"".join((_header(magic, len(view), sums), view, sums))


def _sums(view: memoryview) -> array[int]:
    return array("I", (crc32(view[start : start + PAGE]) for start in range(0, len(view), PAGE)))


def _header(magic: bytes, length: int, sums: bytes) -> bytes:
    head = _HEADER.pack(magic, length, crc32(sums), 0)[:-4]
    return head + crc32(head).to_bytes(4, "little")


class Writer:
    """Writes a file as `seal` does, piece by piece: for what is too large to be held in memory.

    Args:
        path: the file.
        magic: eight bytes.
        room: the length of the beginning of the content, which is known last.

    Attributes:
        place: where in the content the next piece comes.
    """

    def __init__(self, path: Path, magic: bytes, room: int) -> None:
        self._magic, self._room = magic, -(-room // PAGE) * PAGE
        self._file = path.open("wb")
        self._file.write(bytes(_HEADER.size + self._room))
        self._written = path.open("rb", buffering=0)
        self._held = bytearray()
        self._sums = array("I")
        self.place = self._room

    def write(self, content: bytes | bytearray | memoryview) -> None:
        """Add to the content."""
        self.place += len(content)
        for start in range(0, len(content), _HELD) or (0,):
            self._held += content[start : start + _HELD]
            if len(self._held) >= _HELD:
                self._flush(len(self._held) // PAGE * PAGE)

    def _flush(self, size: int) -> None:
        with memoryview(self._held)[:size] as view:
            self._sums.extend(_sums(view))
            self._file.write(view)
        del self._held[:size]
        self._file.flush()

    def read(self, start: int, end: int) -> bytes:
        """A part of what was written. It is read, not mapped: so it does not stay in memory."""
        held = self.place - len(self._held)
        if start >= held:
            return bytes(self._held[start - held : end - held])
        self._written.seek(_HEADER.size + start)
        content = self._written.read(min(end, held) - start)
        return content + self._held[: max(end - held, 0)]

    def finish(self, beginning: bytes) -> None:
        """Write the beginning, at most `room` bytes, and what the file is opened by."""
        self._flush(len(self._held))
        beginning = beginning.ljust(self._room, b"\0")
        sums = (_sums(memoryview(beginning)) + self._sums).tobytes()
        self._file.write(sums)
        self._file.seek(0)
        self._file.write(_header(self._magic, self.place, sums) + beginning)
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._written.close()


class Mapped:
    """An open file.

    Args:
        path: a file that `seal` made.
        magic: the eight bytes it must begin with.
        name: what to call it in an error.

    Raises:
        IndexDamaged: it is missing, cut off, of another kind, or its header is damaged.
    """

    def __init__(self, path: Path, magic: bytes, name: str) -> None:
        self._path, self._name = path, name
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"the {name} cannot be opened: {error}") from None
        view = memoryview(self._map)
        if len(view) < _HEADER.size:
            raise IndexDamaged(f"the {name} is cut off")
        found, length, sums, head = _HEADER.unpack_from(view)
        pages = (length + PAGE - 1) // PAGE
        if crc32(view[: _HEADER.size - 4]) != head or found != magic:
            raise IndexDamaged(f"the {name} is of another version, or damaged")
        if len(view) != _HEADER.size + length + 4 * pages or crc32(view[_HEADER.size + length :]) != sums:
            raise IndexDamaged(f"the {name} is not complete")
        self.content: memoryview = view[_HEADER.size : _HEADER.size + length]
        self._sums = memoryview(view[_HEADER.size + length :].tobytes()).cast("I")
        self._checked = bytearray(pages)

    def check(self, start: int, end: int) -> None:
        """Compare the pages of a part of the content with their checksums, unless that was done before.

        Raises:
            IndexDamaged: one differs, or the part lies outside.
        """
        if not 0 <= start <= end <= len(self.content):
            raise IndexDamaged(f"the {self._name} leads out of itself")
        checked = self._checked
        for page in range(start // PAGE, (end + PAGE - 1) // PAGE):
            if not checked[page]:
                if crc32(self.content[page * PAGE : (page + 1) * PAGE]) != self._sums[page]:
                    raise IndexDamaged(f"the {self._name} is damaged")
                checked[page] = 1

    def verify(self) -> None:
        """Compare every page with its checksum. The file is read for it, not looked at: so it does not stay in memory.

        Raises:
            IndexDamaged: one differs, or the file cannot be read.
        """
        sums = iter(self._sums)
        try:
            with self._path.open("rb") as file:
                file.seek(_HEADER.size)
                left = len(self.content)
                while left and (page := file.read(min(left, PAGE))):
                    if crc32(page) != next(sums):
                        raise IndexDamaged(f"the {self._name} is damaged")
                    left -= len(page)
        except OSError as error:
            raise IndexDamaged(f"the {self._name} cannot be read: {error}") from None

    def read(self, start: int, end: int) -> memoryview:
        """A checked part of the content."""
        self.check(start, end)
        return self.content[start:end]

    def close(self) -> None:
        """Let go of the file, unless something still looks into it."""
        try:
            self.content.release()
            self._map.close()
        except BufferError:
            return
