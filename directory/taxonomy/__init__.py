"""Which concept does a word stand for, what else is it called, and what lies above and below it?

The words are SKOS's: a Term has labels (pref, alt, hidden) with a language, and broader / narrower / related terms.
A Taxonomy is immutable. It is built once from plain data and stored beside the index with what was worked out from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

from directory import text
from directory.taxonomy import _surface
from directory.taxonomy._surface import Beginnings, Mention, Surfaces

LabelKind = Literal["pref", "alt", "hidden"]


class Label(NamedTuple):
    """One name of a term. `kind` hidden: leads to the term, but is never shown or searched for in its place."""

    text: str
    language: str
    kind: LabelKind


class Term(NamedTuple):
    """One concept."""

    slug: str
    labels: tuple[Label, ...]
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The preferred label in a language; the other language's, or the slug, where there is none."""
        preferred = {label.language: label.text for label in self.labels if label.kind == "pref"}
        return preferred.get(language) or next(iter(preferred.values()), self.slug)

    def aliases(self, language: str = "") -> list[str]:
        """The alternative labels, in one language or in all, in the curator's order."""
        return [n.text for n in self.labels if n.kind == "alt" and language in ("", n.language)]


_REMEMBERED = 4096
"""Expansions that are kept: a label is typed in few spellings."""


class _Rows(Mapping[str, Term]):
    """Terms as `compiled` writes them, each read when it is looked at: a search looks at a few of hundreds."""

    def __init__(self, rows: Mapping[str, bytes]) -> None:
        self._rows = rows
        self._made: dict[str, Term] = {}

    def __getitem__(self, slug: str) -> Term:
        made = self._made.get(slug)
        if made is None:
            _, labels, broader, related = json.loads(self._rows[slug])
            made = Term(slug, tuple(Label(*label) for label in labels), tuple(broader), tuple(related))
            self._made[slug] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class Taxonomy:
    """All terms, and the ways from a word to them.

    Args:
        terms: by slug, in the order in which they are listed to people; every edge leads to one of them.
        beginnings: those of the same terms' surfaces, when they are known: folding them takes 20 ms.
        keys: those of the same terms as JSON, when they are known.
    """

    def __init__(
        self, terms: Mapping[str, Term], beginnings: Mapping[str, bytes] | None = None, keys: bytes = b""
    ) -> None:
        self.terms = terms
        self._written_keys = keys
        self._expanded: dict[tuple[str, str], list[str]] = {}
        if beginnings is not None:
            self._beginnings = Beginnings(beginnings)

    @cached_property
    def _beginnings(self) -> Beginnings:
        return _surface.beginnings(self.terms.values())

    @property
    def surfaces(self) -> Surfaces:
        """What in a text leads to a term."""
        return self._beginnings.all()

    @cached_property
    def keys(self) -> Mapping[str, Sequence[str]]:
        """Squashed label or slug -> slugs, preferred labels before alternative and hidden ones."""
        found: dict[str, list[str]] = json.loads(self._written_keys or "null") or _keys(self.terms.values())
        return found

    @cached_property
    def _narrower(self) -> dict[str, list[str]]:
        narrower: dict[str, list[str]] = {slug: [] for slug in self.terms}
        for term in self.terms.values():
            for parent in term.broader:
                narrower[parent].append(term.slug)
        return narrower

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def resolve(self, label: str) -> Term | None:
        """The term a label or slug names: preferred labels win over alternative ones, those over hidden ones."""
        slugs = self.keys.get(text.squash(label))
        return self.terms[slugs[0]] if slugs else None

    def collisions(self) -> dict[str, list[str]]:
        """Labels that name several terms: their folded form and the slugs. A clean taxonomy has none."""
        return {key: list(slugs) for key, slugs in self.keys.items() if len(slugs) > 1}

    def narrower(self, slug: str) -> list[str]:
        """The terms directly below."""
        return self._narrower[slug]

    def ancestors(self, slug: str) -> list[str]:
        """Every term above, nearest first, each once."""
        return self._closure(slug, lambda s: self.terms[s].broader)

    def descendants(self, slug: str) -> list[str]:
        """Every term below, nearest first, each once."""
        return self._closure(slug, self._narrower.__getitem__)

    def _closure(self, slug: str, step: Any) -> list[str]:
        seen: dict[str, None] = {}
        level = [slug]
        while level:
            level = [n for s in level for n in step(s) if n not in seen and n != slug]
            seen.update(dict.fromkeys(level))
        return list(seen)

    def expand(self, term: Term, typed: str) -> list[str]:
        """What else the term is called: its preferred and alternative labels that differ from what was typed.

        One hop only: labels of broader or related terms are not included. Labels equal after squashing stand once.
        """
        key = text.squash(typed)
        known = self._expanded.get((term.slug, key))
        if known is not None:
            return known
        seen = {key}
        labels = []
        for label in term.labels:
            key = text.squash(label.text)
            if label.kind != "hidden" and key not in seen:
                seen.add(key)
                labels.append(label.text)
        if len(self._expanded) < _REMEMBERED:
            self._expanded[term.slug, text.squash(typed)] = labels
        return labels

    def find(self, folded: str) -> list[Mention]:
        """The labels that occur in a text, leftmost longest first, without overlaps.

        Args:
            folded: text as `text.fold` returns it; offsets are into it. A Latin label must stand as a word of its own.
        """
        return self._beginnings.find(folded)

    def plain(self) -> list[dict[str, Any]]:
        """The taxonomy as plain data: what `parse` reads, and the form of seeds/taxonomy.yaml."""
        from directory.taxonomy import _plain

        return [_plain.plain(term) for term in self.terms.values()]

    def compiled(self) -> str:
        """The taxonomy as text that `restore` reads without folding a label again, most of it only when asked for.

        A line of JSON each: the slugs; the beginnings of surfaces; the keys; then a term and a beginning a line.
        """
        beginnings = self._beginnings.written
        lines = (list(self.terms), list(beginnings), self.keys, *self.terms.values())
        return "\n".join((*map(_dumps, lines), *map(str, beginnings.values())))


def parse(rows: Any, name: str = "taxonomy") -> Taxonomy:
    """Build a taxonomy from plain data, the form of seeds/taxonomy.yaml.

    Args:
        rows: a list of mappings with `slug`, `zh`, `en` and optionally `alt`, `hidden`, `broader`, `related`.
        name: what to call the data in an error.

    Raises:
        InputError: the data has another form, a slug twice, or an edge to nowhere.
    """
    from directory.taxonomy import _plain

    return Taxonomy(_plain.terms(rows, name))


def restore(written: bytes) -> Taxonomy:
    """The taxonomy that was `compiled`.

    Raises:
        ValueError: it is something else.
    """
    first, second, keys, *lines = written.split(b"\n")
    slugs, beginnings = json.loads(first), json.loads(second)
    if len(lines) != len(slugs) + len(beginnings):
        raise ValueError("lines are missing")
    rows = _Rows(dict(zip(slugs, lines, strict=False)))
    return Taxonomy(rows, dict(zip(beginnings, lines[len(slugs) :], strict=True)), keys)


def _keys(terms: Collection[Term]) -> dict[str, list[str]]:
    order = {"pref": 0, "alt": 1, "hidden": 2}
    ranked = sorted(((order[n.kind], n.text, t.slug) for t in terms for n in t.labels), key=lambda r: r[0])
    keys: dict[str, list[str]] = {}
    for _, label, slug in (*ranked, *((3, t.slug, t.slug) for t in terms)):
        key = text.squash(label)
        found = keys.setdefault(key, []) if key else []
        if slug not in found:
            found.append(slug)
    return keys


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
