"""Which documents answer best, without looking at all of them?

The clauses of a query divide the documents into groups: those that have the first and the second, the first alone, and
so on. What the best document of a group can score is known before it is looked at: from the highest impacts of its
clauses, the share of the query that it holds, and the prior of its first document, for documents are numbered by prior.
So groups are split clause by clause, rarest first, and left alone when their best cannot beat the worst of the best so
far (branch and bound). Groups are bitmaps in integers: splitting 100,000 documents is two operations of a microsecond.
The answer is exact: the same as scoring every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from directory.search import _ranking as ranking
from directory.search._listed import Listed, numbers_of
from directory.search._places import Place, Places
from directory.search._profile import Profile

_FEW = 24
"""A group of so many documents is cheaper to score than to split."""
_MOST = 4000
"""Splits before a query counts as too wide: then scoring everything is not slower."""
_SLACK = 1 + 1e-9
"""Bounds are computed in another order than scores; this covers the last digits."""


class TooWide(Exception):
    """The query has too many groups."""


class Contest:
    """The search for the best documents of one query.

    Args:
        clauses: the lists of the clauses that anything was found for, in the query's order.
        weights: what they are worth.
        priors: of every document.
        settled: documents below this number are numbered by prior, best first.
    """

    def __init__(
        self, clauses: Sequence[Listed], weights: Sequence[ranking.Weight], priors: Sequence[float], settled: int
    ) -> None:
        self._whole = sum(weight.held for weight in weights) or 1.0
        self._priors = priors
        self._settled = settled
        self._best_added = max(priors[settled:], default=0.0)
        ranked = sorted(zip(clauses, weights, strict=True), key=lambda pair: -pair[1].held)
        self._ranked = [(listed, weight.held, weight.worth * listed.highest) for listed, weight in ranked]
        self._impacts = [(listed.getter(), *weight) for listed, weight in ranked]
        # What the clauses from the n-th on can add at the most: to the share held, and to the total.
        self._held_left = [0.0] * (len(clauses) + 1)
        self._total_left = [0.0] * (len(clauses) + 1)
        for n in range(len(clauses) - 1, -1, -1):
            _, holding, most = self._ranked[n]
            self._held_left[n] = self._held_left[n + 1] + holding
            self._total_left[n] = self._total_left[n + 1] + most
        self._splits = 0

    def held_by_best(self, bits: int) -> float:
        """The most that any of the documents holds."""
        best = 0.0

        def split(bits: int, level: int, held: float) -> None:
            nonlocal best
            if not bits or held + self._held_left[level] <= best:
                return
            if level == len(self._ranked):
                best = held
                return
            self._count()
            listed, holding, _ = self._ranked[level]
            having = bits & listed.bits
            split(having, level + 1, held + holding)
            split(bits ^ having, level + 1, held)

        split(bits, 0, 0.0)
        return best

    def matching(self, bits: int, least: float) -> int:
        """Those of the documents that hold at least so much."""

        def split(bits: int, level: int, held: float) -> int:
            if not bits or held >= least:
                return bits
            if held + self._held_left[level] < least or level == len(self._ranked):
                return 0
            self._count()
            listed, holding, _ = self._ranked[level]
            having = bits & listed.bits
            return split(having, level + 1, held + holding) | split(bits ^ having, level + 1, held)

        return split(bits, 0, 0.0)

    def score(self, number: int) -> tuple[float, float]:
        """What a document holds, and its score."""
        held = total = 0.0
        for impact_of, worth, holding in self._impacts:
            if impact := impact_of(number, 0.0):
                held += holding
                total += worth * impact
        return held, ranking.score(total, held / self._whole, self._priors[number])

    def best(
        self, bits: int, least: float, wanted: int, known: Iterable[Place], profile: Profile | None = None
    ) -> list[Place]:
        """The best places, best first.

        Args:
            bits: the documents that compete.
            least: what a document has to hold.
            wanted: how many places there are.
            known: places of documents that were scored before and are not among `bits`.
            profile: what documents are looked at again for; None = their score by words counts.
        """
        places = Places(wanted, known, profile)
        priors = self._priors

        def split(bits: int, level: int, held: float, total: float, having: tuple[int, ...]) -> None:
            if not bits:
                return
            most_held, most_total = held + self._held_left[level], total + self._total_left[level]
            if most_held * _SLACK < least:
                return
            if places.floor > 0:
                best = priors[(bits & -bits).bit_length() - 1]
                if self._best_added and bits.bit_length() > self._settled:
                    best = max(best, self._best_added)
                if most_total * self._coordination(most_held) * best * _SLACK < places.floor:
                    return
            if level == len(self._ranked) or bits.bit_count() <= _FEW:
                most = most_total * self._coordination(most_held) * _SLACK
                self._enter(numbers_of(bits), most, level, held, having, least, places)
                return
            self._count()
            listed, holding, most = self._ranked[level]
            both = bits & listed.bits
            split(both, level + 1, held + holding, total + most, (*having, level))
            split(bits ^ both, level + 1, held, total, having)

        if wanted:
            split(bits, 0, 0.0, 0.0, ())
        return places.found

    def _enter(
        self, numbers: Iterable[int], most: float, level: int, held: float, having: tuple[int, ...], least: float,
        places: Places,
    ) -> None:  # fmt: skip
        """Let a group of documents compete.

        Args:
            numbers: of the documents.
            most: what one of them can score at the most, but for its prior.
            level: the clause from which on it is not known who has it.
            held: what those before it that all of them have come to.
            having: which these are; nobody has the others before it.
            least: what a document has to hold.
            places: the best so far.
        """
        priors, whole = self._priors, self._whole
        sure, other = [self._impacts[n] for n in having], self._impacts[level:]
        coordination = self._coordination(held)
        for number in numbers:
            prior = priors[number]
            if most * prior < places.floor:
                if not self._best_added:
                    return  # so is every document behind it
                continue
            found = 0.0
            for impact_of, worth, _ in sure:
                found += worth * impact_of(number, 0.0)
            if other:
                holds = held
                for impact_of, worth, holding in other:
                    if impact := impact_of(number, 0.0):
                        holds += holding
                        found += worth * impact
                if holds < least:
                    continue
                coordination = (holds / whole) ** ranking.COORDINATION
            score = found * coordination * prior
            if score >= places.floor:
                places.enter(number, score)

    def _coordination(self, held: float) -> float:
        return float((held / self._whole) ** ranking.COORDINATION)

    def _count(self) -> None:
        self._splits += 1
        if self._splits > _MOST:
            raise TooWide


def first_of(listed: Listed, worth: float, priors: Sequence[float], bits: int | None, places: Places) -> list[Place]:
    """The best places of a query with one clause: its list has them in order.

    Args:
        listed: the clause's list.
        worth: its idf.
        priors: of every document.
        bits: the documents that compete; None = all.
        places: those that are wanted, and known already.
    """
    documents, impacts = listed.documents, listed.impacts
    packed = b"" if bits is None else bits.to_bytes((len(priors) + 7) // 8, "little")
    seen = set()
    for place in listed.top:
        number = documents[place]
        score = ranking.score(worth * impacts[place], 1.0, priors[number])
        if score < places.floor:
            return places.found
        seen.add(number)
        if bits is None or packed[number >> 3] >> (number & 7) & 1:
            places.enter(number, score)
    for number, impact in zip(documents, impacts, strict=True):
        score = ranking.score(worth * impact, 1.0, priors[number])
        if score >= places.floor and number not in seen and (bits is None or packed[number >> 3] >> (number & 7) & 1):
            places.enter(number, score)
    return places.found
