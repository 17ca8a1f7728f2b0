"""Which fields does a document have in an index, and what is kept of it to filter, sort and show it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from directory import analysis, text, url
from directory.analysis import Analyzer, Cut
from directory.search import Hit
from directory.search import _ranking as ranking
from directory.search._document import Document, Row
from directory.search._lexicon import Lexicon, translate
from directory.taxonomy import Taxonomy

CHANNELS = ("text", "guess", "gram", "concept", "key")
"""What a token can be: written in a field, guessed by translation, a pair of characters, a concept, an identity."""

WEIGHTED = ("text", "concept")
"""The channels in which impacts differ; in the others a document has a token or has it not."""

SHOWN = [field for field in Hit._fields if field not in ("score", "highlights")]
"""Fields of a Hit that belong to a document, not to an answer."""

_BAR = " | "

Impacts = dict[str, dict[str, float]]
"""Channel -> token -> how much the document is about it."""


def keys(document: Document) -> list[str]:
    """The exact identities of a document, in the form `_plan` looks for them."""
    names = (document.name, document.slug, *document.names)
    found = [f"name:{text.squash(n)}" for n in names]
    for name in (document.repo, *document.past_repos):
        if name:
            found += [f"repo:{name.lower()}", f"name:{text.squash(name.partition('/')[2])}"]
    if document.id:
        found.append(identity(document.id))
    # The plain address of the repository is looked for by its name.
    own = f"https://github.com/{document.repo}"
    found += [f"url:{url.canonical(u)}" for u in dict.fromkeys((document.url, *document.urls)) if u and u != own]
    return list(dict.fromkeys(found))


def identity(number: int) -> str:
    """The key of the resource with an id, whatever it is called."""
    return f"id:{number}"


class Weigher:
    """What is a document indexed under, and how much is it about each?

    Args:
        taxonomy: the terms; what their labels come to is worked out once for each.
        analyzer: cuts texts into tokens.
        lexicon: what the catalogue's two-language summaries say of words.
        cut: summaries that have been cut already; each is taken out when it is needed.
    """

    def __init__(
        self, taxonomy: Taxonomy, analyzer: Analyzer, lexicon: Lexicon, cut: dict[str, Cut] | None = None
    ) -> None:
        self._known = cut or {}
        self._taxonomy = taxonomy
        self._analyzer = analyzer
        self._lexicon = lexicon
        self._labels: dict[str, tuple[list[str], list[str]]] = {}
        self._above: dict[str, list[str]] = {}

    def impacts(self, document: Document) -> Impacts:
        """The document's tokens in every channel."""
        repos = [r.partition("/") for r in (document.repo, *document.past_repos) if r]
        names = list(dict.fromkeys((document.name, *document.names, *(name for _, _, name in repos))))
        terms = [s for s in document.categories if s in self._taxonomy.terms]
        labels = [self._label(slug) for slug in terms]
        # Short texts are cut together; no token and no label goes over the bar.
        named, topics = _BAR.join(names), _BAR.join(document.topics)
        texts = (named, document.summary_zh, document.summary_en, topics)
        name, chinese, english, topic = cuts = [self._cut(raw) for raw in texts]
        written = {
            "name": [*name.tokens, *(text.squash(n) for n in names)],
            "owner": self._cut(_BAR.join(owner for owner, _, _ in repos)).tokens,
            "terms": [token for tokens, _ in labels for token in tokens],
            "zh": chinese.tokens,
            "en": english.tokens,
            "topics": topic.tokens,
        }
        pairs = {gram for cut in cuts for run in cut.runs for gram in analysis.grams(run)}
        pairs.update(gram for _, grams in labels for gram in grams)
        return {
            "text": _literal(written),
            "guess": dict.fromkeys(translate(written, self._lexicon), ranking.GUESS_WEIGHT),
            "gram": dict.fromkeys(pairs, 1.0),
            "concept": self._concepts(terms, texts),
            "key": dict.fromkeys(keys(document), 1.0),
        }

    def _cut(self, raw: str) -> Cut:
        return self._known.pop(raw, None) or self._analyzer.cut(raw)

    def _label(self, slug: str) -> tuple[list[str], list[str]]:
        """The tokens and the pairs of characters of a term's labels."""
        found = self._labels.get(slug)
        if found is None:
            labels = [n.text for n in self._taxonomy.terms[slug].labels if n.kind != "hidden"]
            cuts = [self._analyzer.cut(label) for label in labels]
            grams = [gram for cut in cuts for run in cut.runs for gram in analysis.grams(run)]
            found = ([token for cut in cuts for token in cut.tokens], grams)
            self._labels[slug] = found
        return found

    def _concepts(self, terms: Sequence[str], texts: Iterable[str]) -> dict[str, float]:
        found: dict[str, float] = {}
        mentioned = {m.slug for m in self._taxonomy.find(_BAR.join(map(text.fold, texts))) if not m.hidden}
        for slug in terms:
            if slug not in self._above:
                self._above[slug] = self._taxonomy.ancestors(slug)
        above = {a for slug in terms for a in self._above[slug]}
        for how, slugs in (("category", set(terms)), ("mention", mentioned), ("broader", above)):
            for slug in slugs:
                found[slug] = found.get(slug, 0.0) + ranking.CONCEPT_WEIGHTS[how]
        return found


def _literal(written: dict[str, list[str]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for field, weight in ranking.FIELD_WEIGHTS.items():
        tokens = written[field]
        worth = _worth(weight, len(tokens), ranking.LENGTHS[field])
        if len(set(tokens)) == len(tokens):
            for token in tokens:
                found[token] = found.get(token, 0.0) + worth[1]
        else:
            for token, count in Counter(tokens).items():
                found[token] = found.get(token, 0.0) + worth[min(count, 7)]
    return found


@lru_cache(maxsize=4096)
def _worth(weight: float, length: int, typical: float) -> list[float]:
    """What a token is worth by how often it occurs; more than seven times says no more."""
    return [weight * ranking.saturated(n, length, typical) for n in range(8)]


def row(document: Document, taxonomy: Taxonomy) -> Row:
    """The columns of a document."""
    languages = [name for name, value in (("zh", document.summary_zh), ("en", document.summary_en)) if value]
    above = [a for s in document.categories if s in taxonomy.terms for a in taxonomy.ancestors(s)]
    return Row(
        category=list(dict.fromkeys((*document.categories, *above))),
        kind=document.kind,
        pricing=document.pricing,
        licence=document.licence,
        lang=languages,
        state=document.state,
        stars=document.stars,
        growth=document.growth,
        updated=document.updated,
        added=document.added,
        name=document.name,
        cited_by=document.cited_by,
    )


def hit(document: Document) -> Hit:
    """What is shown of a document."""
    return Hit(**{field: getattr(document, field) for field in SHOWN}, score=0.0, highlights={})


def folded(document: Document) -> str:
    """The folded texts, one a line, that phrases are verified on; those that are shown (`_show.SHOWN`) come first."""
    texts = (document.name, document.summary_zh, document.summary_en, *document.names, *document.topics)
    return "\n".join(text.fold(t) for t in texts)
