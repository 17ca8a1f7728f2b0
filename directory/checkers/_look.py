"""What does one web link do?"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import ssl
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import httpx

from directory import url
from directory.checkers import Clock, Probe, Status, Stop, Target
from directory.checkers._pacing import Hosts
from directory.checkers._page import is_challenge, is_root, lands_on_front, same_page
from directory.checkers._transport import AddressRefused, LookupFailed, NoSuchHost, cancel
from directory.checkers._walk import Lost, Walk, Walker

_TRIES = 3
_FIRST_WAIT, _LONGEST_WAIT = 3.0, 60.0  # seconds
_BROKEN_WAIT = 1.0  # seconds, at least: the host's other pages are looked at in between
_PASSING = frozenset({Status.TIMEOUT, Status.CONNECTION, Status.DNS})
_BLOCKED = frozenset({401, 403, 407, 429, 999})
_ODD = re.compile(r"[^\x20-\x7e]+")


class Sight(NamedTuple):
    """A probe, and whether its reason may have passed in a few minutes."""

    probe: Probe
    passing: bool


class Look:
    """Looks at links; remembers for one run how a site answers for a page that cannot exist.

    Args:
        clock: dates the probes.
        hosts: told when one of them asks for a pause.
        walker: follows addresses.
        stop: nothing is tried again once it says so.
    """

    def __init__(self, clock: Clock, hosts: Hosts, walker: Walker, stop: Stop) -> None:
        self._clock = clock
        self._hosts = hosts
        self._walker = walker
        self._stop = stop
        self._strays: dict[tuple[str, str], asyncio.Task[Walk | None]] = {}

    async def look(self, target: Target, before: Probe | None = None) -> Sight:
        """One link.

        Args:
            target: the link.
            before: what the first look saw; a server that leaves a HEAD unanswered may answer a GET.
        """
        whole = target.inspect or before is not None
        if before is not None and before.status is Status.SERVER_ERROR:
            since = (self._clock.now() - before.at).total_seconds()
            await self._clock.sleep(min(max(_BROKEN_WAIT - since, 0.0), _BROKEN_WAIT))
        try:
            walk = await self._walker.walk(target.url, whole=whole)
            for attempt in range(_TRIES - 1):
                wait = self._patience(walk, attempt)
                if wait is None or self._stop():
                    break
                self._hosts.rest(urlsplit(walk.final).hostname or "", wait)
                walk = await self._walker.walk(target.url, whole=whole)
            status, why = await self._judge(target, walk)
        except (Lost, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            status = _status(error)
            return Sight(Probe(target.key, target.url, status, self._clock.now(), _told(error)), status in _PASSING)
        evidence: dict[str, str | int] = {"via": walk.method.lower(), "http": walk.status}
        if walk.hops:
            evidence |= {"hops": walk.hops, "final": walk.final}
        location = walk.final if status is Status.MOVED else ""
        probe = Probe(target.key, target.url, status, self._clock.now(), why, evidence, location)
        return Sight(probe, status is Status.SERVER_ERROR and _is_broken(walk))

    async def close(self) -> None:
        """Let go of what nobody waits for any more."""
        await cancel(self._strays.values())

    def _patience(self, walk: Walk, attempt: int) -> float | None:
        """Seconds until it is worth asking again; None = it is not, or not now.

        A server that says when, and one that says "not so fast", are left alone as a whole for so long. One that is
        just broken gets its second chance at the end: its other pages need not wait for this one.
        """
        says_when = 500 <= walk.status < 600 and not _is_broken(walk)
        if (walk.status != 429 and not says_when) or is_challenge(walk.status, walk.headers, walk.body):
            return None
        told = walk.headers.get("retry-after", "")
        wait = _FIRST_WAIT * 4**attempt
        if told.isdigit():
            wait = float(told)
        elif told:
            with contextlib.suppress(ValueError, TypeError):
                wait = parsedate_to_datetime(told).timestamp() - self._clock.now().timestamp()
        return wait if wait <= _LONGEST_WAIT else None

    async def _judge(self, target: Target, walk: Walk) -> tuple[Status, str]:
        http = walk.status
        if is_challenge(http, walk.headers, walk.body):
            return Status.BLOCKED, "a check for robots"
        if http in _BLOCKED:
            return Status.BLOCKED, f"HTTP {http}"
        if http == 451:
            return Status.LEGAL, "HTTP 451"
        if http in (404, 410):
            return Status.GONE, f"HTTP {http}"
        if http >= 400:
            return (Status.SERVER_ERROR if 500 <= http < 600 else Status.CLIENT_ERROR), f"HTTP {http}"
        if lands_on_front(walk.start, walk.final):
            return Status.SOFT_404, "leads to the site's front page"
        moved = bool(walk.hops) and walk.permanent and url.canonical(walk.start) != url.canonical(walk.final)
        away = moved and not is_root(walk.start) and is_root(walk.final)
        if (away or (target.inspect and not is_root(walk.final))) and await self._is_stray(walk):
            return Status.SOFT_404, "a page that cannot exist looks the same"
        return (Status.MOVED, f"now {walk.final}") if moved else (Status.OK, f"HTTP {http}" if http != 200 else "")

    async def _is_stray(self, walk: Walk) -> bool:
        """Whether the site answers for a random neighbour of the link as it does for the link."""
        parts = urlsplit(walk.start)
        folder, _, name = parts.path.rstrip("/").rpartition("/")
        place = (parts.netloc, folder)
        if place not in self._strays:
            ending = name[name.rfind(".") :] if "." in name else ""
            path = f"{folder}/{secrets.token_hex(8)}{ending}{'/' if parts.path.endswith('/') else ''}"
            address = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
            self._strays[place] = asyncio.ensure_future(self._stray(address))
        stray = await asyncio.shield(self._strays[place])
        if stray is None or not 200 <= stray.status < 300:
            return False
        if walk.hops and stray.final == walk.final:
            return True
        if walk.method != "GET":
            return False
        return bool(walk.hops) == bool(stray.hops) and same_page(walk.body, stray.body)

    async def _stray(self, address: str) -> Walk | None:
        try:
            return await self._walker.walk(address, whole=True)
        except (Lost, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return None


def _is_broken(walk: Walk) -> bool:
    """A 5xx that does not say when to come back."""
    return 500 <= walk.status < 600 and "retry-after" not in walk.headers


def _status(error: Exception) -> Status:
    if isinstance(error, Lost):
        return Status.REFUSED if error.refused else Status.REDIRECTS
    if isinstance(error, AddressRefused):
        return Status.REFUSED
    if isinstance(error, NoSuchHost):
        return Status.NO_SUCH_HOST
    if isinstance(error, LookupFailed):
        return Status.DNS
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return Status.TIMEOUT
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Status.TLS
        cause = cause.__cause__ or cause.__context__
    return Status.CONNECTION


def _told(error: Exception) -> str:
    """An error in a few printable words: a server's words may come with it."""
    text = _ODD.sub(" ", str(error)).strip()[:200]
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "no answer in time"
    return text or type(error).__name__
