"""Is a document about what a query is about, whatever words either uses? The second look.

Every word has a sense: the concepts it goes with (`_senses`). The senses of a query's words add up to what it is about,
as those of a document's words do when it is indexed. Documents that are about the same gain by it. Names, addresses and
`--exact` are never looked at in this way.

How much a document can gain at the most is known, so those that cannot come on the page need not be looked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import compress, count
from math import sqrt
from operator import itemgetter, mul
from typing import TYPE_CHECKING

from directory.query import Query
from directory.search import _ranking as ranking

if TYPE_CHECKING:
    from directory.search._backend import Reader
    from directory.search._plan import Plan

SCALE = 255
"""The length of a document's profile: its entries lie in one byte."""
_CONCEPTS = 12
"""Concepts of a query that are looked at, the strongest: from 10 to 20 the figures differ by chance only."""

_NEAREST = 1.01
"""As near as a document can be: entries are rounded to bytes, so that 1 is not quite the end."""
FIELD, _UNIT = 4, 1 << 11
"""Bytes of a field of a packed sense, and what 1 is in it."""
_FLAT = ranking.FLAT
_ROUNDING = 1e-6
"""Scores are compared rounded to this."""


def concept_key(slug: str) -> str:
    """The key of a concept's own sense; no word has a colon."""
    return f":{slug}"


def packed(sense: Iterable[tuple[int, float]]) -> int:
    """A sense as one integer with a field for each concept: so adding up senses is an addition for each word.

    Args:
        sense: concepts by number, and how much a word goes with each, times its rarity.
    """
    shares = dict(sense)
    fields = array("I", bytes(FIELD * (max(shares, default=-1) + 1)))
    for concept, strength in shares.items():
        fields[concept] = min(round(_UNIT * strength), 0x7FFF)
    return int.from_bytes(fields.tobytes(), "little")


def unpacked(total: int) -> Sequence[int]:
    """The fields of senses that were added up."""
    return memoryview(total.to_bytes((total.bit_length() + 8 * FIELD - 1) // (8 * FIELD) * FIELD, "little")).cast("I")


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
        strengths = unpacked(sum(map(reader.sense, keys)))
        concepts = sorted(compress(count(), strengths), key=strengths.__getitem__, reverse=True)[:_CONCEPTS]
        self._gain = ranking.NEAR * typical**_FLAT
        scale = self._gain / (sqrt(sum([strengths[concept] ** 2 for concept in concepts])) * SCALE or 1.0)
        self._profile = reader.profile
        self._shares = [strengths[concept] * scale for concept in concepts]
        # Two at least, so that what is picked is always a tuple; a share of nothing counts nothing.
        self._pick = itemgetter(*concepts, *[concepts[0]] * (len(concepts) == 1)) if concepts else _none

    def flattened(self, number: int, scored: float) -> float:
        """What a document has after the second look, before the power is taken back: enough to compare documents.

        Args:
            number: the document.
            scored: its score by words.
        """
        return float(scored**_FLAT + sum(map(mul, self._pick(self._profile(number)), self._shares)))

    def again(self, number: int, scored: float) -> float:
        """The score of a document after the second look; never less than before (`_ranking.NEAR`)."""
        return float(self.flattened(number, scored) ** ranking.POWER)

    def least(self, seconded: float) -> tuple[float, float]:
        """What a document must have to have so much after the second look: flattened, and by words alone."""
        flattened = max(seconded - _ROUNDING, 0.0) ** _FLAT
        powered = flattened - self._gain * _NEAREST
        return flattened, float(powered**ranking.POWER) - _ROUNDING if powered > 0 else 0.0


def _none(profile: Sequence[int]) -> tuple[int, ...]:
    return ()


def of(
    query: Query, plan: Plan, exact: set[int], reader: Reader, weights: Sequence[ranking.Weight], held: float
) -> Profile | None:
    """The profile of a query; None when nothing is to be looked at again.

    Args:
        query: what was asked.
        plan: of it, or of what it was repaired to.
        exact: the documents that it is the name or address of.
        reader: the open index.
        weights: of its clauses; nothing, or left out, when nothing has them.
        held: the most that any document holds.
    """
    if query.exact or exact or query.sort != "relevance":
        return None
    worth, whole = (sum(values) for values in zip(*weights, strict=True)) if weights else (0.0, 0.0)
    return Profile(plan, reader, ranking.score(worth, held / whole, 1.0) if whole else 0.0)
