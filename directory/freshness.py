"""How far has the catalogue come since the index was built? One look, with the standard library alone.

The search path must not import SQLModel (340 ms measured), so the file is opened here without it. And mostly it is not
opened at all: what was read before still holds while the files are what they were (`remembered`).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from directory import generation
from directory.errors import CatalogueError

if TYPE_CHECKING:
    import sqlite3

_SETTLED = 3.0
"""Seconds after which a change must show in a file's times; FAT's are two seconds apart."""


def connect_readonly(path: Path) -> sqlite3.Connection:
    """Open the catalogue for reading, also where its folder cannot be written.

    SQLite needs to write beside a database in WAL mode even to read it; in a read-only folder only `immutable` works.

    Raises:
        sqlite3.Error: it is not there or not a database.
    """
    import sqlite3

    location = path.absolute().as_uri()
    try:
        connection = sqlite3.connect(f"{location}?mode=ro", uri=True, timeout=5)
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection = sqlite3.connect(f"{location}?mode=ro&immutable=1", uri=True, timeout=5)
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    return connection


def sequence(path: Path) -> int | None:
    """The catalogue's sequence: it grows with every change, also one made in the sqlite3 shell. None = no catalogue."""
    if not path.is_file():
        return None
    import sqlite3

    try:
        connection = connect_readonly(path)
        try:
            (found,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM change").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    return int(found)


def remembered(path: Path, note: Path, now: Callable[[], float] = time.time) -> int | None:
    """`sequence`, from a note where that still holds: opening SQLite takes as long as looking up the words.

    Every write gives the catalogue or its write-ahead log another time, another size or another inode. A note is made
    only when the last change is so long ago that the next one must differ from it.

    Args:
        path: the catalogue.
        note: a file for the note; where it cannot be written there is none.
        now: the time, in seconds since 1970.
    """
    files = _files(path)
    if files is None:
        return None
    told, _, number = _read(note).rpartition(" ")
    if told == files and number.isdigit():
        return int(number)
    found = sequence(path)
    if found is not None and _files(path) == files and _is_settled(files, now()):
        content = f"{files} {found}".encode("ascii")
        with contextlib.suppress(CatalogueError):  # a note is not worth an error
            generation.write_atomic(note, b"%08x" % crc32(content) + content)
    return found


def _files(path: Path) -> str | None:
    """What the catalogue's files are now."""
    found: list[str] = []
    for name in (str(path), f"{path}-wal", f"{path}-journal"):
        try:
            now = os.stat(name)
        except OSError:
            if not found:
                return None
            continue
        # SQLite sets the rights of a log whenever it opens it, so its ctime says nothing.
        changed = now.st_mtime_ns if found else now.st_ctime_ns
        found.append(f"{now.st_dev}.{now.st_ino}.{now.st_size}.{now.st_mtime_ns}.{changed}")
    return " ".join(found)


def _is_settled(files: str, now: float) -> bool:
    return max(int(time) for file in files.split() for time in file.split(".")[3:]) / 1e9 + _SETTLED < now


def _read(note: Path) -> str:
    """What a note says; nothing when it is missing or damaged."""
    try:
        told = note.read_bytes()
    except OSError:
        return ""
    return told[8:].decode("ascii", "replace") if told[:8] == b"%08x" % crc32(told[8:]) else ""
