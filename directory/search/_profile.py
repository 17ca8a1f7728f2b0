"""Is a document about what a query is about, whatever words either uses? The second look.

Every word has a sense: the concepts it goes with (`_senses`). The senses of a query's words add up to what it is about,
as those of a document's words do when it is indexed. Documents that are about the same gain by it. Names, addresses and
`--exact` are never looked at in this way.

How much a document can gain at the most is known, so those that cannot come on the page need not be looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import sqrt
from operator import itemgetter
from typing import TYPE_CHECKING

from directory.query import Query
from directory.search import _ranking as ranking

if TYPE_CHECKING:
    from directory.search import Reader
    from directory.search._plan import Plan

SCALE = 255
"""The length of a document's profile: its entries lie in one byte."""
_CONCEPTS = 8
"""Concepts of a query that are looked at, the strongest: from 6 to 24 the figures differ by chance only."""

_NEAREST = 1.01
"""As near as a document can be: entries are rounded to bytes, so that 1 is not quite the end."""
_POWER = 1 / ranking.FLAT
_ROUNDING = 1e-6
"""Scores are compared rounded to this."""


def concept_key(slug: str) -> str:
    """The key of a concept's own sense; no word has a colon."""
    return f":{slug}"


class Profile:
    """What a query is about.

    Args:
        plan: of the query.
        reader: the open index.
        typical: what a document that holds most of the query scores by words.
    """

    def __init__(self, plan: Plan, reader: Reader, typical: float) -> None:
        keys: dict[str, None] = {}
        for clause in plan.clauses:
            for alternative in clause.literal:
                if alternative.channel == "text":
                    keys.update(dict.fromkeys(alternative.tokens))
            if clause.concept:
                keys[concept_key(clause.concept)] = None
        found: dict[int, float] = {}
        for concept, strength in chain.from_iterable(map(reader.sense, keys)):
            found[concept] = found.get(concept, 0.0) + strength
        strongest = sorted(found.items(), key=itemgetter(1), reverse=True)[:_CONCEPTS]
        self._gain = ranking.NEAR * typical**ranking.FLAT
        scale = self._gain / (sqrt(sum(strength * strength for _, strength in strongest)) * SCALE or 1.0)
        self._columns = [(reader.about(concept), strength * scale) for concept, strength in strongest]

    def again(self, number: int, scored: float) -> float:
        """The score of a document after the second look; never less than before (`_ranking.NEAR`).

        Args:
            number: the document.
            scored: its score by words.
        """
        gain = sum([column[number] * share for column, share in self._columns])
        return float((scored**ranking.FLAT + gain) ** _POWER)

    def least(self, seconded: float) -> float:
        """The score by words below which no document can have so much after the second look."""
        powered = max(seconded - _ROUNDING, 0.0) ** ranking.FLAT - self._gain * _NEAREST
        return float(powered**_POWER) - _ROUNDING if powered > 0 else 0.0


def of(
    query: Query, plan: Plan, exact: set[int], reader: Reader, rarity: Sequence[float], held: float
) -> Profile | None:
    """The profile of a query; None when nothing is to be looked at again.

    Args:
        query: what was asked.
        plan: of it, or of what it was repaired to.
        exact: the documents that it is the name or address of.
        reader: the open index.
        rarity: of its clauses; 0 or left out when nothing has them.
        held: the most rarity that any document holds.
    """
    if query.exact or exact or query.sort != "relevance":
        return None
    whole = sum(rarity)
    return Profile(plan, reader, ranking.score(whole, held / whole, 1.0) if whole else 0.0)
