"""Which candidates mean what an article means, whatever words either uses? Only where the index has vectors.

    score(d) = score by words ^ WORDED x e^(LIKENESS x how much nearer d comes than candidates do on average)

So words decide who is a candidate, and whether anything fits at all; meaning decides among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import exp
from typing import TYPE_CHECKING, NamedTuple

from directory.match import weights
from directory.match.article import Article, Span
from directory.match.source import Source

if TYPE_CHECKING:
    from directory.meaning.nearness import Meaning

_END = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s|\n+")
"""Where a passage ends."""


class Likeness(NamedTuple):
    """How much a candidate gains by what it means."""

    factor: float
    """On its score; 1 = as near as candidates are on average."""
    passage: Span
    """Of the article's passages the one it comes nearest to."""

    @property
    def share(self) -> float:
        """How much of the score it carries; nothing where it only took away."""
        return max(0.0, 1.0 - 1.0 / self.factor)


def passages(article: Article) -> list[Span]:
    """The sentences of the title and the beginning; a text without any is one passage."""
    whole = article.text[: weights.PASSAGE_REACH]
    found: list[Span] = []
    start = 0
    for end in (*(match.start() for match in _END.finditer(whole)), len(whole)):
        part = whole[start:end]
        kept = part.strip()
        if len(kept) >= weights.PASSAGE_LENGTH:
            begin = start + part.index(kept)
            found.append((begin, begin + len(kept)))
        start = end
    return found or ([(0, len(whole))] if whole.strip() else [])


def find(article: Article, numbers: Sequence[int], source: Source, meaning: Meaning) -> dict[int, Likeness]:
    """How much each candidate gains or loses.

    Args:
        article: the article.
        numbers: the candidates.
        source: the index.
        meaning: its vectors.
    """
    spans = passages(article)
    if not spans or not numbers:
        return {}
    near = meaning.near([source.hit(n).slug for n in numbers], [article.text[slice(*span)] for span in spans])
    typical = sum(found.value for found in near) / len(near)
    return {
        number: Likeness(exp(weights.LIKENESS * (found.value - typical)), spans[found.passage])
        for number, found in zip(numbers, near, strict=True)
    }
