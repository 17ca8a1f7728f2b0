"""How does a folder of files take another's place, whole, and touching only what changed?

    OUT            what readers see: the old tree or the new one, never a mixture
    .OUT.next      the tree being built; a kill leaves it, the next export sweeps it

Files that stay as they are are hard links to the old ones: they keep inode, time and so the ETag that a web server
makes of them. The finished tree changes places with the old one in one system call (Linux renameat2, macOS
renamex_np). Writing the files into place one by one, with an index last, would leave a mixture after a kill. Where
the system has no such call, two renames do it; a kill between them leaves no OUT, and the next export brings it back.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from directory.errors import CatalogueError, InputError
from directory.exporters import File
from directory.generation import fsync, write_atomic

MARK = ".aidir-export"
"""In every tree: the names in it, so that nothing that somebody else put there is ever replaced."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = _RENAME_SWAP = 2


class Outcome(NamedTuple):
    """What an export did to its target."""

    written: int
    unchanged: int
    removed: int
    bytes: int
    """Of all files together."""


def replace(target: Path, files: Iterable[File]) -> Outcome:
    """Make a folder hold exactly these files. The caller sees to it that nobody else does so at the same time.

    Raises:
        InputError: the folder holds something that no export put there.
        CatalogueError: the disk is full or the folder cannot be written; the old tree stays.
    """
    target = Path(os.path.realpath(target))
    if not target.name:
        raise InputError(f"{target} is the root of a disk", "give a folder of its own")
    building, going = target.with_name(f".{target.name}.next"), target.with_name(f".{target.name}.old")
    try:
        _recover(target, going)
        _check(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(building)
        try:
            outcome = _build(building, target, files)
            if outcome.written or outcome.removed or not target.exists():
                _sync(building)
                _swap(building, target, going)
        finally:
            _sweep(building)
            if target.exists():
                _sweep(going)
    except OSError as error:
        hint = "the old export stays" if target.is_dir() else "give another folder"
        raise CatalogueError(f"{target} cannot be written: {error.strerror or error}", hint) from None
    return outcome


def replace_file(target: Path, file: File) -> Outcome:
    """Make one file hold this content; it is not touched when it does already.

    Raises:
        InputError: the target is a folder.
        CatalogueError: the disk is full or the folder cannot be written; the old file stays.
    """
    if target.is_dir():
        raise InputError(f"{target} is a folder", f"this format is one file: {target / file.path}")
    data = file.data
    if target.is_file() and target.read_bytes() == data:
        return Outcome(0, 1, 0, len(data))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueError(f"{target.parent} cannot be written: {error.strerror}", "give another file") from None
    write_atomic(target, data)
    return Outcome(1, 0, 0, len(data))


def _check(target: Path) -> None:
    """Refuse to replace a folder with anything in it that is not ours."""
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{target} is a file", "this format is a folder: give another name")
    names = {p.name for p in target.iterdir()}
    mark = target / MARK
    ours = set(mark.read_text("utf-8").splitlines()) | {MARK} if mark.is_file() else set()
    if foreign := sorted(names - ours):
        raise InputError(f"{target} holds '{foreign[0]}', which no export put there", "give a folder of its own")


def _build(building: Path, target: Path, files: Iterable[File]) -> Outcome:
    building.mkdir()
    paths: set[PurePosixPath] = set()
    folders = {building}
    written = total = 0
    for file in files:
        path, data = _inside(file.path), file.data
        paths.add(path)
        folder = (building / path).parent
        if folder not in folders:
            folder.mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        written += _put(building / path, target / path, data)
        total += len(data)
    names = sorted({path.parts[0] for path in paths})
    _put(building / MARK, target / MARK, "".join(f"{name}\n" for name in names).encode())
    before = {PurePosixPath(p.relative_to(target).as_posix()) for p in target.rglob("*") if p.is_file()}
    removed = len(before - paths - {PurePosixPath(MARK)})
    return Outcome(written, len(paths) - written, removed, total)


def _inside(raw: str) -> PurePosixPath:
    path = PurePosixPath(raw)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in raw or "\0" in raw:
        raise InputError(f"an export may not write to '{raw}'")
    return path


def _put(path: Path, old: Path, data: bytes) -> bool:
    """Link the old file when it has this content, else write a new one; returns whether it was written."""
    try:
        same = old.stat().st_size == len(data) and old.read_bytes() == data
    except OSError:
        same = False
    if same:
        try:
            os.link(old, path)
        except OSError:  # a file system without hard links
            shutil.copy2(old, path)
        return False
    path.write_bytes(data)
    return True


def _sync(folder: Path) -> None:
    """Wait until everything is on the disk: one call for all, ten thousand files would each wait for it."""
    if hasattr(os, "sync"):
        os.sync()
    fsync(folder)


def _swap(building: Path, target: Path, going: Path) -> None:
    if not target.exists():
        building.rename(target)
    elif not _exchange(building, target):
        _sweep(going)
        target.rename(going)
        building.rename(target)
    fsync(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or the file system cannot."""
    names = {"linux": "renameat2", "darwin": "renamex_np"}
    call = getattr(ctypes.CDLL(None), names[sys.platform], None) if sys.platform in names else None
    if call is None:
        return False
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return bool(call(first, second, _RENAME_SWAP) == 0)
    return bool(call(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)


def _recover(target: Path, going: Path) -> None:
    """Undo the first of two renames when the second never came."""
    if going.exists() and not target.exists():
        going.rename(target)


def _sweep(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
