"""When may the next request to a host go out, and over which connection?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from directory.checkers import Clock, Options

_PER_POOL = 8  # connections; more in one pool cost the square (see GuardedTransport)


class Host:
    """One host: at most `slots` requests at once, `gap` seconds between two starts, connections made when needed.

    Args:
        slots: requests in flight.
        gap: seconds between two starts.
        clock: tells and passes the time.
        connect: makes a pool of so many connections.
    """

    def __init__(
        self, slots: int, gap: float, clock: Clock, connect: Callable[[int], httpx.AsyncBaseTransport]
    ) -> None:
        self._free = [index // _PER_POOL for index in range(slots)][::-1]
        self._turns = asyncio.Semaphore(slots)
        self._gap = gap
        self._clock = clock
        self._connect = connect
        self._slots = slots
        self._pools: dict[int, httpx.AsyncBaseTransport] = {}
        self._next = float("-inf")
        self.users = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Wait for a slot and the gap; gives the connections to use."""
        async with self._turns:
            index = self._free.pop()
            try:
                start = max(self._next, self._clock.monotonic())
                self._next = start + self._gap
                wait = start - self._clock.monotonic()
                if wait > 0:
                    await self._clock.sleep(wait)
                if index not in self._pools:
                    self._pools[index] = self._connect(min(self._slots, _PER_POOL))
                yield self._pools[index]
            finally:
                self._free.append(index)

    def rest(self, seconds: float) -> None:
        """The host asked for a pause."""
        self._next = max(self._next, self._clock.monotonic() + seconds)

    async def close(self) -> None:
        """Close the connections; the pace is remembered."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.aclose()


class Hosts:
    """All hosts of a run: at most `at_once` requests in flight over all of them.

    Args:
        options: politeness and the clock.
        connect: makes a pool of so many connections.
    """

    def __init__(self, options: Options, connect: Callable[[int], httpx.AsyncBaseTransport]) -> None:
        self._options = options
        self._connect = connect
        self._all = asyncio.Semaphore(options.at_once)
        self._hosts: dict[str, Host] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Wait for the host's turn, then for a place among all."""
        async with self.stay(name) as host, host.turn() as pool, self._all:
            yield pool

    @asynccontextmanager
    async def stay(self, name: str) -> AsyncIterator[Host]:
        """Keep a host's connections open; they are closed when the last one leaves."""
        host = self._hosts.get(name)
        if host is None:
            options = self._options
            host = self._hosts[name] = Host(options.per_host, options.gap, options.clock, self._connect)
        host.users += 1
        try:
            yield host
        finally:
            host.users -= 1
            if not host.users:
                await host.close()

    def rest(self, name: str, seconds: float) -> None:
        """The host asked for a pause."""
        if name in self._hosts:
            self._hosts[name].rest(seconds)
