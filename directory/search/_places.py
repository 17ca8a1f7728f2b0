"""Which documents are the best so far, and what must another one score to come among them?"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from directory.search import _ranking as ranking
from directory.search._profile import Profile

Place = tuple[float, int]
"""`_ranking.place`: what documents are sorted by."""

_ROUNDING = 1e-6
"""Places are rounded; this covers the last digits."""


class Places:
    """The best places so far (`_ranking.place`), best first.

    Args:
        wanted: how many there are.
        known: places of documents that were scored before.
        profile: what documents are looked at again for; None = their score by words counts.
    """

    def __init__(self, wanted: int, known: Iterable[Place], profile: Profile | None) -> None:
        self.found = sorted(known)[:wanted]
        self.floor = 0.0
        """The score by words below which no document can get a place."""
        self._wanted = wanted
        self._worst = 0.0
        self._flattened = 0.0
        self._profile = profile
        self._raise()

    def enter(self, number: int, score: float) -> None:
        """A document competes with its score by words."""
        if self._profile is not None:
            flattened = self._profile.flattened(number, score)
            if flattened < self._flattened:
                return
            score = flattened**ranking.POWER
        if len(self.found) == self._wanted:
            if score < self._worst or not self.found:
                return
            place = ranking.place(number, score)
            if place >= self.found[-1]:
                return
            self.found.pop()
        else:
            place = ranking.place(number, score)
        insort(self.found, place)
        self._raise()

    def _raise(self) -> None:
        if self.found and len(self.found) == self._wanted:
            self._worst = -self.found[-1][0] - _ROUNDING
            if self._profile is None:
                self.floor = self._worst
            else:
                self._flattened, self.floor = self._profile.least(self._worst)
