"""What did a word mean that nothing was found for? Beginnings of names, typing errors, pinyin, wrong characters.

The data is made at index time (`spelling`), where pypinyin may be slow to load, and read only when a word is unknown:
names with their popularity, and for Chinese words their pinyin. It is plain JSON beside the index.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product, takewhile

from directory import text
from directory.search import _ranking as ranking
from directory.search._backend import Spelling
from directory.search._document import Document
from directory.taxonomy import Taxonomy

_HAN = re.compile("[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_SHORTEST_TYPO = 4
_MAX_WORD = 8  # Han characters of one word
_READINGS = 16  # of one word
_MAX_READING = 40  # letters


Known = Callable[[str], int]
"""In how many documents a token occurs."""


def collect(documents: Iterable[Document], taxonomy: Taxonomy, words: dict[str, int]) -> Spelling:
    """Collect what repairs need.

    Args:
        documents: their names are what misspelt words are compared with.
        taxonomy: its labels come first among words that are read alike.
        words: Han tokens of the index and how many documents have them. One that a single document has is more often a
            slip than a word.
    """
    labels = [label.text for term in taxonomy for label in term.labels]
    return spelling(_names(documents), labels, {word: number for word, number in words.items() if number > 1})


def _names(documents: Iterable[Document]) -> Iterator[tuple[str, float]]:
    for document in documents:
        popularity = ranking.prior(document.stars, document.cited_by, document.state)
        for name in (document.name, *document.names, document.repo.partition("/")[2]):
            if name:
                yield name, popularity


def spelling(names: Iterable[tuple[str, float]], labels: Iterable[str], words: dict[str, int]) -> Spelling:
    """Collect what repairs need.

    Args:
        names: names of resources and their popularity.
        labels: labels of the taxonomy.
        words: Han tokens of the index and how many documents have them.
    """
    from pypinyin import Style, lazy_pinyin, pinyin

    best: dict[str, float] = {}
    chinese: dict[str, None] = {}
    for name, popularity in names:
        for key in {text.squash(name), *_LATIN.findall(text.fold(name))}:
            if len(key) > 2 and key.isascii():
                best[key] = max(best.get(key, 0.0), popularity)
        chinese.update(dict.fromkeys(_HAN.findall(text.fold(name))))
    own = dict.fromkeys((*(run for n in labels for run in _HAN.findall(text.fold(n))), *chinese))
    ranked = (*own, *sorted(words, key=lambda w: -words[w]))
    read: defaultdict[str, list[str]] = defaultdict(list)
    initials: defaultdict[str, list[str]] = defaultdict(list)
    readings: dict[str, str] = {}
    for word in dict.fromkeys(w for w in ranked if _HAN.fullmatch(w)):
        syllables = lazy_pinyin(word)
        for character, syllable in zip(word, syllables, strict=False):
            readings.setdefault(character, syllable)
        if len(word) == 1:
            continue
        ways = [tuple(syllables)]
        if word in own and len(word) < _MAX_WORD:
            # 调 is read tiao and diao, and no dictionary knows which it is in every label: so all ways.
            each = pinyin(word, heteronym=True, style=Style.NORMAL)
            ways += [way for way in islice(product(*each), _READINGS) if way not in ways]
            for letters in dict.fromkeys("".join(s[0] for s in way) for way in ways):
                initials[letters].append(word)
        for way in ways:
            read["".join(way)].append(word)
    readings.update({c: lazy_pinyin(c)[0] for c in _common_han() if c not in readings})
    return Spelling(best, _first(read), _first(initials), readings)


def _first(lists: dict[str, list[str]]) -> dict[str, list[str]]:
    return {key: found[:5] for key, found in lists.items()}


def _common_han() -> str:
    """The 6,763 characters of GB 2312: what a Chinese input method offers first."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return b"".join(codes).decode("gb2312", "ignore")


def repair(words: str, unknown: Sequence[str], found: Spelling, known: Known) -> str:
    """The words with what nothing was found for replaced by what was probably meant; empty when nothing was.

    Args:
        words: the free text of a query.
        unknown: the parts of it that have no hit; only these are replaced.
        found: what to compare with.
        known: in how many documents a token occurs.
    """
    folded = text.fold(words)
    whole = text.squash(folded)
    if whole.isascii() and len(whole) > 2:
        # A misspelt name is often split by what is misspelt in it: so the whole query first.
        better = _latin(whole, found)
        if better:
            return better
    repaired = folded
    for part in unknown:
        if text.has_han(part):
            continue
        # In a longer query a short word that nobody uses is rather a name that is not here than a misspelt one.
        better = _latin(text.squash(part), found) if len(part) > 4 else ""
        if better:
            repaired = repaired.replace(part, f" {better} ")
    unsure = [part for part in unknown if text.has_han(part)]
    for run in _HAN.findall(repaired):
        better = _chinese(run, unsure, found, known)
        if better != run:
            repaired = repaired.replace(run, better)
    repaired = " ".join(repaired.split())
    return repaired if repaired != folded else ""


def _latin(word: str, found: Spelling) -> str:
    """A name that begins with the word, Chinese that is read so, or the nearest name."""
    if word in found.names:
        return ""
    for chosen in (_read_as(word, found), _begins(word, found), _nearest(word, found)):
        if chosen:
            return chosen
    return ""


def _read_as(word: str, found: Spelling) -> str:
    """Chinese words whose pinyin, one after the other, is the word; or the label with these initials."""
    best: list[tuple[int, list[str]] | None] = [(0, [])] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _MAX_READING), end):
            before = best[start]
            words = found.pinyin.get(word[start:end]) if before is not None else None
            if before is not None and words:
                candidate = (before[0] + 1, [*before[1], words[0]])
                present = best[end]
                if present is None or candidate[0] < present[0]:
                    best[end] = candidate
    whole = best[len(word)]
    if whole is not None and len(word) > 3:
        return "".join(whole[1])
    return next(iter(found.initials.get(word, ())), "") if len(word) > 1 else ""


def _begins(word: str, found: Spelling) -> str:
    """The most popular of the names that begin with the word; a much longer name is a bolder guess."""
    if len(word) < 3:
        return ""
    names = found.sorted_names
    starting = takewhile(lambda name: name.startswith(word), islice(names, bisect_left(names, word), None))
    return max(starting, key=lambda name: (found.names[name] - len(name) / 20, name), default="")


def _nearest(word: str, found: Spelling) -> str:
    """The nearest name by edit distance with transpositions: one error, or two in a long word."""
    if len(word) < _SHORTEST_TYPO:
        return ""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 2 if len(word) > 7 else 1
    alike = [name for size in range(len(word) - most, len(word) + most + 1) for name in found.by_length.get(size, ())]
    near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=most, limit=None)
    if not near:
        return ""
    # Fewer errors first, then the same first letter (it is rarely wrong), then what more people mean.
    best = min(near, key=lambda n: (n[1], n[0][0] != word[0], -found.names[n[0]], n[0]))
    return str(best[0])


def _chinese(run: str, unsure: Iterable[str], found: Spelling, known: Known) -> str:
    """A run of Han with the words replaced that are read like a word people use, and are none themselves."""
    parts = [at.span() for part in unsure for at in re.finditer(re.escape(part), run)]
    doubtful = {n for start, end in parts for n in range(start, end)}
    syllables = [found.readings.get(character, character) for character in run]

    def better(start: int, end: int) -> str:
        if not doubtful.issuperset(range(start, end)):
            return ""
        alike = (w for w in found.pinyin.get("".join(syllables[start:end]), ()) if len(w) == end - start)
        chosen = next(alike, "")
        # What is unknown as a whole is one misspelt word; a part of it is not when a real word begins in it: 中一|些.
        return chosen if chosen and ((start, end) in parts or not _cuts(run, start, end, known)) else ""

    out = ""
    start = 0
    while doubtful and start < len(run):
        for end in range(min(len(run), start + _MAX_WORD), start + 1, -1):
            word = run[start:end]
            chosen = word if known(word) and (start, end) not in parts else better(start, end)
            if chosen:
                out += chosen
                start = end
                break
        else:
            out += run[start]
            start += 1
    return out if doubtful else run


def _cuts(run: str, start: int, end: int, known: Known) -> bool:
    """Whether a word people use begins within a stretch and ends behind it, or fills its beginning."""
    crossing = any(known(run[a:b]) for a in range(start + 1, end) for b in range(end + 1, min(len(run), a + 4) + 1))
    return crossing or any(known(run[start:b]) for b in range(start + 2, end))
