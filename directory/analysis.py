"""Which tokens does a text have? One Analyzer, the same when indexing and when searching.

A text is simplified (width, traditional Chinese), then split wherever the script changes: Han runs are cut into words
by the segmenter; Latin and digit runs become words. `GPT-4`, `gpt4` and `GPT 4` share tokens because a compound also
gives its parts and its squashed form: gpt, 4, gpt4. CamelCase gives its humps: AutoGPT -> autogpt, auto, gpt.

Token kinds:
    word   a Han word or a Latin word or number as written
    part   a piece of a Latin compound, or a shorter word inside a Han word
    whole  a Latin compound without its separators
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from directory import text
from directory.segmentation import Segmenter

Kind = Literal["word", "part", "whole"]

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A run of Han, or a Latin/other-letter compound: words joined by single separators. `C++`, `C#`, `.NET` stay whole.
_RUN = re.compile(rf"([{_HAN}]+)|((?:(?![{_HAN}_])\w)+(?:\+\+|#)?(?:[-_.·'/&](?:(?![{_HAN}_])\w)+)*)")
_LETTERS = re.compile(r"\d+|[^\W\d_]+")
# Runs of capitals, capitalised words, lower-case words; digits and other letters are `pieces`' business.
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SEPARATORS = re.compile(r"[-_.·'/&]+")


class Token(NamedTuple):
    """A token and where it stood: a half-open span in the simplified text (`text.simplify`)."""

    text: str
    start: int
    end: int
    kind: Kind


def is_han(token: str) -> bool:
    """Whether a token is of Han characters (a token is never mixed)."""
    return text.has_han(token[:1])


def grams(run: str) -> list[str]:
    """The overlapping pairs of characters of a Han word; itself when it is one character."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def pieces(compound: str) -> list[str]:
    """The folded parts of a Latin compound, cut at separators and where letters meet digits: GPT-4o -> gpt, 4, o."""
    if compound.endswith(("+", "#")):
        return [compound.casefold()]
    return [m[0].casefold() for part in _SEPARATORS.split(compound) for m in _LETTERS.finditer(part)]


def humps(compound: str) -> list[str]:
    """The folded humps of CamelCase (AutoGPT -> auto, gpt), when there are several and none is a single letter."""
    found = [m[0].casefold() for m in _HUMP.finditer(compound)]
    return found if len(found) > 1 and all(len(hump) > 1 for hump in found) else []


class Analyzer:
    """Text in, tokens out.

    Args:
        segmenter: cuts Han runs.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter

    def tokens(self, raw: str) -> Iterator[Token]:
        """Every token of a text, parts and wholes too: what is indexed."""
        for match in _RUN.finditer(text.simplify(raw)):
            if match[1] is None:
                yield from _compound(match[2], match.start())
                continue
            start = match.start()
            for word in self._segmenter.cut(match[1]):
                yield Token(word, start, start + len(word), "word")
                for part, offset in self._segmenter.inner(word):
                    yield Token(part, start + offset, start + offset + len(part), "part")
                start += len(word)

    def words(self, raw: str) -> list[Token]:
        """The words alone, one for each stretch of text, in order: what a query asks for."""
        return [token for token in self.tokens(raw) if token.kind == "word"]

    def runs(self, raw: str) -> list[str]:
        """The unbroken runs of Han characters, for `grams`."""
        return [match[1] for match in _RUN.finditer(text.simplify(raw)) if match[1] is not None]


def _compound(written: str, start: int) -> Iterator[Token]:
    end = start + len(written)
    folded = written.casefold()
    yield Token(folded, start, end, "word")
    parts = pieces(written)
    whole = "".join(parts)
    if len(parts) > 1 and whole != folded:
        yield Token(whole, start, end, "whole")
    for part in (*(parts if len(parts) > 1 else ()), *humps(written)):
        yield Token(part, start, end, "part")
