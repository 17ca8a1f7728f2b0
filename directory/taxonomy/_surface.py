"""Which labels occur in a text, in whatever spelling?

A surface is a label as it may stand in a folded text: with spaces for separators, without spaces, squashed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from operator import add
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from directory import text

if TYPE_CHECKING:
    from directory.taxonomy import Term


class Mention(NamedTuple):
    """A label found in a text: the half-open span of characters and the term it stands for."""

    start: int
    end: int
    slug: str
    hidden: bool


Surfaces: TypeAlias = dict[str, tuple[str, bool]]
"""Labels as they may stand in a folded text -> the slug, and whether the label is hidden."""

_Lengths: TypeAlias = dict[str, list[int]]
"""First _TELLING characters of surfaces -> the lengths of those that fit, the longest first; "" for any others."""
_TELLING = 4

_SEPARATORS = "-_·•/."


def _spaced(folded: str) -> str:
    """Separators as spaces, character for character, so that offsets stay (`fine-tuning` = `fine tuning`)."""
    for separator in _SEPARATORS:
        folded = folded.replace(separator, " ")
    return folded


class Beginnings(dict[str, tuple[Surfaces, _Lengths]]):
    """Surfaces by their first two characters, read when a text has these: a query has few of hundreds.

    Args:
        written: the two characters -> their surfaces as JSON: {slug: [shown, hidden]}.
    """

    def __init__(self, written: Mapping[str, str | bytes]) -> None:
        super().__init__()
        self.written = written

    def __missing__(self, beginning: str) -> tuple[Surfaces, _Lengths]:
        surfaces: Surfaces = {}
        for slug, both in json.loads(self.written[beginning]).items():
            for hidden, some in zip((False, True), both, strict=True):
                surfaces.update(dict.fromkeys(some, (slug, hidden)))
        found = self[beginning] = surfaces, _lengths(surfaces)
        return found

    def all(self) -> Surfaces:
        """Every surface."""
        return {surface: target for beginning in self.written for surface, target in self[beginning][0].items()}

    def find(self, folded: str) -> list[Mention]:
        """The labels that occur in a text, leftmost longest first, without overlaps.

        Args:
            folded: text as `text.fold` returns it; offsets are into it. A Latin label must stand as a word of its own.
        """
        known = self.written
        spaced = _spaced(folded)
        pairs = list(map(add, spaced, spaced[1:]))
        mentions: list[Mention] = []
        end = 0
        for position in [n for n, pair in enumerate(pairs) if pair in known]:
            before = pairs[position - 1] if position else ""
            if position < end or (before.isascii() and before.isalnum()):
                continue  # in a mention, or in the middle of a Latin word
            surfaces, lengths = self[pairs[position]]
            for length in lengths.get(spaced[position : position + _TELLING]) or lengths[""]:
                found = surfaces.get(spaced[position : position + length])
                if found is not None:
                    # At the end of the text a longer slice is a shorter one.
                    stop = min(position + length, len(spaced))
                    if _stands_alone(spaced, position, stop):
                        end = stop
                        mentions.append(Mention(position, end, *found))
                        break
        return mentions


def beginnings(terms: Collection[Term]) -> Beginnings:
    """The surfaces of terms; folding those of hundreds of terms takes 20 ms."""
    return Beginnings(_written(_surfaces(terms)))


def _surfaces(terms: Collection[Term]) -> Surfaces:
    surfaces: Surfaces = {}
    for hidden in (False, True):
        for term in terms:
            for label in term.labels:
                if (label.kind == "hidden") == hidden:
                    folded = text.fold(label.text)
                    for surface in (_spaced(folded), folded.replace(" ", ""), text.squash(folded)):
                        if len(surface) > 1:
                            surfaces.setdefault(surface, (term.slug, hidden))
    return surfaces


def _written(surfaces: Surfaces) -> dict[str, str]:
    """Surfaces as `Beginnings` reads them."""
    found: dict[str, dict[str, tuple[list[str], list[str]]]] = {}
    for surface, (slug, hidden) in surfaces.items():
        found.setdefault(surface[:2], {}).setdefault(slug, ([], []))[hidden].append(surface)
    return {beginning: json.dumps(by_slug, ensure_ascii=False) for beginning, by_slug in found.items()}


def _lengths(surfaces: Iterable[str]) -> _Lengths:
    found: dict[str, set[int]] = {"": set()}
    for surface in surfaces:
        found.setdefault(surface[:_TELLING] if len(surface) >= _TELLING else "", set()).add(len(surface))
    short = found[""]
    return {telling: sorted(lengths | short, reverse=True) for telling, lengths in found.items()}


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _stands_alone(spaced: str, start: int, end: int) -> bool:
    before = start > 0 and _is_word(spaced[start]) and _is_word(spaced[start - 1])
    after = end < len(spaced) and _is_word(spaced[end - 1]) and _is_word(spaced[end])
    return not before and not after
