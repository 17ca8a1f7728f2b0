"""Where do the words of a Chinese text begin and end? jieba's algorithm over a compiled table.

jieba itself needs half a second for its first cut because it reads its dictionary into memory; its own cache is a
marshal file with a predictable name in the shared temporary folder, which anybody can plant. So its frequency table is
compiled once into a memory-mapped file in our own folder (`table`), and the taxonomy's words come on top of it in
memory. The cut is jieba's, step by step; its hidden Markov model for unknown words is jieba's own code, imported when
it is first needed. tests/test_segmentation.py holds the output against jieba's.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from math import log
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from zlib import crc32

from directory.errors import AidirError
from directory.segmentation.table import VERSION, Table, compile_table

_REMEMBERED = 100_000
"""Look-ups kept in memory: 0.1 µs instead of 0.7, and a text asks for the same beginnings of words all the time."""
_GUESSED = 20_000
"""Words kept in memory with what is inside of them, and runs of unknown ones."""
_NEVER = float("-inf")


def _jieba_file(name: str) -> Path:
    # Not importlib.util.find_spec: importing that takes longer than a cut.
    for folder in sys.path:
        path = os.path.join(folder, "jieba", name)
        if os.path.isfile(path):
            return Path(path)
    raise AidirError("the package jieba is not installed")


def table_name() -> str:
    """The file name of the compiled table for the installed jieba: another dictionary gives another name."""
    stat = _jieba_file("dict.txt").stat()
    stamp = f"{stat.st_size}:{stat.st_mtime_ns}"
    return f"jieba-{crc32(stamp.encode()):08x}-{VERSION}.table"


def compile_dictionary() -> bytes:
    """jieba's dictionary as the content of a table file.

    As in jieba's `gen_pfdict`: every beginning of a word stands in the table too, with frequency 0.
    """
    frequencies: dict[str, int] = {}
    total = 0
    with _jieba_file("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count = line.split(" ", 2)[:2]
            frequency = int(count)
            frequencies[word] = frequency
            total += frequency
            if word[:-1] not in frequencies:  # where it is, its beginnings are too
                for end in range(1, len(word)):
                    frequencies.setdefault(word[:end], 0)
    return compile_table(frequencies, total)


def _unknown_words() -> ModuleType:
    import logging

    # jieba does without pkg_resources, which takes three times as long to import as all the rest.
    without = "pkg_resources" not in sys.modules
    if without:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba 0.42.1 has invalid escapes (SyntaxWarning)
            import jieba
            from jieba import finalseg
    finally:
        if without:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.WARNING)
    module: ModuleType = finalseg
    return module


class Added(NamedTuple):
    """Words on top of a table, with their frequencies, and the sum of all frequencies with them."""

    total: int
    frequencies: dict[str, int]


class _Seen(dict[str, float | None]):
    """What was looked up; what was not is looked up."""

    def __init__(self, look_up: Callable[[str], float | None]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> float | None:
        if len(self) > _REMEMBERED:
            self.clear()
        found = self[word] = self._look_up(word)
        return found


class Segmenter:
    """Cuts runs of Han characters into words.

    Args:
        table: jieba's compiled dictionary.
        added: what another Segmenter over the same table had added to it.
    """

    def __init__(self, table: Table, added: Added | None = None) -> None:
        self._table = table
        self._total, self._added = added or Added(table.total, {})
        self._logtotal = log(self._total)
        self._seen = _Seen(self._likelihood)
        self._parts: dict[str, list[tuple[str, int]]] = {}
        self._guessed: dict[str, list[str]] = {}
        self._hmm: ModuleType | None = None

    def _get(self, word: str) -> int | None:
        found = self._added.get(word)
        return self._table.get(word) if found is None else found

    def _likelihood(self, word: str) -> float | None:
        """The logarithm of a word's share of all text; 0 for the mere beginning of a word, None when it is unknown."""
        frequency = self._get(word)
        return log(frequency) - self._logtotal if frequency else frequency

    def add(self, words: Iterable[str]) -> None:
        """Add words of our own (taxonomy labels, names of resources), as jieba's `add_word` does."""
        self._parts.clear()
        for word in words:
            probability = 1.0
            for part in self._plain_cut(word):
                probability *= (self._get(part) or 1) / self._total
            frequency = max(int(probability * self._total) + 1, self._get(word) or 1)
            self._added[word] = frequency
            self._total += frequency
            self._logtotal = log(self._total)
            self._seen.clear()
            for end in range(1, len(word)):
                if self._get(word[:end]) is None:
                    self._added[word[:end]] = 0

    def forget(self) -> None:
        """Let go of what was looked up."""
        for remembered in (self._seen, self._parts, self._guessed):
            remembered.clear()

    @property
    def added(self) -> Added:
        """What `add` has worked out, to be given to another Segmenter: working it out takes 14 ms for 1,100 words."""
        return Added(self._total, self._added)

    def _route(self, run: str) -> list[int]:
        """The end of the most probable word at each position (jieba's get_DAG and calc in one pass from the right)."""
        size = len(run)
        seen, nothing = self._seen, self._logtotal
        best = [0.0] * (size + 1)
        ends = [0] * size
        for start in range(size - 1, -1, -1):
            chosen, last = _NEVER, 0
            end = start + 1
            while end <= size and (found := seen[run[start:end]]) is not None:
                if found and found + best[end] >= chosen:
                    chosen, last = found + best[end], end
                end += 1
            if not last:
                # 0 counts as 1, as in jieba: `log(FREQ.get(...) or 1)`
                chosen, last = best[start + 1] - nothing, start + 1
            best[start], ends[start] = chosen, last
        return ends

    def _plain_cut(self, run: str) -> Iterator[str]:
        ends = self._route(run)
        position = 0
        while position < len(run):
            yield run[position : ends[position]]
            position = ends[position]

    def cut(self, run: str) -> list[str]:
        """The words of a run of Han characters, in order: equal to `jieba.cut(run)`."""
        found: list[str] = []
        ends = self._route(run)
        position = single = 0  # what lies between them is single characters
        while position < len(run):
            end = ends[position]
            if end > position + 1:
                if single < position:
                    found += self._cut_singles(run[single:position])
                found.append(run[position:end])
                single = end
            position = end
        if single < position:
            found += self._cut_singles(run[single:])
        return found

    def _cut_singles(self, run: str) -> Iterable[str]:
        if len(run) == 1 or self._seen[run]:
            return run
        found = self._guessed.get(run)
        if found is None:
            if self._hmm is None:
                self._hmm = _unknown_words()
            if len(self._guessed) > _GUESSED:
                self._guessed.clear()
            found = self._guessed[run] = list(self._hmm.cut(run))
        return found

    def inner(self, word: str) -> list[tuple[str, int]]:
        """The shorter dictionary words inside a word, with offsets: what jieba's `cut_for_search` adds to `cut`."""
        if len(word) < 3:
            return []
        found = self._parts.get(word)
        if found is None:
            pieces = [
                (word[n : n + size], n) for size in (2, 3) if len(word) > size for n in range(len(word) - size + 1)
            ]
            found = [(piece, n) for piece, n in pieces if self._seen[piece]]
            if len(self._parts) > _GUESSED:
                self._parts.clear()
            self._parts[word] = found
        return found
