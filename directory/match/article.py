"""Which words does an article have, where do they stand, and how much does each tell of it?

Offsets are into the title and the text as given; the text that is analysed is simplified, and every character of it
knows where it came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from directory import analysis, text
from directory.analysis import Analyzer
from directory.match import Trigger, weights

MAX_LENGTH = 60_000
"""Characters of a text that are read: what stands after so many words changes nothing any more."""


class Span(NamedTuple):
    """A half-open span of the analysed text."""

    start: int
    end: int


Places = dict[str, list[Span]]
"""Token -> where it stands, in order."""


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
    def words(self) -> Places:
        """The words, without those that say nothing."""
        found: Places = {}
        for token in self._analyzer.words(self.text):
            single = len(token.text) == 1 and (analysis.is_han(token.text) or not token.text.isdigit())
            if not single and not analysis.is_stopword(token.text):
                found.setdefault(token.text, []).append(Span(token.start, token.end))
        return found

    @cached_property
    def grams(self) -> Places:
        """The overlapping pairs of Han characters."""
        found: Places = {}
        for start, run in text.han_runs(self.text):
            for place in range(start, start + len(run) - 1):
                found.setdefault(self.text[place : place + 2], []).append(Span(place, place + 2))
        return found

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Words that stand beside each other."""
        ordered = sorted((spans.start, word) for word, places in self.words.items() for spans in places)
        return frozenset((a[1], b[1]) for a, b in zip(ordered, ordered[1:], strict=False))

    def weight(self, places: Iterable[Span]) -> float:
        """How much something that stands there says of the article: early and often, and most in the title.

        Between 0 and 1 + SATURATION: the tenth time says little more than the fifth.
        """
        total = 0.0
        for place in places:
            in_title = weights.TITLE if place.start < self._title_end else 1.0
            total += in_title / (1.0 + place.start / weights.POSITION)
        return total * (1.0 + weights.SATURATION) / (total + weights.SATURATION)

    def triggers(self, places: Iterable[Span]) -> tuple[Trigger, ...]:
        """Places as they are shown: the first few, in the title or text as given."""
        found = []
        for place in list(places)[: weights.SHOWN_TRIGGERS]:
            start, end = self._places[place.start], self._places[place.end]
            if start < self._title_end:
                found.append(Trigger(self._raw[start:end], start, end, "title"))
            else:
                before = self._title_end + 1 if self._title_end else 0
                found.append(Trigger(self._raw[start:end], start - before, end - before, "text"))
        return tuple(found)
