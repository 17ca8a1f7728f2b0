"""What goes into an index? Nothing here or below knows the catalogue's tables."""

from __future__ import annotations

from typing import NamedTuple


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
