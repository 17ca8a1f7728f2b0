"""What is kept of a link's history, and what can a probe see?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What a link's history says."""

    NEW = "new"
    OK = "ok"
    MOVED = "moved"
    ARCHIVED = "archived"
    BLOCKED = "blocked"
    SUSPECT = "suspect"
    DEAD = "dead"
    LEGAL = "legal"
    REPLACED = "replaced"
    IGNORED = "ignored"


class Status(StrEnum):
    """What one probe saw."""

    OK = "ok"
    MOVED = "moved"
    ARCHIVED = "archived"

    GONE = "gone"  # 404 or 410
    NO_SUCH_HOST = "no-such-host"  # NXDOMAIN
    NOT_FOUND = "not-found"  # GitHub says so twice, by GraphQL and by REST

    TIMEOUT = "timeout"
    SERVER_ERROR = "server-error"
    CLIENT_ERROR = "client-error"  # a 4xx that is neither "gone" nor "not for you"
    CONNECTION = "connection"  # refused, reset, unreachable, not HTTP
    TLS = "tls"
    DNS = "dns"  # the name could not be looked up; it may well exist
    REDIRECTS = "redirects"  # a loop, or more hops than a browser would follow

    BLOCKED = "blocked"  # 401, 403, 429, 999, a challenge page
    UNVERIFIABLE = "unverifiable"  # an organisation refuses our token
    UNSUPPORTED = "unsupported"  # no checker knows this scheme

    SOFT_404 = "soft-404"
    PRIVATE = "private"  # our token sees it, a reader does not
    REFUSED = "refused"  # leads to an address or scheme we do not open

    LEGAL = "legal"  # 451
    REPLACED = "replaced"  # the old name answers with another id


class Streak(NamedTuple):
    """Failures without a success between them: on how many nights, the first and the last counted one."""

    nights: int
    first: datetime
    last: datetime

    def spans(self, nights: int, span: timedelta) -> bool:
        """Whether this is enough evidence."""
        return self.nights >= nights and self.last - self.first >= span


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link's history in the few values that decide its future. All times are aware and in UTC.

    `failures` counts nights with any failure, `hard` those with hard evidence; both are None after a success.
    `why` is the reason for the present state in a few words.
    """

    state: State = State.NEW
    since: datetime | None = None
    probed: datetime | None = None
    last_ok: datetime | None = None
    failures: Streak | None = None
    hard: Streak | None = None
    why: str = ""

    def to_plain(self) -> dict[str, str | int | None]:
        """Flat values for columns or JSON; times are ISO 8601. `from_plain` gives the same state back."""
        plain: dict[str, str | int | None] = {"state": self.state.value, "why": self.why}
        for name in ("since", "probed", "last_ok"):
            plain[name] = _text(getattr(self, name))
        for name, streak in (("failure", self.failures), ("hard", self.hard)):
            plain[f"{name}_nights"] = streak.nights if streak else 0
            plain[f"first_{name}"] = _text(streak.first) if streak else None
            plain[f"last_{name}"] = _text(streak.last) if streak else None
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, str | int | None]) -> LinkState:
        """The state that `to_plain` wrote; missing values are those of a new link."""
        return cls(
            state=State(str(plain.get("state") or State.NEW)),
            since=_time(plain.get("since")),
            probed=_time(plain.get("probed")),
            last_ok=_time(plain.get("last_ok")),
            failures=_streak(plain, "failure"),
            hard=_streak(plain, "hard"),
            why=str(plain.get("why") or ""),
        )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(value: str | int | None) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _streak(plain: Mapping[str, str | int | None], name: str) -> Streak | None:
    first, last = _time(plain.get(f"first_{name}")), _time(plain.get(f"last_{name}"))
    if first is None or last is None:
        return None
    return Streak(int(plain.get(f"{name}_nights") or 1), first, last)
