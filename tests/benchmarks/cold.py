"""How long does a whole command take, from nothing to its output? Processes, beside bare Python and naive scripts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks import figures, naive, peer
from tests.benchmarks.figures import Options, Table, Value
from tests.benchmarks.prepared import Prepared

TYPED = "大模型"
BARE, OURS = "python -c pass", "aidir search"
_NAIVE = {
    "fts5": "python + jieba + FTS5",
    "tantivy": "python + jieba + tantivy-py",
    "whoosh": "python + jieba + Whoosh",
}
_SCRIPT = naive.__file__
_SHELL = (
    f"SELECT packed FROM (SELECT rowid AS n FROM d WHERE d MATCH '\"{TYPED}\"' ORDER BY rank LIMIT 10) "
    "JOIN row ON id = n;"
)


def measure(options: Options) -> list[Table]:
    """The figures of one size."""
    prepared = Prepared(options).with_peers()
    commands = _commands(prepared)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AIDIR")}
    environment |= {"AIDIR_HOME": str(prepared.home), "TMPDIR": str(prepared.folder), "LANG": "C.UTF-8"}
    for name, command in commands.items():
        _check(name, command, environment)
    cpu: dict[str, list[float]] = {name: [] for name in commands}

    def runner(name: str) -> Callable[[None], object]:
        return lambda _: cpu[name].append(_run(commands[name], environment))

    wall = figures.interleaved({name: runner(name) for name in commands}, [None], options.rounds)
    flat = {name: [t for turn in turns for t in turn] for name, turns in wall.items()}
    lines = {name: _line(name, flat, cpu) for name in commands}
    notes = [
        f"{options.rounds} rounds; what is compared is the query {TYPED} with ten rows as JSON",
        "the ratio of CPU seconds is the one that other people's work on the machine disturbs least",
    ]
    if shutil.which("sqlite3") is None:
        notes.append("the sqlite3 shell is not installed")
    return [Table(f"cold, {options.docs:,} documents", lines, tuple(notes))]


def _commands(prepared: Prepared) -> dict[str, Sequence[str]]:
    """Every contestant's command line; those of ours that are no search stand last."""
    python, aidir = sys.executable, str(Path(sys.executable).with_name("aidir"))
    naively = (python, "-P", _SCRIPT)
    commands: dict[str, Sequence[str]] = {
        BARE: (python, "-c", "pass"),
        OURS: (aidir, "search", TYPED, "--json"),
    }
    for name in peer.taking_part(prepared.options.docs):
        commands[_NAIVE[name]] = (*naively, name, str(prepared.folder / name), TYPED)
    if shutil.which("sqlite3"):
        commands["sqlite3 shell, cut already"] = (
            "sqlite3", "-readonly", "-json", str(prepared.folder / "fts5"), _SHELL,
        )  # fmt: skip
    commands["aidir --version"] = (aidir, "--version")
    commands["aidir suggest"] = (aidir, "suggest", "大", "--json")
    return commands


def _check(name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Every search finds ten rows, and ours with the index it was given."""
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)
    if "suggest" in command or command[-1] in ("pass", "--version"):
        return
    found = json.loads(done.stdout)
    rows = found["hits"] if isinstance(found, dict) else found
    if len(rows) != 10 or done.stderr:
        sys.exit(f"{name} found {len(rows)} rows, and said: {done.stderr[:300]}")


def _run(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """CPU seconds of a process that was waited for."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def _line(name: str, wall: Mapping[str, list[float]], cpu: Mapping[str, list[float]]) -> dict[str, Value]:
    return {
        "p50 ms": 1e3 * figures.median(wall[name]),
        "p99 ms": 1e3 * figures.quantile(wall[name], 0.99),
        "CPU ms": 1e3 * figures.median(cpu[name]),
        "x bare python": figures.median(wall[name]) / figures.median(wall[BARE]),
        "x bare python, CPU": figures.median(cpu[name]) / figures.median(cpu[BARE]),
        "x ours": figures.median(wall[name]) / figures.median(wall[OURS]),
        "x ours, CPU": figures.median(cpu[name]) / figures.median(cpu[OURS]),
    }
