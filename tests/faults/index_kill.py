"""Row 1: kill -9 while an index is built, at a hundred random moments and before every operation on a file."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from directory import generation, query
from directory.errors import IndexDamaged
from tests.faults.index_home import Outcome, differences, homes, in_child, pages, service, sql

COUNT = 100
"""Kills at random moments; those before operations are as many as there are operations."""
_FILE_EVENTS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree", "mmap.__new__")
_RENAMED = "Phoenix"


def run(kills: int) -> dict[str, Outcome]:
    """Both ways of choosing the moment, for an index built whole and for an addition to one."""
    with homes() as another:
        dice = random.Random(1)
        found: dict[str, Outcome] = {"kills at random moments": {}}
        for name, build in (("whole", _whole), ("addition", _addition)):
            took = _time_of(build, another())
            for kill in range(kills // 2):
                moment = dice.uniform(0, 1.1) * took
                case = f"{name}, kill {kill} after {moment:.3f} s"
                found["kills at random moments"][case] = _killed(another(), kill, _later(moment), build)
            count = _operations(build, another())
            found[f"kills before each operation on a file, {name}"] = {
                f"operation {number} of {count}": _killed(another(), number, _at_operation(number), build)
                for number in range(count)
            }
        return found


Build = Callable[[Path], object]
"""What is killed."""
Killing = Callable[[Callable[[], object], Path], None]
"""Start what is given in a process and kill it."""


def _whole(home: Path) -> object:
    return service(home).index()


def _addition(home: Path) -> object:
    return service(home).search(query.parse("agent"))


def _edit(home: Path) -> None:
    sql(home, "UPDATE resource SET name = ? WHERE slug = (SELECT min(slug) FROM resource)", (_RENAMED,))


def _killed(home: Path, number: int, kill: Killing, build: Build) -> str:
    """Kill a build of an index that has to follow an edit; what is found afterwards?"""
    root = home / "index"
    before = generation.current(root)
    _edit(home)
    if number % 4 == 0 and build is _whole:  # the dictionary is written too
        _remove_dictionary(root)
    kill(lambda: build(home), root)
    try:
        found = generation.current(root)
        generation.verify(found.folder)
    except IndexDamaged as damage:
        return f"neither old nor new: {damage}"
    if found.sequence not in (before.sequence, before.sequence + 1):
        return f"an index of sequence {found.sequence}"
    state = service(home).status().index_state
    if state != ("stale" if found.sequence == before.sequence else "fresh"):
        return f"it says {state} of an index of sequence {found.sequence}, the catalogue has {before.sequence + 1}"
    page = service(home).search(query.parse(_RENAMED))
    if [h.name for h in page.hits[:1]] != [_RENAMED]:
        return "the next search does not find what was edited"
    if differences(home):
        return differences(home)
    pages(service(home))
    left = [p.name for p in root.iterdir() if p.name.startswith("build-") or p.name.endswith(".tmp")]
    return f"left over: {left}" if left and found.sequence == before.sequence else ""


def _remove_dictionary(root: Path) -> None:
    for table in root.glob("*.table"):
        table.unlink()


def _later(seconds: float) -> Killing:
    def kill(do: Callable[[], object], root: Path) -> None:
        child = in_child(do)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    return kill


def _watch(root: Path, seen: Callable[[], None]) -> None:
    """Call something before every operation on a file below a folder that changes or reads one."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in _FILE_EVENTS and (event == "mmap.__new__" or str(root) in str(arguments[0])):
            seen()

    sys.addaudithook(hook)
    original = os.fsync  # no event tells of it

    def fsync(descriptor: int) -> None:
        seen()
        original(descriptor)

    os.fsync = fsync


def _at_operation(number: int) -> Killing:
    def kill(do: Callable[[], object], root: Path) -> None:
        def watched() -> None:
            left = number

            def seen() -> None:
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

            _watch(root, seen)
            do()

        os.waitpid(in_child(watched), 0)

    return kill


def _operations(build: Build, home: Path) -> int:
    """How many operations it has; a whole build writes the dictionary too."""
    _edit(home)
    if build is _whole:
        _remove_dictionary(home / "index")
    there, here = os.pipe()

    def counted() -> None:
        count = 0

        def seen() -> None:
            nonlocal count
            count += 1

        _watch(home / "index", seen)
        build(home)
        os.write(here, str(count).encode())

    child = in_child(counted)
    os.waitpid(child, 0)
    os.close(here)
    with os.fdopen(there) as pipe:
        return int(pipe.read())


def _time_of(build: Build, home: Path) -> float:
    _edit(home)
    began = time.monotonic()
    os.waitpid(in_child(lambda: build(home)), 0)
    return time.monotonic() - began
