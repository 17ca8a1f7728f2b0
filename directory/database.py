"""How is the catalogue's database opened, kept at its latest schema, locked and backed up?

What only SQLite knows (pragmas, triggers, backup) stands in this module. The settings follow measurements:
    WAL with synchronous=FULL   NORMAL lost up to 67 acknowledged transactions in a power cut, FULL none
    BEGIN IMMEDIATE             a deferred read-then-write met "database is locked" in 497 of 800 runs, this in none
    foreign keys off while migrating   with them on, Alembic's batch mode deletes the children of the table it copies
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, create_engine

from directory import bundle
from directory.errors import CatalogueBusy, CatalogueError

WAIT = 30.0
"""Seconds that a transaction waits for the write lock. SQLite hands it to whoever asks next, not to who waits longest:
of eight writers on two busy cores one starved for more than 5 s."""

_TRIGGERS: dict[str, tuple[str, str]] = {
    # table: (columns whose update counts, what is selected for the resource with {row} for NEW or OLD)
    "resource": (
        "slug, kind, name, summary_zh, summary_en, pricing, licence, repository_id, cited_by, hidden, merged_into, "
        "added_at",
        "{row}.id",
    ),
    "resource_name": ("text, position", "{row}.resource_id"),
    "resource_term": ("term_id, position", "{row}.resource_id"),
    "resource_tag": ("text", "{row}.resource_id"),
    # Not last_checked, last_ok and reason, nor stars_asof and pushed_at: what moves every night is no change by itself;
    # the nightly job ends with an index built whole.
    "link": ("url, role, position, state, since", "{row}.resource_id"),
    "repository": (
        "node_id, owner, name, stars, archived, topics, growth_7, growth_30",
        "(SELECT id FROM resource WHERE repository_id = {row}.id)",
    ),
    "repository_name": ("key", "(SELECT id FROM resource WHERE repository_id = {row}.repository_id)"),
    "article": ("title, source, published, url", "resource_id FROM article_match WHERE article_id = {row}.id"),
    "article_match": ("term_id, position", "{row}.resource_id"),
    "term": ("slug, position, merged_into", "NULL"),
    "label": ("text, folded, language, kind, position", "NULL"),
    "term_edge": ("kind, position", "NULL"),
}


def now() -> datetime:
    """The present moment in UTC; the default clock where none is passed in."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A moment as the catalogue writes it: `2026-11-24T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def head() -> str:
    """The latest schema revision, told from the file names in migrations/versions."""
    revisions = sorted(p.name.partition("_")[0] for p in (bundle.folder("migrations") / "versions").glob("[0-9]*.py"))
    return revisions[-1]


def revision(path: Path) -> str | None:
    """The schema revision of a database file; None when it has none yet.

    Raises:
        CatalogueError: the file is not a database, or cannot be read.
    """
    if not path.exists():
        return None
    try:
        with contextlib.closing(sqlite3.connect(_uri(path, "ro"), uri=True, timeout=5)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise _explain(path, str(error)) from None
    except sqlite3.DatabaseError as error:
        raise CatalogueError(f"{path} is not a catalogue: {error}", "restore a backup: aidir restore FILE") from None
    return str(row[0]) if row else None


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def engine(path: Path, *, write: bool) -> Engine:
    """An engine on the database file.

    Args:
        path: the file; it must exist unless `write`.
        write: every transaction takes the write lock at its start, so that what it read is still true when it writes.
    """
    mode = "rwc" if write else "ro"
    created = create_engine(
        f"sqlite:///{_uri(path, mode)}&uri=true", poolclass=NullPool, connect_args={"timeout": WAIT, "uri": True}
    )

    @event.listens_for(created, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not sqlite3's late one
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={round(WAIT * 1000)}")
        if write:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(created, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return created


@contextlib.contextmanager
def session(path: Path, *, write: bool) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception.

    Raises:
        CatalogueBusy: another process kept the write lock for `WAIT` seconds.
        CatalogueError: the file is damaged, read-only, or the disk is full.
    """
    opened = engine(path, write=write)
    try:
        with Session(opened, expire_on_commit=False) as active:
            try:
                yield active
                active.commit()
            except BaseException:
                active.rollback()
                raise
    except OperationalError as error:
        raise _explain(path, str(error.orig)) from None
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.IntegrityError):
            raise
        raise _explain(path, str(error.orig)) from None
    finally:
        opened.dispose()


def _explain(path: Path, reason: str) -> CatalogueError:
    if "locked" in reason or "busy" in reason:
        return CatalogueBusy("another process is writing to the catalogue", "try again when it is done")
    if "readonly" in reason or "unable to open" in reason:
        return CatalogueError(f"cannot write to {path}: {reason}", "choose a folder with --home")
    if "full" in reason or "disk I/O" in reason:
        return CatalogueError(f"cannot write to {path}: {reason}", "make room on the disk; nothing was lost")
    return CatalogueError(f"cannot use {path}: {reason}", "restore a backup: aidir restore FILE")


def migrate(path: Path) -> bool:
    """Bring a database to the latest schema, creating it when there is none.

    The whole way is one transaction with foreign keys off; before it commits, references are checked and no table may
    have lost rows. A database that holds something is backed up first, beside itself.

    Returns:
        Whether anything was done.

    Raises:
        CatalogueError: the schema is newer than this program, or the migration failed; the database is as it was.
    """
    found = revision(path)
    if found == head():
        return False
    if found is not None and found > head():
        raise CatalogueError(f"{path} was written by a newer aidir (schema {found}, this one knows {head()})")
    if found is not None:
        backup(path, path.with_name(f"{path.stem}-before-{head()}.sqlite"))
    opened = engine(path, write=True)
    try:
        with opened.connect() as connection:
            _upgrade(connection)
    except OperationalError as error:
        raise _explain(path, str(error.orig)) from None
    except DatabaseError as error:
        raise CatalogueError(f"the schema of {path} could not be brought up to date: {error.orig}") from None
    finally:
        opened.dispose()
    return True


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(bundle.folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    # A pragma does nothing inside a transaction, and SQLAlchemy begins one at the first statement: so on the raw one.
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        before = _counts(connection)
        command.upgrade(config, "head")
        install_triggers(connection)
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        lost = {t: n for t, n in before.items() if _counts(connection).get(t, n) < n}
        if broken is not None or lost:
            raise CatalogueError(f"the migration would lose data ({lost or broken}); nothing was changed")
    raw.execute("PRAGMA foreign_keys=ON")


def _counts(connection: Connection) -> dict[str, int]:
    tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    return {t: connection.execute(text(f'SELECT count(*) FROM "{t}"')).scalar_one() for t in tables}  # noqa: S608


def install_triggers(connection: Connection) -> None:
    """Make every change to what is searched or exported advance the catalogue's sequence, whoever makes it."""
    for table, (columns, resource) in _TRIGGERS.items():
        for operation, row in (("INSERT", "NEW"), (f"UPDATE OF {columns}", "NEW"), ("DELETE", "OLD")):
            name = f"change_{table}_{operation.split()[0].lower()}"
            connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}"'))
            connection.execute(
                text(
                    f'CREATE TRIGGER "{name}" AFTER {operation} ON "{table}" BEGIN '
                    f"INSERT INTO change (resource_id) SELECT {resource.format(row=row)}; END"
                )
            )


def replace(arriving: Path, path: Path) -> None:
    """Put one database file in another's place, without the write-ahead log of the one that goes.

    Raises:
        CatalogueError: the folder cannot be written.
    """
    from directory.generation import fsync

    try:
        fsync(arriving)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        arriving.replace(path)
        fsync(path.parent)
    except OSError as error:
        raise CatalogueError(f"cannot write {path}: {error.strerror}") from None


def backup(source: Path, target: Path) -> None:
    """Copy a database while others write to it, by SQLite's backup interface; the copy appears whole or not at all.

    Raises:
        CatalogueError: the copy could not be written, or did not pass its integrity check.
    """
    from directory.generation import fsync

    if not source.is_file():
        raise CatalogueError(f"there is no file {source}")
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        with (
            contextlib.closing(sqlite3.connect(_uri(source, "ro"), uri=True, timeout=5)) as original,
            contextlib.closing(sqlite3.connect(temporary)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise CatalogueError(f"the backup of {source} is damaged: {found}")
        fsync(temporary)
        temporary.replace(target)
        fsync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise CatalogueError(f"cannot back up to {target}: {error}") from None
    finally:
        temporary.unlink(missing_ok=True)
