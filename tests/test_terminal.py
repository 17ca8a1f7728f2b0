"""What a person sees: no line is wider than the terminal, and nothing is lost by breaking it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from directory.cli import terminal
from tests.conftest import ROOT

TEXT = st.text(st.sampled_from("大模型微调abc XYZ09，。、；（）,.()-/"), max_size=300)


@given(TEXT, st.integers(40, 120), st.sampled_from(["", "  ", "     "]))
def test_no_line_is_wider_and_no_character_is_lost(text: str, columns: int, indent: str) -> None:
    lines = terminal.wrap(text, columns, indent)
    assert all(wcswidth(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.startswith(indent) for line in lines)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "微调", "--limit", "8"],
        ["search", "fine-tuning", "--limit", "8", "--lang", "both"],
        ["show", "metagpt"],
        ["terms"],
        ["terms", "大模型"],
        ["history", "dify"],
        ["status"],
    ],
)
def test_commands_fit_the_terminal(home: Path, arguments: list[str], columns: int) -> None:
    ours, theirs = pty.openpty()
    environment = dict(os.environ, AIDIR_HOME=str(home), COLUMNS=str(columns), NO_COLOR="1")
    process = subprocess.Popen(
        [sys.executable, "-m", "directory", *arguments], stdout=theirs, stderr=theirs, cwd=ROOT, env=environment
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other side has closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    assert process.wait() == 0
    lines = shown.decode().replace("\r", "").splitlines()
    assert lines
    assert [line for line in lines if wcswidth(line) > columns and "://" not in line and str(home) not in line] == []
