"""Where does an address lead, hop by hop, and what does the last server say?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
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
_TIMEOUT = {"connect": 10.0}  # seconds; the whole way has a deadline besides

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

    async def walk(self, method: str, url: str) -> Walk:
        """Follow an address to its end; once more with cookies when it runs in a circle.

        Raises:
            Lost: it does not end, or leads where we do not go.
            httpx.TransportError, TimeoutError: a server cannot be reached or does not answer.
        """
        try:
            return await self._follow(method, url, None)
        except Lost as lost:
            if lost.refused:
                raise
        return await self._follow("GET", url, httpx.Cookies())  # some sites set a cookie and send you to yourself

    async def _follow(self, method: str, url: str, cookies: httpx.Cookies | None) -> Walk:
        here = _readable(url)
        seen, permanent, left = {str(here)}, True, self._total
        for hop in range(MAX_HOPS + 1):
            started = 0.0
            async with self._turn(here.host) as pool:
                started = asyncio.get_running_loop().time()
                async with asyncio.timeout(left):
                    response, body = await self._once(pool, method, here, cookies)
                left -= asyncio.get_running_loop().time() - started
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
        self, pool: httpx.AsyncBaseTransport, method: str, url: httpx.URL, cookies: httpx.Cookies | None
    ) -> tuple[httpx.Response, bytes]:
        # Past httpx's client: it follows every Location in its mind, and fails on one that it cannot read.
        request = httpx.Request(method, url, headers=self._headers, extensions={"timeout": _TIMEOUT})
        if cookies is not None:
            cookies.set_cookie_header(request)
        response = await pool.handle_async_request(request)
        response.request = request
        try:
            if cookies is not None:
                cookies.extract_cookies(response)
            return response, b"" if method == "HEAD" else await _capped(response.aiter_raw())
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
