"""Which terms stand in an article, under which names, and which terms lie beside those?"""

from __future__ import annotations

from typing import NamedTuple

from directory.match import weights
from directory.match.article import Article, Span
from directory.taxonomy import Taxonomy


class Concept(NamedTuple):
    """A term that the article is about, or that lies beside one."""

    slug: str
    weight: float
    """0 to about 2."""
    places: tuple[Span, ...]
    """Where the words stand that lead to it."""
    path: tuple[str, ...]
    """The label as written, the term, and for a term beside it the edge and the other term."""
    edge: str
    """Empty, or `related`, `broader`, `narrower`."""


def find(article: Article, taxonomy: Taxonomy) -> dict[str, Concept]:
    """The terms that stand in the article and those one edge away, by slug.

    A term that stands there and is also reached by an edge keeps its words as evidence and gains the edge's weight: of
    several ways the strongest counts, the others a little.
    """
    places: dict[str, list[Span]] = {}
    for mention in taxonomy.find(article.folded):
        if not mention.hidden:
            places.setdefault(mention.slug, []).append((mention.start, mention.end))
    direct: dict[str, Concept] = {}
    for slug, spans in places.items():
        label = article.text[slice(*spans[0])]
        direct[slug] = Concept(slug, article.weight(s for s, _ in spans), tuple(spans), (label, slug), "")
    return direct | _spread(direct, taxonomy)


def _spread(direct: dict[str, Concept], taxonomy: Taxonomy) -> dict[str, Concept]:
    """The terms that are reached by an edge, with what they gain by it."""
    ways: dict[str, list[tuple[float, str, Concept]]] = {}
    for slug, source in direct.items():
        for other, edge, factor in _beside(slug, taxonomy):
            ways.setdefault(other, []).append((source.weight * factor, edge, source))
    found = {}
    for other, reached in ways.items():
        reached.sort(key=lambda way: (-way[0], way[2].slug))
        gained = reached[0][0] + weights.ECHO * sum(way[0] for way in reached[1:])
        known = direct.get(other)
        if known is not None:
            found[other] = known._replace(weight=known.weight + min(gained, weights.MOST_GAINED))
        else:
            _, edge, source = reached[0]
            path = (*source.path, f"-{edge}->", other)
            found[other] = Concept(other, min(gained, weights.MOST_GAINED), source.places, path, edge)
    return found


def _beside(slug: str, taxonomy: Taxonomy) -> list[tuple[str, str, float]]:
    """The terms one edge away, the edge, and how much of a term's weight it carries."""
    term = taxonomy.terms[slug]
    if slug in weights.EVERYDAY:
        return []
    return [
        *((other, "related", weights.RELATED) for other in term.related),
        *((other, "broader", weights.BROADER) for other in term.broader),
        *((other, "narrower", weights.NARROWER) for other in taxonomy.narrower(slug)),
    ]
