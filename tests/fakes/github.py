"""What would GitHub answer? Its real schema executed over a made-up world, with every bad mood it is known to have.

The schema is `github.graphql`, trimmed from GitHub's own by `trim_schema`. The behaviours come from GitHub's
documentation: errors with a type and a path, renames that are followed, REST 200/301/304/404/451, limits in headers.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema, execute, parse, validate

from tests.fakes.clock import SimClock
from tests.fakes.server import Connection, Request, Server

TOKEN = "ghp_canary0123456789abcdefABCDEF0123456789"  # a made-up token, to be looked for where it must not be
Node = dict[str, Any]
Mood = Callable[[Connection], Awaitable[None]]


@cache
def schema() -> GraphQLSchema:
    text = (Path(__file__).parent / "github.graphql").read_text("utf-8")
    return build_schema(text)


@cache
def _document(text: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    document = parse(text)
    return document, tuple(validate(schema(), document))


def answer(status: int, body: object = b"", **headers: str) -> Mood:
    """A scripted answer; `retry_after="3"` becomes the header Retry-After."""

    async def mood(connection: Connection) -> None:
        await connection.reply(status, body, {k.replace("_", "-"): v for k, v in headers.items()})

    return mood


async def reset(connection: Connection) -> None:
    """Hang up without a word."""
    connection.reset()


async def cut_off(connection: Connection) -> None:
    """Promise much, send little, hang up."""
    await connection.raw(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"data":{"no'
    )
    connection.cut()


async def truncated(connection: Connection) -> None:
    """JSON that ends early in a body that is complete."""
    await connection.reply(200, b'{"data":{"nodes":[{"__typename":"Repos', {"Content-Type": "application/json"})


BAD_GATEWAY = answer(502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n")
GATEWAY_TIMEOUT = answer(504, "<html><head><title>504</title></head></html>")


@dataclass
class World:
    """Repositories, names and troubles.

    `script` holds moods for the next GraphQL calls, one each (None = answer as usual); `rest_script` those for REST.
    `poison` lists node ids or names that kill every GraphQL query they are part of.
    """

    clock: SimClock = field(default_factory=SimClock)
    latency: float = 0.0
    limit: int = 5000
    used: int = 0
    reset_in: float = 3600.0
    reset_unit: int = 1
    anonymous_limit: int = 60
    anonymous_used: int = 0
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    repositories: dict[str, Node] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    legal: dict[str, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    errors: dict[str, tuple[str, str]] = field(default_factory=dict)
    poison: set[str] = field(default_factory=set)
    script: deque[Mood | None] = field(default_factory=deque)
    rest_script: deque[Mood | None] = field(default_factory=deque)
    down: Mood | None = None
    log: list[tuple[str, str]] = field(default_factory=list)
    authorisations: list[str] = field(default_factory=list)
    date: bool = True
    _last_id: int = 1000

    def add(self, name: str, **facts: Any) -> Node:
        """A repository; `facts` are GraphQL fields that differ from the plain ones."""
        self._last_id += 1
        number = self._last_id
        node: Node = {
            "__typename": "Repository",
            "id": f"R_kgDO{number:08d}",
            "databaseId": number,
            "nameWithOwner": name,
            "isArchived": False,
            "archivedAt": None,
            "isDisabled": False,
            "isEmpty": False,
            "isFork": False,
            "isLocked": False,
            "lockReason": None,
            "isPrivate": False,
            "stargazerCount": number % 977 + 300,
            "forkCount": 7,
            "createdAt": "2023-01-02T03:04:05Z",
            "pushedAt": "2026-11-01T00:00:00Z",
            "description": "a thing",
            "homepageUrl": None,
            "primaryLanguage": {"name": "Python"},
            "licenseInfo": {"spdxId": "MIT"},
            "latestRelease": {"tagName": "v1", "publishedAt": "2026-10-01T00:00:00Z"},
            "defaultBranchRef": {"name": "main"},
            "repositoryTopics": {"nodes": [{"topic": {"name": "llm"}}]},
            **facts,
        }
        self.repositories[node["id"]] = node
        self.names[name.lower()] = node["id"]
        return node

    def rename(self, old: str, new: str) -> None:
        """Rename or transfer; the old name leads on until somebody takes it."""
        node = self.repositories[self.names[old.lower()]]
        node["nameWithOwner"] = new
        self.names[new.lower()] = node["id"]

    def delete(self, name: str) -> None:
        """Delete a repository, and all its names with it."""
        gone = self.names[name.lower()]
        del self.repositories[gone]
        self.names = {n: i for n, i in self.names.items() if i != gone}

    def find(self, name: str) -> Node | None:
        return self.repositories.get(self.names.get(name.lower(), ""))

    def visible(self, node: Node | None) -> Node | None:
        """Private repositories are only there for those who may see them; `isPrivate="hidden"` is for nobody."""
        return None if node is None or node["isPrivate"] == "hidden" else node

    @property
    def calls(self) -> int:
        return sum(path == "/graphql" for _, path in self.log)

    def serve(self) -> Server:
        """The server; its `url` is the API's base."""
        return Server(_Fake(self).handle)


class _Fake:
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: Request, connection: Connection) -> None:
        world = self._world
        world.log.append((request.method, request.path))
        world.clock.advance(world.latency)
        authorisation = request.headers.get("authorization", "")
        world.authorisations.append(authorisation)
        script = world.script if request.path == "/graphql" else world.rest_script
        mood = script.popleft() if script else world.down
        if mood is not None:
            return await mood(connection)
        token = authorisation.removeprefix("Bearer ")
        if authorisation and token not in world.tokens:
            return await self._send(connection, 401, {"message": "Bad credentials"}, "core", bool(token))
        if request.path == "/graphql":
            return await self._graphql(request, connection, bool(token))
        return await self._rest(request, connection, token)

    async def _send(
        self,
        connection: Connection,
        status: int,
        body: object,
        resource: str,
        known: bool,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        world = self._world
        limit, used = (world.limit, world.used) if known else (world.anonymous_limit, world.anonymous_used)
        reset = (world.clock.now().timestamp() + world.reset_in) * world.reset_unit
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(limit - used, 0)),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(int(reset)),
            "x-ratelimit-resource": resource,
            **(extra or {}),
        }
        if world.date:
            headers["Date"] = formatdate(world.clock.now().timestamp() - world.clock.skew, usegmt=True)
        await connection.reply(status, body, headers)

    async def _graphql(self, request: Request, connection: Connection, known: bool) -> None:
        world = self._world
        if not known:
            return await self._send(
                connection, 401, {"message": "This endpoint requires you to be authenticated."}, "graphql", False
            )
        asked = json.loads(request.body)
        if world.used >= world.limit:
            error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
            return await self._send(connection, 200, {"errors": [error]}, "graphql", True)
        document, errors = _document(asked["query"])
        if errors:
            told = [{"message": e.message} for e in errors]
            return await self._send(connection, 200, {"errors": told}, "graphql", True)
        variables = asked.get("variables") or {}
        if world.poison & _mentioned(variables):
            return await BAD_GATEWAY(connection)
        world.used += 1
        result = execute(schema(), document, root_value=_root(world), variable_values=variables)
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [_reshape(e) for e in result.errors]
        await self._send(connection, 200, body, "graphql", True)

    async def _rest(self, request: Request, connection: Connection, token: str) -> None:
        world, known = self._world, bool(token)
        if request.path == "/rate_limit":
            limit, used = (world.limit, world.used) if known else (world.anonymous_limit, world.anonymous_used)
            core = {"limit": limit, "used": used, "remaining": limit - used, "reset": 0}
            return await self._send(connection, 200, {"resources": {"core": core}}, "core", known)
        if not known:
            if world.anonymous_used >= world.anonymous_limit:
                return await self._send(
                    connection, 403, {"message": "API rate limit exceeded for 127.0.0.1."}, "core", False
                )
            world.anonymous_used += 1
        status, body, extra = self._repository(request, token)
        await self._send(connection, status, body, "core", known, extra)

    def _repository(self, request: Request, token: str) -> tuple[int, object, dict[str, str]]:
        world = self._world
        by_id = re.fullmatch(r"/repositories/(\d+)", request.path)
        by_name = re.fullmatch(r"/repos/([^/]+/[^/]+)", request.path)
        node = None
        if by_id:
            node = next((r for r in world.repositories.values() if r["databaseId"] == int(by_id[1])), None)
        elif by_name:
            name = by_name[1].lower()
            if name in world.legal:
                status, block = world.legal[name]
                return status, {"message": "Repository access blocked", "block": block}, {}
            if token and name.partition("/")[0] in world.forbidden:
                return 403, {"message": "Resource protected by organization SAML enforcement."}, {}
            node = world.find(name)
        node = world.visible(node)
        if node is None or (node["isPrivate"] and not token):
            return 404, {"message": "Not Found", "status": "404"}, {}
        if by_name and node["nameWithOwner"].lower() != by_name[1].lower():
            where = f"http://{request.headers['host']}/repositories/{node['databaseId']}"
            return 301, {"message": "Moved Permanently", "url": where}, {"Location": where}
        body = _rest_form(node)
        etag = 'W/"' + hashlib.sha256((json.dumps(body) + token).encode()).hexdigest() + '"'
        if request.headers.get("if-none-match") == etag:
            return 304, b"", {"ETag": etag}
        return 200, body, {"ETag": etag}


def _mentioned(variables: Mapping[str, Any]) -> set[str]:
    ids = variables.get("ids") or ()
    owners = {k[1:]: v for k, v in variables.items() if k.startswith("o")}
    return {*ids, *(f"{owner}/{variables[f'n{i}']}" for i, owner in owners.items())}


def _root(world: World) -> dict[str, Any]:
    def judge(node: Node | None, missing: str) -> Node:
        node = world.visible(node)
        if node is None:
            raise _error("NOT_FOUND", missing)
        if node["id"] in world.errors:
            raise _error(*world.errors[node["id"]])
        owner = node["nameWithOwner"].partition("/")[0].lower()
        if owner in world.forbidden:
            raise _error("FORBIDDEN", f"`{owner}` forbids access via a personal access token (classic).")
        return node

    def repository(info: object, owner: str, name: str, followRenames: bool = True) -> Node:
        if owner.lower() in world.forbidden:
            raise _error("FORBIDDEN", f"`{owner}` forbids access via a personal access token (classic).")
        missing = f"Could not resolve to a Repository with the name '{owner}/{name}'."
        return judge(world.find(f"{owner}/{name}"), missing)

    def nodes(info: object, ids: list[str]) -> list[Node | GraphQLError]:
        if len(ids) > 100:
            raise _error("ARGUMENT_LIMIT", f"You may not provide more than 100 node ids; you provided {len(ids)}.")
        found: list[Node | GraphQLError] = []
        for node_id in ids:
            try:
                missing = f"Could not resolve to a node with the global id of '{node_id}'."
                found.append(judge(world.repositories.get(node_id), missing))
            except GraphQLError as error:
                found.append(error)
        return found

    def rate_limit(info: object, dryRun: bool = False) -> dict[str, Any]:
        reset = (world.clock.now() + timedelta(seconds=world.reset_in)).isoformat()
        return {"limit": world.limit, "remaining": world.limit - world.used, "resetAt": reset}

    return {"repository": repository, "nodes": nodes, "rateLimit": rate_limit}


def _error(kind: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})


def _reshape(error: GraphQLError) -> dict[str, Any]:
    """GitHub puts the type at the top."""
    kind = (error.extensions or {}).get("type")
    told = {"type": kind, "path": error.path, "message": error.message}
    return {key: value for key, value in told.items() if value is not None}


def _rest_form(node: Node) -> dict[str, Any]:
    licence = node["licenseInfo"]
    return {
        "id": node["databaseId"],
        "node_id": node["id"],
        "full_name": node["nameWithOwner"],
        "private": bool(node["isPrivate"]),
        "fork": node["isFork"],
        "archived": node["isArchived"],
        "disabled": node["isDisabled"],
        "size": 0 if node["isEmpty"] else 42,
        "stargazers_count": node["stargazerCount"],
        "forks_count": node["forkCount"],
        "description": node["description"],
        "homepage": node["homepageUrl"],
        "language": (node["primaryLanguage"] or {}).get("name"),
        "license": {"spdx_id": licence["spdxId"]} if licence else None,
        "topics": [n["topic"]["name"] for n in node["repositoryTopics"]["nodes"]],
        "default_branch": (node["defaultBranchRef"] or {"name": "main"})["name"],
        "created_at": node["createdAt"],
        "pushed_at": node["pushedAt"],
    }
