"""Which of the taxonomy's concepts does a word go with, and which a document? Counted when an index is built.

A curator files resources under concepts, and labels of concepts stand in their texts. So a word can be told by the
concepts of the documents that have it: 字幕 goes with speech, video and translation. Its sense is the pointwise mutual
information with each of them ("explicit semantic analysis" with concepts in the place of articles: Gabrilovich and
Markovitch 2007). What a document is about is the sum of the senses of its most telling words. Words of both languages
lie in the same space, and so do two words for one thing that never stand together. `_profile` compares queries with it.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import merge
from io import BytesIO
from itertools import chain, groupby, repeat
from math import log, sqrt
from operator import floordiv, itemgetter, mul
from pathlib import Path
from tempfile import TemporaryFile

from directory import analysis
from directory.search._postings import SENSE, Kept, List, Posted
from directory.search._profile import FIELD, SCALE, concept_key, packed

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

_NOTHING = array("I")
_WITHOUT_FAINT = bytes(share if share >= _FAINT else 0 for share in range(256))
_TIMES = 1 << 8
"""What 1 is in how often a word counts: _TELLING words fill at most 29 of a packed field's 32 bits."""
_OFTEN = 9
"""Bits for how often a word counts: _MOST times _TIMES fit."""
_PACKED = 1 << 14
"""Packed senses kept: some 20 MB."""

Sense = Callable[[str], List | None]
"""What gives the sense of a token: concepts by number, ascending, and how much it goes with each, times its rarity."""
_Keyed = tuple[bytes, "array[int]", "array[float]"]
"""A key, and the documents that have it with their impacts."""


class Profiles:
    """What documents are about, in their order and as often as it is asked for: a byte for each concept, 0 to SCALE.

    Args:
        rows: the bytes of each document; gone through once.
        size: how many concepts there are.
        folder: where a temporary file may be written; nowhere: memory holds them.
    """

    def __init__(self, rows: Iterable[bytes], size: int, folder: Path | None = None) -> None:
        self.size = size
        self._file = TemporaryFile(dir=folder) if folder else BytesIO()  # noqa: SIM115  (closed with this)
        self._count = 0
        for row in rows:
            self._file.write(row)
            self._count += 1

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        return (self._file.read(self.size) for _ in range(self._count))

    def __del__(self) -> None:
        self._file.close()


class Learnt:
    """Postings with what was learnt from them: the channel `sense`, where the alphabet has it.

    Args:
        found: the documents' postings, numbered from 0.
        senses: of words and concepts, by key; an addition to an index has none of its own.
        profiles: of the documents.
    """

    def __init__(self, found: Iterable[Posted], senses: Iterable[Posted], profiles: Profiles) -> None:
        self._found, self._senses = found, senses
        self.profiles = profiles

    def __iter__(self) -> Iterator[Posted]:
        senses = iter(self._senses)
        for posted in self._found:
            if posted[0] > SENSE:
                yield from senses
            yield posted
        yield from senses


def learn(found: Iterable[Posted], count: int, folder: Path | None = None) -> Learnt:
    """Learn what words and documents are about.

    Args:
        found: the documents' postings, in the order of channels: concepts before words.
        count: how many documents there are.
        folder: where what memory should not hold may be written; nowhere: memory holds it.
    """
    of = [array("H") for _ in range(count)]
    sizes: list[int] = []
    described = _Described(count)

    def sensed(lists: Iterable[_Keyed]) -> Iterator[Posted]:
        for key, documents, impacts in lists:
            if sense := _sense(documents, of, sizes):
                described.add(documents, impacts, sense)
                yield SENSE, key, *sense

    concepts: list[_Keyed] = []
    senses: Iterable[Posted] = ()
    for channel, lists in groupby(found, itemgetter(0)):
        if channel == "concept":
            for _, slug, documents, impacts in lists:
                for document in documents:
                    of[document].append(len(sizes))
                sizes.append(len(documents))
                if len(documents) >= _LEAST:
                    concepts.append((concept_key(slug.decode()).encode(), documents, impacts))
        elif channel == "text":
            words: Iterator[_Keyed] = (
                (token, documents, impacts)
                for _, token, documents, impacts in lists
                if len(documents) >= _LEAST and _word(channel, token)
            )
            senses = Kept(sensed(merge(concepts, words, key=itemgetter(0))), folder)
    of.clear()  # before the next large thing
    return Learnt(found, senses, Profiles(described.profiles(), described.concepts, folder))


def describe(found: Iterable[Posted], count: int, sense: Sense) -> Learnt:
    """What documents that are added to an index are about.

    Args:
        found: their postings, numbered from 0.
        count: how many there are.
        sense: of every token in that index.
    """
    described = _Described(count)
    for channel, token, documents, impacts in found:
        key = concept_key(token.decode()) if channel == "concept" else _word(channel, token)
        known = None if key is None else sense(key)
        if known is not None:
            described.add(documents, impacts, known)
    return Learnt(found, (), Profiles(described.profiles(), described.concepts))


def _word(channel: str, token: bytes) -> str | None:
    """A written word that can have a sense."""
    if channel != "text":
        return None
    word = token.decode("utf-8", "surrogatepass")
    return word if len(word) > 1 and not analysis.is_stopword(word) else None


def _sense(documents: array[int], of: Sequence[array[int]], sizes: list[int]) -> List | None:
    """The sense of what these documents have; None when it goes with no concept more than with others."""
    counted = documents[:_LOOKED_AT]
    expected = len(of) / len(counted)
    strengths = [
        (strength * n / (n + _DOUBT), concept)
        for concept, n in Counter(chain.from_iterable(map(of.__getitem__, counted))).items()
        if n > 1 and (strength := log(n * expected / sizes[concept])) > 0
    ]
    if not strengths:
        return None
    best = sorted(strengths, reverse=True)[:_SENSES]
    length = sqrt(sum(strength * strength for strength, _ in best))
    worth = log((len(of) + 1) / (len(documents) + 1)) / length
    best.sort(key=itemgetter(1))
    return List(array("I", [c for _, c in best]), array("f", [strength * worth for strength, _ in best]))


class _Described:
    """Documents on their way: which words with a sense they have.

    Senses are added up packed, which takes a fifth of the time. Packed they take five times the memory, so only the
    latest are kept in that form.

    Args:
        count: how many documents there are.
    """

    def __init__(self, count: int) -> None:
        self._words = [array("I") for _ in range(count)]
        # Of each document its words, each as its place and how often it counts (_TIMES is once) in one number.
        self._senses: list[tuple[bytes, bytes]] = []
        self._worths: list[float] = []
        self._packed = lru_cache(maxsize=_PACKED)(self._pack)
        self.concepts = 0

    def add(self, documents: array[int], impacts: array[float], sense: List) -> None:
        """Documents that have a word, and its sense."""
        place, words = len(self._senses) << _OFTEN, self._words
        self._senses.append((array("H", sense.documents).tobytes(), sense.impacts.tobytes()))
        self._worths.append(sqrt(sum(map(mul, sense.impacts, sense.impacts))))
        self.concepts = max(self.concepts, sense.documents[-1] + 1)
        counted = [round(_TIMES * impact) if impact < _MOST else round(_TIMES * _MOST) for impact in impacts]
        for document, often in zip(documents, counted, strict=True):
            words[document].append(place | often)

    def _pack(self, place: int) -> int:
        concepts, strengths = self._senses[place]
        return packed(zip(array("H", concepts), array("f", strengths), strict=True))

    def profiles(self) -> Iterator[bytes]:
        """What each document is about. A profile has length SCALE and is without the faint.

        To be asked for once: what was collected of a document is let go when its profile is made.
        """
        size = self.concepts
        one_each = int.from_bytes(array("I", (1,)) * size, "little")
        for number, words in enumerate(self._words):
            found = self._profile(words)
            self._words[number] = _NOTHING
            shares = memoryview(found.to_bytes(FIELD * size, "little")).cast("I")
            unit = int(sqrt(sum(map(mul, shares, shares))) / SCALE) + 1
            halves = found + unit // 2 * one_each  # so that dividing rounds
            shares = memoryview(halves.to_bytes(FIELD * size, "little")).cast("I")
            yield bytes(map(floordiv, shares, repeat(unit))).translate(_WITHOUT_FAINT)

    def _profile(self, words: Sequence[int]) -> int:
        """The sum of the senses of a document's most telling words, packed."""
        places = [word >> _OFTEN for word in words]
        times = [word & (1 << _OFTEN) - 1 for word in words]
        worths = list(map(mul, times, map(self._worths.__getitem__, places)))
        found = 0
        for number in sorted(range(len(worths)), key=worths.__getitem__, reverse=True)[:_TELLING]:
            found += self._packed(places[number]) * times[number]
        return found
