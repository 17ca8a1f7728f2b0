"""How is a stranger's server reached without reaching into our own network?

A name is resolved once. If any of its addresses is not public the connection is refused; else it is made to the address
that was checked, with the name kept for TLS and the Host header. Every hop of a redirect comes through here again.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx

from directory.checkers._address import is_public

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""A host name or literal -> its addresses; raises socket.gaierror."""

_NO_SUCH_HOST = {socket.EAI_NONAME}
_MAX_ADDRESSES = 4
_SLOW_ADDRESS = 4.0  # seconds after which the next address is tried
_LOOKUPS_AT_ONCE = 32
_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


class AddressRefused(httpx.ConnectError):
    """The name leads to an address that is not public."""


class NoSuchHost(httpx.ConnectError):
    """The name does not exist."""


class LookupFailed(httpx.ConnectError):
    """The name could not be looked up; it may well exist."""


class SystemResolver:
    """The system's resolver, in threads of its own: a slow name server must not hold up everybody's files."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="lookup")

    async def __call__(self, host: str) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM))
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only.

    Args:
        resolve: looks names up.
        inner: opens the connection to an address; httpcore's own when None.
        allow_private: let every address through. For tests.
    """

    def __init__(
        self, resolve: Resolve, inner: httpcore.AsyncNetworkBackend | None = None, *, allow_private: bool = False
    ) -> None:
        self._resolve = resolve
        self._inner = inner or httpcore.AnyIOBackend()
        self._allow_private = allow_private
        self._known: dict[str, asyncio.Task[Sequence[str]]] = {}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """httpcore's seam.

        Raises:
            AddressRefused, NoSuchHost, LookupFailed: before anything is sent.
        """
        addresses = (await self._addresses(host))[:_MAX_ADDRESSES]
        for address in addresses[:-1]:
            patience = min(timeout or _SLOW_ADDRESS, _SLOW_ADDRESS)
            try:
                return await self._inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def _addresses(self, host: str) -> Sequence[str]:
        if host not in self._known:  # the first to ask looks it up for all
            lookup = self._known[host] = asyncio.ensure_future(self._look_up(host))
            lookup.add_done_callback(lambda task: task.cancelled() or task.exception())  # seen, even if all gave up
        return await asyncio.shield(self._known[host])

    async def _look_up(self, host: str) -> Sequence[str]:
        try:
            addresses = await self._resolve(host)
        except socket.gaierror as error:
            kind = NoSuchHost if error.errno in _NO_SUCH_HOST else LookupFailed
            raise kind(f"{host}: {error.strerror or error}") from None
        except (OSError, UnicodeError) as error:
            raise LookupFailed(f"{host}: {error}") from None
        if not addresses:
            raise LookupFailed(f"{host}: no address")
        refused = [a for a in addresses if not is_public(a)]
        if refused and not self._allow_private:
            raise AddressRefused(f"{host} leads to {refused[0]}, which is not public")
        return addresses

    async def sleep(self, seconds: float) -> None:
        """httpcore's seam."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """Give up the lookups that are still under way."""
        await cancel(self._known.values())


async def cancel(tasks: Collection[asyncio.Task[Any]]) -> None:
    """End tasks and wait for their end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                yield part
        except _ERRORS as error:
            raise _translated(error) from error

    async def aclose(self) -> None:
        await self._stream.aclose()


def _translated(error: Exception) -> httpx.TransportError:
    kind = getattr(httpx, type(error).__name__, httpx.TransportError)
    translated: httpx.TransportError = kind(str(error))
    return translated


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's seam over a small pool of guarded connections, HTTP/1.1.

    Small on purpose: httpcore's pool looks at all its requests for each of them, so that one pool for everything costs
    the square of what is in flight.
    """

    def __init__(self, backend: GuardedBackend, tls: ssl.SSLContext, connections: int) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls, max_connections=connections, keepalive_expiry=15.0, network_backend=backend
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; redirects are not followed here."""
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(asked)
        except _ERRORS as error:
            raise _translated(error) from error
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer.stream), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
