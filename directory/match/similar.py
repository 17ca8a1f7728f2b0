"""What is like a resource? What shares its terms and the words of its summary."""

from __future__ import annotations

from heapq import nsmallest

from directory.match import Evidence, Kind, Matched, weights
from directory.match.source import Source


def find(slug: str, source: Source, limit: int) -> list[Matched]:
    """The resources most like one, with the terms and words they share.

    The same formula as for an article, whose words are the resource's own: rare words and terms count most, and what
    holds many of them comes before what holds one often.

    Args:
        slug: the resource.
        source: the index.
        limit: how many at most.
    """
    number = source.number(slug)
    if number is None:
        return []
    features: dict[tuple[Kind, str], float] = {}
    for word in source.own(number)[0]:
        features["word", word] = 1.0
    for place, term in enumerate(source.hit(number).categories):
        features["term", term] = weights.SHARED_TERM * (weights.AT_HOME if place == 0 else 1.0)
    total: dict[int, float] = {}
    held: dict[int, float] = {}
    parts: dict[tuple[Kind, str], float] = {}
    for (kind, what), weight in features.items():
        postings = source.postings("text" if kind == "word" else "concept", what)
        parts[kind, what] = weight * source.idf(len(postings))
        for other, impact in postings.items():
            total[other] = total.get(other, 0.0) + parts[kind, what] * impact
            held[other] = held.get(other, 0.0) + parts[kind, what]
    whole = sum(parts.values()) or 1.0
    total.pop(number, None)
    scored = {
        n: s * (held[n] / whole) ** weights.COORDINATION * source.prior(n) ** weights.SIMILAR_PRIOR
        for n, s in total.items()
        if source.prior(n)
    }
    best = nsmallest(limit, scored, key=lambda n: (-scored[n], n))
    most = scored[best[0]] if best else 1.0
    return [
        Matched(source.hit(n), round(scored[n] / most, 4), _home(n, source), _shared(n, total[n], parts, source))
        for n in best
    ]


def _home(number: int, source: Source) -> str:
    categories = source.hit(number).categories
    return categories[0] if categories else ""


def _shared(number: int, total: float, parts: dict[tuple[Kind, str], float], source: Source) -> tuple[Evidence, ...]:
    shares = {
        (kind, what): part * source.postings("text" if kind == "word" else "concept", what).get(number, 0.0) / total
        for (kind, what), part in parts.items()
    }
    listed = sorted(((s, key) for key, s in shares.items() if s >= weights.LEAST_SHARE), reverse=True)
    return tuple(
        Evidence(kind, what, (what,), (), 1, round(share, 4))
        for share, (kind, what) in listed[: weights.SHOWN_EVIDENCE]
    )
