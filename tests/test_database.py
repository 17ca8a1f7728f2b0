"""The database: schema, locks, triggers, backups."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from directory import database, freshness, models
from directory.errors import CatalogueError

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "catalogue.sqlite"
    assert database.migrate(file)
    return file


def sql(path: Path, *statements: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection, connection:
        rows: list[tuple[object, ...]] = []
        for statement in statements:
            rows = connection.execute(statement).fetchall()
        return rows


def test_migrating_twice_does_nothing(path: Path) -> None:
    assert not database.migrate(path)
    assert database.revision(path) == database.head()


def test_the_migrations_make_what_the_models_say(path: Path) -> None:
    engine = database.engine(path, write=True)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, models.SQLModel.metadata) == []
    engine.dispose()


def test_a_crash_in_a_migration_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    sql(path, "CREATE TABLE term (id INTEGER)", "INSERT INTO term VALUES (1)")  # the first migration will collide
    with pytest.raises(CatalogueError, match=r"could not be brought up to date|already exists"):
        database.migrate(path)
    assert sql(path, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("term",)]
    assert sql(path, "SELECT * FROM term") == [(1,)]


def test_a_newer_schema_is_refused(path: Path) -> None:
    sql(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CatalogueError, match="newer aidir"):
        database.migrate(path)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    file.write_bytes(b"this is not a database, it is a letter" * 100)
    with pytest.raises(CatalogueError, match="not a catalogue"):
        database.migrate(file)
    assert file.read_bytes().startswith(b"this is not")


RESOURCE = (
    "INSERT INTO resource (slug, kind, name, summary_zh, summary_en, pricing, licence, cited_by, hidden, merged_into, "
    "added_at, changed_at) VALUES ('{0}', '{1}', 'A', '', '', '', '', 0, 0, '', 't', 't')"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE resource SET name = 'B' WHERE slug = 'a'",
        "UPDATE resource SET hidden = 1 WHERE slug = 'a'",
        "DELETE FROM resource WHERE slug = 'a'",
        "INSERT INTO term (slug, position, merged_into) VALUES ('x', 0, '')",
        "INSERT INTO resource_name (resource_id, text, position) VALUES (1, 'another', 0)",
    ],
)
def test_every_change_advances_the_sequence_also_from_a_shell(path: Path, statement: str) -> None:
    sql(path, RESOURCE.format("a", "project"))
    before = freshness.sequence(path)
    sql(path, statement)
    after = freshness.sequence(path)
    assert before is not None
    assert after is not None
    assert after > before


def test_a_night_that_finds_nothing_new_is_no_change(path: Path) -> None:
    sql(
        path,
        RESOURCE.format("a", "project"),
        "INSERT INTO link (resource_id, url, canonical, role, position, state, reason, memory) "
        "VALUES (1, 'https://a.example', 'a.example', 'homepage', 0, 'ok', '', '{}')",
    )
    before = freshness.sequence(path)
    sql(path, "UPDATE link SET last_ok = '2026-11-24T02:00:00Z', last_checked = '2026-11-24T02:00:00Z'")
    assert freshness.sequence(path) == before
    sql(path, "UPDATE link SET state = 'suspect'")
    assert freshness.sequence(path) != before


def test_the_database_refuses_what_the_models_do_not_know(path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        sql(path, RESOURCE.format("a", "spaceship"))


def test_no_catalogue_has_no_sequence(tmp_path: Path) -> None:
    assert freshness.sequence(tmp_path / "none.sqlite") is None
    (tmp_path / "bad.sqlite").write_bytes(b"x" * 5000)
    assert freshness.sequence(tmp_path / "bad.sqlite") is None


def test_writers_take_turns_without_losing_anything(path: Path) -> None:
    """Four processes, 40 read-modify-write transactions each, on one number."""
    sql(path, "INSERT INTO term (slug, position, merged_into) VALUES ('counter', 0, '')")
    script = (
        "import sys; from pathlib import Path; from sqlmodel import select; from directory import database, models\n"
        "for _ in range(40):\n"
        "    with database.session(Path(sys.argv[1]), write=True) as s:\n"
        "        t = s.exec(select(models.Term)).one(); t.position += 1; s.add(t)\n"
    )
    workers = [subprocess.Popen([sys.executable, "-c", script, str(path)], cwd=ROOT) for _ in range(4)]
    assert [worker.wait(timeout=100) for worker in workers] == [0, 0, 0, 0]
    assert sql(path, "SELECT position FROM term") == [(160,)]


def test_a_backup_is_whole_while_others_write(path: Path, tmp_path: Path) -> None:
    sql(path, *(RESOURCE.format(f"r{n}", "project") for n in range(50)))
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(RESOURCE.format("uncommitted", "project"))
        database.backup(path, tmp_path / "copy.sqlite")
        writer.rollback()
    assert sql(tmp_path / "copy.sqlite", "SELECT count(*) FROM resource") == [(50,)]
    assert sql(tmp_path / "copy.sqlite", "PRAGMA integrity_check") == [("ok",)]


def test_a_backup_that_cannot_be_written_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        database.backup(path, tmp_path / "no such folder" / "copy.sqlite")


def test_what_was_read_of_the_sequence_holds_until_the_files_change(path: Path, tmp_path: Path) -> None:
    note = tmp_path / "note"

    def later() -> float:
        return time.time() + 10

    sql(path, RESOURCE.format("a", "project"))
    assert freshness.remembered(path, note) == freshness.sequence(path)
    assert not note.exists(), "the next change may fall into the same tick of the clock"
    for number in range(30):
        assert freshness.remembered(path, note, later) == freshness.sequence(path)
        assert note.exists()
        written = note.read_bytes()
        assert freshness.remembered(path, note, later) == freshness.sequence(path)
        assert note.read_bytes() == written
        sql(path, f"UPDATE resource SET name = 'B{number}' WHERE slug = 'a'")
        assert freshness.remembered(path, note) == freshness.sequence(path)


def test_a_damaged_note_is_not_believed(path: Path, tmp_path: Path) -> None:
    note = tmp_path / "note"
    sql(path, RESOURCE.format("a", "project"))
    expected = freshness.sequence(path)
    freshness.remembered(path, note, lambda: time.time() + 10)
    whole = note.read_bytes()
    for place in range(len(whole)):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            note.write_bytes(damaged)
            assert freshness.remembered(path, note) == expected, damaged
    assert freshness.remembered(tmp_path / "none.sqlite", note) is None
    assert freshness.remembered(path, tmp_path / "no-folder" / "note", lambda: time.time() + 10) == expected
