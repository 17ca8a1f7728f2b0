"""What is known of a GitHub repository: its ids, its facts, its stars night by night and how they grow?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import Session, col, select

from directory.models import Repository, RepositoryName, Resource, StarSample

GITHUB = "github"
"""The source of a star count that GitHub itself gave; those of lists are never mixed with it."""


class Identity(NamedTuple):
    """Which repository a row is: its id here, its present owner/name in lower case and as written, GitHub's ids."""

    id: int
    key: str
    name: str
    node_id: str | None
    database_id: int | None


class Sample(NamedTuple):
    """A star count, from a day until it was last seen (None: it is the latest)."""

    stars: int
    day: str
    until: str | None


class Gainer(NamedTuple):
    """A resource whose repository gained stars."""

    slug: str
    name: str
    stars: int
    growth_7: int
    growth_30: int | None


class Repositories:
    """GitHub's repositories."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: list[Repository] = []

    def recall(self, ids: Iterable[int]) -> None:
        """Read these repositories at once, and hold them: the session itself does so only weakly."""
        self._held += self._session.exec(select(Repository).where(col(Repository.id).in_(list(ids))))

    # ── who is who ───────────────────────────────────────────────────────────────────────────────────────────────

    def by_key(self, key: str) -> Identity | None:
        """The repository whose present owner/name this is (lower case)."""
        return _identity(self._session.exec(select(Repository).where(Repository.key == key)).first())

    def by_ids(self, node_id: str, database_id: int | None) -> Identity | None:
        """The repository with one of these ids. Node ids have had two formats; the database id has not changed."""
        same = col(Repository.node_id) == node_id
        if database_id is not None:
            same |= col(Repository.database_id) == database_id
        return _identity(self._session.exec(select(Repository).where(same)).first())

    def by_id(self, repository_id: int) -> Identity | None:
        """One repository."""
        return _identity(self._session.get(Repository, repository_id))

    def claim(self, repository_id: int, node_id: str, database_id: int | None) -> None:
        """Note GitHub's ids."""
        row = self._session.get_one(Repository, repository_id)
        if (row.node_id, row.database_id) != (node_id, database_id):
            row.node_id, row.database_id = node_id, database_id
            self._session.add(row)
            self._session.flush()

    def free_past_name(self, key: str) -> None:
        """Take a past name from the repository that had it: another one has had it since, and is known by it."""
        self._session.exec(delete(RepositoryName).where(col(RepositoryName.key) == key))

    def resource_of(self, repository_id: int) -> int | None:
        """The resource that a repository belongs to."""
        return self._session.exec(select(Resource.id).where(Resource.repository_id == repository_id)).first()

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def put_facts(
        self, repository_id: int, *, archived: bool | None, pushed_at: str | None, topics: tuple[str, ...] | None
    ) -> None:
        """Note what GitHub says; None = it did not say this time."""
        row = self._session.get_one(Repository, repository_id)
        if archived is not None and archived != row.archived:
            row.archived = archived
        if pushed_at is not None and pushed_at != row.pushed_at:
            row.pushed_at = pushed_at
        if topics is not None and list(topics) != row.topics:
            row.topics = list(topics)
        self._session.add(row)

    # ── stars ────────────────────────────────────────────────────────────────────────────────────────────────────

    def star_memory(self, repository_id: int) -> dict[str, object]:
        """What the star guard remembers; empty for a repository whose stars GitHub never told."""
        row = self._session.get_one(Repository, repository_id)
        return {"stars": row.stars, **row.memory} if row.stars_source == GITHUB else {}

    def put_stars(
        self, repository_id: int, stars: int | None, day: str, memory: dict[str, object], *,
        sample: int | None, closed: str | None,
    ) -> None:  # fmt: skip
        """Note a count that was believed.

        Args:
            repository_id: whose.
            stars: the count to show; None = as before.
            day: when it was seen.
            memory: what the star guard remembers.
            sample: a new sample's count; None = none is due.
            closed: when the sample before it was last true.
        """
        row = self._session.get_one(Repository, repository_id)
        row.memory = memory
        if stars is not None:
            row.stars, row.stars_asof, row.stars_source = stars, day, GITHUB
        self._session.add(row)
        if sample is None:
            return
        last = self._session.exec(
            select(StarSample)
            .where(StarSample.repository_id == repository_id, StarSample.source == GITHUB)
            .order_by(col(StarSample.day).desc())
            .limit(1)
        ).first()
        if last is not None and last.day >= day:  # twice in one day: the later count is the day's
            last.stars, last.until = sample, None
            self._session.add(last)
            return
        if last is not None:
            last.until = closed
            self._session.add(last)
        self._session.add(StarSample(repository_id=repository_id, day=day, source=GITHUB, stars=sample))

    def starred(self) -> list[int]:
        """The repositories whose stars GitHub told, or whose growth is shown."""
        told = (col(Repository.stars_source) == GITHUB) | col(Repository.growth_7).is_not(None)
        return [n for n in self._session.exec(select(Repository.id).where(told).order_by(col(Repository.id))) if n]

    def samples(self, ids: Iterable[int], since: str) -> dict[int, tuple[list[Sample], str | None]]:
        """GitHub's samples of some repositories since a day, the oldest first, and when the last was seen unchanged."""
        ids = list(ids)
        self.recall(ids)
        found: dict[int, list[Sample]] = {number: [] for number in ids}
        chosen = select(StarSample).where(
            col(StarSample.repository_id).in_(ids), StarSample.source == GITHUB, StarSample.day >= since
        )
        for s in self._session.exec(chosen.order_by(col(StarSample.repository_id), col(StarSample.day))):
            found[s.repository_id].append(Sample(s.stars, s.day, s.until))
        held = [(row.id or 0, row.memory) for row in self._held]
        return {n: (found[n], str(memory.get("seen") or "") or None) for n, memory in held if n in found}

    def put_growth(self, repository_id: int, growth_7: int | None, growth_30: int | None) -> None:
        """Set what was gained; None = unknown."""
        row = self._session.get_one(Repository, repository_id)
        if (row.growth_7, row.growth_30) != (growth_7, growth_30):
            row.growth_7, row.growth_30 = growth_7, growth_30
            self._session.add(row)

    def gainers(self, limit: int) -> list[Gainer]:
        """The resources that gained most in seven days."""
        chosen = (
            select(Resource.slug, Resource.name, Repository)
            .join(Repository, col(Repository.id) == Resource.repository_id)
            .where(col(Repository.growth_7) > 0, col(Resource.hidden).is_(False), Resource.merged_into == "")
            .order_by(col(Repository.growth_7).desc(), Resource.slug)
            .limit(limit)
        )
        return [
            Gainer(slug, name, r.stars or 0, r.growth_7 or 0, r.growth_30)
            for slug, name, r in self._session.exec(chosen)
        ]


def _identity(row: Repository | None) -> Identity | None:
    if row is None or row.id is None:
        return None
    return Identity(row.id, row.key, f"{row.owner}/{row.name}", row.node_id, row.database_id)
