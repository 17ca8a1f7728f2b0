"""What goes into an index, what comes out of a search, and what a backend must offer.

A backend is a module of this package; its file name is its name. Documents go in, Hits come out; nothing here or below
knows the catalogue's tables. Modules that begin with `_` are shared by the backends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from directory.analysis import Analyzer
from directory.query import Query
from directory.taxonomy import Taxonomy

EXACT_NAME = 1000.0
"""A hit with at least this score was found by its exact name, owner/name or address."""


class Document(NamedTuple):
    """A resource as the index sees it. Dates are ISO; unknown is an empty string, an empty tuple or None."""

    slug: str
    name: str
    names: tuple[str, ...] = ()
    kind: str = "project"
    summary_zh: str = ""
    summary_en: str = ""
    url: str = ""
    repo: str = ""
    past_repos: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """Slugs of terms, the home category first."""
    topics: tuple[str, ...] = ()
    pricing: str = ""
    licence: str = ""
    stars: int | None = None
    stars_asof: str = ""
    growth: int | None = None
    """Stars gained in 7 days."""
    cited_by: int = 0
    state: str = "new"
    updated: str = ""
    added: str = ""
    verified: str = ""
    """When a link of it was last seen working."""
    growth_30: int | None = None
    since: str = ""
    """Since when its address is in this state."""
    checked: str = ""
    """When its address was last looked at."""
    why: str = ""
    """The reason for its state, in a few words."""
    archived: bool = False
    id: int = 0
    """The resource's number in the catalogue, by which it is found again when it has changed; 0 = none."""


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


class Part(NamedTuple):
    """What one thing that a query asks for adds to a score: rarity x impact."""

    asked: str
    """As it was typed, folded."""
    how: str
    """`written`, `parts`, `characters`, `guessed` (by translation), with or without `concept`; or `missing`."""
    documents: int
    """How many documents have it."""
    rarity: float
    """Its idf."""
    impact: float
    """How much the document is about it."""


class Explanation(NamedTuple):
    """How a score came about: sum of the parts x coordination x prior x named x near + exact."""

    slug: str
    parts: tuple[Part, ...]
    held: float
    """The share of the query that the document has."""
    coordination: float
    """What that comes to as a factor."""
    prior: float
    """What is known of the resource apart from the words: lists that name it, stars, the state of its link."""
    named: float
    """A factor when one word of the query is its whole name, else 1."""
    near: float
    """A factor for being about what the query is about, whatever words it uses (`_profile`); 1 when not looked at."""
    exact: float
    """What is added because the query is its name, owner/name or address, else 0."""
    score: float


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


Progress = Callable[[int], Any]
"""Called with the number of documents done so far."""


class Row(NamedTuple):
    """What filters, facets, sorting and priors need of a document."""

    category: list[str]
    kind: str
    pricing: str
    licence: str
    lang: list[str]
    state: str
    stars: int | None
    growth: int | None
    updated: str
    added: str
    name: str
    cited_by: int


class SpellingData(NamedTuple):
    """What is kept of a Spelling."""

    names: dict[str, float]
    """Squashed names and Latin words of names, in order, with the popularity of the best resource that has one."""
    pinyin: dict[str, list[str]]
    """Pinyin without tones -> Chinese words, labels first, then by frequency."""
    initials: dict[str, list[str]]
    """First letters -> labels and Chinese names."""
    readings: dict[str, str]
    """Han character -> its most common reading."""


class Spelling(SpellingData):
    """What unknown words are compared with; what is worked out from it is remembered."""

    @cached_property
    def sorted_names(self) -> list[str]:
        """The names, in order."""
        return sorted(self.names)

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        """The names by their length: what is nearly a word is nearly as long."""
        found: dict[int, list[str]] = {}
        for name in self.names:
            found.setdefault(len(name), []).append(name)
        return found


class Reader(Protocol):
    """An open index: postings and what is stored of each document, by document number."""

    @property
    def rows(self) -> Sequence[Row]:
        """The columns of every document, in document order."""
        ...

    @property
    def priors(self) -> Sequence[float]:
        """The prior of every document."""
        ...

    @property
    def deleted(self) -> frozenset[int]:
        """Numbers that stand for nothing any more."""
        ...

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        """The documents that have a token in a channel (`_fields.CHANNELS`), and how much they are about it."""
        ...

    def sense(self, key: str) -> int:
        """The concepts that a word (or a concept: `_profile.concept_key`) goes with, packed (`_profile.packed`)."""
        ...

    def about(self, concept: int) -> Sequence[float]:
        """How much each document is about a concept: 0 to `_profile.SCALE`."""
        ...

    def called(self, beginning: str) -> Iterable[int]:
        """The documents whose squashed name begins so."""
        ...

    def hit(self, number: int) -> Hit:
        """What is shown of a document, without score and highlights."""
        ...

    def folded(self, number: int) -> str:
        """The folded text of a document."""
        ...

    def spelling(self) -> Spelling:
        """What misspelt words are compared with; read when it is first needed."""
        ...


class Searcher(Protocol):
    """An open index."""

    @property
    def reader(self) -> Reader:
        """What the index holds, for those who weigh it in their own way (matching an article)."""
        ...

    def search(self, query: Query) -> Page:
        """Answer a query; any query gets an answer."""
        ...

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """What the beginning of a query could become, the most likely first."""
        ...

    def explain(self, query: Query, slugs: Iterable[str]) -> list[Explanation]:
        """How documents come to their scores for a query, in the order asked for; what is not indexed is left out."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class Backend(Protocol):
    """The seam: what a module of this package offers."""

    def build(
        self, folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
    ) -> None:
        """Write a complete index into an empty folder."""
        ...

    def extend(
        self,
        folder: Path,
        documents: Iterable[Document],
        replaced: Iterable[int],
        taxonomy: Taxonomy,
        analyzer: Analyzer,
    ) -> None:
        """Add documents to what `build` wrote, in the place of what was added before.

        Args:
            folder: the index.
            documents: everything that was added or changed since it was built.
            replaced: the ids of the documents that are no longer what they were then.
            taxonomy: the terms it was built with.
            analyzer: the one it was built with.
        """
        ...

    def open_index(self, folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
        """Open what `build` wrote.

        Raises:
            IndexDamaged: it cannot be read.
        """
        ...
