"""How near do resources come to what a text says, and to which passage of it?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from directory import text
from directory.meaning import encoder, store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Near(NamedTuple):
    """How near a resource comes."""

    value: float
    """-1 to 1: half the cosine with what the passages say together, half that with the nearest of them."""
    passage: int
    """The nearest passage's place among them."""


class Meaning:
    """The resources of an index by what they mean.

    Args:
        parts: at least one; of a resource that stands in several the last is true.
    """

    def __init__(self, parts: Sequence[store.Placed]) -> None:
        self._space = parts[0].space
        self._vectors: dict[str, NDArray[np.int8]] = {}
        for part in parts:
            self._vectors.update(zip(part.slugs, part.vectors, strict=True))

    def near(self, slugs: Sequence[str], passages: Sequence[str]) -> list[Near]:
        """How near resources come to a text.

        Args:
            slugs: the resources; one that is not known is as near as the others are on average.
            passages: of the text, in order, each some sentence long; none of them empty.
        """
        import numpy as np

        if not slugs or not passages:
            return [Near(0.0, 0)] * len(slugs)
        chinese = np.array([text.has_han(passage) for passage in passages])
        asked = self._space.passages(encoder.encode(passages), chinese)
        none = np.zeros(encoder.SIZE, np.int8)
        kept = np.stack([self._vectors.get(slug, none) for slug in slugs]).astype(np.float32)
        length = np.linalg.norm(kept, axis=1)
        cosines = asked @ (kept / np.maximum(length, 1e-9)[:, None]).T
        values = (cosines[0] + cosines[1:].max(axis=0)) / 2
        if length.any():
            values[length == 0] = values[length > 0].mean()
        return [Near(float(v), int(p)) for v, p in zip(values, cosines[1:].argmax(axis=0), strict=True)]


def open_meaning(folder: Path) -> Meaning:
    """The vectors of a generation that was built with them.

    Raises:
        IndexDamaged: they cannot be read.
    """
    return Meaning(store.read(folder))
