"""Kills of the very first command: the next one answers, with the whole catalogue."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with all of the program and an eighth of the resources: a first build is killed many times here."""
    home = tmp_path / "checkout"
    for name in ("directory", "migrations", "seeds"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for number, path in enumerate(sorted((home / "seeds" / "resources").iterdir())):
        if number % 8:
            path.unlink()
    return home


def test_interrupting_the_first_build_at_any_moment(checkout: Path, tmp_path: Path) -> None:
    """20 kills spread over the first build; then one command answers, with the whole catalogue."""
    home = tmp_path / "home"
    environment = dict(os.environ, AIDIR_HOME=str(home))
    command = [sys.executable, "-m", "directory", "search", "大模型", "--json"]

    def answer() -> dict[str, object]:
        done = subprocess.run(command, env=environment, cwd=checkout, capture_output=True, check=True)
        found: dict[str, object] = json.loads(done.stdout)
        return found

    start = time.monotonic()
    expected = answer()
    whole = time.monotonic() - start
    for kill in range(20):
        if kill % 4 == 0:
            shutil.rmtree(home, ignore_errors=True)
        process = subprocess.Popen(
            command, env=environment, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (kill + 1) / 21)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if kill % 4 == 3:
            assert answer()["total"] == expected["total"]
    leftovers = [p.name for p in home.rglob("*") if p.name.startswith(("build-", "catalogue-new")) or ".tmp" in p.name]
    assert leftovers == []
