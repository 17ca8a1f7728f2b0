"""Which tokens does a query look for, and with what weight? Query + Taxonomy + Analyzer -> Plan."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from directory import analysis, text
from directory.analysis import Analyzer
from directory.query import Filter, Query
from directory.search import _ranking as ranking
from directory.search._ranking import Weight
from directory.taxonomy import Taxonomy

_LONGEST_RUN = 6


class Alternative(NamedTuple):
    """One way to find a clause: all the tokens, in the named channel, times a weight.

    Channels: `text` is the literal fields, `gram` pairs of Han characters, `concept` the alias graph.
    """

    tokens: tuple[str, ...]
    channel: str
    weight: float


class Clause(NamedTuple):
    """One thing asked for: the best literal alternative counts, the concept adds to it."""

    surface: str
    literal: tuple[Alternative, ...]
    concept: str = ""
    share: Weight = ranking.ALL
    """What its rarity counts for."""

    def weight(self, documents: int, having: int) -> Weight:
        """How much it says that `having` of all documents have it; nothing when none has."""
        rarity = ranking.idf(documents, having) if having else 0.0
        return Weight(rarity * self.share.worth, rarity * self.share.held)


class Plan(NamedTuple):
    """What a backend carries out."""

    clauses: tuple[Clause, ...]
    keys: tuple[str, ...]
    """Exact identities the query may be: squashed name, owner/name, canonical address."""
    phrases: tuple[str, ...]
    """Folded texts that must occur as they are."""
    excluded: tuple[tuple[str, ...], ...]
    filters: tuple[Filter, ...]
    also_searched: tuple[str, ...]
    surfaces: tuple[str, ...]
    """Folded texts to highlight, the longest first."""
    runs: tuple[str, ...]
    """Unbroken Han of several words, short enough to be one misspelt one (只能体)."""
    notes: tuple[str, ...]


def make(query: Query, taxonomy: Taxonomy, analyzer: Analyzer) -> Plan:
    """Lay out the search for a query."""
    clauses: list[Clause] = []
    runs: list[str] = []
    also: dict[str, None] = {}
    surfaces: dict[str, None] = {}
    keys, words = _identities(query.words)
    folded = _worded(words, taxonomy) if not query.exact and text.simplify(words) != words else text.fold(words)
    position = 0
    mentions = taxonomy.find(folded)
    for mention in (*mentions, None):
        end = mention.start if mention else len(folded)
        between = _words(folded[position:end], analyzer)
        clauses += between
        words_between = {c.surface for c in between}
        runs += [r for r in analyzer.runs(folded[position:end]) if r not in words_between and len(r) <= _LONGEST_RUN]
        if mention is None:
            break
        surface = folded[mention.start : mention.end]
        position = mention.end
        term = taxonomy.terms[mention.slug]
        expanded = [] if query.exact or mention.hidden else taxonomy.expand(term, surface)
        also.update(dict.fromkeys(expanded))
        surfaces.update(dict.fromkeys((surface, *map(text.fold, expanded))))
        concept = "" if query.exact or (mention.hidden and not _same(surface, folded)) else mention.slug
        clauses.append(mentioned(surface, concept, analyzer))
    clauses = _once(_camel_case(words, clauses))
    if len(clauses) > 2:  # "how to use the", 一个 … 的: in a short query they may be all there is
        clauses = [c for c in clauses if not _says_nothing(c.surface)] or clauses
    if not all(analysis.is_kind(c.surface) for c in clauses):
        kind = ranking.KIND if len(clauses) <= ranking.FEW else ranking.KIND_AMONG_MANY
        clauses = [c._replace(share=kind) if analysis.is_kind(c.surface) else c for c in clauses]
    filters, notes = _resolve(query.filters, taxonomy)
    for phrase in query.phrases:
        clauses += _words(text.fold(phrase), analyzer)
        surfaces[text.fold(phrase)] = None
    surfaces.update(dict.fromkeys(c.surface for c in clauses if not c.concept))
    excluded = tuple(tuple(t.text for t in analyzer.words(e)) for e in query.excluded)
    return Plan(
        tuple(clauses),
        keys,
        tuple(text.fold(p) for p in query.phrases),
        tuple(tokens for tokens in excluded if tokens),
        filters,
        tuple(also),
        tuple(sorted(filter(None, surfaces), key=len, reverse=True)),
        tuple(runs),
        (*query.notes, *notes),
    )


def surely(phrase: str, analyzer: Analyzer) -> list[tuple[str, str]]:
    """Tokens, with their channels, that every text has in which a folded phrase occurs.

    A phrase may begin and end within a word. So its inner words are sure, and the pairs of Han characters.
    """
    inner = [token.text for token in analyzer.words(" ".join(phrase.split(" ")[1:-1]))]
    pairs = [gram for run in analyzer.runs(phrase) if len(run) > 1 for gram in analysis.grams(run)]
    return list(dict.fromkeys([*(("text", token) for token in inner), *(("gram", pair) for pair in pairs)]))


def _worded(words: str, taxonomy: Taxonomy) -> str:
    """Words in traditional characters, folded: in the mainland's wording when more of that are labels.

    神經網路 is called 神经网络 there. But 程序 would become 进程, which is right in Taiwan's texts only; so not always.
    """
    ways = (text.fold(words), text.fold(text.mainland(words)))
    return max(ways, key=lambda folded: sum(m.end - m.start for m in taxonomy.find(folded)))


def _once(clauses: list[Clause]) -> list[Clause]:
    """Each thing asked for once: saying it twice, or in both languages (`LLM 大语言模型`), does not ask for more."""
    found: dict[str, Clause] = {}
    for clause in clauses:
        key = clause.concept or clause.surface
        before = found.get(key)
        if before is not None:
            clause = before._replace(literal=tuple(dict.fromkeys((*before.literal, *clause.literal))))
        found[key] = clause
    return list(found.values())


def _says_nothing(surface: str) -> bool:
    """Whether a longer query is better searched for without: stop words, `1.`, the `s` of `it's`."""
    return analysis.is_stopword(surface) or (len(surface) == 1 and surface.isascii())


def _same(one: str, other: str) -> bool:
    return text.squash(one) == text.squash(other)


def _identities(words: str) -> tuple[tuple[str, ...], str]:
    """The exact keys a query may be, and the words left to search for: an address is searched by what it names."""
    typed = words.strip()
    if "/" not in typed and "." not in typed:  # most queries: nothing of addresses is imported
        key = text.squash(typed)
        return ((f"name:{key}",) if key else ()), typed
    from directory import repo, url

    name = repo.parse(typed) if "github" in typed.lower() else repo.parse_name(typed)
    if name is not None:
        return (f"repo:{name.key}",), f"{name.owner} {name.name}" if "github" in typed.lower() else typed
    if "://" in typed or typed.startswith("www."):
        address = url.tidy(typed)
        if address is not None:
            return (f"url:{url.canonical(address)}",), ""
    key = text.squash(typed)
    return ((f"name:{key}",) if key else ()), typed


def _words(folded: str, analyzer: Analyzer) -> list[Clause]:
    """A clause for each word; `folded` is simplified, so that spans are true."""
    return [word(token.text, folded[token.start : token.end]) for token in analyzer.words(folded)]


@lru_cache(maxsize=4096)
def word(token: str, surface: str) -> Clause:
    """The clause for a word.

    Args:
        token: as the analyzer gives it.
        surface: as it was typed, folded.
    """
    literal = [Alternative((token,), "text", 1.0)]
    if analysis.is_han(token):
        if len(token) > 1:
            literal.append(Alternative(tuple(analysis.grams(token)), "gram", ranking.GRAM_WEIGHT))
    else:
        parts = analysis.pieces(surface)
        if len(parts) > 1:
            literal.append(Alternative(("".join(parts),), "text", 1.0))
            stems = dict.fromkeys(map(analysis.stem, parts))
            literal.append(Alternative(tuple(stems), "text", ranking.PARTS_WEIGHT))
    return Clause(surface, tuple(dict.fromkeys(literal)))


@lru_cache(maxsize=2048)
def mentioned(surface: str, concept: str, analyzer: Analyzer) -> Clause:
    """The clause for a label of the taxonomy.

    Args:
        surface: as it was typed, folded.
        concept: the slug of its term; empty when the term is not to be searched for.
        analyzer: the one of the index.
    """
    tokens = analyzer.words(surface)
    words = tuple(dict.fromkeys(t.text for t in tokens))
    literal = [Alternative(words, "text", 1.0)]
    squashed = text.squash(surface)
    if squashed and (squashed,) != words:
        literal.append(Alternative((squashed,), "text", 1.0))
    if len(tokens) == 1:
        literal += word(words[0], surface).literal[1:]
    if len(tokens) > 1 and all(analysis.is_han(t) for t in words):
        literal.append(Alternative(tuple(dict.fromkeys(analysis.grams(surface))), "gram", ranking.GRAM_WEIGHT))
    return Clause(surface, tuple(dict.fromkeys(literal)), concept)


def _camel_case(words: str, clauses: list[Clause]) -> list[Clause]:
    """A query typed in CamelCase is also found where the humps stand apart (`AutoGPT` in "Auto GPT")."""
    if words == words.lower():
        return clauses
    humps = {w.casefold(): tuple(map(analysis.stem, analysis.humps(w))) for w in words.split() if analysis.humps(w)}
    return [
        c._replace(literal=(*c.literal, Alternative(humps[c.surface], "text", ranking.PARTS_WEIGHT)))
        if c.surface in humps
        else c
        for c in clauses
    ]


def _resolve(filters: tuple[Filter, ...], taxonomy: Taxonomy) -> tuple[tuple[Filter, ...], list[str]]:
    kept, notes = [], []
    for condition in filters:
        if condition.field != "category":
            kept.append(condition._replace(value=text.fold(condition.value)))
            continue
        term = taxonomy.resolve(condition.value)
        if term is None:
            notes.append(f"no category is called '{condition.value}'; the filter was ignored (see: aidir terms)")
        else:
            kept.append(condition._replace(value=term.slug))
    return tuple(kept), notes
