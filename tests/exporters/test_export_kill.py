"""Kills and accidents while exporting: the target is the old export or the new one, whole."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.errors import CatalogueError, InputError
from directory.exporters import File
from directory.service import Directory, tree
from tests.exporters.conftest import read_tree


def is_whole(target: Path) -> bool:
    """Whether every file is what the index says, and no other is there."""
    found = read_tree(target)
    rows = json.loads(found.pop("index.json"))["files"]
    return {r["path"]: r["sha256"] for r in rows} == {p: hashlib.sha256(d).hexdigest() for p, d in found.items()}


def in_child(target: Path, found: list[File], *, before: int = 0, after: int = 0) -> tuple[int, list[str]]:
    """Write an export in a process that kills itself on the way.

    Args:
        target: the folder.
        found: the export.
        before: die before this operation on files, counted from the start; 0 = live.
        after: die before this operation, counted from the moment at which the trees change places; 0 = live.

    Returns:
        The signal it died of, and how many operations there were until that moment and from then on.
    """
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        counts = [0, 0]

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            phase = int(event == "ctypes.dlsym" or counts[1] > 0)
            if phase or event == "open" or event.startswith(("os.", "shutil.")):
                counts[phase] += 1
                if counts[phase] == (before, after and after + 1)[phase]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        tree.replace(target, found)
        os.write(writing, f"{counts[0]} {counts[1]}".encode())
        os._exit(0)
    os.close(writing)
    status = os.waitpid(number, 0)[1]
    with os.fdopen(reading) as pipe:
        return os.WTERMSIG(status), pipe.read().split()


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="needs fork and an exchange of folders")
def test_twenty_kills_leave_the_old_or_the_new(directory: Directory, tmp_path: Path) -> None:
    """kill -9 at 20 of the operations on files that an export makes; the tree is whole every time."""
    target = tmp_path / "v1"
    one = list(directory.export("api"))
    directory.edit("dify", {"summary_en": "Another version."})
    other = list(directory.export("api"))
    tree.replace(target, one)
    died, counts = in_child(target, other)
    until, since = map(int, counts)
    assert died == 0
    assert min(until, since) > len(one)  # what is new is written or linked, what was there is removed
    versions = {file.data: found for found in (one, other) for file in found if file.path == "resources/dify.json"}
    now = other
    for step in range(10):
        early, late = {"before": 1 + step * (until - 1) // 9}, {"after": 1 + step * (since - 2) // 9}
        for kill in (early, late):
            new = one if now is other else other
            assert in_child(target, new, **kill) == (signal.SIGKILL, [])
            assert is_whole(target)
            now = versions[(target / "resources" / "dify.json").read_bytes()]
            assert (now is new) == (kill is late)
    tree.replace(target, one)
    assert is_whole(target)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def files(**found: str) -> Iterator[File]:
    for name, text in found.items():
        yield File(name.replace("__", "/") + ".txt", text)


def test_an_export_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert tree.replace(target, files(a="1", sub__b="2")) == (2, 0, 0, 2)

    def breaks() -> Iterator[File]:
        yield File("a.txt", "new")
        raise OSError(28, "No space left on device")

    with pytest.raises(CatalogueError, match="No space left"):
        tree.replace(target, breaks())
    assert read_tree(target) == {"a.txt": b"1", "sub/b.txt": b"2"}
    assert tree.replace(target, files(a="1", c="3")) == (1, 1, 1, 2)
    assert read_tree(target) == {"a.txt": b"1", "c.txt": b"3"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_kill_between_two_renames_is_mended(tmp_path: Path) -> None:
    """Where a system cannot exchange folders, OUT may be missing after a kill: it comes back."""
    target = tmp_path / "out"
    tree.replace(target, files(a="1"))
    target.rename(tmp_path / ".out.old")
    (tmp_path / ".out.next").mkdir()
    (tmp_path / ".out.next" / "half").write_text("x")
    assert tree.replace(target, files(a="1")) == (0, 1, 0, 1)
    assert read_tree(target) == {"a.txt": b"1"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    tree.replace(tmp_path / "out", files(a="1"))
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_text() == "1"


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", "a\\..\\x", "a\0b"])
def test_no_file_is_written_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match="may not write"):
        tree.replace(tmp_path / "out", [File(path, "x")])
    assert list(tmp_path.iterdir()) == []
