"""Is this star count believable, is it worth keeping, and how many stars were gained?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

_MIN_DROP = 100
_MAX_DROP_SHARE = 0.5
_ANCHOR = timedelta(days=30)
_NIGHT_GAP = timedelta(hours=6)
_MAX_SKEW = timedelta(days=1)
_SLACK = timedelta(hours=36)  # one missed night does not make a gain unknown


@dataclass(frozen=True, slots=True)
class StarState:
    """What is known of a repository's stars.

    `stars` is the count shown, last confirmed at `seen`; `sampled` is when the last sample was written.
    `held` is a drop that waits for a second night to agree, first seen at `held_since`.
    """

    stars: int | None = None
    seen: datetime | None = None
    sampled: datetime | None = None
    held: int | None = None
    held_since: datetime | None = None


class StarSample(NamedTuple):
    """A count, true from `at` until `until` (the last time it was seen unchanged; None = still)."""

    stars: int
    at: datetime
    until: datetime | None = None


class StarDecision(NamedTuple):
    """The next state and the sample to write (or None); `closed`: when the sample before it was last true."""

    state: StarState
    sample: StarSample | None = None
    closed: datetime | None = None


def weigh(known: StarState, stars: int, at: datetime) -> StarDecision:
    """Take in an observed count.

    A fall to 0, or by more than half and more than 100, is held until a second night agrees: one wrong answer
    must not make a project look dead today and "trending" tomorrow. Samples are written on change, the first
    time, and monthly.

    Args:
        known: what is stored; `StarState()` for a new repository, or after a takeover (nothing is inherited).
        stars: the observed count.
        at: when, in UTC. An observation that is not newer than the last one is ignored, unless that one lies
            more than a day ahead: then a wrong clock wrote it.
    """
    if known.seen is not None and timedelta(0) <= known.seen - at <= _MAX_SKEW:
        return StarDecision(known)
    if known.stars is not None and _falls(known.stars, stars):
        if known.held is None or known.held_since is None or not _agrees(known.held, stars):
            return StarDecision(replace(known, held=stars, held_since=at))
        if at.date() == known.held_since.date() or at - known.held_since < _NIGHT_GAP:
            return StarDecision(known)
    changed = stars != known.stars
    due = known.sampled is None or abs(at - known.sampled) >= _ANCHOR
    sample = StarSample(stars, at) if changed or due else None
    state = StarState(stars, at, at if sample else known.sampled)
    return StarDecision(state, sample, known.seen if sample and known.stars is not None else None)


def _falls(before: int, after: int) -> bool:
    drop = before - after
    return drop > 0 and (after <= 0 or (drop > _MIN_DROP and drop > _MAX_DROP_SHARE * before))


def _agrees(held: int, stars: int) -> bool:
    return abs(held - stars) <= max(_MIN_DROP, held * _MAX_DROP_SHARE)


def gain(samples: Sequence[StarSample], days: int, now: datetime) -> int | None:
    """Stars gained over the last days; None while unknown (never 0 for "don't know").

    Args:
        samples: oldest first. A sample without `until` holds until the next one, the last one until `now`;
            pass the repository's `StarState.seen` as the last one's `until`: a long silence is not a calm.
        days: the window.
        now: its end, in UTC.
    """
    first, last = _count_at(samples, now - timedelta(days=days), now), _count_at(samples, now, now)
    return None if first is None or last is None else last - first


def _count_at(samples: Sequence[StarSample], at: datetime, now: datetime) -> int | None:
    """The count at a moment, from the sample that held then or the nearest one within the slack."""
    best, distance = None, _SLACK
    for index, sample in enumerate(samples):
        until = sample.until or (samples[index + 1].at if index + 1 < len(samples) else now)
        off = max(sample.at - at, at - until, timedelta(0))
        if off <= distance:
            best, distance = sample.stars, off
    return best
