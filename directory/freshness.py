"""How far has the catalogue come since the index was built? One look, with the standard library alone.

The search path must not import SQLModel (340 ms measured), so the file is opened here without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


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
