"""Which words does an article have, where do they stand, and how much does each tell of it?

Offsets are into the title and the text as given; the text that is analysed is simplified, and every character of it
knows where it came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from directory import analysis, text
from directory.analysis import Analyzer, Token
from directory.match import Trigger, weights

MAX_LENGTH = 60_000
"""Characters of a text that are read: what stands after so many words changes nothing any more."""


Span = tuple[int, int]
"""A half-open span of the analysed text."""

Starts = dict[str, list[int]]
"""Something of the text -> where it begins, in order."""


class Article:
    """A title and a text, analysed.

    Args:
        title: may be empty.
        body: the text, without markup.
        analyzer: the index's own.
    """

    def __init__(self, title: str, body: str, analyzer: Analyzer) -> None:
        self.title = title
        self.body = body
        self._analyzer = analyzer
        raw = f"{title}\n{body[:MAX_LENGTH]}" if title else body[:MAX_LENGTH]
        self._raw = raw
        self._title_end = len(title)
        self.text, self._places = text.aligned(raw)
        self.folded = text.lower_in_place(self.text)

    @cached_property
    def _tokens(self) -> list[Token]:
        """The words that say something, in order."""
        return [
            token
            for token in self._analyzer.words(self.text)
            if not analysis.is_stopword(token.text) and (len(token.text) > 1 or not analysis.is_han(token.text))
        ]

    @cached_property
    def words(self) -> Starts:
        """The words, without those that say nothing."""
        found: Starts = {}
        for word, start, _, _ in self._tokens:
            found.setdefault(word, []).append(start)
        return found

    @cached_property
    def telling(self) -> dict[str, float]:
        """How much each word tells of the article."""
        return {word: self.weight(starts) for word, starts in self.words.items()}

    @cached_property
    def grams(self) -> Starts:
        """The overlapping pairs of Han characters of the title and the beginning."""
        found: Starts = {}
        for start, run in text.han_runs(self.text[: weights.GRAM_REACH]):
            for place in range(len(run) - 1):
                found.setdefault(run[place : place + 2], []).append(start + place)
        return found

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Words that stand beside each other."""
        words = [token.text for token in self._tokens]
        return frozenset(pairwise(words))

    @cached_property
    def _ends(self) -> dict[int, int]:
        return {token.start: token.end for token in self._tokens}

    def spans(self, word: str) -> list[Span]:
        """Where a word stands."""
        return [(start, self._ends[start]) for start in self.words[word]]

    def weight(self, starts: Iterable[int]) -> float:
        """How much something that begins there says of the article: early and often, and most in the title.

        Between 0 and 1 + SATURATION: the tenth time says little more than the fifth.
        """
        total = 0.0
        for start in starts:
            total += (weights.TITLE if start < self._title_end else 1.0) / (1.0 + start / weights.POSITION)
        return total * (1.0 + weights.SATURATION) / (total + weights.SATURATION)

    def triggers(self, spans: Iterable[Span]) -> tuple[Trigger, ...]:
        """Places as they are shown: the first few, in the title or text as given."""
        found = []
        for span in list(spans)[: weights.SHOWN_TRIGGERS]:
            start, end = self._places[span[0]], self._places[span[1]]
            if start < self._title_end:
                found.append(Trigger(self._raw[start:end], start, end, "title"))
            else:
                before = self._title_end + 1 if self._title_end else 0
                found.append(Trigger(self._raw[start:end], start - before, end - before, "text"))
        return tuple(found)
