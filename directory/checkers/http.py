"""Does this page still answer, and is it still the page it was?

HEAD first; on anything but 2xx, 3xx and 429 a GET of at most 64 KB. Redirects are followed by hand, every hop through
the guarded transport. 429, and 5xx with a Retry-After, are asked twice more when the server says; a timeout, a broken
connection and any other 5xx once more at the very end. Pages that refuse robots are `blocked`, which says nothing
against them.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import httpcore
import httpx

from directory.checkers import Ending, Options, Probe, Status, Stop, Target
from directory.checkers._look import Look
from directory.checkers._pacing import Hosts
from directory.checkers._transport import GuardedBackend, GuardedTransport, Resolve, SystemResolver, cancel
from directory.checkers._walk import Walker

SUMMARY = "web pages"
ORDER = 90

_BATCH, _LINGER = 100, 0.5  # probes, seconds: small transactions, but not one for each link
_HOSTS_AT_ONCE = 4  # for each link in flight: most hosts are waiting for their gap to pass


def claims(url: str) -> bool:
    """Every http and https address."""
    return url.lower().startswith(("http://", "https://"))


def checker(options: Options) -> Http:
    """Set it up."""
    return Http(options)


class Http:
    """The checker.

    Args:
        options: politeness, canaries, the User-Agent.
        resolve: looks names up; the system's resolver when None.
        network: opens connections; httpcore's own when None.
        tls: whom to trust; httpx's certificates when None. One context for all: making one takes 20 ms.
        total: seconds for one link, all its redirects included.
    """

    def __init__(
        self,
        options: Options,
        *,
        resolve: Resolve | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        total: float = 20.0,
    ) -> None:
        self._options = options
        self._resolve = resolve or SystemResolver()
        self._network = network
        self._tls = tls or httpx.create_ssl_context()
        self._total = total

    async def ready(self, stop: Stop) -> Ending | None:
        """Look at the canaries."""
        targets = [Target(url, url) for url in self._options.canaries]
        ending = None
        async for event in self.check(targets, stop):
            if isinstance(event, Ending):
                return event
            for probe in event:
                if probe.status not in (Status.OK, Status.MOVED, Status.BLOCKED):
                    told = f"{probe.url} always works and failed: {probe.why or probe.status}"
                    ending = Ending("void", told, "is the network on?")
        return ending

    async def check(self, targets: Sequence[Target], stop: Stop) -> AsyncGenerator[tuple[Probe, ...] | Ending, None]:
        """See `Checker.check`. Hosts with many links are begun first: they take longest."""
        backend = GuardedBackend(self._resolve, self._network, allow_private=self._options.allow_private)
        hosts = Hosts(self._options, lambda connections: GuardedTransport(backend, self._tls, connections))
        look = Look(self._options.clock, hosts, Walker(hosts.turn, self._options.agent, self._total), stop)
        round_ = _Round(self._options, hosts, look, stop)
        work = asyncio.create_task(round_.run(targets))
        left = len(targets)
        try:
            async for batch in self._batches(round_.found, work, stop):
                left -= len(batch)
                yield batch
            if not work.cancelled():
                await work  # raises what went wrong in it
        finally:
            await cancel([work])
            await look.close()
            await backend.close()
        if left:
            yield Ending("partial", f"stopped with {left} links to go")

    async def _batches(
        self, found: asyncio.Queue[Probe], work: asyncio.Task[None], stop: Stop
    ) -> AsyncIterator[tuple[Probe, ...]]:
        """What is found until the work is done: at most a hundred probes, or half a second's worth, at a time."""
        stopped = 0.0
        while not work.done() or not found.empty():
            await asyncio.wait({work}, timeout=_LINGER)
            while not found.empty():
                yield tuple(found.get_nowait() for _ in range(min(found.qsize(), _BATCH)))
            if stop():  # what is in flight may finish; a host that asked for a minute's pause is not waited for
                stopped += _LINGER
                if stopped > self._total:
                    await cancel([work])


class _Round:
    """One run: a few workers for each host, then one more look at what failed for a reason that may have passed."""

    def __init__(self, options: Options, hosts: Hosts, look: Look, stop: Stop) -> None:
        self.found: asyncio.Queue[Probe] = asyncio.Queue()
        self._options = options
        self._hosts = hosts
        self._look = look
        self._stop = stop

    async def run(self, targets: Sequence[Target]) -> None:
        """Look at every target; probes go to `found`."""
        again = await self._all(targets)
        await self._all([target for target, _ in again], dict(again))

    async def _all(
        self, targets: Sequence[Target], first_sight: Mapping[Target, Probe] | None = None
    ) -> list[tuple[Target, Probe]]:
        queues: dict[str, list[Target]] = {}
        for target in targets:
            queues.setdefault(_host(target.url), []).append(target)
        hosts = iter(sorted(queues, key=lambda host: -len(queues[host])))
        again: list[tuple[Target, Probe]] = []

        async def work(links: Iterator[Target]) -> None:
            for target in links:
                if self._stop():
                    if first_sight is None:
                        return
                    self.found.put_nowait(first_sight[target])
                    continue
                probe, passing = await self._look.look(target, first_sight[target] if first_sight else None)
                if passing and first_sight is None:
                    again.append((target, probe))
                else:
                    self.found.put_nowait(probe)

        async def serve() -> None:
            for host in hosts:
                links = iter(queues[host])
                async with self._hosts.stay(host):
                    await _together([work(links) for _ in range(min(self._options.per_host, len(queues[host])))])

        await _together([serve() for _ in range(min(len(queues), self._options.at_once * _HOSTS_AT_ONCE))])
        return again


async def _together(jobs: Sequence[Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(job)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
