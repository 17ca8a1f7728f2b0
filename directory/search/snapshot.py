"""How is a query answered from the compiled index? Whoosh beside it stays the index of record.

Queries never meet Whoosh: words, labels, names, phrases, filters, exclusions and sorts are answered from the compiled
file with bounds (`_best`). Queries of very many words are scored document by document on the same file (`_answer`).
Only when the file is missing or damaged does Whoosh answer, until the index has been built again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from directory import analysis, text
from directory.analysis import Analyzer
from directory.query import Filter, Query
from directory.search import EXACT_NAME, FacetValue, Hit, Page, Suggestion, _plan, _profile
from directory.search import _layout as layout
from directory.search import _ranking as ranking
from directory.search._best import Contest, TooWide, first_of
from directory.search._compiled import ADDED, FILE, CompiledReader, to_hit
from directory.search._listed import Listed, numbers_of, to_bits
from directory.search._order import GONE, holds
from directory.search._places import Place, Places
from directory.search._show import highlights, shown_score
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.search._backend import Progress, Reader, Searcher
    from directory.search._document import Document
    from directory.search._explain import Explanation

SPELLING = "spelling.json"
_LISTS = ("category", "lang")
"""Fields of a row that have several values, which are slugs and are compared as they are."""


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> None:
    """Write a complete index into an empty folder: Whoosh's, and the compiled one."""
    from directory.search import _record
    from directory.search._compile import compile_index

    built = _record.build(folder, documents, taxonomy, analyzer, progress)
    compile_index(folder / FILE, built.documents, taxonomy, analyzer, built.postings)
    _record.write_spelling(folder, taxonomy, built)


def extend(
    folder: Path, documents: Iterable[Document], replaced: Iterable[int], taxonomy: Taxonomy, analyzer: Analyzer
) -> None:
    """Add documents to a complete index, in the place of what was added before.

    Args:
        folder: an index that `build` wrote, with or without an addition.
        documents: everything that was added or changed since.
        replaced: the ids of the documents that are no longer what the index says.
        taxonomy: the terms of the index.
        analyzer: the one of the index.
    """
    from directory.search import _record
    from directory.search._compile import compile_index

    built = _record.extend(folder, documents, replaced, taxonomy, analyzer)
    (folder / ADDED).unlink(missing_ok=True)  # it may be linked to the one of another generation
    compile_index(folder / ADDED, built.documents, taxonomy, analyzer, built.postings, built.first)


def open_index(folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
    """Open what `build` wrote.

    Raises:
        IndexDamaged: it cannot be read.
    """
    return SnapshotSearcher(CompiledReader(folder, SPELLING), taxonomy, analyzer)


class SnapshotSearcher:
    """An open index that answers.

    Attributes:
        answered: how many queries were answered with bounds (`fast`) and document by document (`whole`).
    """

    def __init__(self, reader: CompiledReader, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self._compiled = reader
        self._taxonomy = taxonomy
        self._analyzer = analyzer
        self.answered: Counter[str] = Counter()

    @property
    def reader(self) -> Reader:
        """What the index holds."""
        return self._compiled

    def search(self, query: Query) -> Page:
        """Answer a query.

        Raises:
            IndexDamaged: a part of the file that is needed is not what was written.
        """
        plan = _plan.make(query, self._taxonomy, self._analyzer)
        if plan.clauses or not plan.phrases:
            try:
                page = _Answer(self._compiled, query, plan, self._taxonomy, self._analyzer).page()
            except TooWide:
                pass
            else:
                self.answered["fast"] += 1
                return page
        self.answered["whole"] += 1
        from directory.search._answer import Answerer

        return Answerer(self._compiled, self._taxonomy, self._analyzer).search(query)

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """What the beginning of a query could become, the most likely first."""
        from directory.search._suggest import suggest

        return suggest(prefix, limit, self._compiled, self._taxonomy)

    def explain(self, query: Query, slugs: Iterable[str]) -> list[Explanation]:
        """How documents come to their scores for a query."""
        from directory.search._explain import explain

        return explain(query, slugs, self.reader, self._taxonomy, self._analyzer)

    def close(self) -> None:
        """Let go of the file."""
        self._compiled.close()


class _Answer:
    """One query on its way."""

    def __init__(
        self, reader: CompiledReader, query: Query, plan: _plan.Plan, taxonomy: Taxonomy, analyzer: Analyzer
    ) -> None:
        self._reader = reader
        self._query = query
        self._taxonomy = taxonomy
        self._analyzer = analyzer
        self._suggestion = ""
        self._plan = plan
        self._look_up()

    def _look_up(self) -> None:
        """Find the clauses' lists; a word that nothing was found for is repaired."""
        plan, reader, query = self._plan, self._reader, self._query
        found = [reader.clause(clause) for clause in plan.clauses]
        self._exact = {n for key in plan.keys for n, _ in reader.postings("key", key)}
        if not self._suggestion and not self._exact and not query.exact:
            unknown = [c.surface for c, n in zip(plan.clauses, found, strict=True) if n is None or not n.literal]
            unknown += [run for run in plan.runs if not self._together("gram", analysis.grams(run))]
            repaired = self._repaired(unknown)
            if repaired:
                self._suggestion = repaired
                note = f"showing results for {repaired}; search instead for {query.words}: --exact"
                mended = query._replace(words=repaired, notes=(*query.notes, note))
                self._plan = _plan.make(mended, self._taxonomy, self._analyzer)
                self._look_up()
                return
        count = reader.count - len(reader.deleted)
        listed = [(clause, n) for clause, n in zip(plan.clauses, found, strict=True) if n is not None]
        self._lists: list[Listed] = [n for _, n in listed]
        self._weights = [clause.weight(count, len(n.documents)) for clause, n in listed]

    def _repaired(self, unknown: list[str]) -> str:
        if not unknown:
            return ""
        from directory.search import _repair

        return _repair.repair(self._query.words, unknown, self._reader.spelling(), self._known)

    def _known(self, token: str) -> int:
        found = self._reader.listed("text", token)
        return len(found.documents) if found else 0

    def _together(self, channel: str, tokens: Iterable[str]) -> int:
        """The documents that have all the tokens, as a bitmap."""
        lists = [self._reader.listed(channel, token) for token in tokens]
        if not lists or None in lists:
            return 0
        bits = self._reader.everything
        for listed in sorted(filter(None, lists), key=lambda n: len(n.documents)):
            bits &= listed.bits
        return bits

    # ── who competes ─────────────────────────────────────────────────────────────────────────────────────────────

    def _allowed(self) -> int | None:
        """The documents that filters, states and exclusions let through, as a bitmap; None = all."""
        reader, plan = self._reader, self._plan
        bits = reader.living if reader.deleted else None

        def narrow(other: int) -> None:
            nonlocal bits
            bits = other if bits is None else bits & other

        grouped: dict[str, list[Filter]] = {}
        for condition in plan.filters:
            grouped.setdefault(condition.field, []).append(condition)
        for field, conditions in grouped.items():
            if field in layout.FILTERS:
                values = {c.value for c in conditions}
                named = [v for v in reader.facets[field] if (v if field in _LISTS else text.fold(v)) in values]
                together = 0
                for value in named:
                    together |= reader.having(field, value)
                narrow(together)
            else:
                for condition in conditions:
                    narrow(self._bounded(condition))
        if "state" not in grouped:
            gone = 0
            for state in GONE:
                gone |= reader.having("state", state)
            if gone:
                narrow(reader.everything ^ (gone & ~to_bits(self._exact)))
        for tokens in plan.excluded:
            unwanted = self._together("text", tokens)
            if unwanted:
                narrow(reader.everything ^ unwanted)
        return bits

    def _bounded(self, condition: Filter) -> int:
        """The documents within a bound on stars or the day of the last update."""
        reader = self._reader
        if condition.field == "stars":
            wanted = int(condition.value)
            kept = (
                n for n, stars in enumerate(reader.stars) if stars >= 0 and holds(stars, condition.comparison, wanted)
            )
        else:
            size = len(condition.value)
            days = ((n, row.updated[:size]) for n, row in enumerate(reader.rows))
            kept = (n for n, day in days if day and holds(day, condition.comparison, condition.value))
        return to_bits(list(kept))

    def _saying(self, bits: int) -> int:
        """Those of the documents that hold the phrases, in their text or in a label they are filed under."""
        reader = self._reader
        for phrase in self._plan.phrases:
            named = 0
            for term in self._taxonomy:
                if any(phrase in text.fold(label.text) for label in term.labels):
                    named |= reader.having("category", term.slug)
            for channel, token in _plan.surely(phrase, self._analyzer):
                listed = reader.listed(channel, token)
                bits &= (listed.bits if listed else 0) | named
            bits &= named | to_bits([n for n in numbers_of(bits & ~named) if phrase in reader.folded(n)])
        return bits

    # ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────

    def page(self) -> Page:
        """The answer."""
        query, reader = self._query, self._reader
        everything = not self._plan.clauses and not self._plan.keys
        allowed = self._allowed()
        exact = to_bits(self._exact) if self._exact else 0
        contest = Contest(self._lists, self._weights, reader.priors, reader.settled)
        union, held, least = 0, 0.0, 0.0
        phrases = self._plan.phrases
        if len(self._lists) != 1 or query.counted or phrases or query.sort != "relevance":
            for listed in self._lists:
                union |= listed.bits
        if self._lists:
            held = self._weights[0].held if len(self._lists) == 1 else contest.held_by_best(union)
            least = ranking.KEEP * held
        wanted = query.offset + query.limit
        matching = 0
        if query.counted or phrases or query.sort != "relevance":
            matching = reader.everything if everything else contest.matching(union, least) | exact
            if allowed is not None:
                matching &= allowed
        if phrases:
            matching = allowed = self._saying(matching)
        if query.sort != "relevance":
            numbers = self._sorted(matching, wanted)
            scored = ((reader.priors[n] if everything else self._score(n, contest, least), n) for n in numbers)
            places = [(-score, n) for score, n in scored]
        elif everything:
            places = self._first(reader.everything if allowed is None else allowed, wanted)
        else:
            profile = _profile.of(query, self._plan, self._exact, reader, self._weights, held)
            places = self._ranked(contest, union, allowed, least, wanted, profile)
        hits = self._hits(places[query.offset :])
        return Page(
            query.typed,
            matching.bit_count(),
            hits,
            self._plan.also_searched,
            self._suggestion,
            self._facets(matching) if query.counted else {},
            self._plan.notes,
        )

    def _ranked(
        self, contest: Contest, union: int, allowed: int | None, least: float, wanted: int,
        profile: _profile.Profile | None,
    ) -> list[Place]:  # fmt: skip
        special = self._exact | self._named
        if allowed is not None:
            special = {n for n in special if allowed >> n & 1}
        known = []
        for number in special:
            score = self._score(number, contest, least)
            if score:
                known.append(ranking.place(number, profile.again(number, score) if profile else score))
        if not self._lists:
            return sorted(known)[:wanted]
        bits = allowed
        if special:
            bits = (self._reader.everything if allowed is None else allowed) & ~to_bits(special)
        if len(self._lists) == 1:
            places = Places(wanted, known, profile)
            return first_of(self._lists[0], self._weights[0].worth, self._reader.priors, bits, places)
        return contest.best(union if bits is None else union & bits, least, wanted, known, profile)

    def _first(self, bits: int, wanted: int) -> list[tuple[float, int]]:
        """The best by prior alone."""
        settled, priors = self._reader.settled, self._reader.priors
        numbers = list(islice(numbers_of(bits & ((1 << settled) - 1)), wanted))
        numbers += (settled + n for n in numbers_of(bits >> settled))
        return sorted(ranking.place(n, priors[n]) for n in numbers)[:wanted]

    @cached_property
    def _named(self) -> set[int]:
        """The documents whose whole name is one word of the query; a concept's label is no name."""
        words = {text.squash(clause.surface) for clause in self._plan.clauses if not clause.concept}
        return {n for word in words if len(word) > 2 for n, _ in self._reader.postings("key", f"name:{word}")}

    def _score(self, number: int, contest: Contest, least: float) -> float:
        """The score with what names and identities add; 0 when the document holds too little."""
        held, score = contest.score(number)
        if not held or held < least:
            score = 0.0
        elif number in self._named:
            score *= ranking.NAMED
        if number in self._exact:
            score += EXACT_NAME * self._reader.priors[number]
        return score

    def _sorted(self, matching: int, wanted: int) -> list[int]:
        packed = matching.to_bytes((self._reader.count + 7) // 8, "little")
        found: list[int] = []
        order = self._reader.order(self._query.sort)
        if order is None:
            raise TooWide
        for number in order:
            if len(found) == wanted:
                break
            if packed[number >> 3] >> (number & 7) & 1:
                found.append(number)
        return found

    def _hits(self, places: list[tuple[float, int]]) -> tuple[Hit, ...]:
        rows = [self._reader.texts(number) for _, number in places]
        spans = highlights([((r[2], r[4], r[5]), r[0]) for r in rows], self._plan.surfaces)
        return tuple(to_hit(r, shown_score(-p[0]), s) for r, p, s in zip(rows, places, spans, strict=True))

    def _facets(self, matching: int) -> dict[str, tuple[FacetValue, ...]]:
        facets = {}
        for field in layout.FACETS:
            counted = ((v, (matching & self._reader.having(field, v)).bit_count()) for v in self._reader.facets[field])
            best = sorted((pair for pair in counted if pair[1]), key=lambda pair: (-pair[1], pair[0]))
            facets[field] = tuple(FacetValue(*pair) for pair in best)
        return facets
