"""What can a web server do to a link checker? Every trick under a path of its own."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

from tests.fakes.server import Connection, Request, Server

PROSE = " ".join(f"word{chr(97 + i % 26)}{chr(97 + i // 26)} says something of its own" for i in range(90))


def page(title: str, text: str = PROSE) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"


Trick = Callable[["Web", Request, Connection], Awaitable[None]]
TRICKS: dict[str, Trick] = {}


def trick(path: str) -> Callable[[Trick], Trick]:
    def register(function: Trick) -> Trick:
        TRICKS[path] = function
        return function

    return register


@dataclass
class Web:
    """The server's memory: what was asked, and answers for the next requests (status, headers) by path."""

    log: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    script: dict[str, deque[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    elsewhere: str = ""
    delay: float = 0.0
    busy: int = 0
    busiest: int = 0

    def serve(self, **options: object) -> Server:
        return Server(self.handle, **options)  # type: ignore[arg-type]

    def asked(self, path: str) -> list[str]:
        """The methods that came for a path."""
        return [method for method, target in self.log if target == path]

    async def handle(self, request: Request, connection: Connection) -> None:
        self.log.append((request.method, request.target))
        self.headers.append(dict(request.headers))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            await self._answer(request, connection)
        finally:
            self.busy -= 1

    async def _answer(self, request: Request, connection: Connection) -> None:
        waiting = self.script.get(request.path)
        if waiting:
            status, headers = waiting.popleft()
            return await connection.reply(status, b"", headers)
        kind, _, rest = request.path.strip("/").partition("/")
        if kind == "status":
            return await connection.reply(int(rest), page(rest))
        if kind == "to":  # /to/STATUS/where...
            status, _, where = rest.partition("/")
            return await connection.reply(int(status), b"", {"Location": "/" + where})
        if kind == "all-to-elsewhere":
            return await connection.reply(301, b"", {"Location": self.elsewhere})
        if kind == "hops":  # /hops/N: N redirects
            left = int(rest)
            return await (connection.reply(302, b"", {"Location": f"/hops/{left - 1}"}) if left else _ok(connection))
        found = TRICKS.get(request.path)
        if found is not None:
            return await found(self, request, connection)
        if kind in ("", "ok") or (kind == "page" and rest.isdigit()):
            return await connection.reply(200, page(f"Page {rest}", f"{rest} {PROSE}"))
        if kind == "soft":  # says 200 for everything
            return await connection.reply(200, page("Our site", f"Sorry, nothing at {request.path}. {PROSE}"))
        if kind == "app":  # a shell that scripts fill
            return await connection.reply(
                200, "<html><title>App</title><div id=root></div><script>go()</script></html>"
            )
        if kind == "lost":  # everything goes to the front page
            return await connection.reply(301, b"", {"Location": "/"})
        return await connection.reply(404, page("Not found"))


async def _ok(connection: Connection) -> None:
    await connection.reply(200, page("Here"))


def _by_method(head: int, get: int) -> Trick:
    async def answer(web: Web, request: Request, connection: Connection) -> None:
        await connection.reply(head if request.method == "HEAD" else get, page("x"))

    return answer


for _head, _get in ((405, 200), (404, 200), (403, 200), (500, 200), (501, 200), (404, 404), (403, 404)):
    TRICKS[f"/head{_head}get{_get}"] = _by_method(_head, _get)


@trick("/head-hangs-up")
async def _(web: Web, request: Request, connection: Connection) -> None:
    if request.method == "HEAD":
        return connection.reset()
    return await _ok(connection)


@trick("/head-hangs")
async def _(web: Web, request: Request, connection: Connection) -> None:
    if request.method == "HEAD":
        await asyncio.sleep(60)
    return await _ok(connection)


@trick("/hang")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await asyncio.sleep(60)


@trick("/drip")
async def _(web: Web, request: Request, connection: Connection) -> None:
    """A byte now and then, for ever: no single read ever times out."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Drip: " + b"x" * 10_000:
        await connection.raw(bytes([byte]))
        await asyncio.sleep(0.02)


@trick("/drip-body")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _step in range(10_000 if request.method == "GET" else 0):
        await connection.raw(b"x")
        await asyncio.sleep(0.02)
    connection.cut()


@trick("/endless")
async def _(web: Web, request: Request, connection: Connection) -> None:
    """A body without end (1 GB is only the beginning)."""
    await connection.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1073741824\r\n\r\n")
    if request.method == "GET":
        for _step in range(16_384):
            await connection.raw(b"x" * 65_536)
    connection.cut()


@trick("/endless-headers")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.raw(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        await connection.raw(f"X-{number}: {'y' * 1000}\r\n".encode())


@trick("/endless-continue")
async def _(web: Web, request: Request, connection: Connection) -> None:
    for _step in range(100_000):
        await connection.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        await asyncio.sleep(0.001)


@trick("/bomb")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(200, bomb(), {"Content-Encoding": "gzip"})


@cache
def bomb() -> bytes:
    """Made once, before anybody looks at a watch: it takes half a second."""
    return gzip.compress(b"\0" * 100_000_000, 1)


@trick("/bad-gzip")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(200, b"this is not gzip", {"Content-Encoding": "gzip"})


@trick("/short")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort")
    connection.cut()


@trick("/garbage")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.raw(b"\x16\x03\x01 this is not HTTP \x1b[31m\r\n\r\n")
    connection.cut()


@trick("/reset")
async def _(web: Web, request: Request, connection: Connection) -> None:
    connection.reset()


@trick("/circle")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(302, b"", {"Location": "/circle"})


@trick("/round")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(302, b"", {"Location": "/and-round"})


@trick("/and-round")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(302, b"", {"Location": "/round"})


@trick("/cookie")
async def _(web: Web, request: Request, connection: Connection) -> None:
    """Sends a visitor without a cookie to itself, with one."""
    if "seen=1" in request.headers.get("cookie", ""):
        return await _ok(connection)
    return await connection.reply(302, b"", {"Location": "/cookie", "Set-Cookie": "seen=1; Path=/"})


@trick("/to-elsewhere")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(301, b"", {"Location": web.elsewhere, "Set-Cookie": "secret=1"})


@trick("/challenge")
async def _(web: Web, request: Request, connection: Connection) -> None:
    body = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    await connection.reply(503, body, {"cf-mitigated": "challenge"} if request.method == "HEAD" else {})


@trick("/not-modified")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(304)


@trick("/no-location")
async def _(web: Web, request: Request, connection: Connection) -> None:
    await connection.reply(301)


for _name, _where in {
    "/to-file": "file:///etc/passwd",
    "/to-script": "javascript:alert(1)",
    "/to-ftp": "ftp://127.0.0.1/x",
    "/to-nonsense": "http://[::1",
    "/to-empty-host": "http:///x",
    "/to-credentials": "//user:secret@127.0.0.1:{port}/ok",
}.items():

    def _redirect(where: str) -> Trick:
        async def answer(web: Web, request: Request, connection: Connection) -> None:
            port = request.headers["host"].rpartition(":")[2]
            await connection.reply(302, b"", {"Location": where.replace("{port}", port)})

        return answer

    TRICKS[_name] = _redirect(_where)


if __name__ == "__main__":  # in a process of its own, so that a client's memory can be measured
    with Web().serve() as _server:
        sys.stdout.write(_server.url + "\n")
        sys.stdout.flush()
        sys.stdin.read()
