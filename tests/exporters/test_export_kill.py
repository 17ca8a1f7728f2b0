"""Kills and accidents while exporting: the target is the old export or the new one, whole."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
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


def in_child(target: Path, found: list[File]) -> int:
    """Start writing an export in a process of its own."""
    number = os.fork()
    if number == 0:
        tree.replace(target, found)
        os._exit(0)
    return number


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_twenty_kills_leave_the_old_or_the_new(directory: Directory, tmp_path: Path) -> None:
    """kill -9 at 20 moments spread over an export; the tree is whole every time."""
    target = tmp_path / "v1"
    one = list(directory.export("api"))
    directory.edit("dify", {"summary_en": "Another version."})
    other = list(directory.export("api"))
    tree.replace(target, one)
    start = time.monotonic()
    assert os.waitpid(in_child(target, other), 0)[1] == 0
    took = time.monotonic() - start
    versions = {file.data: name for name, found in (("one", one), ("other", other)) for file in found
                if file.path == "resources/dify.json"}  # fmt: skip
    now, seen = "other", []
    for kill in range(20):
        number = in_child(target, one if now == "other" else other)
        time.sleep(took * kill / 17)
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        assert is_whole(target)
        before, now = now, versions[(target / "resources" / "dify.json").read_bytes()]
        seen.append("new" if now != before else "old")
    assert {"old", "new"} == set(seen), "the kills all came too early or too late to show anything"
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
