"""Which fields does a document have in an index, and what is kept of it to filter, sort and show it?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from directory import analysis, text, url
from directory.analysis import Analyzer
from directory.search import Document, Row
from directory.search import _ranking as ranking
from directory.search._lexicon import Lexicon, translate
from directory.taxonomy import Taxonomy

LITERAL = tuple(ranking.FIELD_WEIGHTS)
SCORED = (*LITERAL, *ranking.CONCEPT_WEIGHTS, "gram")
"""The fields with weighted tokens; besides them there are `slug` and `key` (exact identities)."""


def keys(document: Document) -> list[str]:
    """The exact identities of a document, in the form `_plan` looks for them."""
    names = (document.name, document.slug, *document.names)
    found = [f"name:{text.squash(n)}" for n in names]
    for name in (document.repo, *document.past_repos):
        if name:
            found += [f"repo:{name.lower()}", f"name:{text.squash(name.partition('/')[2])}"]
    found += [f"url:{url.canonical(u)}" for u in (document.url, *document.urls) if u]
    return list(dict.fromkeys(found))


def tokens(document: Document, taxonomy: Taxonomy, analyzer: Analyzer, lexicon: Lexicon) -> dict[str, list[str]]:
    """The tokens of every field; `slug` and `key` hold identities."""

    def analysed(*texts: str) -> Iterator[str]:
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
        "name": (*analysed(*names), *(text.squash(n) for n in names)),
        "owner": analysed(*(owner for owner, _, _ in repos)),
        "terms": analysed(*labels),
        "zh": analysed(document.summary_zh),
        "en": analysed(document.summary_en),
        "topics": analysed(*document.topics),
        "category": [t.slug for t in terms],
        "mention": mentioned,
        "broader": above,
        "gram": (g for run in runs for g in analysis.grams(run)),
    }
    lists = {name: list(values) for name, values in found.items()}
    return lists | {"translated": translate(lists, lexicon)}


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


def hit(document: Document) -> str:
    """What is shown of a document, as JSON: the fields of a Hit but for score and highlights."""
    shown = document._asdict()
    for name in ("names", "past_repos", "urls", "topics", "cited_by"):
        del shown[name]
    return json.dumps(shown, ensure_ascii=False)


def folded(document: Document) -> str:
    """The folded text that phrases are verified on."""
    texts = (document.name, *document.names, document.summary_zh, document.summary_en, *document.topics)
    return "\n".join(text.fold(t) for t in texts)
