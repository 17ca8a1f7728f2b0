"""What tests share: a built home, a command line, the shared evaluation data when it is there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from directory import bundle, config, segmentation
from directory.analysis import Analyzer
from directory.segmentation import Segmenter
from directory.segmentation.table import Table
from directory.service import Directory

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with evaluation data and real lists; tests that need it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the evaluation data, which is not here")
    return SHARED


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("built") / "home"
    Directory(config.load({"home": home}), clock=lambda: NOON).index()
    return home


@pytest.fixture(scope="session")
def small(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a tenth of the catalogue and some well-known resources: for what is done to a home many times."""
    home = tmp_path_factory.mktemp("small") / "home"
    shutil.copytree(built, home)
    left_out = "SELECT id FROM resource WHERE id % 10 AND slug NOT IN ('dify', 'gfpgan', 'iopaint', 'real-esrgan')"
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("PRAGMA foreign_keys = ON")
        catalogue.execute(f"DELETE FROM event WHERE resource_id IN ({left_out})")
        catalogue.execute(f"DELETE FROM resource WHERE id IN ({left_out})")
    Directory(config.load({"home": home}), clock=lambda: NOON).index()
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A home folder of its own with the bundled catalogue and a fresh index."""
    copy = tmp_path / "home"
    shutil.copytree(built, copy)
    return copy


@pytest.fixture
def directory(home: Path) -> Directory:
    """The service on a home of its own, at noon of a fixed day."""
    return Directory(config.load({"home": home}), clock=lambda: NOON)


@pytest.fixture(scope="session")
def seeded(built: Path) -> Directory:
    """The service on the bundled catalogue; for reading only."""
    return Directory(config.load({"home": built}), clock=lambda: NOON)


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """jieba's dictionary, compiled."""
    path = tmp_path_factory.mktemp("table") / segmentation.table_name()
    path.write_bytes(segmentation.compile_dictionary())
    return Table(path)


@pytest.fixture(scope="session")
def analyzer(table: Table) -> Analyzer:
    """An analyzer that knows one word of ours."""
    segmenter = Segmenter(table)
    segmenter.add(["大模型", "智能体"])
    return Analyzer(segmenter)


class Outcome(NamedTuple):
    """What a command printed and returned."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `aidir` as a process of its own: `run("search", "大模型", home=...)`."""

    def call(*arguments: str, home: Path | None = None, **more: str) -> Outcome:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AIDIR", "NO_COLOR", "FORCE_COLOR"))}
        environment |= {"AIDIR_HOME": str(home or tmp_path / "home"), "LANG": "zh_CN.UTF-8"} | more
        done = subprocess.run(
            [sys.executable, "-m", "directory", *arguments],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            cwd=tmp_path,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The bundled seeds."""
    return bundle.folder("seeds")
