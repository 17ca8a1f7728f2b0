"""How much does each piece of evidence count? Every weight of the ranking stands here, with its reason.

    score(d) = prior(d) x held(d)^COORDINATION x sum over clauses of idf(clause) x impact(clause, d)

An impact says how much a document is about a clause, whatever else is indexed; it is computed once, when a document is
indexed. How rare a clause is (idf) is known when the query is answered, from the number of documents that have it. So a
document that is added or changed leaves every other impact as it was.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

FIELD_WEIGHTS = {
    "name": 2.0,  # people search for what they have heard of; the exact name comes first anyway (EXACT_NAME)
    "terms": 1.2,  # a curator said so; the concept itself counts on top (CONCEPT_WEIGHTS)
    "zh": 1.0,
    "en": 1.0,
    "topics": 0.8,  # the owner said so, often generously
    "owner": 0.6,
}
"""What a literal token is worth in each field."""

GUESS_WEIGHT = 0.5
"""What the words of a document are called in the other language: mostly right."""

CONCEPT_WEIGHTS = {
    "category": 1.6,  # filed under the concept, whatever words its text uses
    "mention": 2.0,  # some label of the concept stands in the text
    "broader": 0.5,  # filed under a narrower concept: RAG for a search for applications
}
"""What a hit on the concept (the alias graph) is worth; below a literal hit, which adds to it."""

GRAM_WEIGHT = 0.35
"""Pairs of characters: they find what the segmenter cut differently, and are noisier than words."""

PARTS_WEIGHT = 0.8
"""A compound found by its parts (`gpt 4` for `gpt4`)."""


class Weight(NamedTuple):
    """What a clause counts for in a query: as parts of its rarity, or times it."""

    worth: float
    """In a score: what its impact on a document is multiplied by."""
    held: float
    """In the share of the query that a document holds."""


FEW = 4
"""Clauses up to which a query names a thing; longer ones describe it."""
ALL, KIND, KIND_AMONG_MANY = Weight(1.0, 1.0), Weight(0.6, 0.3), Weight(0.6, 0.6)
"""Any word; one that only says what kind of thing is wanted (the 框架 of 微调框架), among few clauses and among many.

A library for fine-tuning is an answer to 微调框架 though it does not call itself a framework. Of a description every
word counts. Measured: worth .3 to 1, held .06 to .6, few 2 to 6 (docs/relevance.md)."""

COORDINATION = 6.0
"""Exponent on the share of the query that a document holds: two words found beat one found twice.

Measured from 1 to 8 over 613 queries: the figures over all rise up to 4 and are flat from there; descriptions found in
the other language go on rising (docs/relevance.md). That words stand together adds nothing on top: also measured."""

LENGTHS = {"name": 5.0, "terms": 8.0, "zh": 25.0, "en": 25.0, "topics": 10.0, "owner": 2.0}
"""Tokens in a typical field; a fixed length instead of the mean of the day keeps impacts independent of each other."""
B, K1 = 0.4, 0.9
"""BM25's parameters. Descriptions are short: their length says little (B), a word said twice says little more (K1)."""

KEEP = 0.2
"""A document stays in the answer when it holds at least this part of what the best document holds.

Long queries hold words that no resource uses; a hit on a fifth of one is far down, but it is there."""

NAMED = 3.0
"""Factor when one word of a longer query is the resource's whole name (`dify 平台`)."""

NEAR, FLAT = 0.3, 0.2
"""What being about the same is worth in the second look (`_profile`).

    (score^FLAT + NEAR x typical^FLAT x near)^(1/FLAT)

`typical` is what a document that holds most of the query scores by words, `near` how much this one is about the same: 0
to 1. The power brings scores that differ a hundredfold near enough for a second opinion: held^COORDINATION tells well
which document is first, and too sharply which is twentieth. Measured: NEAR .1 to .7, FLAT .08 to .5
(docs/relevance.md).
"""
POWER = 1 / FLAT

STARS_PRIOR = 0.05
CITED_PRIOR = 1.0


def saturated(count: int, length: int, typical: float) -> float:
    """BM25's weight of a token that occurs `count` times in a field of `length` tokens; about 1 for once."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / typical))


def idf(documents: int, having: int) -> float:
    """How much a clause says that `having` of all documents have: 1 when all have it."""
    return 1.0 + log((documents + 1) / (having + 1))


def prior(stars: int | None, cited_by: int, state: str) -> float:
    """A factor near 1 for what is known about a resource apart from the words.

    Log-scaled. How many curated lists name a resource is the best sign there is that it is what people mean (RR@10 +.05
    over 613 queries; still rising at twice the weight, but then fame beats words). Its stars add little to that.
    """
    factor = 1.0 + STARS_PRIOR * log(1 + (stars or 0)) + CITED_PRIOR * log(1 + cited_by)
    return factor * {"dead": 0.3, "replaced": 0.3, "legal": 0.5, "suspect": 0.9}.get(state, 1.0)


def score(total: float, held: float, prior: float) -> float:
    """The score of a document.

    Args:
        total: the sum over clauses of idf x impact.
        held: the share of the query's idf that the document has.
        prior: what is known of it apart from the words.
    """
    return float(total * held**COORDINATION * prior)


def place(number: int, scored: float) -> tuple[float, int]:
    """What documents are sorted by: the score, but for the last digits that depend on the order of multiplication."""
    return -round(scored, 6), number


def best_first(scores: dict[int, float]) -> list[int]:
    """Document numbers, the best first; what scores the same stays in the order of numbers."""
    return sorted(scores, key=lambda n: place(n, scores[n]))
