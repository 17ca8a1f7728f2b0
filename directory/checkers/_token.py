"""Where may the token go, and what must never show it?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator
from ipaddress import ip_address

import httpx

from directory.errors import ConfigError

_TOKEN = re.compile(r"[\x21-\x7e]{1,500}\Z")


class Token(httpx.Auth):
    """A token for one origin: added to requests to exactly that origin, and hidden everywhere else.

    Args:
        value: the token; empty = none.
        base: the API's address. It must be https; loopback is let through for tests.

    Raises:
        ConfigError: the token has characters no token has, or would travel unencrypted.
    """

    def __init__(self, value: str, base: str) -> None:
        value = value.strip()
        if value and not _TOKEN.match(value):
            # Found here: an HTTP library would quote an illegal header, token and all, in its error.
            raise ConfigError("the GitHub token has characters that no token has", "look at GITHUB_TOKEN")
        url = httpx.URL(base)
        if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.host)):
            raise ConfigError(f"GitHub's API must be an https address, not {base}")
        self._value = value
        self._origin = _origin(url)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Token(***)" if self else "Token()"

    @property
    def fingerprint(self) -> str:
        """What an ETag is bound to: tells tokens apart and gives none of them away; empty without a token."""
        if not self._value:
            return ""
        return hashlib.blake2b(self._value.encode(), digest_size=8, person=b"aidir-etag").hexdigest()

    def redact(self, data: bytes) -> bytes:
        """An answer without the token, should a server have sent it back to us."""
        return data.replace(self._value.encode(), b"***") if self._value else data

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """httpx's seam for credentials."""
        if self._value and _origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._value}"
        yield request


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
