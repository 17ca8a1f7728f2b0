"""How does a file or folder on disk become a Source that an importer can read?"""

from __future__ import annotations

from pathlib import Path

from directory import plugins
from directory.errors import UnreadableFile
from directory.importers import Importer, Source, SourceFile

_MAX_FILES = 20_000
_MAX_TOTAL = 256_000_000
_ENCODINGS = ("utf-8-sig", "gb18030")


def importer(name: str) -> Importer:
    """An importer by its name.

    Raises:
        UnknownName: there is none.
    """
    found: Importer = plugins.load("importers", name)
    return found


def read(path: Path, patterns: tuple[str, ...], *, limit: int) -> Source:
    """Read a file, or the files in a folder that fit the first pattern that any fits.

    Args:
        path: the file or folder. Links that lead out of the folder are left out.
        patterns: glob patterns, the best first.
        limit: bytes of one file.

    Raises:
        UnreadableFile: nothing is there, nothing fits, or a file is binary, too large or in no known encoding.
    """
    if path.is_dir():
        root = path.resolve()
        for pattern in patterns:
            found = sorted(p for p in path.glob(pattern) if p.is_file() and p.resolve().is_relative_to(root))
            if found:
                break
        else:
            raise UnreadableFile(f"{path} holds no file such as {' or '.join(patterns)}")
        if len(found) > _MAX_FILES or sum(p.stat().st_size for p in found) > _MAX_TOTAL:
            raise UnreadableFile(f"{path} holds more than is read at once ({_MAX_FILES} files, 256 MB)")
        files = tuple(SourceFile(p.relative_to(path).as_posix(), _text(p, limit)) for p in found)
        return Source(path.resolve().name, files)
    return Source(path.name, (SourceFile(path.name, _text(path, limit)),))


def _text(path: Path, limit: int) -> str:
    try:
        if path.stat().st_size > limit:
            raise UnreadableFile(f"{path} is larger than {limit // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror}", "is the path right?") from None
    if b"\0" in content[:8192]:
        raise UnreadableFile(f"{path} is not a text file", "save it as text in UTF-8")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"{path} is not text in UTF-8 or GB 18030", "save it as text in UTF-8")
