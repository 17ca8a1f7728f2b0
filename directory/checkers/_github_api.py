"""How is one call to GitHub made: paced, within its limits, with the token going nowhere else?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import httpx

from directory.checkers import Ending, Options, Stop
from directory.checkers._limits import TRIES, Limits, back_off, http_date, is_limit
from directory.checkers._token import Token

_GAP = 1.0  # seconds between two calls; GitHub asks for serial work
_RETRY = 5.0
_MAX_BODY = 8_000_000
_DEADLINE = 60.0  # GitHub itself gives up after 10 s
_MAX_CLOCK_ERROR = 3600.0


class Halt(Exception):
    """The run has to end here."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.reason)
        self.ending = ending


class Trouble(Exception):
    """GitHub did not answer a question, or not in full."""


class Reply(NamedTuple):
    """A REST answer; `body` is {} unless it is a JSON object."""

    status: int
    body: Mapping[str, Any]
    headers: httpx.Headers


class Api:
    """GitHub's API for the length of one run: serial, at least a second between two calls."""

    def __init__(self, options: Options, stop: Stop) -> None:
        self.clock = options.clock
        self._stop = stop
        self._rest = options.api.rstrip("/")
        self._token = Token(options.token, self._rest)
        # GitHub Enterprise: https://HOST/api/v3 beside https://HOST/api/graphql
        self._graphql = self._rest.removesuffix("/v3") + "/graphql"
        self._client = httpx.AsyncClient(
            headers={"User-Agent": options.agent, "Accept": "application/vnd.github+json"},
            timeout=httpx.Timeout(30, connect=10),
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=2),
        )
        self._limits = Limits(options.clock)
        self._last = float("-inf")
        self._waits = 0

    def __repr__(self) -> str:
        return f"Api({self._rest})"

    async def __aenter__(self) -> Api:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._client.aclose()

    @property
    def left(self) -> str:
        """What is left of the limits, in words."""
        return str(self._limits)

    @property
    def has_token(self) -> bool:
        """Whether GraphQL is open to us; without a token only 60 REST requests an hour are."""
        return bool(self._token)

    @property
    def fingerprint(self) -> str:
        """What an ETag of these answers is bound to."""
        return self._token.fingerprint

    async def ready(self) -> None:
        """Ask for the limits (free of charge): proves the network, the token and the clock.

        Raises:
            Halt: one of them is no good.
        """
        try:
            reply = await self.retried("/rate_limit")
        except Trouble as trouble:
            raise Halt(Ending("void", f"GitHub cannot be reached: {trouble}")) from None
        if reply.status == 200 and "resources" not in reply.body:
            raise Halt(Ending("void", "something else answers in GitHub's place"))
        for name, found in (reply.body.get("resources") or {}).items():
            if isinstance(found, Mapping):
                key = "anonymous" if name == "core" and not self._token else name
                self._limits.note(key, found.get("limit"), found.get("remaining"), found.get("reset"))

    async def graphql(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """One GraphQL call: the answer, perhaps with errors for some paths.

        Raises:
            Trouble: no usable answer (5xx, HTML, cut off, no data).
            Halt: the limits are used up, or the token is refused.
        """
        for attempt in range(TRIES):
            self._guard("graphql")
            content = json.dumps({"query": query, "variables": variables}).encode()
            status, headers, raw = await self._send("POST", self._graphql, content=content)
            self._limits.observe("graphql", headers)
            body = _object(raw)
            errors = [e for e in body.get("errors") or () if isinstance(e, Mapping)]
            told = "; ".join(str(e.get("message")) for e in errors) or str(body.get("message") or "")
            if status == 403 or is_limit(status, headers, body, errors):
                await self._wait_out(headers, attempt, told or f"HTTP {status}")
                continue
            if status != 200:
                raise Trouble(f"HTTP {status}")
            data = body.get("data")
            if not isinstance(data, Mapping):
                raise Trouble(told[:300] or "an answer that is cut off or not JSON")
            limit = data.get("rateLimit")
            if isinstance(limit, Mapping):
                self._limits.note("graphql", limit.get("limit"), limit.get("remaining"), limit.get("resetAt"))
            return body
        raise AssertionError("unreachable: the last attempt halts")

    async def rest(self, path: str, *, etag: str = "", anonymous: bool = False) -> Reply:
        """One GET.

        Args:
            path: from the API's root, e.g. `/repos/o/n`.
            etag: a validator of an earlier answer to the same token.
            anonymous: leave the token out.

        Raises:
            Trouble: no answer, or a 5xx.
            Halt: the limits are used up, or the token is refused.
        """
        resource = "anonymous" if anonymous or not self._token else "core"
        headers = {"If-None-Match": etag} if etag else {}
        for attempt in range(TRIES):
            if path != "/rate_limit":
                self._guard(resource)
            status, answered, raw = await self._send("GET", self._rest + path, headers=headers, anonymous=anonymous)
            self._limits.observe(resource, answered)
            body = _object(raw)
            if is_limit(status, answered, body, ()):
                if resource == "anonymous":  # an hour's wait for one more answer is not worth it
                    raise Halt(self._limits.used_up(resource))
                await self._wait_out(answered, attempt, str(body.get("message") or f"HTTP {status}"))
                continue
            if status >= 500:
                raise Trouble(f"HTTP {status}")
            return Reply(status, body, answered)
        raise AssertionError("unreachable: the last attempt halts")

    async def retried(self, path: str, *, etag: str = "", anonymous: bool = False) -> Reply:
        """`rest`, once more after five seconds when there was no answer."""
        try:
            return await self.rest(path, etag=etag, anonymous=anonymous)
        except Trouble:
            await self.pause(_RETRY)
            return await self.rest(path, etag=etag, anonymous=anonymous)

    async def pause(self, seconds: float) -> None:
        """Wait, looking at the stop flag every few seconds.

        Raises:
            Halt: the flag is up.
        """
        while seconds > 0:
            if self._stop():
                raise Halt(Ending("partial", "stopped"))
            await self.clock.sleep(min(seconds, 5.0))
            seconds -= 5.0

    async def back_off(self, why: str) -> None:
        """GitHub is down: wait 60 s, doubling; `recovered` starts afresh.

        Raises:
            Halt: it was waited for four times.
        """
        if self._waits >= TRIES:
            raise Halt(Ending("partial", f"GitHub does not answer ({why})", "the rest is checked by the next run"))
        self._waits += 1
        await self.pause(back_off(self._waits - 1))

    def recovered(self) -> None:
        """A whole question was answered."""
        self._waits = 0

    async def _send(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        anonymous: bool = False,
    ) -> tuple[int, httpx.Headers, bytes]:
        if self._stop():
            raise Halt(Ending("partial", "stopped"))
        await self.pause(self._last + _GAP - self.clock.monotonic())
        request = self._client.build_request(method, url, content=content, headers=headers)
        try:
            async with asyncio.timeout(_DEADLINE):
                response = await self._client.send(request, auth=None if anonymous else self._token, stream=True)
                try:
                    raw = self._token.redact(await _body(response))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError) as error:
            raise Trouble(f"{type(error).__name__}: {error}".rstrip(": ")[:300]) from None
        finally:
            self._last = self.clock.monotonic()
        self._check_clock(response.headers)
        if response.status_code == 401 and not anonymous:
            hint = "the token is wrong, expired or revoked" if self._token else "set GITHUB_TOKEN"
            raise Halt(Ending("void", "GitHub refuses the token (401)", hint, limit=True))
        return response.status_code, response.headers, raw

    def _check_clock(self, headers: httpx.Headers) -> None:
        told = http_date(headers.get("date", ""))
        if told is None:
            return
        error = abs(told - self.clock.now().timestamp())
        if error > _MAX_CLOCK_ERROR:
            away = timedelta(seconds=round(error))
            raise Halt(Ending("void", f"this machine's clock is wrong: GitHub's is {away} away"))

    def _guard(self, resource: str) -> None:
        ending = self._limits.exhausted(resource)
        if ending is not None:
            raise Halt(ending)

    async def _wait_out(self, headers: httpx.Headers, attempt: int, told: str) -> None:
        if attempt >= TRIES - 1:
            raise Halt(Ending("partial", f"GitHub's limit: {told[:300]}", limit=True))
        await self.pause(self._limits.patience(headers, attempt))


async def _body(response: httpx.Response) -> bytes:
    chunks, size = [], 0
    async for chunk in response.aiter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > _MAX_BODY:
            raise httpx.ReadError("the answer is too large")
    return b"".join(chunks)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}
