"""How do repositories change their names, and two entries become one? Nothing is lost: names, links, history stay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from directory.catalogue.link import Links
from directory.catalogue.resource import SCALARS, Resources
from directory.models import (
    Event,
    Link,
    Match,
    Proposal,
    Provenance,
    Repository,
    RepositoryName,
    Resource,
    ResourceName,
    ResourceTag,
    ResourceTerm,
    StarSample,
)
from directory.repo import RepoName

_RANK = {"curator": 3, "seeds": 2, "github": 1, "import": 0}


class Ledger:
    """Renames and merges.

    Args:
        session: the transaction.
        resources: the door to the resources in it.
    """

    def __init__(self, session: Session, resources: Resources) -> None:
        self._session = session
        self._resources = resources
        self._links = Links(session)

    def rename(self, old: RepoName, new: RepoName, *, at: str, evidence: str, actor: str, proven: bool = False) -> str:
        """Note that a repository has another name now.

        When both names have an entry, the two become one; the entry that a person or the seeds wrote stays.

        Args:
            old: the name it had.
            new: the name it has.
            at: when this was learned.
            evidence: what shows it.
            actor: who says so.
            proven: GitHub's id shows it: that some other repository once had the new name means nothing then.

        Returns:
            `renamed`, `merged`, `known` (nothing to do) or `unknown` (neither name is in the catalogue).
        """
        identities = self._resources.identities
        first, second = identities.repository(old.key), identities.repository(new.key)
        if proven:
            second = self._session.exec(select(Repository.id).where(Repository.key == new.key)).first()
        if first is None and second is None:
            return "unknown"
        if first == second:
            return self._recase(first, new) if first is not None else "unknown"
        if second is None:
            assert first is not None
            return self._rename(first, old, new, at, evidence, actor)
        if first is None:
            self._resources.add_past_name(second, old, at=at, evidence=evidence)
            self._note(identities.resource_of(second), "renamed", {"from": str(old), "to": str(new)}, actor, at)
            return "renamed"
        return self._join(first, second, old, at, evidence, actor)

    def _recase(self, repository_id: int, new: RepoName) -> str:
        row = self._session.get_one(Repository, repository_id)
        if row.key == new.key and (row.owner, row.name) != (new.owner, new.name):
            row.owner, row.name = new.owner, new.name
            self._session.add(row)
            return "renamed"
        return "known"

    def _rename(self, repository_id: int, old: RepoName, new: RepoName, at: str, evidence: str, actor: str) -> str:
        row = self._session.get_one(Repository, repository_id)
        former = RepoName(row.owner, row.name)
        row.owner, row.name, row.key = new.owner, new.name, new.key
        self._session.add(row)
        self._session.flush()
        identities = self._resources.identities
        identities.forget_repository(former.key)
        identities.note_repository(new.key, repository_id)
        self._resources.add_past_name(repository_id, former, at=at, evidence=evidence)
        resource = identities.resource_of(repository_id)
        if resource is not None:
            self._resources.add_links(resource, [(new.url, "repository")])
            self._session.flush()
            self._point_to(resource, new)
        self._note(resource, "renamed", {"from": str(former), "to": str(new), "evidence": evidence}, actor, at)
        return "renamed"

    def _point_to(self, resource_id: int, name: RepoName) -> None:
        """The repository's present address comes first among its links; the former one stays as a page."""
        chosen = select(Link).where(Link.resource_id == resource_id).order_by(col(Link.position))
        links = list(self._session.exec(chosen))
        present = [n for n in links if n.url == name.url]
        for position, link in enumerate((*present, *(n for n in links if n not in present))):
            link.position = position
            if link.role == "repository" and link.url != name.url:
                link.role = "page"
            self._session.add(link)

    def _join(self, old_id: int, new_id: int, old: RepoName, at: str, evidence: str, actor: str) -> str:
        identities = self._resources.identities
        one, other = identities.resource_of(old_id), identities.resource_of(new_id)
        present = self._session.get_one(Repository, new_id)
        name = RepoName(present.owner, present.name)
        self._absorb(old_id, new_id, old, at, evidence)
        if one is None or other is None:
            owner = one or other
            if owner is not None:
                resource = self._session.get_one(Resource, owner)
                resource.repository_id = new_id
                self._session.add(resource)
                identities.note_resource(new_id, owner)
            return "renamed"
        winner, loser = (one, other) if self._weight(one) > self._weight(other) else (other, one)
        self.merge(loser, winner, at=at, actor=actor, evidence=evidence)
        kept = self._session.get_one(Resource, winner)
        kept.repository_id = new_id
        self._session.add(kept)
        self._session.flush()
        identities.note_resource(new_id, winner)
        self._resources.add_links(winner, [(name.url, "repository")])
        self._session.flush()
        self._point_to(winner, name)
        return "merged"

    def _absorb(self, old_id: int, new_id: int, old: RepoName, at: str, evidence: str) -> None:
        """One repository takes over another's names and star samples; that other's row goes."""
        session, identities = self._session, self._resources.identities
        session.exec(update(Resource).where(col(Resource.repository_id) == old_id).values(repository_id=None))
        session.exec(
            update(RepositoryName).where(col(RepositoryName.repository_id) == old_id).values(repository_id=new_id)
        )
        for sample in session.exec(select(StarSample).where(StarSample.repository_id == old_id)).all():
            if session.get(StarSample, (new_id, sample.day, sample.source)) is None:
                session.add(StarSample(repository_id=new_id, day=sample.day, source=sample.source, stars=sample.stars))
        former = session.get_one(Repository, old_id)
        kept = session.get_one(Repository, new_id)
        kept.node_id, kept.database_id = kept.node_id or former.node_id, kept.database_id or former.database_id
        if (former.stars_asof or "") > (kept.stars_asof or ""):
            kept.stars, kept.stars_asof, kept.stars_source = former.stars, former.stars_asof, former.stars_source
        former.node_id = former.database_id = None
        session.add(former)
        session.flush()
        name = RepoName(former.owner, former.name)
        session.delete(former)
        session.flush()
        identities.forget_repository(name.key)
        session.add(kept)
        for past in dict.fromkeys((name, old)):
            self._resources.add_past_name(new_id, past, at=at, evidence=evidence)
        names = session.exec(select(RepositoryName.key).where(RepositoryName.repository_id == new_id)).all()
        for key in names:
            identities.note_repository(key, new_id)

    def _weight(self, resource_id: int) -> tuple[int, int, int]:
        chosen = select(Provenance.origin).where(Provenance.resource_id == resource_id)
        origins = [_RANK.get(o, 0) for o in self._session.exec(chosen)]
        return (max(origins, default=-1), sum(origins), -resource_id)

    def merge(self, loser: int, winner: int, *, at: str, actor: str, evidence: str = "") -> None:
        """Make one entry of two. The winner's values stay; it gains what only the loser has.

        Args:
            loser: the resource that points to the other from now on; its slug keeps working.
            winner: the resource that stays.
            at: the time of the change.
            actor: who merges.
            evidence: why, in words.
        """
        session = self._session
        gone, kept = session.get_one(Resource, loser), session.get_one(Resource, winner)
        if gone.repository_id is not None and kept.repository_id is not None:
            former = session.get_one(Repository, gone.repository_id)
            name = RepoName(former.owner, former.name)
            self._absorb(gone.repository_id, kept.repository_id, name, at, evidence or "merged by a curator")
        elif gone.repository_id is not None:
            moved, gone.repository_id = gone.repository_id, None
            session.add(gone)
            session.flush()
            kept.repository_id = moved
            self._resources.identities.note_resource(moved, winner)
        self._fill(gone, kept)
        self._move_lists(loser, winner)
        names = {kept.name, *session.exec(select(ResourceName.text).where(ResourceName.resource_id == winner))}
        if gone.name not in names:
            session.add(ResourceName(resource_id=winner, text=gone.name, position=len(names)))
        session.exec(update(Resource).where(col(Resource.merged_into) == gone.slug).values(merged_into=kept.slug))
        gone.merged_into, gone.changed_at = kept.slug, at
        kept.changed_at = at
        kept.cited_by = max(kept.cited_by, gone.cited_by)
        session.add(gone)
        session.add(kept)
        session.flush()
        detail: dict[str, object] = {"from": gone.slug, "into": kept.slug, "evidence": evidence}
        self._note(winner, "merged", detail, actor, at)
        self._note(loser, "merged away", detail, actor, at)

    def _fill(self, gone: Resource, kept: Resource) -> None:
        assert kept.id is not None
        for field in SCALARS:
            if getattr(gone, field) and not getattr(kept, field):
                setattr(kept, field, getattr(gone, field))
                source = self._session.get(Provenance, (gone.id, field))
                if source is not None:
                    values = source.model_dump(exclude={"resource_id"})
                    self._session.merge(Provenance(resource_id=kept.id, **values))

    def _move_lists(self, loser: int, winner: int) -> None:
        session = self._session
        self._move_links(loser, winner)
        for model, key in ((ResourceTerm, "term_id"), (ResourceTag, "text"), (ResourceName, "text")):
            mine = {getattr(r, key) for r in session.exec(select(model).where(model.resource_id == winner))}
            for row in session.exec(select(model).where(model.resource_id == loser)).all():
                value = getattr(row, key)
                session.delete(row)
                if value not in mine:
                    more: dict[str, Any] = {} if model is ResourceTag else {"position": len(mine)}
                    session.add(model(resource_id=winner, **{key: value}, **more))
                    mine.add(value)
        matched = {(m.article_id, m.term_id, m.origin) for m in session.exec(
            select(Match).where(Match.resource_id == winner))}  # fmt: skip
        for match in session.exec(select(Match).where(Match.resource_id == loser)).all():
            if (match.article_id, match.term_id, match.origin) in matched:
                session.delete(match)
            else:
                match.resource_id = winner
                session.add(match)
        session.exec(update(Proposal).where(col(Proposal.resource_id) == loser).values(resource_id=winner))
        session.flush()

    def _move_links(self, loser: int, winner: int) -> None:
        """Links go over with their states and histories; of two for one page the winner's stays and gets both."""
        session = self._session
        chosen = select(Link).order_by(col(Link.position))
        present = {n.canonical: n for n in session.exec(chosen.where(Link.resource_id == winner))}
        position = max((n.position for n in present.values()), default=-1)
        for link in session.exec(chosen.where(Link.resource_id == loser)).all():
            same = present.get(link.canonical)
            if same is not None and same.id is not None and link.id is not None:
                self._links.hand_over(link.id, same.id)
                session.delete(link)
                continue
            position += 1
            link.resource_id, link.position = winner, position
            link.role = "page" if link.role == "repository" else link.role
            session.add(link)
            self._resources.identities.note_address(link.canonical, link.role, position, winner)

    def _note(self, resource_id: int | None, action: str, detail: dict[str, object], actor: str, at: str) -> None:
        if resource_id is not None:
            self._session.add(Event(at=at, actor=actor, action=action, resource_id=resource_id, detail=detail))
