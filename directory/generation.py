"""Which folder holds the current index, and how does the next one take its place?

    index/CURRENT          the pointer: JSON with the generation's name and what it was built from
    index/gen-0000000042/  an immutable generation, with `manifest.json`: each file's length and CRC-32
    index/build-xxxx/      one being built; left over from a killed build, it is swept by the next

A generation is built aside, made durable (fsync of files and folders), renamed, and then named by the pointer, which is
replaced atomically. A reader holds either the old or the new one; the previous one is kept for those still reading it.
An index is opened only from a folder that nobody else could have written: Whoosh's table of contents is a pickle.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from directory.errors import CatalogueBusy, CatalogueError, IndexDamaged

POINTER = "CURRENT"
MANIFEST = "manifest.json"
_HINT = "make room on the disk, or choose another folder with --home; nothing was lost"
_KEPT = 1  # generations before the current one


class Generation(NamedTuple):
    """A complete index: its folder, the catalogue's sequence and the fingerprint of the code it was built from.

    `base` is the sequence at which it was last built whole; what changed since was added.
    """

    folder: Path
    sequence: int
    fingerprint: str
    base: int


def fsync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomic(path: Path, content: bytes) -> None:
    """Put a file in place so that a reader, or a power cut, finds the old content or the new one, never a part.

    Raises:
        CatalogueError: the disk is full or the folder read-only; the old file stays.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        fsync(path.parent)
    except OSError as error:
        raise CatalogueError(f"{path} cannot be written: {error.strerror or error}", _HINT) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def check_private(folder: Path) -> None:
    """Refuse a folder that another user owns or may write to.

    Raises:
        CatalogueError: it is not ours alone.
    """
    if not hasattr(os, "getuid"):
        return
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise CatalogueError(
            f"{folder} can be written by other users, so its content cannot be trusted",
            f"chmod 700 {folder}",
        )


def current(root: Path) -> Generation:
    """The generation the pointer names.

    Raises:
        IndexDamaged: there is no pointer, or it names nothing that is complete.
        CatalogueError: another user could have written the folder.
    """
    try:
        check_private(root)
        pointer = json.loads((root / POINTER).read_text("utf-8"))
        found = Generation(
            root / pointer["name"], int(pointer["sequence"]), str(pointer["fingerprint"]), int(pointer["base"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"there is no index: {type(error).__name__}") from None
    if found.folder.parent != root:
        raise IndexDamaged("the pointer leads out of the index folder")
    return found


class Kept:
    """A file of a generation that is read later, or never: it stays readable when its generation has been swept away.

    Args:
        folder: the generation's.
        name: the file.

    Raises:
        IndexDamaged: it is missing, or the manifest does not know it.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name
        self._descriptor = -1
        try:
            self._length, self._checksum = json.loads((folder / MANIFEST).read_bytes())[name]
            self._descriptor = os.open(folder / name, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexDamaged(f"the index is not complete: {type(error).__name__}: {error}") from None

    def read(self) -> bytes:
        """The content, compared with the manifest; the file is closed.

        Raises:
            IndexDamaged: it is cut off or changed.
        """
        if self._descriptor < 0:
            raise IndexDamaged(f"the index file {self._name} was let go of")
        with os.fdopen(self._descriptor, "rb") as file:
            self._descriptor = -1
            content = file.read()
        if len(content) != self._length or crc32(content) != self._checksum:
            raise IndexDamaged(f"the index file {self._name} is damaged")
        return content

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    __del__ = close


def read(folder: Path, name: str) -> bytes:
    """A file of a generation, compared with its manifest.

    Raises:
        IndexDamaged: it is missing, cut off or changed.
    """
    try:
        return Kept(folder, name).read()
    except OSError as error:
        raise IndexDamaged(f"the index is not complete: {error}") from None


def verify(folder: Path, prefixes: tuple[str, ...] = ("",)) -> None:
    """Compare every file of a generation with its manifest.

    Args:
        folder: the generation's.
        prefixes: only files whose names begin with one of these.

    Raises:
        IndexDamaged: a file is missing, cut off or changed.
    """
    try:
        names = list(json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(f"the index is not complete: {error}") from None
    for name in names:
        if str(name).startswith(prefixes):
            read(folder, name)


@contextmanager
def locked(root: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the folder's lock file; the system lets go of it when the process ends, however it ends.

    Args:
        root: the folder; it is created with mode 0700.
        wait: wait for another process to finish instead of failing.

    Raises:
        CatalogueBusy: another process holds it, and `wait` is off.
        CatalogueError: the folder cannot be written.
    """
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_private(root)
        descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CatalogueError(f"cannot write to {root}: {error.strerror}", "choose a folder with --home") from None
    try:
        _lock(descriptor, wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, wait: bool) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            raise CatalogueBusy("another aidir is at work in this folder") from None
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise CatalogueBusy("another aidir is at work in this folder", "try again when it is done") from None


def replace(
    root: Path, sequence: int, fingerprint: str, build: Callable[[Path], None], base: Generation | None = None
) -> Generation:
    """Build a generation and make it the current one. The caller holds the lock.

    Args:
        root: the index folder.
        sequence: the catalogue's sequence that the content stands for.
        fingerprint: what the content was built with.
        build: fills the empty folder it is given, or changes the copy of `base` in it.
        base: a generation to begin from; its files are linked, not copied, and must not be written into.

    Raises:
        CatalogueError: the disk is full or read-only; the old generation stays.
    """
    import shutil

    try:
        _sweep(root)
        building = root / f"build-{os.urandom(8).hex()}"
        building.mkdir(mode=0o700)
        try:
            if base is not None:
                _link(base.folder, building)
            build(building)
            _seal(building)
            number = 1 + max((int(p.name[4:]) for p in root.glob("gen-*") if p.name[4:].isdigit()), default=0)
            folder = root / f"gen-{number:010d}"
            building.rename(folder)
            fsync(root)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        whole = base.base if base else sequence
        pointer = {"name": folder.name, "sequence": sequence, "fingerprint": fingerprint, "base": whole}
        write_atomic(root / POINTER, json.dumps(pointer).encode())
        _sweep(root)
    except OSError as error:
        raise CatalogueError(f"the index cannot be written: {error.strerror or error}", _HINT) from None
    return Generation(folder, sequence, fingerprint, whole)


def _link(source: Path, target: Path) -> None:
    import shutil

    for path in source.iterdir():
        try:
            os.link(path, target / path.name)
        except OSError:  # a file system without hard links
            shutil.copy2(path, target / path.name)


def _seal(folder: Path) -> None:
    manifest = {}
    for path in sorted(p for p in folder.iterdir() if p.name != MANIFEST):
        manifest[path.name] = _measured(path)
        fsync(path)
    write_atomic(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
    fsync(folder)


def _measured(path: Path) -> list[int]:
    """A file's length and CRC-32, read in parts: an index may be larger than what memory should hold."""
    length = checksum = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            length += len(part)
            checksum = crc32(part, checksum)
    return [length, checksum]


def _sweep(root: Path) -> None:
    """Remove what killed builds left over, and generations beyond those kept."""
    import shutil

    for leftover in (*root.glob("build-*"), *root.glob(".*.tmp")):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    try:
        named = json.loads((root / POINTER).read_text("utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    others = sorted(p for p in root.glob("gen-*") if p.name != named)
    for old in others[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
