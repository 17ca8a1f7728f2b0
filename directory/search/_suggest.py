"""What could the beginning of a query become? Names and keywords that begin with it, in either script or in pinyin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from directory import text
from directory.search import Suggestion
from directory.search import _ranking as ranking
from directory.search._order import GONE
from directory.taxonomy import Taxonomy, Term

if TYPE_CHECKING:
    from directory.search._backend import Reader

_KEYWORD = 3.0
"""A keyword stands for many resources, so it comes before all but the best known names."""
_ALIAS = 0.8
"""Of two labels of a keyword the preferred one is shown."""


def suggest(prefix: str, limit: int, reader: Reader, taxonomy: Taxonomy) -> list[Suggestion]:
    """What begins with what was typed, the most likely first; every resource and keyword once.

    Args:
        prefix: the beginning of a query; case, width, separators and traditional characters do not matter.
        limit: how many at most.
        reader: the open index.
        taxonomy: the terms.
    """
    typed = text.squash(prefix)
    if not typed:
        return []
    found: dict[tuple[str, str], tuple[float, Suggestion]] = {}

    def offer(written: str, weight: float, suggestion: Suggestion) -> None:
        if not written.startswith(typed):
            return
        weight *= 0.5 + len(typed) / len(written)  # the less is left to type, the likelier
        key = (suggestion.kind, suggestion.slug)
        if key not in found or found[key][0] < weight:
            found[key] = (weight, suggestion)

    begun = dict.fromkeys(slug for key, slugs in taxonomy.keys.items() if key.startswith(typed) for slug in slugs)
    for weight, label, slug in _labels(map(taxonomy.terms.__getitem__, begun)):
        offer(text.squash(label), weight, Suggestion(label, "category", slug))
    for number in reader.called(typed):
        row = reader.rows[number]
        if row.state not in GONE:
            weight = ranking.prior(row.stars, row.cited_by, row.state)
            offer(text.squash(row.name), weight, Suggestion(row.name, "resource", reader.hit(number).slug))
    if typed.isascii() and len(typed) > 1:
        readings = reader.spelling().readings
        for weight, label, slug in _labels(taxonomy):
            syllables = [readings.get(c, c) for c in text.fold(label)] if text.has_han(label) else []
            for reading in ("".join(syllables), "".join(s[:1] for s in syllables)):
                offer(reading, weight / 2, Suggestion(label, "category", slug))
    best = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].text))
    return [suggestion for _, suggestion in best[:limit]]


def _labels(terms: Iterable[Term]) -> Iterable[tuple[float, str, str]]:
    for term in terms:
        for label in term.labels:
            if label.kind != "hidden":
                yield _KEYWORD * (1.0 if label.kind == "pref" else _ALIAS), label.text, term.slug
