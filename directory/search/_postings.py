"""Which documents have a token, and how much are they about it? All documents' impacts, turned round.

Documents are numbered by their prior, the best known first: so every list of documents is in the order of what is known
of them apart from the words, and documents that score the same come in that order too.
"""

from __future__ import annotations

import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from directory.analysis import Analyzer, Cut, is_han
from directory.search import _ranking as ranking
from directory.search._backend import Progress
from directory.search._document import Document
from directory.search._fields import CHANNELS, WEIGHTED, Impacts, Weigher
from directory.search._lexicon import Lexicon
from directory.taxonomy import Taxonomy

_MOST = 1 << 20
"""Postings that are held in memory; with their tokens they take some 60 MB."""
SENSE = "sense"
"""The channel that is learnt from the others when all documents are known (`_senses`)."""
_SORTED = sorted(CHANNELS)
_CODES = sorted((*CHANNELS, SENSE))
_PLAIN = frozenset(CHANNELS) - frozenset(WEIGHTED)
_HEAD = struct.Struct("<HI")


class List(NamedTuple):
    """A posting list: document numbers, ascending, and the impact (single precision) on each."""

    documents: array[int]
    impacts: array[float]


Posted = tuple[str, bytes, "array[int]", "array[float]"]
"""A channel, a token in UTF-8, and its list. No class: there are a hundred thousand of them in a small index."""


class Postings:
    """The lists of all tokens, in the order of channels and tokens, as often as they are asked for.

    What goes beyond `most` is written to a temporary file, sorted, and merged when it is asked for: so memory does not
    grow with the catalogue.

    Args:
        folder: where temporary files may be written; nowhere: everything is held.
        most: postings to hold.
    """

    def __init__(self, folder: Path | None = None, most: int = _MOST) -> None:
        self._folder, self._most = folder, most
        self._runs: list[IO[bytes]] = []
        self._words: dict[str, int] = {}
        self._clear()

    def _clear(self) -> None:
        self._held = 0
        self._orders: dict[str, list[tuple[str, bytes]]] = {}
        self._plain: dict[str, defaultdict[str, array[int]]] = {c: defaultdict(lambda: array("I")) for c in _PLAIN}
        self._weighed: dict[str, defaultdict[str, List]] = {
            c: defaultdict(lambda: List(array("I"), array("f"))) for c in WEIGHTED
        }

    def add(self, number: int, found: Impacts) -> None:
        """Add a document; they come in the order of their numbers."""
        self._orders.clear()
        for channel, weighed in self._weighed.items():
            tokens = found[channel]
            for (documents, impacts), impact in zip(map(weighed.__getitem__, tokens), tokens.values(), strict=True):
                documents.append(number)
                impacts.append(impact)
        for channel, plain in self._plain.items():
            for listed in map(plain.__getitem__, found[channel]):
                listed.append(number)
        self._held += sum(map(len, found.values()))
        if self._held > self._most and self._folder:
            self._spill(self._folder)

    def _spill(self, folder: Path) -> None:
        self._words = self.words()
        self._runs.append(TemporaryFile(dir=folder))  # noqa: SIM115  (closed with the postings)
        _write(self._runs[-1], self._sorted())
        self._clear()

    def __iter__(self) -> Iterator[Posted]:
        if not self._runs or not self._folder:
            return self._sorted()
        if self._held:
            self._spill(self._folder)
        # Equal tokens come out in the order of the runs, which is that of the documents.
        merged = merge(*map(_read, self._runs), key=itemgetter(0, 1))
        return (_together(list(same)) for _, same in groupby(merged, itemgetter(0, 1)))

    def _sorted(self) -> Iterator[Posted]:
        for channel in _SORTED:
            if channel in WEIGHTED:
                weighed = self._weighed[channel]
                for token, encoded in self._in_order(channel, weighed):
                    yield channel, encoded, *weighed[token]
            else:
                plain, single = self._plain[channel], one(channel)
                for token, encoded in self._in_order(channel, plain):
                    documents = plain[token]
                    yield channel, encoded, documents, single * len(documents)

    def _in_order(self, channel: str, tokens: Iterable[str]) -> list[tuple[str, bytes]]:
        """The tokens in the order of their UTF-8; sorted once, for they are gone through several times."""
        if channel not in self._orders:
            self._orders[channel] = [(token, token.encode("utf-8", "surrogatepass")) for token in sorted(tokens)]
        return self._orders[channel]

    def words(self) -> dict[str, int]:
        """Han words and how many documents have them, in the order in which they were met."""
        words = self._words.copy()
        for token, listed in self._weighed["text"].items():
            if is_han(token):
                words[token] = words.get(token, 0) + len(listed.documents)
        return words

    def close(self) -> None:
        """Let go of the temporary files."""
        for run in self._runs:
            run.close()

    __del__ = close


class Kept:
    """Lists as they were given, as often as they are asked for.

    Args:
        lists: gone through once.
        folder: where a temporary file may be written; nowhere: memory holds them.
    """

    def __init__(self, lists: Iterable[Posted], folder: Path | None = None) -> None:
        self._file = TemporaryFile(dir=folder) if folder else None  # noqa: SIM115  (closed with this)
        self._held: list[Posted] = []
        if self._file:
            _write(self._file, lists)
        else:
            self._held += lists

    def __iter__(self) -> Iterator[Posted]:
        return _read(self._file) if self._file else iter(self._held)

    def __del__(self) -> None:
        if self._file:
            self._file.close()


def _write(file: IO[bytes], lists: Iterable[Posted]) -> None:
    for channel, token, documents, impacts in lists:
        key = _CODES.index(channel).to_bytes(1, "little") + token
        file.write(_HEAD.pack(len(key), len(documents)) + key)
        file.write(documents)
        if channel not in _PLAIN:
            file.write(impacts)


def _read(file: IO[bytes]) -> Iterator[Posted]:
    file.seek(0)
    while head := file.read(_HEAD.size):
        length, size = _HEAD.unpack(head)
        key = file.read(length)
        channel = _CODES[key[0]]
        documents, impacts = array("I"), array("f")
        documents.frombytes(file.read(4 * size))
        if channel in _PLAIN:
            impacts = one(channel) * size
        else:
            impacts.frombytes(file.read(4 * size))
        yield channel, key[1:], documents, impacts


def _together(parts: list[Posted]) -> Posted:
    if len(parts) == 1:
        return parts[0]
    channel, token, *_ = parts[0]
    documents, impacts = array("I"), array("f")
    for _, _, more, weights in parts:
        documents += more
        impacts += weights
    return channel, token, documents, impacts


def in_order(documents: Iterable[Document]) -> list[Document]:
    """The documents as they are numbered."""
    return sorted(documents, key=lambda d: (-ranking.prior(d.stars, d.cited_by, d.state), d.slug))


def gather(
    documents: list[Document],
    taxonomy: Taxonomy,
    analyzer: Analyzer,
    progress: Progress,
    lexicon: Lexicon,
    cut: dict[str, Cut] | None = None,
    folder: Path | None = None,
) -> Postings:
    """Analyse documents and collect who has what.

    Args:
        documents: in the order of their numbers.
        taxonomy: the terms.
        analyzer: cuts texts into tokens.
        progress: called with the number of documents done.
        lexicon: what words are called in the other language.
        cut: summaries that have been cut already.
        folder: where what memory should not hold may be written; nowhere: memory holds it.
    """
    weigher = Weigher(taxonomy, analyzer, lexicon, cut)
    found = Postings(folder)
    for number, document in enumerate(documents):
        found.add(number, weigher.impacts(document))
        progress(number + 1)
    return found


def one(channel: str) -> array[float]:
    """The impact of every token of a channel whose impacts are all the same."""
    return array("f", [ranking.GUESS_WEIGHT if channel == "guess" else 1.0])


def shifted(found: Iterable[Posted], first: int) -> Iterator[Posted]:
    """The same lists when the first document has another number than 0."""
    for channel, token, documents, impacts in found:
        yield channel, token, array("I", (first + n for n in documents)), impacts
