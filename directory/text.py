"""When do two pieces of text count as the same? The only place where strings are normalised.

Three strengths, each built on the one before:

    simplify   width and compatibility forms (NFKC), traditional -> simplified Chinese; case is kept
    fold       simplify + case + white space: what an analyzer works on
    squash     fold without anything but letters and digits: the identity of a label ("DALL- E 3" = "dalle3")

`clean` is for the way out: it drops what would steer a terminal or hide text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

# Han characters that GB 2312 holds and OpenCC's t2s nevertheless changes; every other character that t2s changes is
# outside GB 2312. So text that encodes as GB 2312 and has none of these needs no OpenCC (26 ms to import).
# tests/test_text.py computes this set from OpenCC itself.
_AMBIGUOUS = frozenset("乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽")

_SHORT = 48
"""Names, labels and topics are folded again and again; up to this length their folded form is remembered."""

_SPACE = re.compile(r"\s+")
_NOT_KEY = re.compile(r"[^\w+#]|_")
# C0, DEL and C1 controls, bidirectional controls, zero-width characters, line separators, byte order mark, tags; white
# space is not among them. A set, because a pattern of it takes a third of a millisecond to compile.
_UNSAFE = frozenset(
    chr(code)
    for first, last in (
        (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x61C, 0x61C), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F),
        (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),
    )
    for code in range(first, last + 1)
)  # fmt: skip
# Hyphens that NFKC leaves (it makes U+2010 of U+2011): GPT‐4 is GPT-4. Dashes stay: they part words.
_HYPHENS = "\u2010\u2012\u2212"
_WORD = re.compile(r"[A-Za-z]+")
_BLANK = re.compile(r"\s")


@cache
def _han_run() -> re.Pattern[str]:
    """Compiled when it is first needed: so wide a set takes a millisecond, which a search would have to wait for."""
    return re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def is_han(character: str) -> bool:
    """Whether a character is Han."""
    return "\u4e00" <= character <= "\u9fff" or (
        "\u3400" <= character <= "\u4dbf"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


@lru_cache(maxsize=2)
def _converter(name: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(name)


def _needs_conversion(text: str) -> bool:
    if text.isascii():
        return False
    if not _AMBIGUOUS.isdisjoint(text):
        return True
    return not _encodes(text, "gb2312") and not _encodes("".join(_han_run().findall(text)), "gb2312")


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _mended(text: str) -> str:
    """The text with U+FFFD for lone surrogates."""
    return text if _encodes(text, "utf-8") else re.sub("[\ud800-\udfff]", "\ufffd", text)


def simplify(text: str) -> str:
    """Width, compatibility forms and traditional Chinese are folded; case and spacing are kept.

    Lone surrogates, which no file or terminal can carry, become U+FFFD.
    """
    return text if text.isascii() else _simplify(text)


@lru_cache(maxsize=256)  # indexing and searching look at one text in several ways, one after the other
def _simplify(text: str) -> str:
    text = unicodedata.normalize("NFKC", _mended(text))
    for hyphen in _HYPHENS:
        text = text.replace(hyphen, "-")
    return _converter("t2s").convert(text) if _needs_conversion(text) else text


def aligned(text: str) -> tuple[str, Sequence[int]]:
    """The simplified text, and where each of its characters stood in the text (with one place more: its end).

    Width folding may change a text's length (`…` becomes three dots).
    """
    simplified = simplify(text)
    if len(simplified) == len(text):
        return simplified, range(len(text) + 1)
    pieces = [simplify(character) for character in text]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), [*places, len(text)]


def lower_in_place(text: str) -> str:
    """Simplified text in lower case, every white space a space, every character where it was: for `Taxonomy.find`."""
    lowered = text.casefold()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := character.casefold()) == 1 else character for character in text)
    return _BLANK.sub(" ", lowered)


def han_runs(text: str) -> list[tuple[int, str]]:
    """The unbroken runs of Han characters and where they begin."""
    return [(found.start(), found[0]) for found in _han_run().finditer(text)]


def mainland(text: str) -> str:
    """Taiwanese wording in the mainland's words (人工智慧 -> 人工智能), as OpenCC's tw2sp has it."""
    return _converter("tw2sp").convert(_mended(text)) if has_han(text) else text


def fold(text: str) -> str:
    """The form in which text is compared and analysed: simplified, case-folded, single spaces, trimmed."""
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return " ".join(simplify(text).casefold().split())


_fold_short = lru_cache(maxsize=16384)(_fold)


def squash(text: str) -> str:
    """The identity of a label: folded letters and digits only, `+` and `#` kept (C++, C#)."""
    return _squash_short(text) if len(text) <= _SHORT else _squash(text)


def _squash(text: str) -> str:
    return _NOT_KEY.sub("", fold(text))


_squash_short = lru_cache(maxsize=16384)(_squash)


def forget() -> None:
    """Let go of the forms that are remembered."""
    for remembered in (_simplify, _fold_short, _squash_short):
        remembered.cache_clear()


def has_han(text: str) -> bool:
    """Whether the text has a Han character."""
    return not text.isascii() and any(map(is_han, text))


def is_beginning(text: str) -> bool:
    """Whether a query is so short that it is rather the beginning of one: a Han character, or one or two letters."""
    key = squash(text)
    return 0 < len(key) < (2 if has_han(key) else 3)


def language(text: str) -> str:
    """The language a description is written in: `zh` when it has at least as many Han characters as Latin words.

    Chinese descriptions are full of Latin product names, English ones may give a Chinese name in brackets.
    """
    return "zh" if has_han(text) and sum(map(is_han, text)) >= len(_WORD.findall(text)) else "en"


def clean(text: str) -> str:
    """Text that is safe to print: no control, bidirectional or zero-width characters; white space becomes a space."""
    text = _mended(text)
    if not _UNSAFE.isdisjoint(text):
        text = "".join(character for character in text if character not in _UNSAFE)
    return _SPACE.sub(" ", text).strip()


def clip(text: str, length: int) -> str:
    """At most `length` characters, ending in `…` where something was cut off."""
    return text if len(text) <= length else text[: max(length - 1, 0)].rstrip() + "…"


def slug(text: str) -> str:
    """A kebab-case ASCII identifier; empty when the text has no ASCII letter or digit."""
    words = re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", simplify(text)).casefold())
    return "-".join(words)[:80].strip("-")
