"""How did the score of a hit come about? The same sum as in `_answer`, taken apart for one document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from directory import text
from directory.analysis import Analyzer
from directory.query import Query
from directory.search import EXACT_NAME, _clause, _plan, _profile
from directory.search import _ranking as ranking
from directory.search._answer import weigh
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.search._backend import Reader


class Part(NamedTuple):
    """What one thing that a query asks for adds to a score: rarity x impact."""

    asked: str
    """As it was typed, folded."""
    how: str
    """`written`, `parts`, `characters`, `guessed` (by translation), with or without `concept`; or `missing`."""
    documents: int
    """How many documents have it."""
    rarity: float
    """Its idf."""
    impact: float
    """How much the document is about it."""


class Explanation(NamedTuple):
    """How a score came about: sum of the parts x coordination x prior x named x near + exact."""

    slug: str
    parts: tuple[Part, ...]
    held: float
    """The share of the query that the document has."""
    coordination: float
    """What that comes to as a factor."""
    prior: float
    """What is known of the resource apart from the words: lists that name it, stars, the state of its link."""
    named: float
    """A factor when one word of the query is its whole name, else 1."""
    near: float
    """A factor for being about what the query is about, whatever words it uses (`_profile`); 1 when not looked at."""
    exact: float
    """What is added because the query is its name, owner/name or address, else 0."""
    score: float


def explain(
    query: Query, slugs: Iterable[str], reader: Reader, taxonomy: Taxonomy, analyzer: Analyzer
) -> list[Explanation]:
    """How documents come to their scores.

    Args:
        query: what was asked; its `words` as they were searched for, so after a repair the repaired ones.
        slugs: of the documents; what is not indexed is left out.
        reader: the open index.
        taxonomy: the terms it was built with.
        analyzer: the one it was built with.
    """
    explainer = _Explainer(query, reader, taxonomy, analyzer)
    return [found for slug in slugs if (found := explainer.explain(slug)) is not None]


class _Explainer:
    def __init__(self, query: Query, reader: Reader, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self._reader = reader
        self._plan = _plan.make(query, taxonomy, analyzer)
        self._exact = {n for key in self._plan.keys for n, _ in reader.postings("key", key)}
        self._clauses = [(clause, _clause.scores(reader, clause)) for clause in self._plan.clauses]
        self._count = len(reader.rows) - len(reader.deleted)
        self._weights = [clause.weight(self._count, len(scores)) for clause, scores in self._clauses]
        self._held, _ = weigh((scores for _, scores in self._clauses), self._weights)
        most = max(self._held.values(), default=0.0)
        self._profile = _profile.of(query, self._plan, self._exact, reader, self._weights, most)

    def explain(self, slug: str) -> Explanation | None:
        reader = self._reader
        named = (n for n, _ in reader.postings("key", f"name:{text.squash(slug)}"))
        number = next((n for n in named if reader.hit(n).slug == slug), None)
        if number is None:
            return None
        row = reader.rows[number]
        parts = [
            self._part(number, clause, scores, weight.worth)
            for (clause, scores), weight in zip(self._clauses, self._weights, strict=True)
        ]
        held = self._held.get(number, 0.0) / (sum(weight.held for weight in self._weights) or 1.0)
        total = sum(part.rarity * part.impact for part in parts)
        prior = ranking.prior(row.stars, row.cited_by, row.state)
        words = {text.squash(clause.surface) for clause, _ in self._clauses if not clause.concept}
        own_name = any(number == n for w in words if len(w) > 2 for n, _ in reader.postings("key", f"name:{w}"))
        factor = ranking.NAMED if own_name else 1.0
        exact = number in self._exact
        added = EXACT_NAME * prior if exact else 0.0
        written = ranking.score(total, held, prior) * factor
        near = self._profile.again(number, written) / written if self._profile and written else 1.0
        score = written * near + added if self._clauses or exact else prior
        share = held**ranking.COORDINATION
        return Explanation(slug, tuple(parts), held, share, prior, factor, near, added, round(score, 4))

    def _part(self, number: int, clause: _plan.Clause, scores: _clause.Scores, rarity: float) -> Part:
        how = self._how(number, clause) if number in scores else "missing"
        return Part(clause.surface, how, len(scores), rarity, scores.get(number, 0.0))

    def _how(self, number: int, clause: _plan.Clause) -> str:
        found = []
        for place, one in enumerate(clause.literal):
            impact = _clause.together(self._reader, one.tokens, one.channel).get(number)
            if impact is not None:
                name = "parts" if place and len(one.tokens) > 1 else "written"
                if number not in _clause.together(self._reader, one.tokens, one.channel, guesses=False):
                    name = "guessed"
                found.append((one.weight * impact, "characters" if one.channel == "gram" else name))
        names = [max(found)[1]] if found else []
        if clause.concept and any(number == n for n, _ in self._reader.postings("concept", clause.concept)):
            names.append("concept")
        return " + ".join(names)
