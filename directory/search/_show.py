"""What is highlighted in a hit?"""

from __future__ import annotations

from directory.search import Hit

SHOWN = ("name", "summary_zh", "summary_en")
"""The texts of a hit, in the order in which their folded forms are kept."""

Highlights = dict[str, list[tuple[int, int]]]


def shown(hit: Hit, folded: str, score: float, surfaces: tuple[str, ...]) -> Hit:
    """A hit with its score and what to highlight in it.

    Args:
        hit: as the reader gives it.
        folded: its folded texts, one a line, those of SHOWN first.
        score: how well it answers.
        surfaces: folded texts to highlight, the longest first.
    """
    texts = (hit.name, hit.summary_zh, hit.summary_en)
    return hit._replace(score=shown_score(score), highlights=highlights(texts, folded, surfaces))


def shown_score(score: float) -> float:
    """A score as it is shown; rounded like the places are, then once more."""
    return round(round(score, 6), 4)


def highlights(texts: tuple[str, str, str], folded: str, surfaces: tuple[str, ...]) -> Highlights:
    """The spans of the texts in SHOWN that hold a surface, without overlaps, in order; fields without any are left out.

    A Latin surface must begin a word. Folding may change a text's length (`㎏`); then the offsets would lie, and
    nothing is highlighted in it.
    """
    first = folded.find("\n")
    second = folded.find("\n", first + 1)
    end = folded.find("\n", second + 1)
    end = len(folded) if end < 0 else end
    spans: list[tuple[int, int]] = []
    for surface in surfaces:
        start = folded.find(surface, 0, end)
        while start >= 0:
            stop = start + len(surface)
            inside = start > 0 and _is_word(surface[0]) and _is_word(folded[start - 1])
            if not inside and (not spans or all(stop <= s or start >= e for s, e in spans)):
                spans.append((start, stop))
            start = folded.find(surface, stop, end)
    found: Highlights = {}
    if spans:
        spans.sort()
        lines = ((0, first), (first + 1, second), (second + 1, end))
        for field, text, (begins, ends) in zip(SHOWN, texts, lines, strict=True):
            if ends - begins == len(text):
                inside_it = [(s - begins, e - begins) for s, e in spans if begins <= s < ends]
                if inside_it:
                    found[field] = inside_it
    return found


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
