"""Is this link alive, dead or something between, given what was known and what was just seen?

    new -> ok | moved | archived | blocked | suspect -> dead | legal | replaced, and `ignored` by hand

    success   (ok, moved, archived)       clears every failure
    hard      (404, 410, NXDOMAIN, ...)   suspect; dead after 3 nights of it over >= 48 h
    soft      (timeout, 5xx, TLS, ...)    suspect; dead after 7 nights of any failure over >= 14 days
    neutral   (403, 429, challenge, ...)  blocked; proves neither life nor death
    doubt     (soft 404, private, ...)    suspect; never dead
    decisive  (451, another id)           legal or replaced at once

Nothing is ever deleted: the dead are looked at weekly, then monthly.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from directory.verdict.state import LinkState, State, Status, Streak

_SUCCESS = frozenset({Status.OK, Status.MOVED, Status.ARCHIVED})
_HARD = frozenset({Status.GONE, Status.NO_SUCH_HOST, Status.NOT_FOUND})
_SOFT = frozenset(
    {
        Status.TIMEOUT,
        Status.SERVER_ERROR,
        Status.CLIENT_ERROR,
        Status.CONNECTION,
        Status.TLS,
        Status.DNS,
        Status.REDIRECTS,
    }
)
_NEUTRAL = frozenset({Status.BLOCKED, Status.UNVERIFIABLE, Status.UNSUPPORTED})
_DECISIVE = {Status.LEGAL: State.LEGAL, Status.REPLACED: State.REPLACED}
FAILURES = _HARD | _SOFT

ALIVE = frozenset({State.OK, State.MOVED, State.ARCHIVED})
"""The states of a link that works."""
# A new failure does not soften these to `suspect`.
_STICKY = frozenset({State.DEAD, State.LEGAL, State.REPLACED})

_HARD_NIGHTS, _HARD_SPAN = 3, timedelta(hours=48)
_SOFT_NIGHTS, _SOFT_SPAN = 7, timedelta(days=14)
_NIGHT_GAP = timedelta(hours=6)  # two runs around midnight are one night
_MAX_SKEW = timedelta(days=1)  # a stored time further ahead was written by a wrong clock
_WEEKLY_FOR = timedelta(days=56)
# Short of a day, so that a job that starts a little earlier than yesterday still finds everything due.
_EVERY_NIGHT = timedelta(hours=20)
_PAUSE = {State.BLOCKED: timedelta(days=3), State.LEGAL: timedelta(days=7), State.REPLACED: timedelta(days=7)}


class Seen(Protocol):
    """What `judge` needs of a probe."""

    @property
    def status(self) -> Status:
        """What was seen."""
        ...

    @property
    def at(self) -> datetime:
        """When, in UTC."""
        ...

    @property
    def why(self) -> str:
        """The evidence in a few words (`404`, `certificate expired`)."""
        ...


class Transition(NamedTuple):
    """A change of state, for the history and the report."""

    before: State
    after: State
    at: datetime
    why: str


class Judgement(NamedTuple):
    """A link's next state; `transition` is None when the state stays what it was."""

    state: LinkState
    transition: Transition | None


def judge(known: LinkState, seen: Seen) -> Judgement:
    """The next state of a link. Judging the same probe twice changes nothing the second time.

    Args:
        known: what is stored; `LinkState()` for a new link.
        seen: the new probe. One that is not newer than the last judged one is ignored, unless the stored time
            lies more than a day ahead of it: a wrong clock wrote that, and its failures are forgotten.
    """
    if known.state is State.IGNORED:
        return Judgement(known, None)
    if known.probed is not None and seen.at <= known.probed:
        if known.probed - seen.at <= _MAX_SKEW:
            return Judgement(known, None)
        known = replace(known, failures=None, hard=None, since=min(known.since or seen.at, seen.at))
    after = _next(replace(known, probed=seen.at), seen)
    if after.state is known.state:
        return Judgement(after, None)
    after = replace(after, since=seen.at)
    return Judgement(after, Transition(known.state, after.state, seen.at, after.why))


def _next(known: LinkState, seen: Seen) -> LinkState:
    status = seen.status
    if status in _SUCCESS:
        fresh = replace(known, last_ok=seen.at, failures=None, hard=None)
        return replace(fresh, state=State(status.value), why=seen.why)
    if status in _DECISIVE:
        return replace(known, state=_DECISIVE[status], why=seen.why)
    if status in _NEUTRAL:
        if known.state in (State.LEGAL, State.REPLACED):
            return known
        if known.state is State.DEAD:  # whatever answers "not for you" is not dead: begin again
            known = replace(known, failures=None, hard=None)
        return replace(known, state=State.BLOCKED, why=seen.why)
    if status in FAILURES:
        known = replace(known, failures=_count(known.failures, seen.at))
        if status in _HARD:
            known = replace(known, hard=_count(known.hard, seen.at))
        if known.state is not State.DEAD and _enough(known):
            return replace(known, state=State.DEAD, why=seen.why)
    return known if known.state in _STICKY else replace(known, state=State.SUSPECT, why=seen.why)


def _count(streak: Streak | None, at: datetime) -> Streak:
    if streak is None:
        return Streak(1, at, at)
    if at.date() == streak.last.date() or at - streak.last < _NIGHT_GAP:
        return streak
    return Streak(streak.nights + 1, streak.first, at)


def _enough(known: LinkState) -> bool:
    return (known.hard is not None and known.hard.spans(_HARD_NIGHTS, _HARD_SPAN)) or (
        known.failures is not None and known.failures.spans(_SOFT_NIGHTS, _SOFT_SPAN)
    )


def ignore(known: LinkState, at: datetime, why: str) -> Judgement:
    """Take a link out of the checks by hand. `LinkState()` puts it back in."""
    after = replace(known, state=State.IGNORED, since=at, why=why)
    return Judgement(after, Transition(known.state, State.IGNORED, at, why))


def next_due(known: LinkState) -> datetime | None:
    """When to look again: every night; the dead weekly for eight weeks, then monthly; None = never.

    A blocked link rests three days, a legal or replaced one a week: asking more often is unkind and tells
    nothing new. A link that was never probed has been due since the beginning of time.
    """
    if known.state is State.IGNORED:
        return None
    if known.probed is None:
        return datetime.min.replace(tzinfo=UTC)
    if known.state is State.DEAD:
        young = known.probed - (known.since or known.probed) < _WEEKLY_FOR
        return known.probed + timedelta(days=7 if young else 30)
    return known.probed + _PAUSE.get(known.state, _EVERY_NIGHT)


def is_due(known: LinkState, now: datetime) -> bool:
    """Whether to look at a link now; one whose last probe lies in the future (a wrong clock) is due too."""
    due = next_due(known)
    if due is None:
        return False
    return due <= now or (known.probed is not None and known.probed - now > _MAX_SKEW)
