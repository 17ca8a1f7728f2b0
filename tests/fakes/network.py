"""How does a name lead to a public address without a packet leaving? A resolver and connections that are made up."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"


def redirect(where: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()


class Names:
    """A resolver: literals in every form the system knows, names as told, one answer after the other; else NXDOMAIN."""

    def __init__(self, **names: Sequence[Sequence[str]]) -> None:
        self._names = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.asked: Counter[str] = Counter()

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked[host] += 1
        answers = self._names.get(host)
        if answers:
            return answers.pop(0) if len(answers) > 1 else answers[0]
        flags = socket.AI_NUMERICHOST  # asks nobody
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM, flags=flags)]


class Network(httpcore.AsyncNetworkBackend):
    """Connections that answer by address, and remember who was called."""

    def __init__(self, **answers: bytes) -> None:
        self._answers = answers
        self.called: list[str] = []
        self.silent: set[str] = set()

    def answer(self, address: str, data: bytes) -> None:
        """What an address says from now on."""
        self._answers[address] = data

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.called.append(host)
        if host in self.silent:
            raise httpcore.ConnectError("unreachable")
        return httpcore.AsyncMockStream([self._answers.get(host, OK)])
