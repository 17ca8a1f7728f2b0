"""How is GitHub asked for many repositories at once, and how are its answers read?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from directory.checkers import Repository
from directory.repo import RepoName

_FIELDS = """
fragment R on Repository {
  id databaseId nameWithOwner isArchived archivedAt isDisabled isEmpty isFork isLocked lockReason isPrivate
  stargazerCount forkCount createdAt pushedAt description homepageUrl
  primaryLanguage { name }
  licenseInfo { spdxId }
  latestRelease { tagName publishedAt }
  defaultBranchRef { name }
  repositoryTopics(first: 20) { nodes { topic { name } } }
}
"""
_LIMIT = "rateLimit { limit remaining resetAt }"
BY_ID = (
    f"query ById($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ... on Repository {{ ...R }} }} {_LIMIT} }}{_FIELDS}"
)
ALIVE = f"query Alive {{ {_LIMIT} }}"


@lru_cache
def by_name(count: int) -> str:
    """The query for `count` repositories by name; GitHub follows their renames."""
    variables = ", ".join(f"$o{i}: String!, $n{i}: String!" for i in range(count))
    asked = " ".join(
        f"r{i}: repository(owner: $o{i}, name: $n{i}, followRenames: true) {{ ...R }}" for i in range(count)
    )
    return f"query ByName({variables}) {{ {asked} {_LIMIT} }}{_FIELDS}"


def name_variables(names: Sequence[RepoName]) -> dict[str, Any]:
    """The variables that go with `by_name`."""
    return {f"{k}{i}": v for i, name in enumerate(names) for k, v in (("o", name.owner), ("n", name.name))}


class Missing(NamedTuple):
    """GitHub's error for one repository: its type (NOT_FOUND, FORBIDDEN, ...) and message."""

    type: str
    message: str


def split(answer: Mapping[str, Any], count: int) -> list[Repository | Missing | None]:
    """What the answer says of each repository asked for, in order; None = nothing (it has to be asked again).

    Errors are read per path. One that lies below a repository that did come back makes the named field unknown.
    """
    data = answer.get("data") or {}
    by_id = "nodes" in data
    rows = (data["nodes"] or []) if by_id else [data.get(f"r{i}") for i in range(count)]
    at: dict[int, Missing] = {}
    holes: dict[int, list[str]] = {}
    for error in answer.get("errors") or ():
        path = error.get("path") or ()
        index = _index(path[1:] if by_id else path)
        if index is None:
            continue
        at.setdefault(index, Missing(str(error.get("type") or ""), str(error.get("message") or "")))
        holes.setdefault(index, []).extend(map(str, path[2 if by_id else 1 :][:1]))
    found: list[Repository | Missing | None] = []
    for index in range(count):
        row = rows[index] if index < len(rows) else None
        if isinstance(row, Mapping) and row.get("id"):
            found.append(read(row, tuple(holes.get(index, ()))))
        else:
            missing = at.get(index)
            found.append(missing if missing and missing.type in ("NOT_FOUND", "FORBIDDEN") else None)
    return found


def _index(path: Sequence[Any]) -> int | None:
    if not path:
        return None
    if isinstance(path[0], int):
        return path[0]
    digits = str(path[0]).removeprefix("r")
    return int(digits) if digits.isdigit() else None


_NAMES = {  # a GraphQL field -> the fact it feeds
    "primaryLanguage": "language",
    "licenseInfo": "licence",
    "latestRelease": "release",
    "defaultBranchRef": "branch",
    "repositoryTopics": "topics",
    "pushedAt": "pushed_at",
    "homepageUrl": "homepage",
    "description": "description",
}


def read(node: Mapping[str, Any], holes: Sequence[str] = ()) -> Repository:
    """A GraphQL Repository. `holes` are the fields that an error left empty."""
    release = node.get("latestRelease") or {}
    topics = (node.get("repositoryTopics") or {}).get("nodes") or []
    return Repository(
        node_id=node["id"],
        database_id=node.get("databaseId"),
        name=node["nameWithOwner"],
        stars=node["stargazerCount"],
        forks=node["forkCount"],
        archived=node["isArchived"],
        archived_at=node.get("archivedAt"),
        disabled=node["isDisabled"],
        empty=node["isEmpty"],
        fork=node["isFork"],
        locked=str(node.get("lockReason") or "locked").lower() if node["isLocked"] else "",
        private=node["isPrivate"],
        description=node.get("description") or "",
        homepage=node.get("homepageUrl") or "",
        language=(node.get("primaryLanguage") or {}).get("name") or "",
        licence=_spdx((node.get("licenseInfo") or {}).get("spdxId")),
        topics=tuple(t["topic"]["name"] for t in topics if t),
        branch=(node.get("defaultBranchRef") or {}).get("name") or "",
        created_at=node.get("createdAt"),
        pushed_at=node.get("pushedAt"),
        release=release.get("tagName") or "",
        released_at=release.get("publishedAt"),
        unknown=tuple(sorted({_NAMES.get(hole, hole) for hole in holes})),
    )


def read_rest(body: Mapping[str, Any]) -> Repository:
    """A REST repository (`GET /repos/{owner}/{repo}`). REST says nothing of releases, locks and archiving dates."""
    return Repository(
        node_id=str(body["node_id"]),
        database_id=int(body["id"]),
        name=str(body["full_name"]),
        stars=int(body.get("stargazers_count") or 0),
        forks=int(body.get("forks_count") or 0),
        archived=bool(body.get("archived")),
        archived_at=None,
        disabled=bool(body.get("disabled")),
        empty=not body.get("size", 1),
        fork=bool(body.get("fork")),
        locked="",
        private=bool(body.get("private")),
        description=body.get("description") or "",
        homepage=body.get("homepage") or "",
        language=body.get("language") or "",
        licence=_spdx((body.get("license") or {}).get("spdx_id")),
        topics=tuple(body.get("topics") or ()),
        branch=body.get("default_branch") or "",
        created_at=body.get("created_at"),
        pushed_at=body.get("pushed_at"),
        release="",
        released_at=None,
        unknown=("archived_at", "locked", "release", "released_at"),
    )


def _spdx(value: str | None) -> str:
    # GitHub writes NOASSERTION when it found a licence file that it does not know.
    return value or ""
