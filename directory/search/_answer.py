"""How is a Plan carried out, whatever holds the postings? Score, narrow, order, count, show.

Everything here works on whole postings, so an answer is exact: two readers that give the same postings give the same
page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from directory import analysis, text
from directory.analysis import Analyzer
from directory.query import Filter, Query
from directory.search import EXACT_NAME, FacetValue, Page, _clause, _plan, _profile, _repair
from directory.search import _ranking as ranking
from directory.search._order import GONE, holds, sort_keys
from directory.search._show import highlights, shown_score
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.search._backend import Reader
    from directory.search._document import Row

_FACETS = ("category", "kind", "pricing", "licence", "state")


class Answerer:
    """Answers queries from a Reader.

    Args:
        reader: the open index.
        taxonomy: the terms it was built with.
        analyzer: the one it was built with.
    """

    def __init__(self, reader: Reader, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self._reader = reader
        self._rows = reader.rows
        self._taxonomy = taxonomy
        self._analyzer = analyzer
        self._priors = reader.priors

    def search(self, query: Query) -> Page:
        """Answer a query; one that finds nothing for a word is tried again with that word repaired."""
        plan = _plan.make(query, self._taxonomy, self._analyzer)
        scores, unknown = self._score(query, plan)
        # Characters that are words one by one may still be a misspelt word together: nobody writes them in this order.
        unknown += [r for r in plan.runs if not _clause.together(self._reader, tuple(analysis.grams(r)), "gram")]
        suggestion = ""
        if unknown and not query.exact and not self._exact(plan):
            repaired = _repair.repair(query.words, unknown, self._reader.spelling(), self._known)
            if repaired:
                suggestion = repaired
                notes = (*query.notes, f"showing results for {repaired}; search instead for {query.words}: --exact")
                plan = _plan.make(query._replace(words=repaired, notes=notes), self._taxonomy, self._analyzer)
                scores, _ = self._score(query, plan)
        scores = self._narrow(scores, plan)
        order = self._order(scores, query)
        numbers = order[query.offset : query.offset + query.limit]
        hits = [self._reader.hit(n) for n in numbers]
        rows = [
            ((h.name, h.summary_zh, h.summary_en), self._reader.folded(n)) for h, n in zip(hits, numbers, strict=True)
        ]
        found = zip(hits, numbers, highlights(rows, plan.surfaces), strict=True)
        return Page(
            query.typed,
            len(scores),
            tuple(h._replace(score=shown_score(scores[n]), highlights=spans) for h, n, spans in found),
            plan.also_searched,
            suggestion,
            self._facets(scores),
            plan.notes,
        )

    # ── scoring ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _score(self, query: Query, plan: _plan.Plan) -> tuple[dict[int, float], list[str]]:
        """The score of every document that holds enough of the plan, and the clauses that nothing was found for."""
        if not plan.clauses and not plan.keys:
            return {n: p for n, p in enumerate(self._priors) if n not in self._reader.deleted}, []
        found = [_clause.scores(self._reader, clause) for clause in plan.clauses]
        unknown = [c.surface for c in plan.clauses if not _clause.literal(self._reader, c)]
        count = len(self._rows) - len(self._reader.deleted)
        weights = [clause.weight(count, len(scores)) for clause, scores in zip(plan.clauses, found, strict=True)]
        whole = sum(weight.held for weight in weights) or 1.0
        held, total = weigh(found, weights)
        most = max(held.values(), default=0.0)
        least = ranking.KEEP * most
        answer = {
            n: ranking.score(score, held[n] / whole, self._priors[n]) for n, score in total.items() if held[n] >= least
        }
        for number in self._named(plan):
            if number in answer:
                answer[number] *= ranking.NAMED
        exact = self._exact(plan)
        profile = _profile.of(query, plan, exact, self._reader, weights, most)
        if profile:
            answer = {n: profile.again(n, score) for n, score in answer.items()}
        for number in exact:
            answer[number] = answer.get(number, 0.0) + EXACT_NAME * self._priors[number]
        return answer, unknown

    def _exact(self, plan: _plan.Plan) -> set[int]:
        return {number for key in plan.keys for number, _ in self._reader.postings("key", key)}

    def _named(self, plan: _plan.Plan) -> set[int]:
        """The documents whose whole name is one word of the query; a concept's label is no name."""
        words = [text.squash(clause.surface) for clause in plan.clauses if not clause.concept]
        return {n for word in words if len(word) > 2 for n, _ in self._reader.postings("key", f"name:{word}")}

    def _known(self, token: str) -> int:
        """In how many documents a token occurs."""
        return sum(1 for _ in self._reader.postings("text", token))

    # ── narrowing, ordering, showing ─────────────────────────────────────────────────────────────────────────────

    def _narrow(self, scores: dict[int, float], plan: _plan.Plan) -> dict[int, float]:
        grouped: dict[str, list[Filter]] = {}
        for condition in plan.filters:
            grouped.setdefault(condition.field, []).append(condition)
        scores = {n: s for n, s in scores.items() if _passes(self._rows[n], grouped)}
        if "state" not in grouped:
            # A dead link is kept and can be asked for (state:dead, its own name); it does not stand in anybody's way.
            exact = self._exact(plan)
            scores = {n: s for n, s in scores.items() if self._rows[n].state not in GONE or n in exact}
        for tokens in plan.excluded:
            unwanted = _clause.together(self._reader, tokens, "text", guesses=False)
            scores = {n: s for n, s in scores.items() if n not in unwanted}
        if plan.phrases:
            scores = {n: s for n, s in scores.items() if self._holds(n, plan.phrases)}
        return scores

    def _holds(self, number: int, phrases: tuple[str, ...]) -> bool:
        folded = self._reader.folded(number)
        terms = self._taxonomy.terms
        labels = [n.text for s in self._rows[number].category if s in terms for n in terms[s].labels]
        return all(p in folded or any(p in text.fold(label) for label in labels) for p in phrases)

    def _order(self, scores: dict[int, float], query: Query) -> list[int]:
        if query.sort == "relevance":
            return ranking.best_first(scores)
        numbers = sorted(scores)
        keys = dict(zip(numbers, sort_keys([self._rows[n] for n in numbers], query.sort), strict=True))
        return sorted(numbers, key=keys.__getitem__)

    def _facets(self, scores: dict[int, float]) -> dict[str, tuple[FacetValue, ...]]:
        facets = {}
        for name in _FACETS:
            counted: Counter[str] = Counter()
            for number in scores:
                value = getattr(self._rows[number], name)
                counted.update(value if isinstance(value, list) else [value] if value else [])
            best = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
            facets[name] = tuple(FacetValue(*pair) for pair in best)
        return facets


def weigh(
    found: Iterable[_clause.Scores], weights: Iterable[ranking.Weight]
) -> tuple[dict[int, float], dict[int, float]]:
    """What each document holds of the query, and the sum of worth x impact.

    Args:
        found: for each clause the impact on the documents that have it.
        weights: of each clause.
    """
    held: dict[int, float] = {}
    total: dict[int, float] = {}
    for scores, (worth, holding) in zip(found, weights, strict=True):
        for number, impact in scores.items():
            held[number] = held.get(number, 0.0) + holding
            total[number] = total.get(number, 0.0) + worth * impact
    return held, total


def _passes(row: Row, grouped: dict[str, list[Filter]]) -> bool:
    """Values of one field are alternatives, but for bounds on a number or a day, which must all hold."""
    return all(
        (all if field in ("stars", "updated") else any)(_matches(row, condition) for condition in group)
        for field, group in grouped.items()
    )


def _matches(row: Row, condition: Filter) -> bool:
    if condition.field == "stars":
        return row.stars is not None and holds(row.stars, condition.comparison, int(condition.value))
    if condition.field == "updated":
        day = row.updated[: len(condition.value)]
        return bool(day) and holds(day, condition.comparison, condition.value)
    value = getattr(row, condition.field)
    if isinstance(value, list):
        return condition.value in value
    return text.fold(value) == condition.value
