"""How does a test get a real HTTP server on 127.0.0.1 that can also misbehave?"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Connection:
    """The way back to the client: whole answers by `reply`, anything else by `raw`."""

    def __init__(self, writer: asyncio.StreamWriter, method: str) -> None:
        self._writer = writer
        self._method = method
        self.closed = False

    async def reply(
        self, status: int, body: bytes | str | object = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """A proper answer. A dict or list goes as JSON; a HEAD gets no body."""
        sent = {"Content-Type": "text/html; charset=utf-8"}
        if isinstance(body, str):
            body = body.encode()
        if not isinstance(body, bytes):
            body, sent = json.dumps(body).encode(), {"Content-Type": "application/json; charset=utf-8"}
        sent |= dict(headers or {})
        if status not in (204, 304):
            sent.setdefault("Content-Length", str(len(body)))
        reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Odd"
        head = f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in sent.items()) + "\r\n"
        await self.raw(head.encode() + (b"" if self._method == "HEAD" else body))

    async def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    def cut(self) -> None:
        """Close in an orderly way, whatever was promised."""
        self.closed = True

    def reset(self) -> None:
        """Slam the door: the client sees a connection reset."""
        self.closed = True
        self._writer.transport.abort()


Handler = Callable[[Request, Connection], Awaitable[None]]


class Server:
    """A server in a thread of its own; use it as a context manager.

    Args:
        handler: answers each request.
        host: an address of the loopback network; 127.0.0.2 is another host than 127.0.0.1.
        tls: a server-side context, for https.
    """

    def __init__(self, handler: Handler, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        assert host.startswith("127.")
        self._handler = handler
        self._tls = tls
        self._host = host
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)
        self.port = 0
        self.accepted = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"

    def __enter__(self) -> Server:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # rude clients are expected here
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        server = await asyncio.start_server(self._accept, self._host, 0, ssl=self._tls, limit=1 << 20, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, ValueError, ssl.SSLError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.split(":", 1) for line in lines if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        connection = Connection(writer, method)
        await self._handler(Request(method, target, headers, body), connection)
        return not connection.closed and headers.get("connection", "").lower() != "close"
