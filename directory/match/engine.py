"""How does an article become a proposal? Words, terms and mentions -> scores -> groups -> evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from directory import text
from directory.analysis import Analyzer
from directory.match import (
    Evidence,
    Group,
    Kind,
    Matched,
    Proposal,
    concept,
    grouping,
    mention,
    scoring,
    weights,
)
from directory.match.article import Article, Span
from directory.match.concept import Concept
from directory.match.mention import Mention
from directory.match.source import Source
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.meaning.nearness import Meaning
    from directory.search import Reader


class _Work(NamedTuple):
    """What was found out about an article."""

    article: Article
    concepts: dict[str, Concept]
    mentions: dict[int, Mention]
    scores: scoring.Scores


class Matcher:
    """Matches articles to the resources of one open index.

    Args:
        reader: the open index.
        taxonomy: the terms it was built with.
        analyzer: the one it was built with.
        meaning: the index's vectors, where it has any.
    """

    def __init__(self, reader: Reader, taxonomy: Taxonomy, analyzer: Analyzer, meaning: Meaning | None = None) -> None:
        self._meaning = meaning
        self.source = Source(reader, analyzer)
        self._taxonomy = taxonomy
        self._analyzer = analyzer

    def match(self, title: str, body: str, *, limit: int = 15, groups: int = 4) -> Proposal:
        """The resources that go with an article, with the reasons; none when nothing fits.

        Args:
            title: may be empty.
            body: the text, without markup.
            limit: resources at most.
            groups: groups at most.
        """
        article = Article(title, body, self._analyzer)
        concepts = concept.find(article, self._taxonomy)
        scores = scoring.score(article, concepts, self.source, self._meaning)
        work = _Work(article, concepts, mention.find(article, self.source), scores)
        fit = _fit(work)
        if fit < 1.0:
            return Proposal(title, (), (), fit)
        values = dict(work.scores.best)
        for number, named in work.mentions.items():
            if self.source.prior(number):
                values[number] = values.get(number, 0.0) + named.weight
        shelves = grouping.arrange(
            values, work.scores.others, concepts, self._taxonomy, self.source, limit=limit, groups=groups
        )
        ordered = sorted(values, key=lambda n: (-values[n], n))[:limit]
        found = tuple(self._group(shelf, work) for shelf in shelves)
        ranked = tuple(self._matched(n, values[n], self._home(n), work) for n in ordered)
        return Proposal(title, found, ranked, fit)

    def _home(self, number: int) -> str:
        categories = self.source.hit(number).categories
        return categories[0] if categories else ""

    def _group(self, shelf: grouping.Shelf, work: _Work) -> Group:
        found = shelf.concept
        matches = tuple(self._matched(n, value, found.slug, work) for n, value in shelf.members)
        return Group(found.slug, found.edge, found.path, round(shelf.worth, 4), matches)

    def _matched(self, number: int, value: float, group: str, work: _Work) -> Matched:
        return Matched(self.source.hit(number), round(value, 4), group, self._evidence(number, value, group, work))

    def _evidence(self, number: int, value: float, group: str, work: _Work) -> tuple[Evidence, ...]:
        """What carries a resource's score, the strongest first."""
        shares: dict[tuple[Kind, str], float] = {}
        if number in work.mentions:
            named = work.mentions[number]
            shares["address" if named.kind == "address" else "name", named.what] = named.weight / value
        if group in work.concepts:
            kind: Kind = "related" if work.concepts[group].edge else "term"
            shares[kind, group] = grouping.filed_value(number, group, self.source) / value
        base = (work.scores.best.get(number) or work.scores.others.get(number, 0.0)) / value
        alike = work.scores.likeness.get(number)
        if alike and alike.share >= weights.LEAST_SHARE:
            shares["meaning", ""] = base * alike.share
            base -= shares["meaning", ""]
        for (found_kind, what), share in _features(number, work.scores.features, self.source).items():
            shares[found_kind, what] = shares.get((found_kind, what), 0.0) + base * share
        listed = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[: weights.SHOWN_EVIDENCE]
        kept = [(key, share) for key, share in listed if share >= weights.LEAST_SHARE] or listed[:1]
        return tuple(_told(kind, what, min(share, 1.0), number, work) for (kind, what), share in kept)


def _features(number: int, features: tuple[scoring.Feature, ...], source: Source) -> Mapping[tuple[Kind, str], float]:
    """The features that a resource has, and each one's part of its score."""
    kinds: dict[str, Kind] = {"word": "word", "term": "term"}
    parts = {f: f.weight * source.postings(f.channel, f.what).get(number, 0.0) for f in features}
    whole = sum(parts.values()) or 1.0
    return {(kinds[f.kind], f.what): part / whole for f, part in parts.items() if part and f.kind in kinds}


def _told(kind: Kind, what: str, share: float, number: int, work: _Work) -> Evidence:
    article = work.article
    places: tuple[Span, ...]
    path: tuple[str, ...]
    if kind in ("name", "address"):
        places, path = work.mentions[number].places, (what,)
    elif kind == "meaning":
        places = (work.scores.likeness[number].passage,)
        what = text.clip(article.triggers(places)[0].text, weights.SHOWN_PASSAGE)
        path = (what,)
    elif kind == "word":
        places = tuple(article.spans(what))
        path = (article.text[slice(*places[0])],)
    else:
        places, path = work.concepts[what].places, work.concepts[what].path
    return Evidence(kind, what, path, article.triggers(places), len(places), round(share, 4))


def _fit(work: _Work) -> float:
    """How well the catalogue fits the article: by terms that stand there, by names, or by the words of one resource."""
    terms = sum(c.weight for c in work.concepts.values() if not c.edge and c.slug not in weights.EVERYDAY)
    named = max((m.weight for m in work.mentions.values()), default=0.0)
    scores = work.scores
    reached = (
        terms / weights.FIT_TERMS,
        named / weights.FIT_NAMED,
        scores.held / weights.FIT_HELD,
        scores.said / weights.FIT_SAID,
    )
    return round(max(reached), 4)
