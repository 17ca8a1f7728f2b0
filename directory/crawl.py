"""How are many links looked at in one run: each by the checker that claims it, all checkers side by side?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from directory import plugins
from directory.checkers import Checker, Clock, Ending, Options, Plugin, Probe, Status, Stop, Target

_MAX_CLOCK_JUMP = 300.0  # seconds
NOBODY = "nobody"
"""The checker's name in batches of links that no checker claims."""

Progress = Callable[[int, int], None]
"""Called with links done and links in all, after each batch."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A checker that is set up, and how to tell its links."""

    claims: Callable[[str], bool]
    checker: Checker


@dataclass(frozen=True, slots=True)
class Batch:
    """Probes worth committing together, all of one checker."""

    checker: str
    probes: tuple[Probe, ...]


def install(options: Options) -> dict[str, Installed]:
    """Every checker there is, in the order in which they are asked.

    Raises:
        ConfigError: an option has an impossible value.
    """
    found = {name: cast(Plugin, plugins.load("checkers", name)) for name in plugins.names("checkers")}
    order = sorted(found, key=lambda name: found[name].ORDER)
    return {name: Installed(found[name].claims, found[name].checker(options)) for name in order}


class Crawl:
    """One run.

    Its probes are to be stored as they come and judged when it is over: `endings` and `void` then say what they are
    worth, and `verdict.trip` whether too much failed at once.

    Args:
        checkers: by name; the first that claims a link gets it.
        clock: notices when the wall clock jumps.
        stop: asked all the time; True ends the run after what is in hand.
        progress: told after every batch.
    """

    def __init__(
        self,
        checkers: Mapping[str, Installed],
        *,
        clock: Clock,
        stop: Stop = lambda: False,
        progress: Progress = lambda done, total: None,
    ) -> None:
        self.endings: dict[str, Ending] = {}
        self.done: dict[str, int] = {}
        self.clock_trouble = ""
        self._checkers = checkers
        self._clock = clock
        self._stop = stop
        self._progress = progress

    def void(self, checker: str) -> str:
        """Why nothing that this checker saw may be judged; empty when it may."""
        ending = self.endings.get(checker)
        return self.clock_trouble or (ending.reason if ending and ending.kind == "void" else "")

    def run(self, targets: Sequence[Target]) -> Iterator[Batch]:
        """Look at links and yield batches as they come.

        The network rests while the caller works on a batch, so that work should take well under a second.
        """
        loop = asyncio.new_event_loop()
        stream = self._stream(targets)
        try:
            while (batch := loop.run_until_complete(_next(stream))) is not None:
                yield batch
        finally:
            loop.run_until_complete(stream.aclose())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _stream(self, targets: Sequence[Target]) -> AsyncGenerator[Batch, None]:
        shares, unclaimed = self._share(targets)
        offset = self._offset()
        done, total = 0, len(targets)
        batches: asyncio.Queue[Batch | None] = asyncio.Queue()
        if unclaimed:
            at = self._clock.now()
            why = "no checker for this kind of address"
            yield Batch(NOBODY, tuple(Probe(t.key, t.url, Status.UNSUPPORTED, at, why) for t in unclaimed))
            done = len(unclaimed)
        work = asyncio.create_task(self._all(shares, batches))
        try:
            while (batch := await batches.get()) is not None:
                self._watch_clock(offset)
                done += len(batch.probes)
                self.done[batch.checker] = self.done.get(batch.checker, 0) + len(batch.probes)
                self._progress(done, total)
                yield batch
            await work
            self._watch_clock(offset)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def _share(self, targets: Sequence[Target]) -> tuple[dict[str, list[Target]], list[Target]]:
        shares: dict[str, list[Target]] = {}
        unclaimed = []
        for target in targets:
            name = next((n for n, installed in self._checkers.items() if installed.claims(target.url)), None)
            if name is None:
                unclaimed.append(target)
            else:
                shares.setdefault(name, []).append(target)
        return shares, unclaimed

    async def _all(self, shares: Mapping[str, Sequence[Target]], batches: asyncio.Queue[Batch | None]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for name, share in shares.items():
                    group.create_task(self._one(name, share, batches))
        finally:
            batches.put_nowait(None)

    async def _one(self, name: str, targets: Sequence[Target], batches: asyncio.Queue[Batch | None]) -> None:
        checker = self._checkers[name].checker
        ending = await checker.ready(self._stop)
        if ending is None:
            async with aclosing(checker.check(targets, self._stop)) as events:
                async for event in events:
                    if isinstance(event, Ending):
                        ending = event
                    else:
                        batches.put_nowait(Batch(name, event))
        if ending is not None:
            self.endings[name] = ending

    def _offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _watch_clock(self, before: float) -> None:
        jump = self._offset() - before
        if abs(jump) > _MAX_CLOCK_JUMP:
            self.clock_trouble = f"this machine's clock jumped by {round(jump)} s during the run"


async def _next(stream: AsyncIterator[Batch]) -> Batch | None:
    return await anext(stream, None)
