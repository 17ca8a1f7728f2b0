"""Where does an address lead, hop by hop, and what does the last server say?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import NamedTuple

import httpx

MAX_HOPS = 10
MAX_BODY = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_SCHEMES = ("http", "https")
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "en,zh;q=0.9,*;q=0.5",
    "Accept-Encoding": "identity",
}
_CONNECT = 10.0  # seconds

Turn = Callable[[str], AbstractAsyncContextManager[httpx.AsyncBaseTransport]]
"""A host name -> its turn, with the connections to use."""


class Walk(NamedTuple):
    """The last answer, where it came from, and how it was reached."""

    method: str
    status: int
    headers: httpx.Headers
    body: bytes
    start: str
    final: str
    hops: int
    permanent: bool


class Lost(Exception):
    """The way ends where we do not follow: a loop, too many hops, or another scheme."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused


class Visit:
    """One link's stay at a host: redirects and second requests there are part of it, another host is another visit."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._stack = AsyncExitStack()
        self._host = ""
        self._pool: httpx.AsyncBaseTransport | None = None

    async def __aenter__(self) -> Visit:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._stack.aclose()

    async def at(self, host: str) -> httpx.AsyncBaseTransport:
        """The connections to a host. The last host is left before the next one is waited for."""
        if self._pool is None or host != self._host:
            await self._stack.aclose()
            self._pool = await self._stack.enter_async_context(self._turn(host))
            self._host = host
        return self._pool


class Walker:
    """Follows redirects by hand, within one deadline for the whole way.

    Args:
        turn: waits for a host's turn. The time spent waiting does not count.
        agent: the User-Agent.
        total: seconds for all requests of one way together; a timeout per read would let a slow drip go on for ever.
    """

    def __init__(self, turn: Turn, agent: str, total: float) -> None:
        self._turn = turn
        self._headers = {**_HEADERS, "User-Agent": agent}
        self._total = total

    async def walk(self, url: str, *, whole: bool) -> Walk:
        """Follow an address to its end: with HEAD, and with GET where that is not enough.

        Args:
            url: the address.
            whole: with GET from the start, for the page itself.

        Raises:
            Lost: it does not end, or leads where we do not go.
            httpx.TransportError, TimeoutError: a server cannot be reached or does not answer.
        """
        async with Visit(self._turn) as visit:
            if whole:
                return await self._way(visit, "GET", url)
            try:
                walk = await self._way(visit, "HEAD", url)
            except (httpx.ReadError, httpx.RemoteProtocolError):  # some servers hang up on a HEAD
                return await self._way(visit, "GET", url)
            if 200 <= walk.status < 400 or walk.status == 429:
                return walk
            got = await self._way(visit, "GET", walk.final)
            return got._replace(start=url, hops=walk.hops + got.hops, permanent=walk.permanent and got.permanent)

    async def _way(self, visit: Visit, method: str, url: str) -> Walk:
        try:
            return await self._follow(visit, method, url, None)
        except Lost as lost:
            if lost.refused:
                raise
        # Some sites set a cookie and send you to yourself.
        return await self._follow(visit, "GET", url, httpx.Cookies())

    async def _follow(self, visit: Visit, method: str, url: str, cookies: httpx.Cookies | None) -> Walk:
        clock = asyncio.get_running_loop().time
        here = _readable(url)
        seen, permanent, left = {str(here)}, True, self._total
        for hop in range(MAX_HOPS + 1):
            pool = await visit.at(here.host)
            started = clock()
            async with asyncio.timeout(left):
                response, body = await self._once(pool, method, here, cookies, left)
            left -= clock() - started
            target = response.headers.get("location", "")
            if response.status_code not in _REDIRECTS or not target:
                return Walk(method, response.status_code, response.headers, body, url, str(here), hop, permanent)
            permanent = permanent and response.status_code in _PERMANENT
            here = _readable(target, here)
            if cookies is None and str(here) in seen:
                raise Lost("redirects in a circle")
            seen.add(str(here))
        raise Lost(f"redirects more than {MAX_HOPS} times")

    async def _once(
        self,
        pool: httpx.AsyncBaseTransport,
        method: str,
        url: httpx.URL,
        cookies: httpx.Cookies | None,
        left: float,
    ) -> tuple[httpx.Response, bytes]:
        # Past httpx's client: it follows every Location in its mind, and fails on one that it cannot read.
        # The connect timeout comes before the deadline: a TLS handshake cut short from outside is not cleaned up.
        timeout = {"connect": min(_CONNECT, 0.8 * left)}
        request = httpx.Request(method, url, headers=self._headers, extensions={"timeout": timeout})
        if cookies is not None:
            cookies.set_cookie_header(request)
        response = await pool.handle_async_request(request)
        response.request = request
        try:
            if cookies is not None:
                cookies.extract_cookies(response)
            # To its end also for a HEAD, which has no body: a connection is kept only when its answer was read.
            return response, await _capped(response.aiter_raw())
        finally:
            await response.aclose()


def _readable(text: str, base: httpx.URL | None = None) -> httpx.URL:
    """An address to open: http or https, without credentials and fragment.

    Raises:
        Lost: it is none.
    """
    try:
        url = base.join(text.strip()) if base is not None else httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise Lost(f"an address that cannot be read: {error}", refused=True) from None
    if url.scheme not in _SCHEMES or not url.host:
        raise Lost(f"leads to {url.scheme or 'no'}: address", refused=True)
    return url.copy_with(userinfo=b"", fragment=None)


async def _capped(parts: AsyncIterator[bytes]) -> bytes:
    # Raw: whatever Content-Encoding says, nothing is unpacked, so that nothing can explode.
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) >= MAX_BODY:
            break
    return bytes(body[:MAX_BODY])
