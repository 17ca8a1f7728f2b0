"""What does a checker do? It takes links it understands and says, for each, what it saw.

A checker is a module of this package; its file name is its name. It offers what `Plugin` lists. Whatever a
link does is a value (`Probe`), and so is a run that has to end early (`Ending`): a checker raises nothing
because of the network. What a link's history makes of a probe is `verdict`'s business, what is stored the
catalogue's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from directory.checkers._clock import Clock
from directory.verdict import Status

__all__ = [
    "Checker",
    "Clock",
    "Ending",
    "Limited",
    "Options",
    "Plugin",
    "Probe",
    "Repository",
    "Status",
    "Stop",
    "Target",
]

Stop = Callable[[], bool]
"""Asked between two steps: True ends the run after the batch in hand."""


@dataclass(frozen=True, slots=True)
class Target:
    """A link to look at, and what is known of it.

    Args:
        key: the caller's name for the link; every probe carries it back.
        url: an absolute address.
        node_id, database_id: GitHub's ids of the repository, once known; empty and None for other links.
        name: the repository's current owner/name as the ledger has it; empty = as the URL says.
        archived: GitHub's flag from the last probe.
        etag: GitHub's validator from the last probe, and `etag_by` the token's fingerprint it is bound to.
        inspect: look at the page itself, not only its status (finds soft 404s, costs one request more).
            Worth it for new and suspect links and once a month for the others.
    """

    key: int | str
    url: str
    node_id: str = ""
    database_id: int | None = None
    name: str = ""
    archived: bool = False
    etag: str = ""
    etag_by: str = ""
    inspect: bool = False


@dataclass(frozen=True, slots=True)
class Repository:
    """What GitHub says of a repository. Times are ISO 8601 as GitHub writes them; None = GitHub gives none.

    `unknown` names the fields that could not be read this time: keep what you had for those.
    """

    node_id: str
    database_id: int | None
    name: str
    stars: int
    forks: int
    archived: bool
    archived_at: str | None
    disabled: bool
    empty: bool
    fork: bool
    locked: str
    private: bool
    description: str
    homepage: str
    language: str
    licence: str
    topics: tuple[str, ...]
    branch: str
    created_at: str | None
    pushed_at: str | None
    release: str
    released_at: str | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """One look at one link: what was seen, when (UTC), and the evidence.

    Args:
        why: the evidence in a few words, for people.
        evidence: the same for machines: `via` (graphql, rest, head, get), `http` (a status), `hops`,
            `final`, ...
        location: where the link leads now, when that is another place: an address to put in its stead.
        repository: GitHub's facts, when it gave them.
        etag, etag_by: hand them back in the next `Target`.
    """

    key: int | str
    url: str
    status: Status
    at: datetime
    why: str = ""
    evidence: Mapping[str, str | int] = field(default_factory=dict)
    location: str = ""
    repository: Repository | None = None
    etag: str = ""
    etag_by: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a checker stopped before it had seen everything.

    partial: what was seen is good, the rest comes next time (a limit, a stop). void: judge nothing of this
    run (the token was refused, the canary failed). `limit` says that a token or a rate limit is the reason
    (exit 4).
    """

    kind: Literal["partial", "void"]
    reason: str
    hint: str = ""
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """How checkers are set up. The token never shows in a representation.

    Args:
        token: GitHub's; empty = without (60 requests an hour).
        api: GitHub's API, `https://HOST/api/v3` for GitHub Enterprise. The token is sent there and nowhere
            else.
        agent: the User-Agent; GitHub wants one that names the tool.
        at_once, per_host, gap: politeness of the HTTP checker: links in flight, of one host, seconds between
            two requests to one host.
        canaries: addresses that work whenever the network does; one that fails ends the HTTP checker's run.
        allow_private: open private and loopback addresses. For tests.
    """

    token: str = field(default="", repr=False)
    api: str = "https://api.github.com"
    agent: str = "aidir"
    at_once: int = 64
    per_host: int = 2
    gap: float = 0.5
    canaries: tuple[str, ...] = ("https://example.com/",)
    allow_private: bool = False
    clock: Clock = field(default_factory=Clock)


class Checker(Protocol):
    """A checker that is set up."""

    async def ready(self, stop: Stop) -> Ending | None:
        """Whether it can work at all now: the canary. None = yes.

        A network that is off, a refused token and a clock that is wrong by more than an hour are endings.
        """
        ...

    def check(self, targets: Sequence[Target], stop: Stop) -> AsyncGenerator[tuple[Probe, ...] | Ending, None]:
        """Look at links, the first ones first, and yield probes in batches worth committing.

        A target that could not be looked at has no probe. An `Ending`, if any, comes last; without one the
        round is whole. When `stop` says so, what is in flight is finished and yielded.
        """
        ...


@runtime_checkable
class Limited(Protocol):
    """A checker whose source limits how much may be asked."""

    @property
    def left(self) -> str:
        """What was left when it last said so, in words; empty while unknown."""
        ...


class Plugin(Protocol):
    """The seam: what a module of this package offers."""

    SUMMARY: str
    """One line for help texts."""

    ORDER: int
    """Who is asked first whether it claims a link: the lowest."""

    def claims(self, url: str) -> bool:
        """Whether links like this are this checker's."""
        ...

    def checker(self, options: Options) -> Checker:
        """Set it up; opens nothing yet.

        Raises:
            ConfigError: an option has an impossible value.
        """
        ...
