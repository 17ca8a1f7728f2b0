"""How much has each resource to do with an article, and what carries its score?

    score(d) = prior(d) x held(d)^COORDINATION x sum over features of weight x idf x impact(feature, d)

A feature is a word, a pair of characters or a term of the article. `held` is the share of the article's telling words
that the resource has. The best candidates are looked at again from their own side: how much of what their summary says
stands in the article? And where the index has vectors (`directory.meaning`): do they mean the same?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from directory.match import likeness, weights
from directory.match.article import Article, Starts
from directory.match.concept import Concept
from directory.match.likeness import Likeness
from directory.match.source import Source

if TYPE_CHECKING:
    from directory.meaning.nearness import Meaning


class Feature(NamedTuple):
    """Something of the article that resources can have."""

    kind: str
    """`word`, `gram` or `term`."""
    what: str
    channel: str
    weight: float
    """What an impact of 1 is worth."""
    telling: float
    """Its part in what a resource can hold; 0 for pairs of characters, which say again what words say."""


class Scores(NamedTuple):
    """What has to do with the article."""

    best: dict[int, float]
    """The candidates' scores, the best first; the best is 1."""
    others: dict[int, float]
    """The scores of all other resources, which nobody looked at from their own side."""
    features: tuple[Feature, ...]
    held: float
    """The share of everything telling in the article that the best resource holds."""
    said: float
    """How much of a resource's summary the article says at most, in words: a rare word at the article's start is 1."""
    likeness: Mapping[int, Likeness]
    """What meaning added to the candidates' scores, or took away; empty where the index has no vectors."""


def score(article: Article, concepts: Mapping[str, Concept], source: Source, meaning: Meaning | None = None) -> Scores:
    """The resources that have most to do with an article."""
    words, unknown = _words(article, source)
    features = [*words, *_grams(article, source), *_terms(concepts, source)]
    total: dict[int, float] = {}
    held: dict[int, float] = {}
    whole = sum(feature.telling for feature in features) or 1.0
    for feature in features:
        weight, part = feature.weight, feature.telling / whole
        for number, impact in source.postings(feature.channel, feature.what).items():
            total[number] = total.get(number, 0.0) + weight * impact
            if part:
                held[number] = held.get(number, 0.0) + part
    scored = {
        number: found * (held.get(number, 0.0) + weights.FLOOR) ** weights.COORDINATION * source.prior(number)
        for number, found in total.items()
    }
    candidates = _best(scored, weights.CANDIDATES)
    first = {n: scored[n] * _covered(n, article, source) for n in candidates}
    second = _with_company(first, total, article, source, held)
    ordered = _best(second, len(second))
    said = _said(ordered[: weights.VOTERS], article, source)  # by words: whether anything fits is for them to say
    alike = likeness.find(article, ordered, source, meaning) if meaning else {}
    if alike:
        second = {n: second[n] ** weights.WORDED * alike[n].factor for n in ordered}
        ordered = _best(second, len(second))
    most = second[ordered[0]] if ordered else 1.0
    plain = sum(first.values()) / (sum(scored[n] for n in candidates) or 1.0)
    worded = weights.WORDED if alike else 1.0
    others = {n: (s * plain) ** worded / most for n, s in scored.items() if n not in second}
    share = max((held.get(n, 0.0) for n in ordered), default=0.0) * whole / (whole + unknown)
    return Scores(
        {n: second[n] / most for n in ordered},
        others,
        tuple(features),
        share,
        said,
        alike,
    )


def _best(scored: Mapping[int, float], limit: int) -> list[int]:
    from heapq import nsmallest

    return nsmallest(limit, (n for n, s in scored.items() if s > 0), key=lambda n: (-scored[n], n))


def _words(article: Article, source: Source) -> tuple[list[Feature], float]:
    """The most telling words, and how telling those are that no resource has."""
    found, unknown = [], []
    highest = source.idf(1)
    for word in article.words:
        having = len(source.postings("text", word))
        idf = source.idf(having)
        weight = article.telling[word]
        if not having:
            unknown.append(weight * idf)
            continue
        found.append(Feature("word", word, "text", weight * idf * (idf / highest) ** weights.RARE, weight * idf))
    found.sort(key=lambda feature: (-feature.telling, feature.what))
    unknown.sort(reverse=True)
    return found[: weights.WORDS], sum(unknown[: weights.WORDS])


def _grams(article: Article, source: Source) -> list[Feature]:
    found = _weighed("gram", "gram", article.grams, article, source)
    found.sort(key=lambda feature: (-feature.weight, feature.what))
    return [f._replace(weight=f.weight * weights.GRAM) for f in found[: weights.GRAMS]]


def _weighed(kind: str, channel: str, places: Starts, article: Article, source: Source) -> list[Feature]:
    return [
        Feature(kind, what, channel, article.weight(spans) * source.idf(having), 0.0)
        for what, spans in places.items()
        if (having := len(source.postings(channel, what)))
    ]


def _terms(concepts: Mapping[str, Concept], source: Source) -> list[Feature]:
    """The terms that stand in the article; those beside them make groups, and made scores worse."""
    found = []
    for concept in concepts.values():
        having = len(source.postings("concept", concept.slug))
        if having and not concept.edge:
            weight = weights.CONCEPT * concept.weight * source.idf(having)
            found.append(Feature("term", concept.slug, "concept", weight, weight))
    return found


def _covered(number: int, article: Article, source: Source) -> float:
    """How much of a resource's own summary stands in the article."""
    telling, pairs = source.own(number)
    whole = sum(telling.values()) + weights.COVER_LENGTH
    covered = sum(idf for word, idf in telling.items() if word in article.words)
    beside = len(pairs & article.pairs)
    return float((weights.COVER_FLOOR + covered / whole) ** weights.COVERED * (1.0 + weights.BESIDE * beside))


def _said(numbers: Iterable[int], article: Article, source: Source) -> float:
    highest = source.idf(1)
    return max(
        (
            sum(
                idf / highest * article.telling[word] for word, idf in source.own(n)[0].items() if word in article.words
            )
            for n in numbers
        ),
        default=0.0,
    )


def _with_company(
    first: Mapping[int, float], total: Mapping[int, float], article: Article, source: Source, held: Mapping[int, float]
) -> dict[int, float]:
    """The candidates' scores with what the best of them have in common and the article does not say."""
    best = _best(first, weights.COMPANIONS)
    mass = sum(first[n] for n in best)
    common: dict[str, float] = {}
    for number in best:
        for word, idf in source.own(number)[0].items():
            if word not in article.words:
                common[word] = common.get(word, 0.0) + first[number] / mass * idf
    words: Iterable[str] = sorted(common, key=lambda w: (-common[w], w))[: weights.COMPANY_WORDS]
    added: dict[int, float] = {}
    for word in words:
        for number, impact in source.postings("text", word).items():
            if number in first:
                idf = source.idf(len(source.postings("text", word)))
                added[number] = added.get(number, 0.0) + common[word] / source.idf(1) * idf * impact
    return {n: s * (1.0 + weights.COMPANY * added.get(n, 0.0)) for n, s in first.items()}
