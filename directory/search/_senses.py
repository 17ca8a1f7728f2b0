"""Which of the taxonomy's concepts does a word go with, and which a document? Counted when an index is built.

A curator files resources under concepts, and labels of concepts stand in their texts. So a word can be told by the
concepts of the documents that have it: 字幕 goes with speech, video and translation. Its sense is the pointwise mutual
information with each of them ("explicit semantic analysis" with concepts in the place of articles: Gabrilovich and
Markovitch 2007). What a document is about is the sum of the senses of its most telling words. Words of both languages
lie in the same space, and so do two words for one thing that never stand together. `_profile` compares queries with it.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from math import log, sqrt
from operator import mul

from directory import analysis
from directory.search._postings import List, Postings
from directory.search._profile import SCALE, concept_key

_LEAST = 3
"""Documents that have a word: two say nothing about it."""
_LOOKED_AT = 1000
"""Documents of a word that are counted, the best known first; more of them change no figure."""
_DOUBT = 3.0
"""Times a word must be seen with a concept to be believed by half: small numbers go together by chance."""
_SENSES = 32
"""Concepts of a word at most, the strongest. From 16 to all of them the figures differ by chance only."""
_TELLING = 20
"""Words of a document that count, the most telling first: what a long description says by the way does not."""
_MOST = 1.5
"""A word counts at most so much, however often it stands there."""
_FAINT = 10
"""Below this (of SCALE) a document is not about a concept: half of all entries, which change nothing."""

Sense = Callable[[str], List | None]
"""What gives the sense of a token: concepts by number, and how much it goes with each, times how rare it is."""


def learn(found: Postings, count: int) -> dict[str, List]:
    """The sense of every word and every concept.

    Args:
        found: the documents' postings.
        count: how many documents there are.
    """
    of: list[list[int]] = [[] for _ in range(count)]
    sizes = []
    for number, slug in enumerate(sorted(found["concept"])):
        documents = found["concept"][slug].documents
        sizes.append(len(documents))
        for document in documents:
            of[document].append(number)
    senses = {}
    for key, listed in _tokens(found):
        if len(listed.documents) < _LEAST:
            continue
        counted = listed.documents[:_LOOKED_AT]
        beside = Counter(chain.from_iterable(map(of.__getitem__, counted)))
        expected = count / len(counted)
        strengths = [
            (strength * n / (n + _DOUBT), concept)
            for concept, n in beside.items()
            if n > 1 and (strength := log(n * expected / sizes[concept])) > 0
        ]
        if strengths:
            strengths.sort(reverse=True)
            del strengths[_SENSES:]
            length = sqrt(sum(strength * strength for strength, _ in strengths))
            worth = log((count + 1) / (len(listed.documents) + 1)) / length
            senses[key] = List(
                array("I", [concept for _, concept in strengths]),
                array("f", [strength * worth for strength, _ in strengths]),
            )
    return senses


def describe(found: Postings, count: int, sense: Sense) -> dict[str, List]:
    """What every document is about: for each concept the documents, and how much (1 to SCALE).

    Args:
        found: the documents' postings, numbered from 0.
        count: how many documents there are.
        sense: of every token; for an addition that of the index it is added to.
    """
    words: list[list[tuple[float, float, int]]] = [[] for _ in range(count)]
    senses: list[list[tuple[int, float]]] = []
    for key, listed in _tokens(found):
        known = sense(key)
        if known is None:
            continue
        place = len(senses)
        senses.append(list(zip(*known, strict=True)))
        worth = sqrt(sum(strength * strength for strength in known.impacts))
        for document, impact in zip(*listed, strict=True):
            times = min(impact, _MOST)
            words[document].append((times * worth, times, place))
    concepts = 1 + max((concept for known in senses for concept, _ in known), default=-1)
    return _turned(_sum(telling, senses, concepts) for telling in words)


def _tokens(found: Postings) -> Iterator[tuple[str, List]]:
    """What can have a sense: written words, and concepts themselves."""
    for token, listed in found["text"].items():
        if len(token) > 1 and not analysis.is_stopword(token):
            yield token, listed
    for slug, listed in found["concept"].items():
        yield concept_key(slug), listed


def _sum(words: list[tuple[float, float, int]], senses: list[list[tuple[int, float]]], concepts: int) -> list[float]:
    """The sum of the senses of a document's most telling words."""
    words.sort(reverse=True)
    found = [0.0] * concepts
    for _, times, place in words[:_TELLING]:
        for concept, strength in senses[place]:
            found[concept] += times * strength
    return found


def _turned(profiles: Iterable[list[float]]) -> dict[str, List]:
    """Profiles by concept, each of length SCALE, without what is faint."""
    numbers: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
    shares: defaultdict[int, array[float]] = defaultdict(lambda: array("f"))
    for document, profile in enumerate(profiles):
        scale = SCALE / (sqrt(sum(map(mul, profile, profile))) or 1.0)
        least = _FAINT / scale
        for concept, share in enumerate(profile):
            if share >= least:
                numbers[concept].append(document)
                shares[concept].append(round(scale * share))
    return {str(concept): List(numbers[concept], shares[concept]) for concept in sorted(numbers)}
