"""Which tables does the catalogue have? SQLModel classes, no behaviour.

Times are UTC, ISO 8601, seconds (`2026-11-24T12:00:00Z`), days are `2026-11-24`; as text they sort, compare and read
the same in every database. Unknown text is an empty string; unknown numbers and days are NULL.
"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

KINDS = ("project", "model", "dataset", "tool", "course", "site")
PRICINGS = ("开源免费", "开放权重", "免费", "免费增值", "付费")
LINK_ROLES = ("repository", "homepage", "docs", "paper", "model", "demo", "download", "page")
LABEL_KINDS = ("pref", "alt", "hidden")
EDGE_KINDS = ("broader", "related")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Term(SQLModel, table=True):
    """A concept of the taxonomy. A merged term stays, and points to the one that took its place."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    position: int
    merged_into: str = ""


class Label(SQLModel, table=True):
    """A name of a term, in a language."""

    __table_args__ = (_one_of("kind", LABEL_KINDS), UniqueConstraint("term_id", "text", "language"))

    id: int | None = Field(default=None, primary_key=True)
    term_id: int = Field(foreign_key="term.id", ondelete="CASCADE", index=True)
    text: str
    folded: str = Field(index=True)
    language: str
    kind: str
    position: int


class TermEdge(SQLModel, table=True):
    """`term` has the broader or related term `other`."""

    __tablename__ = "term_edge"
    __table_args__ = (_one_of("kind", EDGE_KINDS),)

    term_id: int = Field(foreign_key="term.id", ondelete="CASCADE", primary_key=True)
    other_id: int = Field(foreign_key="term.id", ondelete="CASCADE", primary_key=True)
    kind: str = Field(primary_key=True)
    position: int


class Repository(SQLModel, table=True):
    """A GitHub repository: its identity is the node id once it is known, until then its name."""

    id: int | None = Field(default=None, primary_key=True)
    node_id: str | None = Field(default=None, unique=True)
    database_id: int | None = Field(default=None, unique=True)
    owner: str
    name: str
    key: str = Field(unique=True)
    stars: int | None = None
    stars_asof: str | None = None
    stars_source: str = ""
    archived: bool = False
    pushed_at: str | None = None
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    growth_7: int | None = None
    growth_30: int | None = None
    """Stars gained in as many days before the last night; NULL while unknown."""
    memory: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What the star guard remembers (`verdict.StarState`)."""


class RepositoryName(SQLModel, table=True):
    """An earlier owner/name of a repository, since when it is known, and what showed it."""

    __tablename__ = "repository_name"

    id: int | None = Field(default=None, primary_key=True)
    repository_id: int = Field(foreign_key="repository.id", ondelete="CASCADE", index=True)
    owner: str
    name: str
    key: str = Field(unique=True)
    noted_at: str
    evidence: str


class Resource(SQLModel, table=True):
    """An entry of the directory. Hidden and merged ones stay in the table: nothing is deleted."""

    __table_args__ = (_one_of("kind", KINDS),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    kind: str
    name: str
    summary_zh: str = ""
    summary_en: str = ""
    pricing: str = ""
    licence: str = ""
    repository_id: int | None = Field(default=None, foreign_key="repository.id", unique=True)
    cited_by: int = 0
    hidden: bool = False
    merged_into: str = ""
    added_at: str
    changed_at: str


class ResourceName(SQLModel, table=True):
    """Another name of a resource, as people type it (通义千问 for Qwen)."""

    __tablename__ = "resource_name"

    resource_id: int = Field(foreign_key="resource.id", ondelete="CASCADE", primary_key=True)
    text: str = Field(primary_key=True)
    position: int


class ResourceTerm(SQLModel, table=True):
    """A resource is filed under a term; position 0 is its home category."""

    __tablename__ = "resource_term"

    resource_id: int = Field(foreign_key="resource.id", ondelete="CASCADE", primary_key=True)
    term_id: int = Field(foreign_key="term.id", primary_key=True, index=True)
    position: int


class ResourceTag(SQLModel, table=True):
    """A heading or tag of a foreign list that no term was found for; it waits for a curator."""

    __tablename__ = "resource_tag"

    resource_id: int = Field(foreign_key="resource.id", ondelete="CASCADE", primary_key=True)
    text: str = Field(primary_key=True)


class Link(SQLModel, table=True):
    """An address of a resource, with its role, and what is known of its state."""

    __table_args__ = (
        _one_of("role", LINK_ROLES),
        UniqueConstraint("resource_id", "canonical"),
        Index("ix_link_canonical", "canonical"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resource_id: int = Field(foreign_key="resource.id", ondelete="CASCADE")
    url: str
    canonical: str
    role: str
    position: int
    state: str = "new"
    since: str | None = None
    last_ok: str | None = None
    last_checked: str | None = None
    reason: str = ""
    memory: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What the verdict counts (nights of failures), and what the checker wants back (an ETag)."""


class LinkProbe(SQLModel, table=True):
    """What was seen of a link, compact: probes in a row that saw the same are one row."""

    __tablename__ = "link_probe"

    id: int | None = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key="link.id", ondelete="CASCADE", index=True)
    status: str
    why: str
    evidence: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The evidence of the last of them."""
    first_at: str
    last_at: str
    times: int = 1


class LinkChange(SQLModel, table=True):
    """A link's state became another, with what showed it: never changed, never removed."""

    __tablename__ = "link_change"

    id: int | None = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key="link.id", ondelete="CASCADE", index=True)
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True)
    at: str
    before: str
    after: str
    why: str
    evidence: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Run(SQLModel, table=True):
    """A round over many links. One without `finished_at` was interrupted and is taken up again."""

    id: int | None = Field(default=None, primary_key=True)
    job: str
    scope: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    started_at: str
    finished_at: str | None = None
    ending: str = ""
    """whole, partial or void, once it is finished."""
    detail: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class RunItem(SQLModel, table=True):
    """A link that a run has to look at, and what it saw; the items go when their run is finished."""

    __tablename__ = "run_item"

    run_id: int = Field(foreign_key="run.id", ondelete="CASCADE", primary_key=True)
    link_id: int = Field(foreign_key="link.id", ondelete="CASCADE", primary_key=True, index=True)
    position: int
    before: str
    """The link's state when the run began."""
    checker: str = ""
    status: str = ""
    """What was seen; empty = not looked at yet."""
    seen: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    settled: bool = False
    """Whether what was seen has gone into the link's history."""


class StarSample(SQLModel, table=True):
    """How many stars a repository had on a day, and who said so."""

    __tablename__ = "star_sample"

    repository_id: int = Field(foreign_key="repository.id", ondelete="CASCADE", primary_key=True)
    day: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    stars: int
    until: str | None = None
    """When it was last seen unchanged, before the next sample; NULL for the latest."""


class Article(SQLModel, table=True):
    """A text that resources are matched to. `digest` tells a second import of the same article."""

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    title: str
    source: str = ""
    author: str = ""
    published: str = ""
    clicks: int | None = None
    url: str = ""
    body: str
    added_at: str
    matched_at: int | None = None
    """The catalogue's sequence when the engine last matched it; NULL = never."""
    matched_by: str = ""
    """The method that did."""


class ArticleClick(SQLModel, table=True):
    """How often an article was opened on a day. Nobody's address is kept."""

    __tablename__ = "article_click"

    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE", primary_key=True)
    day: str = Field(primary_key=True)
    count: int


class SearchCount(SQLModel, table=True):
    """How often something was searched for on a day, and how often nothing was found. Nobody's address is kept."""

    __tablename__ = "search_count"

    query: str = Field(primary_key=True)
    day: str = Field(primary_key=True, index=True)
    count: int
    missing: int = 0


class Match(SQLModel, table=True):
    """A resource matched to an article: in which group, at which place, by whom (`page`, `engine`) and why."""

    __tablename__ = "article_match"
    __table_args__ = (UniqueConstraint("article_id", "resource_id", "term_id", "origin"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE", index=True)
    resource_id: int = Field(foreign_key="resource.id", index=True)
    term_id: int = Field(foreign_key="term.id")
    group_position: int
    position: int
    origin: str
    version: str = ""
    pricing: str = ""
    summary: str = ""
    score: float | None = None
    evidence: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Provenance(SQLModel, table=True):
    """Where a field's present value came from, and when it was set."""

    resource_id: int = Field(foreign_key="resource.id", ondelete="CASCADE", primary_key=True)
    field: str = Field(primary_key=True)
    origin: str
    """curator, seeds, github or import, the stronger first."""
    source: str
    """Which one: a user, `seeds/resources/rag.yaml`, an API, a list's name and line."""
    set_at: str


class Proposal(SQLModel, table=True):
    """A suggested change with its evidence. It stays when decided; `fingerprint` keeps it from being filed twice."""

    __table_args__ = (Index("ix_proposal_state_kind", "state", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(unique=True)
    kind: str
    """new, change, rename, merge, dead, move or duplicate."""
    state: str = "open"
    resource_id: int | None = Field(default=None, foreign_key="resource.id", index=True)
    field: str = ""
    change: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    evidence: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    filed_at: str
    decided_at: str | None = None
    decided_by: str = ""


class Event(SQLModel, table=True):
    """Something that happened to a resource or a term, for `history`: never changed, never removed."""

    id: int | None = Field(default=None, primary_key=True)
    at: str
    actor: str
    action: str
    resource_id: int | None = Field(default=None, foreign_key="resource.id", index=True)
    term_id: int | None = Field(default=None, foreign_key="term.id", index=True)
    detail: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Change(SQLModel, table=True):
    """The catalogue's sequence: every change to what is searched or exported adds a row, by trigger (see migrations).

    The index and the exports carry the highest `sequence` they have seen; equal means fresh.
    """

    __table_args__ = {"sqlite_autoincrement": True}

    sequence: int | None = Field(default=None, primary_key=True)
    resource_id: int | None = None
    """The resource that changed; NULL: a term, so anything may have."""
