"""What does the catalogue give out? Plain, frozen records without a database behind them."""

from __future__ import annotations

from typing import NamedTuple


class LinkRecord(NamedTuple):
    """An address of a resource and what is known of it; times are UTC ISO, None while unknown."""

    url: str
    role: str
    state: str = "new"
    since: str | None = None
    last_ok: str | None = None
    last_checked: str | None = None
    reason: str = ""


class PastName(NamedTuple):
    """An earlier owner/name of a repository, when it was noted, and what showed it."""

    name: str
    noted_at: str
    evidence: str


class RepositoryRecord(NamedTuple):
    """A GitHub repository: `name` is the present owner/name."""

    name: str
    node_id: str | None = None
    database_id: int | None = None
    past: tuple[PastName, ...] = ()
    stars: int | None = None
    stars_asof: str | None = None
    stars_source: str = ""
    archived: bool = False
    pushed_at: str | None = None
    topics: tuple[str, ...] = ()
    growth_7: int | None = None
    growth_30: int | None = None
    """Stars gained in so many days before the last night; None while unknown."""


class Source(NamedTuple):
    """Where a field's value came from: the origin (curator, seeds, github, import), which one, and when."""

    origin: str
    source: str
    set_at: str


class ResourceRecord(NamedTuple):
    """Everything that is known of a resource. `terms` are slugs, the home category first."""

    id: int
    slug: str
    kind: str
    name: str
    names: tuple[str, ...]
    summary_zh: str
    summary_en: str
    pricing: str
    licence: str
    terms: tuple[str, ...]
    tags: tuple[str, ...]
    links: tuple[LinkRecord, ...]
    repository: RepositoryRecord | None
    cited_by: int
    hidden: bool
    merged_into: str
    added_at: str
    changed_at: str
    provenance: dict[str, Source]

    @property
    def url(self) -> str:
        """The address to show: the homepage's page for a product, the repository's for code."""
        for role in ("repository", "homepage"):
            for link in self.links:
                if link.role == role:
                    return link.url
        return self.links[0].url if self.links else ""

    @property
    def state(self) -> str:
        """The state of the address to show. Of a repository that is alive, archived is the more telling word."""
        state = self.shown.state if self.shown else "new"
        archived = self.repository is not None and self.repository.archived
        return "archived" if archived and state in ("new", "ok", "moved", "suspect", "blocked") else state

    @property
    def shown(self) -> LinkRecord | None:
        """The link behind the address to show."""
        return next((link for link in self.links if link.url == self.url), None)


class LinkHistory(NamedTuple):
    """Something about a link: what was seen from one time to another, or a change of its state at a time."""

    url: str
    at: str
    until: str
    times: int
    """How many probes saw it; 0 = this is a change of state."""
    what: str
    """The status seen, or `before -> after`."""
    why: str
    evidence: dict[str, object]


class EventRecord(NamedTuple):
    """Something that happened."""

    at: str
    actor: str
    action: str
    detail: dict[str, object]


class MatchRecord(NamedTuple):
    """A resource matched to an article."""

    resource: str
    group: str
    group_position: int
    position: int
    origin: str
    pricing: str
    summary: str
    score: float | None
    evidence: dict[str, object]
    version: str = ""
    """The engine's method; empty for a page."""


class ArticleRecord(NamedTuple):
    """An article with its matches, in the order in which they are shown."""

    id: int
    title: str
    source: str
    author: str
    published: str
    clicks: int | None
    url: str
    body: str
    added_at: str
    matches: tuple[MatchRecord, ...]
    matched_at: int | None = None
    """The catalogue's sequence when the engine last matched it; None = never."""
    matched_by: str = ""


class SearchRecord(NamedTuple):
    """How often something was searched for on a day, and how often of these nothing was found."""

    query: str
    day: str
    times: int
    missing: int


class ProposalRecord(NamedTuple):
    """A suggested change with its evidence."""

    id: int
    kind: str
    state: str
    resource: str
    field: str
    change: dict[str, object]
    evidence: dict[str, object]
    filed_at: str
    decided_at: str | None
    decided_by: str


class Draft(NamedTuple):
    """A resource on its way in: what an import, the seeds or a curator says. Empty = says nothing."""

    name: str
    links: tuple[tuple[str, str], ...] = ()
    """(url, role), absolute http(s) addresses; those into a GitHub repository give the identity."""
    kind: str = ""
    names: tuple[str, ...] = ()
    summary_zh: str = ""
    summary_en: str = ""
    pricing: str = ""
    licence: str = ""
    terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    past_names: tuple[str, ...] = ()
    stars: int | None = None
    stars_asof: str = ""
    stars_source: str = ""
    archived: bool = False
    cited_by: int = 0
    slug: str = ""
