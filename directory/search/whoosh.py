"""How does Whoosh hold the index, and how is a Plan carried out on it? The index of record.

Whoosh 2.7.4 stores the postings and weighs them (BM25 per field); adding up, filtering, counting facets and sorting is
done here, over whole postings, so that an answer is exact. Its query parser is not used: the Plan says what to look
for. Only what 2.7.4 shares with its forks is used: no `refresh`, no buffered or parallel writers, no `create_in` on a
live folder.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from directory import analysis, text, url
from directory.analysis import Analyzer
from directory.errors import IndexDamaged
from directory.query import Filter, Query
from directory.search import Document, FacetValue, Hit, Page, Progress, Searcher, _plan
from directory.search import _ranking as ranking
from directory.taxonomy import Taxonomy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is from 2016: invalid escapes and `is` with literals
    from whoosh import fields, index, scoring
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.filedb.filestore import FileStorage
    from whoosh.support.charset import default_charset as _  # noqa: F401  (loaded here, under the filter)

_FACETS = ("category", "kind", "pricing", "licence", "state")
_LITERAL = tuple(ranking.FIELD_WEIGHTS)


class _Row(NamedTuple):
    """What filters, facets and sorting need of a document, held in memory in document order."""

    category: list[str]
    kind: str
    pricing: str
    licence: str
    lang: list[str]
    state: str
    stars: int | None
    growth: int | None
    updated: str
    added: str
    name: str
    cited_by: int


def _schema() -> fields.Schema:
    tokens = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    named = dict.fromkeys((*_LITERAL, *ranking.CONCEPT_WEIGHTS, "gram"), tokens)
    return fields.Schema(
        slug=fields.ID(unique=True),
        key=fields.KEYWORD(),
        hit=fields.STORED,
        row=fields.STORED,
        folded=fields.STORED,
        **named,
    )


def keys(document: Document) -> list[str]:
    """The exact identities of a document, in the form `_plan` looks for them."""
    names = (document.name, document.slug, *document.names)
    found = [f"name:{text.squash(n)}" for n in names]
    for name in (document.repo, *document.past_repos):
        if name:
            found += [f"repo:{name.lower()}", f"name:{text.squash(name.partition('/')[2])}"]
    found += [f"url:{url.canonical(u)}" for u in (document.url, *document.urls) if u]
    return list(dict.fromkeys(found))


def _fields(document: Document, taxonomy: Taxonomy, analyzer: Analyzer) -> dict[str, str]:
    def tokens(*texts: str) -> Iterator[str]:
        for raw in texts:
            for token in analyzer.tokens(raw):
                yield token.text

    repos = [r.partition("/") for r in (document.repo, *document.past_repos) if r]
    names = (document.name, *document.names, *(name for _, _, name in repos))
    terms = [taxonomy.terms[s] for s in document.categories if s in taxonomy.terms]
    labels = [n.text for t in terms for n in t.labels if n.kind != "hidden"]
    texts = (*names, document.summary_zh, document.summary_en, " ".join(document.topics))
    mentioned = {m.slug: None for raw in texts for m in taxonomy.find(text.fold(raw)) if not m.hidden}
    above = {a: None for t in terms for a in taxonomy.ancestors(t.slug)}
    runs = (r for raw in (*texts, *labels) for r in analyzer.runs(raw))
    found: dict[str, Iterable[str]] = {
        "slug": [document.slug],
        "key": keys(document),
        "name": (*tokens(*names), *(text.squash(n) for n in names)),
        "owner": tokens(*(owner for owner, _, _ in repos)),
        "terms": tokens(*labels),
        "zh": tokens(document.summary_zh),
        "en": tokens(document.summary_en),
        "topics": tokens(*document.topics),
        "category": [t.slug for t in terms],
        "mention": mentioned,
        "broader": above,
        "gram": (g for run in runs for g in analysis.grams(run)),
    }
    return {name: " ".join(values) for name, values in found.items()}


def _stored(document: Document, taxonomy: Taxonomy) -> dict[str, Any]:
    hit = document._asdict()
    for name in ("names", "past_repos", "urls", "topics", "cited_by"):
        del hit[name]
    languages = [name for name, value in (("zh", document.summary_zh), ("en", document.summary_en)) if value]
    above = [a for s in document.categories if s in taxonomy.terms for a in taxonomy.ancestors(s)]
    row = _Row(
        list(dict.fromkeys((*document.categories, *above))),
        document.kind,
        document.pricing,
        document.licence,
        languages,
        document.state,
        document.stars,
        document.growth,
        document.updated,
        document.added,
        document.name,
        document.cited_by,
    )
    texts = (document.name, *document.names, document.summary_zh, document.summary_en, *document.topics)
    return {
        "hit": json.dumps(hit, ensure_ascii=False),
        "row": json.dumps(row, ensure_ascii=False),
        "folded": "\n".join(text.fold(t) for t in texts),
    }


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> None:
    """Write a complete index into an empty folder, as one segment."""
    created = FileStorage(str(folder)).create_index(_schema())
    writer = created.writer(limitmb=32, procs=1)
    try:
        for number, document in enumerate(documents, 1):
            writer.add_document(**_fields(document, taxonomy, analyzer), **_stored(document, taxonomy))
            progress(number)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    created.close()


def open_index(folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
    """Open what `build` wrote.

    Raises:
        IndexDamaged: it cannot be read.
    """
    try:
        return WhooshSearcher(index.open_dir(str(folder), readonly=True), taxonomy, analyzer)
    except Exception as error:  # noqa: BLE001  (a damaged file makes Whoosh raise anything: struct.error, KeyError, ...)
        raise IndexDamaged(f"the index cannot be opened: {type(error).__name__}: {error}") from None


class WhooshSearcher:
    """Carries Plans out on an open index. Everything that filters and sorts is read once, at the start."""

    def __init__(self, opened: index.Index, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self._searcher = opened.searcher(weighting=scoring.BM25F())
        self._reader = self._searcher.reader()
        self._taxonomy = taxonomy
        self._analyzer = analyzer
        count = self._reader.doc_count_all()
        self._rows = [_Row(*json.loads(self._reader.stored_fields(n)["row"])) for n in range(count)]
        self._priors = [ranking.prior(r.stars, r.cited_by, r.state) for r in self._rows]

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()

    def search(self, query: Query) -> Page:
        """Answer a query.

        Raises:
            IndexDamaged: a file turned out to be unreadable on the way.
        """
        plan = _plan.make(query, self._taxonomy, self._analyzer)
        try:
            scores = self._score(plan, listing=not plan.clauses and not plan.keys)
            scores = self._restrict(scores, plan, query)
            order = self._order(scores, query)
            hits = [self._hit(n, scores[n], plan) for n in order[query.offset : query.offset + query.limit]]
        except (OSError, KeyError, ValueError, EOFError, IndexError, TypeError) as error:
            raise IndexDamaged(f"the index cannot be read: {type(error).__name__}: {error}") from None
        return Page(query.typed, len(scores), tuple(hits), plan.also_searched, "", self._facets(scores), plan.notes)

    # ── scoring ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _postings(self, field: str, token: str) -> Iterator[tuple[int, float]]:
        if (field, token) not in self._reader:
            return
        matcher = self._searcher.postings(field, token)
        while matcher.is_active():
            yield matcher.id(), matcher.score()
            matcher.next()

    def _token(self, token: str, weights: dict[str, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        for field, weight in weights.items():
            for number, score in self._postings(field, token):
                found[number] = found.get(number, 0.0) + weight * score
        return found

    def _alternative(self, tokens: tuple[str, ...], weights: dict[str, float]) -> dict[int, float]:
        parts = [self._token(token, weights) for token in tokens]
        common = set.intersection(*map(set, parts)) if parts else set()
        return {number: sum(part[number] for part in parts) for number in common}

    def _clause(self, clause: _plan.Clause) -> dict[int, float]:
        best: dict[int, float] = {}
        for alternative in clause.literal:
            weights = {"gram": 1.0} if alternative.channel == "gram" else ranking.FIELD_WEIGHTS
            for number, score in self._alternative(alternative.tokens, weights).items():
                best[number] = max(best.get(number, 0.0), alternative.weight * score)
        if clause.concept:
            for number, score in self._token(clause.concept, ranking.CONCEPT_WEIGHTS).items():
                best[number] = best.get(number, 0.0) + score
        return best

    def _score(self, plan: _plan.Plan, *, listing: bool) -> dict[int, float]:
        if listing:
            return {n: self._priors[n] for n in self._live()}
        found = [self._clause(clause) for clause in plan.clauses]
        # What a clause is worth as a part of the query: its best score anywhere, so rare words weigh more.
        worth = [max(scores.values(), default=0.0) for scores in found]
        whole = sum(worth) or 1.0
        held: dict[int, float] = {}
        total: dict[int, float] = {}
        for scores, part in zip(found, worth, strict=True):
            for number, score in scores.items():
                held[number] = held.get(number, 0.0) + part / whole
                total[number] = total.get(number, 0.0) + score
        least = ranking.KEEP * max(held.values(), default=0.0)
        answer = {
            n: score * held[n] ** ranking.COORDINATION * self._priors[n]
            for n, score in total.items()
            if held[n] >= least
        }
        for key in plan.keys:
            for number, _ in self._postings("key", key):
                answer[number] = answer.get(number, 0.0) + ranking.EXACT_NAME * self._priors[number]
        return answer

    def _live(self) -> Iterator[int]:
        return (n for n in range(len(self._rows)) if not self._reader.is_deleted(n))

    # ── narrowing, ordering, showing ─────────────────────────────────────────────────────────────────────────────

    def _restrict(self, scores: dict[int, float], plan: _plan.Plan, query: Query) -> dict[int, float]:
        if plan.filters:
            grouped: dict[str, list[Filter]] = {}
            for condition in plan.filters:
                grouped.setdefault(condition.field, []).append(condition)
            scores = {n: s for n, s in scores.items() if self._passes(self._rows[n], grouped)}
        if not any(f.field == "state" for f in plan.filters):
            # A dead link is kept and can be asked for (state:dead, its own name); it does not stand in anybody's way.
            exact = {n for key in plan.keys for n, _ in self._postings("key", key)}
            gone = ("dead", "replaced", "legal")
            scores = {n: s for n, s in scores.items() if self._rows[n].state not in gone or n in exact}
        for tokens in plan.excluded:
            unwanted = set(self._alternative(tokens, dict.fromkeys(_LITERAL, 1.0)))
            scores = {n: s for n, s in scores.items() if n not in unwanted}
        if plan.phrases:
            scores = {n: s for n, s in scores.items() if self._holds(n, plan.phrases)}
        return scores

    def _holds(self, number: int, phrases: tuple[str, ...]) -> bool:
        folded = self._reader.stored_fields(number)["folded"]
        labels = [n.text for s in self._rows[number].category if s in self._taxonomy.terms
                  for n in self._taxonomy.terms[s].labels]  # fmt: skip
        return all(p in folded or any(p in text.fold(label) for label in labels) for p in phrases)

    def _passes(self, row: _Row, grouped: dict[str, list[Filter]]) -> bool:
        return all(any(_matches(row, condition) for condition in group) if field not in ("stars", "updated")
                   else all(_matches(row, condition) for condition in group)
                   for field, group in grouped.items())  # fmt: skip

    def _order(self, scores: dict[int, float], query: Query) -> list[int]:
        rows = self._rows
        by_name = {"name": lambda n: text.fold(rows[n].name)}
        if query.sort == "name":
            return sorted(scores, key=lambda n: (by_name["name"](n), n))
        best_first = sorted(scores, key=lambda n: (-scores[n], n))
        if query.sort in ("stars", "growth"):
            values = [getattr(row, query.sort) for row in rows]
            return sorted(best_first, key=lambda n: -1 if values[n] is None else values[n], reverse=True)
        if query.sort in ("updated", "added"):
            return sorted(best_first, key=lambda n: getattr(rows[n], query.sort), reverse=True)
        return best_first

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

    def _hit(self, number: int, score: float, plan: _plan.Plan) -> Hit:
        stored = json.loads(self._reader.stored_fields(number)["hit"])
        highlights = {
            field: spans
            for field in ("name", "summary_zh", "summary_en")
            if (spans := highlight(stored[field], plan.surfaces))
        }
        stored["categories"] = tuple(stored["categories"])
        return Hit(**stored, score=round(score, 4), highlights=highlights)


def _matches(row: _Row, condition: Filter) -> bool:
    if condition.field == "stars":
        return row.stars is not None and _compare(row.stars, condition.comparison, int(condition.value))
    if condition.field == "updated":
        return bool(row.updated) and _compare(
            row.updated[: len(condition.value)], condition.comparison, condition.value
        )
    value = getattr(row, condition.field)
    if isinstance(value, list):
        return condition.value in value
    return text.fold(value) == condition.value


def _compare(one: Any, comparison: str, other: Any) -> bool:
    if comparison == ">":
        return bool(one > other)
    if comparison == "<":
        return bool(one < other)
    if comparison == ">=":
        return bool(one >= other)
    return bool(one <= other) if comparison == "<=" else bool(one == other)


def highlight(shown: str, surfaces: tuple[str, ...]) -> list[tuple[int, int]]:
    """The spans of a shown text that hold a surface, without overlaps, in order.

    Folding may change a text's length (`㎏`); then the offsets would lie, and nothing is highlighted.
    """
    folded = text.simplify(shown).casefold()
    if len(folded) != len(shown):
        return []
    spans: list[tuple[int, int]] = []
    for surface in sorted(surfaces, key=len, reverse=True):
        start = folded.find(surface) if surface else -1
        while start >= 0:
            end = start + len(surface)
            edge = surface[0].isascii() and surface[0].isalnum() and folded[max(start - 1, 0) : start].isascii() \
                and folded[max(start - 1, 0) : start].isalnum()  # fmt: skip
            if not edge and all(end <= s or start >= e for s, e in spans):
                spans.append((start, end))
            start = folded.find(surface, end)
    return sorted(spans)
