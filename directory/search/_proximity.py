"""Do the words of a query stand together in a document? A look at the texts of the few best, after the scoring.

The index has no positions: half its size would be. The best candidates' folded texts are at hand, and a few hundred
characters are searched faster than positions are decoded.
"""

from __future__ import annotations

from collections.abc import Sequence

from directory.search import _ranking as ranking


def factor(folded: str, surfaces: Sequence[str]) -> float:
    """From 1 when no two neighbours of the query stand together, to 1 + PROXIMITY when all do.

    Args:
        folded: the folded texts of a document, one a line.
        surfaces: what is asked for, folded, in the order of the query.
    """
    pairs = list(zip(surfaces, surfaces[1:], strict=False))
    if not pairs:
        return 1.0
    return 1.0 + ranking.PROXIMITY * sum(_near(folded, *pair) for pair in pairs) / len(pairs)


def _near(folded: str, one: str, other: str) -> bool:
    """Whether two texts stand in one line with at most NEAR characters between them, in either order."""
    start = folded.find(one)
    while start >= 0:
        end = start + len(one)
        # From the end of the one forwards, and from its start backwards.
        after = folded[end : end + ranking.NEAR + len(other)].partition("\n")[0]
        before = folded[max(0, start - ranking.NEAR - len(other)) : start].rpartition("\n")[2]
        if other in after or other in before:
            return True
        start = folded.find(one, end)
    return False
