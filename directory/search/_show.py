"""How is a hit shown: its score, and what to highlight in it?"""

from __future__ import annotations

from directory.search import Hit

SHOWN = ("name", "summary_zh", "summary_en")
"""The texts of a hit, in the order in which their folded forms are kept."""


def shown(hit: Hit, folded: str, score: float, surfaces: tuple[str, ...]) -> Hit:
    """A hit with its score and what to highlight in it.

    Args:
        hit: as the reader gives it.
        folded: its folded texts, those of SHOWN first.
        score: how well it answers.
        surfaces: folded texts to highlight.
    """
    highlights = {
        field: spans
        for field, line in zip(SHOWN, folded.split("\n", len(SHOWN)), strict=False)
        if (spans := highlight(getattr(hit, field), line, surfaces))
    }
    return hit._replace(score=round(score, 4), highlights=highlights)


def highlight(text: str, folded: str, surfaces: tuple[str, ...]) -> list[tuple[int, int]]:
    """The spans of a shown text that hold a surface, without overlaps, in order.

    A Latin surface must begin a word. Folding may change a text's length (`㎏`); then the offsets would lie, and
    nothing is highlighted.
    """
    if len(folded) != len(text):
        return []
    spans: list[tuple[int, int]] = []
    for surface in surfaces:
        start = folded.find(surface)
        while start >= 0:
            end = start + len(surface)
            inside = start > 0 and _is_word(surface[0]) and _is_word(folded[start - 1])
            if not inside and all(end <= s or start >= e for s, e in spans):
                spans.append((start, end))
            start = folded.find(surface, end)
    return sorted(spans)


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
