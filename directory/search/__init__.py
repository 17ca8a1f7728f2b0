"""What comes out of a search?

A backend is a module of this package; its file name is its name, and `_backend` says what it must offer. Documents go
in (`_document`), Hits come out. Modules that begin with `_` are shared by the backends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # Not imported with what a search needs: making one of these classes takes longer than looking up a word.
    from directory.search._backend import Backend as Backend
    from directory.search._backend import Reader as Reader
    from directory.search._backend import Searcher as Searcher
    from directory.search._document import Document as Document
    from directory.search._explain import Explanation as Explanation

EXACT_NAME = 1000.0
"""A hit with at least this score was found by its exact name, owner/name or address."""


class Hit(NamedTuple):
    """One answer. `highlights` maps a field to the half-open spans in it that the query found."""

    slug: str
    name: str
    kind: str
    summary_zh: str
    summary_en: str
    url: str
    repo: str
    categories: tuple[str, ...]
    pricing: str
    licence: str
    stars: int | None
    state: str
    score: float
    highlights: dict[str, list[tuple[int, int]]]
    stars_asof: str = ""
    growth: int | None = None
    updated: str = ""
    added: str = ""
    verified: str = ""
    growth_30: int | None = None
    since: str = ""
    checked: str = ""
    why: str = ""
    archived: bool = False


class Suggestion(NamedTuple):
    """What the beginning of a query could become."""

    text: str
    kind: str
    """`category` or `resource`."""
    slug: str


class FacetValue(NamedTuple):
    """A value of a facet and how many of the matching resources have it."""

    value: str
    total: int


class Page(NamedTuple):
    """The answer to a query."""

    query: str
    total: int
    hits: tuple[Hit, ...]
    also_searched: tuple[str, ...] = ()
    suggestion: str = ""
    facets: dict[str, tuple[FacetValue, ...]] = {}  # noqa: RUF012  (never changed)
    notes: tuple[str, ...] = ()
