"""Kills of the very first command: the next one answers, with the whole catalogue.

A file of its own: it takes minutes, and files are shared out among the workers.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT, Run


def test_interrupting_the_first_build_at_any_moment(run: Run, tmp_path: Path) -> None:
    """20 kills spread over the first build; then one command answers, with the whole catalogue."""
    home = tmp_path / "home"
    environment = dict(os.environ, AIDIR_HOME=str(home))
    command = [sys.executable, "-m", "directory", "search", "大模型", "--json"]
    start = time.monotonic()
    expected = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True).stdout
    whole = time.monotonic() - start
    for kill in range(20):
        if kill % 4 == 0:
            shutil.rmtree(home, ignore_errors=True)
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (kill + 1) / 21)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if kill % 4 == 3:
            done = run("search", "大模型", "--json", home=home)
            assert done.code == 0
            assert json.loads(done.out)["total"] == json.loads(expected)["total"]
    leftovers = [p.name for p in home.rglob("*") if p.name.startswith(("build-", "catalogue-new")) or ".tmp" in p.name]
    assert leftovers == []
