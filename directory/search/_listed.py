"""Which documents are in a list? A posting list with its impacts, and as a bitmap in one integer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, count

_OFTEN, _SMALL = 3, 4096
"""From which question on, and up to which length, a list is kept as a dictionary."""
_FEW = 100
"""Numbers in a bitmap up to which they are taken from the top."""


class Listed:
    """The documents that have a token or a clause, ascending, and how much they are about it.

    Args:
        documents: their numbers.
        impacts: the impact on each.
        literal: how many of them hold the words themselves.
        highest: the highest impact.
        top: places in the list of the best by prior x impact, best first; empty when nobody wrote them down.
        dense: the bitmap, where it is written down.
    """

    def __init__(
        self,
        documents: Sequence[int],
        impacts: Sequence[float],
        literal: int,
        highest: float,
        top: Sequence[int] = (),
        dense: bytes | memoryview = b"",
    ) -> None:
        self.documents = documents
        self.impacts = impacts
        self.literal = literal
        self.highest = highest
        self.top = top
        self._dense = dense
        self._asked = 0

    @cached_property
    def bits(self) -> int:
        """The documents as a bitmap in one integer: the interpreter's own arithmetic works on 100,000 at once."""
        if self._dense:
            return int.from_bytes(self._dense, "little")
        return to_bits(self.documents)

    def getter(self) -> Callable[[int, float], float]:
        """What gives the impact on a document, or the second argument for one that is not listed.

        A list that is asked for again and again is turned into a dictionary: five times as fast, and not worth making
        for a single query.
        """
        self._asked += 1
        if self._asked > _OFTEN and len(self.documents) <= _SMALL:
            return self._mapping.get
        return self._impact

    @cached_property
    def _mapping(self) -> dict[int, float]:
        return dict(zip(self.documents, self.impacts, strict=True))

    def _impact(self, number: int, otherwise: float) -> float:
        place = bisect_left(self.documents, number)
        return self.impacts[place] if place < len(self.documents) and self.documents[place] == number else otherwise


def to_bits(numbers: Collection[int] | Sequence[int]) -> int:
    """Numbers as a bitmap."""
    if not numbers:
        return 0
    found = bytearray((max(numbers) >> 3) + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def numbers_of(bits: int) -> Iterable[int]:
    """The numbers in a bitmap, ascending.

    A few are taken from the top, each time leaving a shorter integer: ten times as fast as looking at every word.
    """
    if bits.bit_count() > _FEW:
        return _all_numbers(bits)
    found = []
    while bits:
        highest = bits.bit_length() - 1
        found.append(highest)
        bits ^= 1 << highest
    return reversed(found)


def _all_numbers(bits: int) -> Iterator[int]:
    words = memoryview(bits.to_bytes((bits.bit_length() + 63) // 64 * 8, "little")).cast("Q")
    for place, word in zip(compress(count(0, 64), words), filter(None, words), strict=True):
        while word:
            lowest = word & -word
            yield place + lowest.bit_length() - 1
            word ^= lowest
