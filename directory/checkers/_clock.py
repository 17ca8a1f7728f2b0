"""What time is it, and how does one wait? Passed in, so that a simulated night takes no time."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

# Without it a laptop that slept through half a run would look as if its wall clock had jumped.
_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Clock:
    """The real clock. A simulated one overrides all three."""

    def now(self) -> datetime:
        """The wall clock, in UTC. It may jump."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never jumps, and counts the time a machine is suspended where it can."""
        return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
