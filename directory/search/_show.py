"""What is highlighted in a hit?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

SHOWN = ("name", "summary_zh", "summary_en")
"""The texts of a hit, in the order in which their folded forms are kept."""

Texts = tuple[str, str, str]
Highlights = dict[str, list[tuple[int, int]]]


def shown_score(score: float) -> float:
    """A score as it is shown; rounded like the places are, then once more."""
    return round(round(score, 6), 4)


def highlights(rows: Sequence[tuple[Texts, str]], surfaces: tuple[str, ...]) -> list[Highlights]:
    """For each hit of a page the spans of its texts that hold a surface, in order, without overlaps.

    A Latin surface must begin a word. Folding may change a text's length (`㎏`); then the offsets would lie, and
    nothing is highlighted in it. Fields without spans are left out. The page is looked through as one text: that is
    one call for a surface instead of one for each hit.

    Args:
        rows: the texts in SHOWN of each hit, and its folded texts, one a line, those of SHOWN first.
        surfaces: folded texts to highlight, the longest first.
    """
    lines = [line for _, folded in rows for line in folded.split("\n", len(SHOWN))[: len(SHOWN)]]
    page = "\n".join(lines)
    begins = list(accumulate(map((1).__add__, map(len, lines)), initial=0))
    spans: dict[int, list[tuple[int, int]]] = {}
    for surface in surfaces:
        start, length = page.find(surface), len(surface)
        is_word = _is_word(surface[0])
        while start >= 0:
            stop = start + length
            if not (is_word and start > 0 and _is_word(page[start - 1])):
                taken = spans.setdefault(bisect_right(begins, start) - 1, [])
                if not taken or all(stop <= s or start >= e for s, e in taken):
                    taken.append((start, stop))
            start = page.find(surface, stop)
    found: list[Highlights] = [{} for _ in rows]
    for line, taken in sorted(spans.items()):
        row, field = divmod(line, len(SHOWN))
        if len(lines[line]) == len(rows[row][0][field]):
            begin = begins[line]
            found[row][SHOWN[field]] = [(s - begin, e - begin) for s, e in sorted(taken)]
    return found


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
