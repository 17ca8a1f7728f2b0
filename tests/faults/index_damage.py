"""Row 2: each file of an index is cut off, emptied, removed or changed; the next command answers as before."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.faults.index_home import Outcome, homes, pages, service

ROOT = Path(__file__).resolve().parents[2]
COUNT = 6
"""Flipped bits in each file."""


def run(flips: int) -> dict[str, Outcome]:
    """Every damage of every file, by the service in this process; one of each file by the command too."""
    found: Outcome = {}
    commands: Outcome = {}
    with homes() as another:
        expected = pages(service(another()))
        names = [str(p.relative_to(another())) for p in sorted((another() / "index").rglob("*")) if p.is_file()]
        for name in names:
            content = (another() / name).read_bytes()
            for how, damaged in _damages(content, random.Random(name), flips):
                found[f"{name}, {how}"] = _answered(another(), name, damaged, expected)
            commands[name] = _command(another(), name, content[: len(content) // 2])
    return {"damaged files": found, "damaged files, by the command": commands}


def _damages(content: bytes, dice: random.Random, flips: int) -> Iterator[tuple[str, bytes | None]]:
    yield "removed", None
    yield "emptied", b""
    yield "longer", content + b"x"
    for share in (0.1, 0.5, 0.99):
        yield f"cut off at {share}", content[: int(share * len(content))]
    for place in sorted(dice.sample(range(len(content)), min(flips, len(content)))):
        flipped = content[place] ^ (1 << dice.randrange(8))
        yield f"bit flipped in byte {place}", content[:place] + bytes([flipped]) + content[place + 1 :]


def _damage(home: Path, name: str, damaged: bytes | None) -> None:
    if damaged is None:
        (home / name).unlink()
    else:
        (home / name).write_bytes(damaged)


def _answered(home: Path, name: str, damaged: bytes | None, expected: list[object]) -> str:
    _damage(home, name, damaged)
    try:
        return "" if pages(service(home)) == expected else "a wrong answer"
    except Exception as error:  # noqa: BLE001  (whatever comes out is the result)
        return f"{type(error).__name__}: {error}"


def _command(home: Path, name: str, damaged: bytes) -> str:
    _damage(home, name, damaged)
    done = subprocess.run(
        [sys.executable, "-m", "directory", "search", "大模型", "--json", "--home", str(home)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 and "Traceback" not in done.stderr else done.stderr[-300:]
