"""Does the catalogue survive? Fault table, rows 3, 4, 6, 8 and 9: `python -m tests.faults.store`."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from directory import config, database
from directory.errors import AidirError
from directory.service import Directory
from tests.faults.table import Cases, report

CASES = Cases()
ROOT = Path(__file__).resolve().parents[2]
KILLS = 100
_RESOURCE = (
    "INSERT INTO resource (slug, kind, name, summary_zh, summary_en, pricing, licence, cited_by, hidden, merged_into, "
    "added_at, changed_at) VALUES (?, 'project', 'A', '', '', '', '', 0, 0, '', 't', 't')"
)
_WRITER = """
import sys
from pathlib import Path
from directory import database, models
for n in range(int(sys.argv[2]), 10**9):
    with database.session(Path(sys.argv[1]), write=True) as s:
        s.add(models.Resource(slug=f"r{n}", kind="project", name="A", added_at="t", changed_at="t"))
        s.add(models.Term(slug=f"t{n}", position=n))
    print(n, flush=True)
"""
_COUNTER = """
import sys
from pathlib import Path
from sqlmodel import select
from directory import database, models
for _ in range(int(sys.argv[2])):
    with database.session(Path(sys.argv[1]), write=True) as s:
        t = s.exec(select(models.Term)).one(); t.position += 1; s.add(t)
"""


_MIGRATE = "import sys; from pathlib import Path; from directory import database; database.migrate(Path(sys.argv[1]))"


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def fresh(root: Path) -> Path:
    """A database at the latest schema."""
    path = root / "catalogue.sqlite"
    database.migrate(path)
    return path


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    """What a statement gives."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@CASES.case
def row_3_kill_9_loses_no_acknowledged_transaction() -> None:
    """100 kills at different moments; everything acknowledged is there, both halves of each transaction."""
    with folder() as root:
        path = fresh(root)
        acknowledged = 0
        for kill in range(KILLS):
            process = subprocess.Popen(
                [sys.executable, "-c", _WRITER, str(path), str(acknowledged + 1_000 * (kill + 1))],
                cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(0.0007 * kill)
            os.kill(process.pid, signal.SIGKILL)
            said = [int(line) for line in (first + process.stdout.read()).split()]
            process.stdout.close()
            process.wait()
            present = {int(str(slug)[1:]) for (slug,) in rows(path, "SELECT slug FROM resource")}
            terms = {int(str(slug)[1:]) for (slug,) in rows(path, "SELECT slug FROM term")}
            assert set(said) <= present, f"kill {kill}: {sorted(set(said) - present)} lost"
            assert present == terms, f"kill {kill}: half a transaction"
        assert rows(path, "PRAGMA integrity_check") == [("ok",)]


@CASES.case
def row_4_eight_writers_lose_no_update_and_meet_no_lock() -> None:
    with folder() as root:
        path = fresh(root)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("INSERT INTO term (slug, position, merged_into) VALUES ('counter', 0, '')")
        workers = [
            subprocess.Popen([sys.executable, "-c", _COUNTER, str(path), "200"], cwd=ROOT, stderr=subprocess.PIPE)
            for _ in range(8)
        ]
        said = [worker.communicate()[1].decode() for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * 8, "".join(said)[-500:]
        assert rows(path, "SELECT position FROM term") == [(1600,)]


def _limit(size: int) -> Callable[[], None]:
    def apply() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return apply


@CASES.case
def row_6_a_full_disk_at_any_write_leaves_the_old_state() -> None:
    """An edit and its index under file size limits from nothing to plenty: it worked or it is as before."""
    with folder() as root:
        home = root / "home"
        Directory(config.load({"home": home})).index()
        failures = 0
        for step in range(30):
            copy = root / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(home, copy)
            size = step * step * 9_000
            done = subprocess.run(
                [sys.executable, "-B", "-m", "directory", "edit", "dify", "--name", "Dify renamed",
                 "--home", str(copy)],
                cwd=ROOT, capture_output=True, text=True, preexec_fn=_limit(size), check=False,
            )  # fmt: skip
            assert done.returncode in (0, 2), done.stderr
            assert "Traceback" not in done.stderr
            assert rows(copy / "catalogue.sqlite", "PRAGMA integrity_check") == [("ok",)]
            name = Directory(config.load({"home": copy})).show("dify")[0].name
            assert name == ("Dify renamed" if done.returncode == 0 else "Dify")
            failures += done.returncode == 2
        assert failures, "no limit was small enough to show anything"


@CASES.case
def row_8_a_migration_keeps_rows_keys_and_triggers() -> None:
    """Every pair of revisions up; a populated database keeps its rows, its checks, its triggers."""
    with folder() as root:
        path = fresh(root)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(_RESOURCE, ("a",))
            connection.execute("INSERT INTO term (slug, position, merged_into) VALUES ('t', 0, '')")
            connection.execute("INSERT INTO resource_term (resource_id, term_id, position) VALUES (1, 1, 0)")
        before = {str(t): rows(path, f"SELECT * FROM {t}") for t in ("resource", "term", "resource_term")}
        engine = database.engine(path, write=True)
        with engine.connect() as connection:
            database._upgrade(connection)  # the whole way again, on a database that is at the head
        engine.dispose()
        assert before == {t: rows(path, f"SELECT * FROM {t}") for t in before}
        triggers = [str(n) for (n,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        assert len(triggers) == 3 * len(database._TRIGGERS)
        assert rows(path, "PRAGMA foreign_key_check") == []


@CASES.case
def row_8_a_migration_that_is_killed_leaves_the_old_database_or_the_new() -> None:
    for kill in range(15):
        with folder() as root:
            path = root / "catalogue.sqlite"
            process = subprocess.Popen([sys.executable, "-c", _MIGRATE, str(path)], cwd=ROOT)
            time.sleep(0.1 + 0.06 * kill)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            database.migrate(path)
            assert database.revision(path) == database.head()
            assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def _digest(path: Path) -> str:
    content = rows(path, "SELECT slug, name FROM resource ORDER BY slug")
    return hashlib.sha256(repr(content).encode()).hexdigest()


@CASES.case
def row_9_backup_and_restore_under_writes() -> None:
    """20 rounds: a copy made while a writer is at work is whole, and restoring it gives exactly what it holds."""
    with folder() as root:
        home = root / "home"
        home.mkdir(mode=0o700)
        directory = Directory(config.load({"home": home}))
        directory.index()
        path = home / "catalogue.sqlite"
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path), "1"], cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            for number in range(20):
                directory.backup(root / f"{number}.sqlite")
        finally:
            writer.kill()
            writer.wait()
        for number in range(20):
            copy = root / f"{number}.sqlite"
            assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
            missing = "SELECT count(*) FROM resource WHERE slug LIKE 'r%' AND 't' || substr(slug, 2) NOT IN "
            assert rows(copy, missing + "(SELECT slug FROM term) AND name = 'A'") == [(0,)]
            directory.restore(copy)
            assert _digest(path) == _digest(copy)


@CASES.case
def row_9_a_damaged_backup_is_refused_and_the_catalogue_stays() -> None:
    with folder() as root:
        home = root / "home"
        directory = Directory(config.load({"home": home}))
        directory.index()
        before = _digest(home / "catalogue.sqlite")
        good = root / "good.sqlite"
        directory.backup(good)
        content = good.read_bytes()
        for number, damaged in enumerate((b"", content[:1000], content[: len(content) // 2], b"x" * 9000)):
            bad = root / f"bad-{number}.sqlite"
            bad.write_bytes(damaged)
            try:
                directory.restore(bad)
            except AidirError:
                pass
            else:
                raise AssertionError(f"damaged backup {number} was taken")
            assert _digest(home / "catalogue.sqlite") == before


if __name__ == "__main__":
    report(CASES)
