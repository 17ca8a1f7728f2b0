"""How much may still be asked of GitHub, and how long does it want us to wait?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx

from directory.checkers import Clock, Ending

TRIES = 4
_FIRST_WAIT, _LONGEST_BACKOFF, _LONGEST_WAIT = 60.0, 900.0, 3900.0  # seconds
_KEEP = 0.10  # the share of every limit that is left to others
_KEEP_ANONYMOUS = 10  # of 60 an hour
_LIMITED = re.compile(r"rate limit|abuse detection|too many requests", re.IGNORECASE)


class _Budget(NamedTuple):
    limit: int
    remaining: int
    reset: float  # seconds since the epoch; 0 = not told


class Limits:
    """The limits as GitHub last told them, by resource: graphql, core (REST), anonymous (REST without a token)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._budgets: dict[str, _Budget] = {}

    def note(self, resource: str, limit: object, remaining: object, reset: object) -> None:
        """Take in what an answer says; `reset` is an ISO time, or seconds or (as has been seen) milliseconds."""
        most, left, when = _number(limit), _number(remaining), _number(reset)
        if most is not None and left is not None:
            self._budgets[resource] = _Budget(int(most), int(left), _seconds(when or _epoch(reset) or 0.0))

    def observe(self, resource: str, headers: httpx.Headers) -> None:
        """Take in an answer's headers."""
        told = (headers.get(f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset"))
        self.note(resource, *told)

    def __str__(self) -> str:
        """What is left, in words."""
        return ", ".join(f"{name} {b.remaining} of {b.limit}" for name, b in sorted(self._budgets.items()))

    def exhausted(self, resource: str) -> Ending | None:
        """The ending of a run that would go below the share we leave to others; None = there is enough."""
        budget = self._budgets.get(resource)
        if budget is None or 0 < budget.reset <= self._clock.now().timestamp():
            return None
        keep = _KEEP_ANONYMOUS if resource == "anonymous" else budget.limit * _KEEP
        return self.used_up(resource) if budget.remaining <= keep else None

    def used_up(self, resource: str) -> Ending:
        """The ending of a run whose limit is used up."""
        budget = self._budgets.get(resource)
        left = f": {budget.remaining} of {budget.limit} left" if budget else ""
        hint = "a token in GITHUB_TOKEN gives 5,000 an hour" if resource == "anonymous" else ""
        return Ending("partial", f"GitHub's limit is used up{left}", hint, limit=True)

    def patience(self, headers: httpx.Headers, attempt: int) -> float:
        """Seconds to wait: Retry-After, else until the reset of a used-up limit, else 60 s, doubling to 15 minutes."""
        now = self._clock.now().timestamp()
        wait = _number(headers.get("retry-after"))
        if wait is None:
            date = http_date(headers.get("retry-after", ""))
            wait = None if date is None else date - now
        if wait is None and _number(headers.get("x-ratelimit-remaining")) == 0:
            reset = _number(headers.get("x-ratelimit-reset"))
            wait = None if reset is None else _seconds(reset) + 1 - now
        if wait is None or wait <= 0:  # none told, or a reset that has passed
            wait = back_off(attempt)
        return min(wait, _LONGEST_WAIT)


def back_off(attempt: int) -> float:
    """60 s, doubling to 15 minutes."""
    return min(_FIRST_WAIT * 2.0**attempt, _LONGEST_BACKOFF)


def is_limit(status: int, headers: httpx.Headers, body: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether this answer means "not so fast": GitHub says it with 429, 403 or 200."""
    if status == 429:
        return True
    message = str(body.get("message") or "")
    if status == 403:
        signs = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
        return "block" not in body and (signs or _LIMITED.search(message) is not None)
    told = [message, *(str(e.get("message")) for e in errors if not e.get("path"))]
    return any(e.get("type") == "RATE_LIMITED" for e in errors) or (
        status == 200 and body.get("data") is None and any(_LIMITED.search(text) for text in told)
    )


def http_date(text: str) -> float | None:
    """An HTTP date in seconds since the epoch."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError):
        return None


def _number(value: object) -> float | None:
    try:
        return float(str(value)) if value is not None else None
    except ValueError:
        return None


def _seconds(reset: float) -> float:
    return reset / 1000 if reset > 1e11 else reset


def _epoch(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
