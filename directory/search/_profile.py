"""Is a document about what a query is about, whatever words either uses? The second look at the best hits.

Every word has a sense: the concepts it goes with (`_senses`). The senses of a query's words add up to what it is about,
as those of a document's words do when it is indexed. The best DEPTH documents by words are ordered again by both; those
behind them stay where they are. Names, addresses and `--exact` are never looked at in this way.

The first look is exact, and the second sees the same documents however they were found: so the page is still the one
that scoring every document gives.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

from directory.query import Query
from directory.search import _ranking as ranking

if TYPE_CHECKING:
    from directory.search import Reader
    from directory.search._plan import Plan

SCALE = 255
"""The length of a document's profile: its entries lie in one byte."""
_CONCEPTS = 16
"""Concepts of a query that are looked at, the strongest: with more of them the figures differ by chance only."""

_NEAREST = 1.01
"""As near as a document can be: entries are rounded to bytes, so that 1 is not quite the end."""
_ROUNDING = 1e-6
"""Places are rounded to this."""

Place = tuple[float, int]
"""`_ranking.place`: what documents are sorted by."""


def concept_key(slug: str) -> str:
    """The key of a concept's own sense; no word has a colon."""
    return f":{slug}"


class Profile:
    """What a query is about.

    Args:
        plan: of the query.
        reader: the open index.
    """

    def __init__(self, plan: Plan, reader: Reader) -> None:
        keys: dict[str, None] = {}
        for clause in plan.clauses:
            keys.update((token, None) for a in clause.literal if a.channel == "text" for token in a.tokens)
            if clause.concept:
                keys[concept_key(clause.concept)] = None
        found: dict[int, float] = {}
        for key in keys:
            for concept, strength in reader.sense(key):
                found[concept] = found.get(concept, 0.0) + strength
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_CONCEPTS]
        length = sqrt(sum(strength * strength for _, strength in best)) * SCALE
        self._columns = [(reader.about(concept), strength / length) for concept, strength in best]

    def __bool__(self) -> bool:
        return bool(self._columns)

    def near(self, number: int) -> float:
        """How much a document is about the same: 0 to 1 (cosine)."""
        return sum([column[number] * strength for column, strength in self._columns])

    def floor(self, places: Sequence[Place], wanted: int) -> float:
        """The score by words below which no document can come among the best after the second look.

        Args:
            places: of the best documents by words, best first, as many as are wanted or all there are.
            wanted: how many places there are.
        """
        if len(places) < wanted:
            return 0.0
        seen = self.again(places, wanted)
        return ranking.least_first(-seen[-1][0] - _ROUNDING, -places[0][0], _NEAREST) - _ROUNDING

    def again(self, places: Sequence[Place], wanted: int) -> list[Place]:
        """The best places after the second look.

        Args:
            places: of the best documents by words, best first; those behind the first DEPTH stay as they are.
            wanted: how many places there are.
        """
        if not places:
            return []
        best = -places[0][0]
        found: list[Place] = []
        for score, number in places[: ranking.DEPTH]:
            # As near as can be it would not be among the best: nor would any behind it.
            if len(found) >= wanted and -ranking.second(-score, best, _NEAREST) > found[wanted - 1][0] + _ROUNDING:
                return found[:wanted]
            insort(found, ranking.place(number, ranking.second(-score, best, self.near(number))))
        return [*found, *places[ranking.DEPTH :]][:wanted]


def of(query: Query, plan: Plan, exact: set[int], reader: Reader) -> Profile | None:
    """The profile of a query; None when there is none to be looked for.

    Args:
        query: what was asked.
        plan: of it, or of what it was repaired to.
        exact: the documents that it is the name or address of.
        reader: the open index.
    """
    if query.exact or exact or query.sort != "relevance":
        return None
    return Profile(plan, reader) or None
