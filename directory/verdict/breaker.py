"""Did so much fail in one run that the fault must be ours, not the links'?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from directory.verdict.link import ALIVE, FAILURES, Seen
from directory.verdict.state import LinkState

_MIN_FAILED = 20
_MAX_SHARE = 0.20


class Tally(NamedTuple):
    """A run's counts over the links that worked before it: how many were probed, how many of these failed."""

    alive: int = 0
    failed: int = 0


def tally(pairs: Iterable[tuple[LinkState, Seen]]) -> Tally:
    """Count a run: each link's state *before* the run with its probe. Tally each checker on its own."""
    alive = failed = 0
    for known, seen in pairs:
        if known.state in ALIVE:
            alive += 1
            failed += seen.status in FAILURES
    return Tally(alive, failed)


def trip(counts: Tally, *, canary: str = "", clock: str = "") -> str:
    """Why nothing may be judged in this run; empty when all is well.

    Observations of a tripped run are kept, states are not touched: a network that is off, a DNS that answers
    for everybody or an API that is down must not look like a thousand deaths.

    Args:
        counts: the run's tally for one checker.
        canary: what went wrong with a link that is known to work; empty when nothing did.
        clock: what is wrong with the clock; empty when nothing is.
    """
    if canary:
        return f"a link that always works failed: {canary}"
    if clock:
        return clock
    if counts.failed >= _MIN_FAILED and counts.failed > _MAX_SHARE * counts.alive:
        share = round(100 * counts.failed / counts.alive)
        return f"{counts.failed} of {counts.alive} links that worked before failed at once ({share} %)"
    return ""
