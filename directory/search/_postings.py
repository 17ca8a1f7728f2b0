"""Which documents have a token, and how much are they about it? All documents' impacts, turned round.

Documents are numbered by their prior, the best known first: so every list of documents is in the order of what is known
of them apart from the words, and documents that score the same come in that order too.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from directory.analysis import Analyzer
from directory.search import Document, Progress
from directory.search import _ranking as ranking
from directory.search._fields import CHANNELS, WEIGHTED, Weigher
from directory.search._lexicon import Lexicon
from directory.taxonomy import Taxonomy


class List(NamedTuple):
    """A posting list: document numbers, ascending, and the impact (single precision) on each."""

    documents: array[int]
    impacts: array[float]


Postings = dict[str, dict[str, List]]
"""Channel -> token -> its list."""

LEARNT = ("sense", "about")
"""Channels that are learnt from the others when all documents are known (`_senses`)."""


def in_order(documents: Iterable[Document]) -> list[Document]:
    """The documents as they are numbered."""
    return sorted(documents, key=lambda d: (-ranking.prior(d.stars, d.cited_by, d.state), d.slug))


def gather(
    documents: list[Document],
    taxonomy: Taxonomy,
    analyzer: Analyzer,
    progress: Progress,
    lexicon: Lexicon,
    cut: dict[str, list[str]] | None = None,
) -> Postings:
    """Analyse documents and collect who has what.

    Args:
        documents: in the order of their numbers.
        taxonomy: the terms.
        analyzer: cuts texts into tokens.
        progress: called with the number of documents done.
        lexicon: what words are called in the other language.
        cut: summaries that have been cut into tokens already.
    """
    weigher = Weigher(taxonomy, analyzer, lexicon, cut)
    numbers: dict[str, dict[str, array[int]]] = {c: defaultdict(lambda: array("I")) for c in CHANNELS}
    impacts: dict[str, dict[str, array[float]]] = {c: defaultdict(lambda: array("f")) for c in WEIGHTED}
    for number, document in enumerate(documents):
        for channel, found in weigher.impacts(document).items():
            listed = numbers[channel]
            for token in found:
                listed[token].append(number)
            if channel in impacts:
                weighed = impacts[channel]
                for token, impact in found.items():
                    weighed[token].append(impact)
        progress(number + 1)
    return {
        channel: {
            token: List(listed, impacts[channel][token] if channel in impacts else one(channel) * len(listed))
            for token, listed in lists.items()
        }
        for channel, lists in numbers.items()
    }


def one(channel: str) -> array[float]:
    """The impact of every token of a channel whose impacts are all the same."""
    return array("f", [ranking.GUESS_WEIGHT if channel == "guess" else 1.0])


def shifted(found: Postings, first: int) -> Postings:
    """The same lists when the first document has another number than 0."""
    return {
        channel: {
            token: List(array("I", (first + n for n in listed.documents)), listed.impacts)
            for token, listed in lists.items()
        }
        for channel, lists in found.items()
    }
