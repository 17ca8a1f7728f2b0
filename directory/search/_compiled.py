"""What does a compiled index hold? One file, and what was added to it since, as if they were one.

Documents that were added or changed have numbers behind all others; those they replace are `deleted`.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from directory import generation, text
from directory.errors import IndexDamaged
from directory.search import Hit, _layout
from directory.search._listed import Listed, to_bits
from directory.search._packed import Packed
from directory.search._profile import packed
from directory.search._show import Highlights

if TYPE_CHECKING:
    from directory.query import Sort
    from directory.search._backend import Spelling
    from directory.search._document import Row
    from directory.search._plan import Clause

FILE, ADDED, DELETED = "compiled.index", "added.index", "deleted.json"
_REMEMBERED, _BITS = 8192, 1 << 31
"""Lists kept open (a process that is asked for a few hundred different things looks for thousands), and bits of their
bitmaps: 256 MB."""
_PROFILES = 1 << 16
"""Profiles kept: some 30 MB."""


class Rows(Sequence["Row"]):
    """The rows of a compiled index, read one by one."""

    def __init__(self, reader: CompiledReader) -> None:
        from directory.search._document import Row

        self._reader = reader
        self._row = Row

    def __len__(self) -> int:
        return self._reader.count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._row(*json.loads(self._reader.row(index)))


class _Profiles(dict[int, bytes]):
    """What was read of profiles; what was not is read."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, number: int) -> bytes:
        if len(self) > _PROFILES:
            self.clear()
        found = self[number] = self._read(number)
        return found


class CompiledReader:
    """An open compiled index.

    Args:
        folder: where its files lie.
        spelling: the name of the file with what misspelt words are compared with.

    Raises:
        IndexDamaged: a file is missing, of another version, or damaged; a damaged page is noticed when it is used.
    """

    def __init__(self, folder: Path, spelling: str) -> None:
        self._words = generation.Kept(folder, spelling)
        self._base = Packed(folder / FILE)
        self._added = Packed(folder / ADDED) if (folder / ADDED).exists() else None
        self.deleted = read_deleted(folder) if self._added else frozenset()
        self.settled = self._base.count
        """Documents below this number are numbered by prior."""
        self.count = self.settled + (self._added.count if self._added else 0)
        self.everything = (1 << self.count) - 1
        self.living = self.everything ^ to_bits(self.deleted)
        remembered = lru_cache(maxsize=min(_REMEMBERED, _BITS // (self.count + 1)))
        self.clause = remembered(self._clause)
        self.having = remembered(self._having)
        self.profile = _Profiles(self._profile).__getitem__
        self.sense = remembered(self._sense)
        self._listed = remembered(self._open)

    @cached_property
    def priors(self) -> Sequence[float]:
        """The prior of every document."""
        return self._column("priors", "d")

    @cached_property
    def stars(self) -> Sequence[int]:
        """The stars of every document, -1 = unknown."""
        return self._column("stars", "q")

    def _column(self, name: str, form: str) -> Sequence[Any]:
        base = self._base.column(name, form)
        return [*base, *self._added.column(name, form)] if self._added else base

    def order(self, sort: Sort) -> Sequence[int] | None:
        """All documents in the order of a sort; None when nobody wrote it down."""
        return None if self._added else self._base.order(sort)

    @cached_property
    def facets(self) -> dict[str, list[str]]:
        """The values of every facet."""
        packs = [self._base.facets, *([self._added.facets] if self._added else [])]
        return {field: list(dict.fromkeys(v for pack in packs for v in pack[field])) for field in _layout.FILTERS}

    def _having(self, field: str, value: str) -> int:
        """The documents with a value of a facet, as a bitmap."""
        found = self._base.having(field, value)
        return found | self._added.having(field, value) << self.settled if self._added else found

    # ── postings ─────────────────────────────────────────────────────────────────────────────────────────────────

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        """The documents that have a token in a channel, and how much they are about it."""
        found = self.listed(channel, token)
        return zip(found.documents, found.impacts, strict=True) if found else ()

    def listed(self, channel: str, token: str) -> Listed | None:
        """The same as an open list."""
        return self._listed(_layout.LETTERS[channel] + token)

    def _sense(self, key: str) -> int:
        """The concepts that a word goes with; an addition has no senses of its own."""
        found = self._base.listed(_layout.LETTERS["sense"] + key)
        return packed(zip(found.documents, found.impacts, strict=True)) if found else 0

    def _profile(self, number: int) -> bytes:
        """How much a document is about each concept; an addition knows no other ones."""
        if not self._added or number < self.settled:
            return self._base.profile(number)
        return self._added.profile(number - self.settled).ljust(self._base.concepts, b"\0")

    def _clause(self, clause: Clause) -> Listed | None:
        """The list of a clause; None when nothing has it."""
        known = self._known(clause)
        if known is not None:
            return known
        if not clause.concept and len(clause.literal) == 1:
            tokens, channel, weight = clause.literal[0]
            if channel == "text" and len(tokens) == 1 and weight == 1 and not self._listed("g" + tokens[0]):
                return self._listed("t" + tokens[0])
        scores, literal = _scores(self, clause)
        return _listed(sorted(scores.items()), literal)

    def _known(self, clause: Clause) -> Listed | None:
        """The list of a clause that was worked out when the index was compiled."""
        found = self._base.listed(_layout.signature(clause))
        if found is None or not self._added:
            return found
        if found.literal <= len(self.deleted):
            return None  # whether any literal hit is left has to be looked at
        scores, literal = _scores(_Side(self._added), clause)
        base = zip(found.documents, found.impacts, strict=True)
        kept = [n for n in base if n[0] not in self.deleted] if self.deleted else list(base)
        return _listed([*kept, *sorted(scores.items())], found.literal + literal)

    def _open(self, key: str) -> Listed | None:
        found = self._base.listed(key)
        added = self._added.listed(key) if self._added else None
        if found and self.deleted:
            kept = [n for n in zip(found.documents, found.impacts, strict=True) if n[0] not in self.deleted]
            found = _listed(kept) if len(kept) < len(found.documents) else found
        if not found or not added:
            return found or added
        return _listed(
            [
                *zip(found.documents, found.impacts, strict=True),
                *zip(added.documents, added.impacts, strict=True),
            ]
        )

    # ── documents ────────────────────────────────────────────────────────────────────────────────────────────────

    def row(self, number: int) -> bytes:
        """A document's row, as JSON."""
        if self._added and number >= self.settled:
            return self._added.row(number - self.settled)
        return self._base.row(number)

    def texts(self, number: int) -> list[str]:
        """A document's folded texts, and the fields of its hit."""
        if self._added and number >= self.settled:
            return self._added.texts(number - self.settled)
        return self._base.texts(number)

    def called(self, beginning: str) -> Iterator[int]:
        """The documents whose squashed name begins so; those of the base lie together in the order of names."""

        def name(number: int) -> str:
            return text.squash(self.rows[number].name)

        order = self._base.order("name")
        following = islice(order, bisect_left(order, beginning, key=name), None)
        found = takewhile(lambda number: name(number).startswith(beginning), following)
        added = (n for n in range(self.settled, self.count) if name(n).startswith(beginning))
        return (number for number in chain(found, added) if number not in self.deleted)

    @cached_property
    def rows(self) -> Rows:
        """The columns of every document."""
        return Rows(self)

    def hit(self, number: int) -> Hit:
        """What is shown of a document, without score and highlights."""
        return to_hit(self.texts(number), 0.0, {})

    def folded(self, number: int) -> str:
        """The folded texts of a document."""
        return self.texts(number)[0]

    @cached_property
    def _spelling(self) -> Spelling:
        try:
            from directory.search._backend import Spelling

            return Spelling(*json.loads(self._words.read()))
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamaged(f"the index is not complete: {error}") from None

    def spelling(self) -> Spelling:
        """What misspelt words are compared with."""
        return self._spelling

    def close(self) -> None:
        """Let go of the files."""
        self._words.close()
        self._base.close()
        if self._added:
            self._added.close()


def read_deleted(folder: Path) -> frozenset[int]:
    """The numbers that were replaced by what was added.

    Raises:
        IndexDamaged: the file is not what was written.
    """
    try:
        return frozenset(map(int, json.loads(generation.read(folder, DELETED))))
    except (ValueError, TypeError) as error:
        raise IndexDamaged(f"the index is not complete: {error}") from None


class _Side:
    """The postings of one file alone."""

    def __init__(self, pack: Packed) -> None:
        self._pack = pack

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        found = self._pack.listed(_layout.LETTERS[channel] + token)
        return zip(found.documents, found.impacts, strict=True) if found else ()


def _scores(reader: CompiledReader | _Side, clause: Clause) -> tuple[dict[int, float], int]:
    """The impacts of a clause, and how many documents have it literally."""
    from directory.search import _clause

    scores = _clause.scores(reader, clause)
    return scores, len(_clause.literal(reader, clause)) if clause.concept else len(scores)


def _listed(postings: Sequence[tuple[int, float]], literal: int | None = None) -> Listed | None:
    if not postings:
        return None
    numbers, impacts = zip(*postings, strict=True)
    return Listed(array("I", numbers), array("f", impacts), len(numbers) if literal is None else literal, max(impacts))


def to_hit(texts: list[str], score: float, highlights: Highlights) -> Hit:
    """A Hit from the texts of a document."""
    _, slug, name, kind, zh, en, url, repo, categories, pricing, licence, stars, state, *rest = texts
    asof, growth, updated, added, verified, growth_30, since, checked, why, archived = rest
    # A Hit from all its values: half the time of passing them one by one.
    return Hit._make((
        slug, name, kind, zh, en, url, repo, tuple(categories.split()), pricing, licence, int(stars) if stars else None,
        state, score, highlights, asof, int(growth) if growth else None, updated, added, verified,
        int(growth_30) if growth_30 else None, since, checked, why, archived == "1",
    ))  # fmt: skip
