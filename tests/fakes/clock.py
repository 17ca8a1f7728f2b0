"""How does a night pass in a second? A clock whose sleepers only move its hands."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from directory.checkers import Clock

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class SimClock(Clock):
    """Time passes when someone sleeps, and when a fake says that it took some."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self.elapsed = 0.0
        self.skew = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.elapsed + self.skew)

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += max(seconds, 0.0)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Time that a fake took."""
        self.elapsed += seconds

    def jump(self, seconds: float) -> None:
        """Somebody set the wall clock."""
        self.skew += seconds
