"""How much does each piece of evidence count? Every weight of the ranking stands here, with its reason."""

from __future__ import annotations

from math import log

FIELD_WEIGHTS = {
    "name": 4.0,  # people search for what they have heard of
    "terms": 1.6,  # a curator said so
    "zh": 1.0,
    "en": 1.0,
    "topics": 0.8,  # the owner said so, often generously
    "owner": 0.6,
}
"""What a literal token is worth in each field (times its BM25 there)."""

CONCEPT_WEIGHTS = {
    "category": 1.2,  # filed under the concept, whatever words its text uses
    "mention": 0.5,  # some label of the concept stands in the text
    "broader": 0.25,  # filed under a narrower concept: RAG for a search for applications
}
"""What a hit on the concept (the alias graph) is worth; below a literal hit, which adds to it."""

GRAM_WEIGHT = 0.35
"""Pairs of characters: they find what the segmenter cut differently, and are noisier than words."""

PARTS_WEIGHT = 0.8
"""A compound found by its parts (`gpt 4` for `gpt4`)."""

COORDINATION = 1.5
"""Exponent on the share of the query that a document holds: two words found beat one found twice."""

KEEP = 0.5
"""A document stays in the answer when it holds at least this part of what the best document holds."""

EXACT_NAME = 1000.0
"""Added when the query is the resource's name, owner/name or address: always first."""

STARS_PRIOR = 0.035
CITED_PRIOR = 0.06


def prior(stars: int | None, cited_by: int, state: str) -> float:
    """A factor near 1 for what is known about a resource apart from the words.

    Log-scaled, so that 100,000 stars are worth 40 % and twenty citing lists 18 %: enough to order equals, not enough to
    lift what does not fit.
    """
    factor = 1.0 + STARS_PRIOR * log(1 + (stars or 0)) + CITED_PRIOR * log(1 + cited_by)
    return factor * {"dead": 0.3, "replaced": 0.3, "legal": 0.5, "suspect": 0.9}.get(state, 1.0)
