"""Which resource does an address belong to? One resource per repository or canonical URL, whatever its shape or age."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from directory import repo, url
from directory.models import Link, Repository, RepositoryName, Resource
from directory.repo import RepoName

OWN_ROLES = ("repository", "homepage", "model")
"""Roles under which an address is the resource itself, not something about it.

A resource's first address stands for it whatever its role: a paper's entry has nothing but the paper.
"""


def repository_of(links: Iterable[tuple[str, str]]) -> RepoName | None:
    """The GitHub repository that a resource's links name: the one with the role, else the first deep link."""
    found = [(role, name) for address, role in links if (name := repo.parse(address)) is not None]
    own = [name for role, name in found if role == "repository"]
    other = [name for role, name in found if role in ("page", "homepage")]
    return next(iter((*own, *other)), None)


class Identities:
    """The ledger in memory for one transaction: every key and address, and what it leads to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        current = session.exec(select(Repository.key, Repository.id)).all()
        past = session.exec(select(RepositoryName.key, RepositoryName.repository_id)).all()
        # A present name wins over another repository's past one: GitHub hands freed names out again.
        self._repositories: dict[str, int] = {key: number for key, number in (*past, *current) if number is not None}
        owners = session.exec(
            select(Resource.repository_id, Resource.id).where(col(Resource.repository_id).is_not(None))
        )
        self._resources: dict[int, int] = {r: number for r, number in owners if r is not None and number is not None}
        own = col(Link.role).in_(OWN_ROLES) | (col(Link.position) == 0)
        addresses = session.exec(select(Link.canonical, Link.resource_id).where(own).order_by(col(Link.id).desc()))
        self._addresses: dict[str, int] = dict(addresses.all())
        self.slugs: set[str] = set(session.exec(select(Resource.slug)).all())

    def repository(self, key: str) -> int | None:
        """The repository that has or had this `owner/name` (lower case)."""
        return self._repositories.get(key)

    def resource_of(self, repository_id: int) -> int | None:
        """The resource that a repository belongs to."""
        return self._resources.get(repository_id)

    def find(self, links: Iterable[tuple[str, str]], past_names: Iterable[str] = ()) -> int | None:
        """The resource that already stands for these links, if there is one."""
        links = tuple(links)
        name = repository_of(links)
        if name is not None:
            for key in (name.key, *(p.lower() for p in past_names)):
                number = self._repositories.get(key)
                if number is not None and number in self._resources:
                    return self._resources[number]
            return None
        for position, (address, role) in enumerate(links):
            if role in OWN_ROLES or position == 0:
                found = self._addresses.get(url.canonical(address))
                if found is not None:
                    return found
        return None

    def note_repository(self, key: str, repository_id: int) -> None:
        """A name now leads to this repository."""
        self._repositories[key] = repository_id

    def forget_repository(self, key: str) -> None:
        """A name leads nowhere any more, until it is noted again."""
        self._repositories.pop(key, None)

    def note_resource(self, repository_id: int, resource_id: int) -> None:
        """The repository now belongs to this resource."""
        self._resources[repository_id] = resource_id

    def note_address(self, canonical: str, role: str, position: int, resource_id: int) -> None:
        """The address now belongs to this resource."""
        if role in OWN_ROLES or position == 0:
            self._addresses.setdefault(canonical, resource_id)

    def free_slug(self, wanted: str) -> str:
        """A slug nobody has: the wanted one, or it with a number. It is taken from now on."""
        slug, number = wanted, 2
        while slug in self.slugs:
            slug, number = f"{wanted}-{number}", number + 1
        self.slugs.add(slug)
        return slug
