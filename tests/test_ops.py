"""docs/ops: are the ready-made files what their readers (systemd, cron, GitHub, our own command line) accept?"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from directory import config, document, plugins
from directory.cli.app import cli

OPS = Path(__file__).resolve().parents[1] / "docs" / "ops"
WORKFLOW = OPS / "github-actions.yml"
_COMMAND = re.compile(r"(?:^|[\s/=])aidir ((?:nightly|check|refresh|backup|index)\b[^\n`]*)", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """Every `aidir ...` in the files, with the file's name."""
    found = []
    for file in sorted(OPS.iterdir()):
        if file.suffix != ".md":
            found += [(file.name, line.partition(" 2>")[0]) for line in _COMMAND.findall(file.read_text("utf-8"))]
    return found


def test_every_file_has_a_command() -> None:
    named = {name for name, _ in commands()}
    assert named == {"aidir-nightly.service", "aidir-nightly.timer", "crontab", "github-actions.yml"}


@pytest.mark.parametrize(("name", "line"), commands())
def test_every_command_is_one_that_we_have(name: str, line: str) -> None:
    first, *arguments = shlex.split(line)
    program = click.Context(cli, **cli.context_settings)
    command = cli.get_command(program, first)
    assert command is not None
    command.make_context(first, arguments, parent=program)


def environment(text: str) -> dict[str, str]:
    """What a file sets for us."""
    return dict(re.findall(r"^\s*(?:Environment=)?(AIDIR_[A-Z_]+)(?:=|: )(\S.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["aidir-nightly.service", "github-actions.yml"])
def test_every_setting_is_one_that_we_have(name: str, tmp_path: Path) -> None:
    found = environment((OPS / name).read_text("utf-8"))
    assert {"AIDIR_HOME", "AIDIR_EXPORTS"} <= found.keys()
    assert {f"AIDIR_{n.upper()}" for n in config.Settings._fields} >= found.keys()
    settings = config.load({}, found, tmp_path)
    assert settings.exports.keys() <= set(plugins.names("exporters"))
    assert "api" in settings.exports


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for name in ("aidir-nightly.service", "aidir-nightly.timer"):
        # systemd looks whether the program is there: here it is this one.
        shown = (OPS / name).read_text("utf-8").replace("/usr/local/bin/aidir", sys.executable)
        (tmp_path / name).write_text(shown)
    units = [str(tmp_path / n) for n in ("aidir-nightly.service", "aidir-nightly.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_cron_reads_five_times_and_a_command_without_a_bare_percent() -> None:
    lines = [line.lstrip("# ") for line in (OPS / "crontab").read_text("utf-8").splitlines()]
    jobs = [line.split(maxsplit=5) for line in lines if re.match(r"[\d*]+ [\d*]+ ", line)]
    assert len(jobs) == 2
    for minute, *times, line in jobs:
        assert minute not in ("0", "*")
        assert len(times) == 4
        assert "%" not in line, "cron takes it for a line break"
        assert subprocess.run(["sh", "-n", "-c", line]).returncode == 0


def test_the_workflow_starts_off_the_full_hour_and_by_hand_and_one_at_a_time() -> None:
    found = document.load_yaml(WORKFLOW.read_text("utf-8"), str(WORKFLOW))
    triggers = found.get("on", found.get(True))  # YAML 1.1 takes `on` for a truth
    assert "workflow_dispatch" in triggers
    assert all(int(entry["cron"].split()[0]) % 60 for entry in triggers["schedule"])
    assert found["concurrency"]["cancel-in-progress"] is False
    assert found["permissions"] == {"contents": "read"}


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is missing")
def test_actionlint_accepts_the_workflow() -> None:
    done = subprocess.run(["actionlint", str(WORKFLOW)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
