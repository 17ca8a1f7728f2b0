"""What does GitHub's REST API say of one repository: alive, renamed, taken over, blocked by law, or gone?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from directory import repo
from directory.checkers import Probe, Repository, Status, Target
from directory.checkers._github_api import Api, Halt, Reply, Trouble
from directory.checkers._graphql import Missing, read_rest

_BY_ID = re.compile(r"/repositories/(\d+)\Z")
_MOVED = (301, 302, 307, 308)


def known_name(target: Target) -> repo.RepoName:
    """The owner and name a link goes by: the ledger's, else the URL's."""
    name = repo.parse_name(target.name) or repo.parse(target.url)
    if name is None:
        raise ValueError(f"not a repository: {target.url}")
    return name


def alive(target: Target, found: Repository, at: datetime, via: str) -> Probe:
    """The probe of a repository that answered."""
    renamed = found.name.lower() != known_name(target).key
    status, why = Status.OK, ""
    if found.private:
        status, why = Status.PRIVATE, "only our token can see it"
    elif renamed:
        status, why = Status.MOVED, f"now {found.name}"
    elif found.archived:
        status, why = Status.ARCHIVED, "archived by its owner"
    evidence: dict[str, str | int] = {"via": via}
    if renamed:
        # The id we stored answers under another name: proof. A name that leads on, with no id stored: GitHub's word.
        evidence["proof"] = "id" if same(target, found) else "redirect"
    location = _relocated(target.url, found.name) if renamed else ""
    return Probe(target.key, target.url, status, at, why, evidence, location, found)


def _relocated(address: str, name: str) -> str:
    """The same page or file under the repository's new name."""
    parts = urlsplit(address)
    rest = parts.path.strip("/").split("/")[2:]
    host = (parts.hostname or "").removeprefix("www.")
    if not rest or host not in ("github.com", "raw.githubusercontent.com"):
        return f"https://github.com/{name}"
    return urlunsplit(("https", host, "/".join((name, *rest)), parts.query, parts.fragment))


def failed(target: Target, status: Status, at: datetime, why: str, via: str, http: int = 0) -> Probe:
    """The probe of one that did not."""
    evidence: dict[str, str | int] = {"via": via, **({"http": http} if http else {})}
    return Probe(target.key, target.url, status, at, why, evidence)


def same(target: Target, found: Repository) -> bool:
    """Whether this is the repository we know. Node ids have had two formats, so the database id goes first."""
    if target.database_id is not None and found.database_id is not None:
        return target.database_id == found.database_id
    return bool(target.node_id) and target.node_id == found.node_id


class Confirmer:
    """Confirmations over one run's connection."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def explain(self, target: Target, answer: Repository | Missing) -> Probe:
        """The probe of a repository that GraphQL found renamed, refused or not at all.

        Raises:
            Halt: the limits are used up, or the token is refused.
        """
        if isinstance(answer, Repository):
            return await self._rename(target, answer)
        if answer.type == "FORBIDDEN":
            return await self._anonymously(target, answer.message)
        return await self.confirm(target, id_gone=bool(target.node_id))

    async def confirm(self, target: Target, *, id_gone: bool = False) -> Probe:
        """Ask by name, and by id where the name does not settle it.

        Args:
            target: the link.
            id_gone: GraphQL has already said that the id we know is gone.

        Raises:
            Halt: the limits are used up, or the token is refused.
        """
        try:
            reply, etag = await self._by_name(target)
            found = _repository(reply)
            strange = found is not None and _has_id(target) and not same(target, found)
            if (strange or reply.status == 404) and not id_gone and target.database_id is not None:
                # The name is free or someone else's; the repository we know may live on under another.
                by_id = await self._api.retried(f"/repositories/{target.database_id}")
                survivor = _repository(by_id)
                if survivor is not None:
                    probe = alive(target, survivor, self._api.clock.now(), "rest")
                    return _old_name(probe, "taken" if strange else "free")
            return self._probe(target, reply, found, strange, etag)
        except Trouble as trouble:
            return failed(target, Status.SERVER_ERROR, self._api.clock.now(), str(trouble), "rest")

    async def _by_name(self, target: Target, *, anonymous: bool = False) -> tuple[Reply, str]:
        name = known_name(target)
        by = "" if anonymous else self._api.fingerprint
        etag = target.etag if target.etag and target.etag_by == by else ""
        reply = await self._api.retried(f"/repos/{name}", etag=etag, anonymous=anonymous)
        moved = _BY_ID.search(reply.headers.get("location", "")) if reply.status in _MOVED else None
        if moved:  # followed by hand, so that the token never leaves the API
            reply = await self._api.retried(f"/repositories/{moved[1]}", anonymous=anonymous)
        return reply, reply.headers.get("etag", "")

    def _probe(self, target: Target, reply: Reply, found: Repository | None, strange: bool, etag: str) -> Probe:
        now = self._api.clock.now()
        if strange and found is not None:
            why = f"{known_name(target)} is another repository now (id {found.database_id})"
            probe = failed(target, Status.REPLACED, now, why, "rest", reply.status)
            return replace(probe, evidence={**probe.evidence, "other_id": found.node_id})
        if found is not None:
            return replace(alive(target, found, now, "rest"), etag=etag, etag_by=self._api.fingerprint)
        if reply.status == 304:
            status = Status.ARCHIVED if target.archived else Status.OK
            probe = failed(target, status, now, "unchanged", "rest", 304)
            return replace(probe, etag=etag or target.etag, etag_by=self._api.fingerprint)
        if reply.status == 451 or "block" in reply.body:
            return failed(target, Status.LEGAL, now, _reason(reply), "rest", reply.status)
        if reply.status == 404:
            return failed(target, Status.NOT_FOUND, now, "GitHub: not found", "rest", 404)
        if reply.status == 403:
            return failed(target, Status.UNVERIFIABLE, now, str(reply.body.get("message", "forbidden")), "rest", 403)
        return failed(target, Status.SERVER_ERROR, now, f"HTTP {reply.status}", "rest", reply.status)

    async def _rename(self, target: Target, found: Repository) -> Probe:
        probe = alive(target, found, self._api.clock.now(), "graphql")
        if not _has_id(target):
            return probe
        try:
            reply, _ = await self._by_name(replace(target, etag=""))
        except Trouble:
            return probe
        other = _repository(reply)
        if other is not None and not same(target, other):
            return _old_name(probe, "taken")
        return _old_name(probe, "redirects" if other is not None else "free")

    async def _anonymously(self, target: Target, refusal: str) -> Probe:
        try:
            reply, _ = await self._by_name(replace(target, etag=""), anonymous=True)
        except Trouble as trouble:
            return failed(target, Status.UNVERIFIABLE, self._api.clock.now(), str(trouble), "rest")
        except Halt as halt:
            if not halt.ending.limit:
                raise
            return failed(target, Status.UNVERIFIABLE, self._api.clock.now(), halt.ending.reason, "rest")
        found = _repository(reply)
        strange = found is not None and _has_id(target) and not same(target, found)
        if strange or reply.status == 451 or "block" in reply.body:
            return self._probe(target, reply, found, strange, "")
        if found is not None:
            return alive(target, found, self._api.clock.now(), "rest")
        why = f"its organisation refuses our token: {refusal}"
        return failed(target, Status.UNVERIFIABLE, self._api.clock.now(), why, "rest", reply.status)


def _has_id(target: Target) -> bool:
    return bool(target.node_id) or target.database_id is not None


def _repository(reply: Reply) -> Repository | None:
    if reply.status != 200 or not {"id", "node_id", "full_name"} <= reply.body.keys():
        return None
    return read_rest(reply.body)


def _old_name(probe: Probe, what: str) -> Probe:
    """Note what became of the name we knew: `redirects`, `free` (anyone can take it) or `taken`."""
    why = probe.why + {"taken": "; the old name is another repository now"}.get(what, "")
    return replace(probe, why=why, evidence={**probe.evidence, "old_name": what})


def _reason(reply: Reply) -> str:
    block = reply.body.get("block")
    reason = block.get("reason") if isinstance(block, dict) else None
    return f"blocked by law ({reason})" if reason else "blocked by law"
