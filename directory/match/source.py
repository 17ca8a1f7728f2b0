"""How is the index read by those who weigh it in their own way? A Reader, with what is asked again and again kept."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from directory import analysis, text
from directory.analysis import Analyzer
from directory.match import weights
from directory.search import Hit
from directory.search._ranking import idf

if TYPE_CHECKING:
    from directory.search import Reader

_REMEMBERED = 20_000
"""Postings, and words of documents, that are kept: articles about one field ask for the same ones."""


class Source:
    """An open index and its analyzer.

    Args:
        reader: the open index.
        analyzer: the one it was built with.
    """

    def __init__(self, reader: Reader, analyzer: Analyzer) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self.postings = lru_cache(_REMEMBERED)(self._postings)
        self.having = lru_cache(_REMEMBERED)(self._having)
        self.hit = lru_cache(_REMEMBERED)(self._hit)
        self.own = lru_cache(_REMEMBERED)(self._own)

    @cached_property
    def size(self) -> int:
        """How many documents there are."""
        return len(self._reader.rows)

    @cached_property
    def _priors(self) -> list[float]:
        gone = self._reader.deleted
        known = zip(self._reader.priors, self._reader.rows, strict=True)
        return [0.0 if n in gone or row.state in weights.GONE else prior for n, (prior, row) in enumerate(known)]

    def number(self, slug: str) -> int | None:
        """The document of a resource; None when it has none (hidden)."""
        # A slug is one of the names a document is found by; others may share it.
        named = self.having("key", f"name:{text.squash(slug)}")
        return next((n for n in named if self.hit(n).slug == slug), None)

    def prior(self, number: int) -> float:
        """What is known of a document apart from the words; 0 = it must not be proposed."""
        return self._priors[number]

    def idf(self, having: int) -> float:
        """How much something says that so many documents have."""
        return idf(self.size, having)

    def _postings(self, channel: str, token: str) -> dict[int, float]:
        """The documents that have a token, and how much they are about it; `text` includes guessed translations."""
        found = dict(self._reader.postings(channel, token))
        if channel == "text":
            for number, impact in self._reader.postings("guess", token):
                found.setdefault(number, impact)
        return found

    def _having(self, channel: str, token: str) -> tuple[int, ...]:
        return tuple(n for n, _ in self._reader.postings(channel, token))

    def _hit(self, number: int) -> Hit:
        return self._reader.hit(number)

    def _own(self, number: int) -> tuple[dict[str, float], frozenset[tuple[str, str]]]:
        """The telling words of a document's summary with their idf, and those that stand beside each other."""
        shown = self._hit(number)
        pairs: list[tuple[str, str]] = []
        telling: dict[str, float] = {}
        for summary in filter(None, (shown.summary_zh, shown.summary_en)):
            words = [t.text for t in self._analyzer.words(summary) if not analysis.is_stopword(t.text)]
            pairs += pairwise(words)
            if not telling:  # in one language: an article is written in one, too
                telling = {word: self.idf(len(self.postings("text", word))) for word in dict.fromkeys(words)}
        return telling, frozenset(pairs)
