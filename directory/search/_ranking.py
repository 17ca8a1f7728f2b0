"""How much does each piece of evidence count? Every weight of the ranking stands here, with its reason."""

from __future__ import annotations

from math import log

FIELD_WEIGHTS = {
    "name": 2.0,  # people search for what they have heard of; the exact name comes first anyway (EXACT_NAME)
    "terms": 1.2,  # a curator said so; the concept itself counts on top (CONCEPT_WEIGHTS)
    "zh": 1.0,
    "en": 1.0,
    "topics": 0.8,  # the owner said so, often generously
    "owner": 0.6,
    "translated": 0.5,  # what its words are called in the other language: mostly right
}
"""What a literal token is worth in each field (times its BM25 there)."""

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

COORDINATION = 5.0
"""Exponent on the share of the query that a document holds: two words found beat one found twice.

Measured from 0.5 to 8 over 613 queries: every figure rises up to 3, none falls up to 5 (docs/relevance.md)."""

BM25_B, BM25_K1 = 0.4, 0.9
"""Descriptions are short: their length says little (B), and a word said twice says little more (K1)."""

KEEP = 0.2
"""A document stays in the answer when it holds at least this part of what the best document holds."""

NAMED = 3.0
"""Factor when one word of a longer query is the resource's whole name (`dify 平台`)."""

STARS_PRIOR = 0.05
CITED_PRIOR = 1.2


def prior(stars: int | None, cited_by: int, state: str) -> float:
    """A factor near 1 for what is known about a resource apart from the words.

    Log-scaled. How many curated lists name a resource is the best sign there is that it is what people mean (RR@10 +.05
    over 613 queries); its stars add little to that.
    """
    factor = 1.0 + STARS_PRIOR * log(1 + (stars or 0)) + CITED_PRIOR * log(1 + cited_by)
    return factor * {"dead": 0.3, "replaced": 0.3, "legal": 0.5, "suspect": 0.9}.get(state, 1.0)
