"""How are resources, their links, repositories and history stored and read?"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from directory import repo, text, url
from directory.catalogue._batch import Batch
from directory.catalogue.identity import Identities, repository_of
from directory.catalogue.record import (
    Draft,
    EventRecord,
    LinkRecord,
    PastName,
    RepositoryRecord,
    ResourceRecord,
    Source,
)
from directory.models import (
    Event,
    Link,
    Provenance,
    Repository,
    RepositoryName,
    Resource,
    ResourceName,
    ResourceTag,
    ResourceTerm,
    StarSample,
    Term,
)

_AT_ONCE = 500
"""Ids in one query: SQLite and PostgreSQL limit the parameters of a statement."""

SCALARS = ("name", "kind", "summary_zh", "summary_en", "pricing", "licence")
"""Fields of one value that an import, the seeds or a curator can set."""


class Resources:
    """The entries of the directory."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._batch = Batch(session)

    @cached_property
    def identities(self) -> Identities:
        """Who is who; read once for a transaction and kept up to date by it."""
        return Identities(self._session)

    @cached_property
    def _terms(self) -> dict[str, int]:
        found = self._session.exec(select(Term.slug, Term.id).where(Term.merged_into == "")).all()
        return {slug: number for slug, number in found if number is not None}

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def all(self, *, hidden: bool = False) -> list[ResourceRecord]:
        """Every resource in slug order, with a fixed number of queries.

        Args:
            hidden: with those that a curator hid or merged.
        """
        chosen = select(Resource).order_by(col(Resource.slug))
        if not hidden:
            chosen = chosen.where(col(Resource.hidden).is_(False), Resource.merged_into == "")
        return self._records(self._session.exec(chosen).all(), whole=True)

    def some(self, ids: Iterable[int]) -> list[ResourceRecord]:
        """Resources by id, in slug order, also those that are hidden or merged; ids of none are left out."""
        wanted = list(ids)
        found = [
            resource
            for start in range(0, len(wanted), _AT_ONCE)
            for resource in self._session.exec(
                select(Resource).where(col(Resource.id).in_(wanted[start : start + _AT_ONCE]))
            )
        ]
        return self._records(sorted(found, key=lambda r: r.slug), whole=len(found) > _AT_ONCE)

    def get(self, slug: str) -> ResourceRecord | None:
        """One resource by its slug; a merged one leads to the one that took its place."""
        found = self._session.exec(select(Resource).where(Resource.slug == slug)).one_or_none()
        if found is not None and found.merged_into:
            return self.get(found.merged_into)
        return self._records([found], whole=False)[0] if found is not None else None

    def ids(self) -> dict[str, int]:
        """The database id of every resource that is shown, by slug."""
        shown = select(Resource.slug, Resource.id).where(col(Resource.hidden).is_(False), Resource.merged_into == "")
        return {slug: number for slug, number in self._session.exec(shown) if number is not None}

    def by_id(self, resource_id: int) -> ResourceRecord:
        """One resource by its id."""
        found = self._session.get(Resource, resource_id)
        if found is None:
            raise LookupError(resource_id)
        return self._records([found], whole=False)[0]

    def by_ids(self, ids: Iterable[int]) -> list[ResourceRecord]:
        """Several resources by their ids, with a fixed number of queries; a few hundred at most."""
        found = self._session.exec(select(Resource).where(col(Resource.id).in_(list(ids)))).all()
        return self._records(found, whole=False)

    def count(self) -> int:
        """How many resources can be found."""
        chosen = select(Resource.id).where(col(Resource.hidden).is_(False), Resource.merged_into == "")
        return len(self._session.exec(chosen).all())

    def history(self, slug: str) -> list[EventRecord]:
        """What happened to a resource, the oldest first."""
        # The events of entries that were merged into this one are its history too.
        mine = (Resource.slug == slug) | (Resource.merged_into == slug)
        chosen = select(Event).join(Resource, col(Resource.id) == Event.resource_id).where(mine)
        found = self._session.exec(chosen.order_by(col(Event.id))).all()
        return [EventRecord(e.at, e.actor, e.action, e.detail) for e in found]

    def _rows(self, model: type[Any], ids: Sequence[int] | None, order: Any) -> dict[int, list[Any]]:
        # Rows, not objects: for a large catalogue they take a fraction of the memory.
        chosen = rows_of(model.__table__).order_by(order)
        if ids is not None:
            chosen = chosen.where(model.resource_id.in_(ids))
        grouped: defaultdict[int, list[Any]] = defaultdict(list)
        for row in self._session.execute(chosen):
            grouped[row.resource_id].append(row)
        return grouped

    def _records(self, found: Sequence[Resource], *, whole: bool) -> list[ResourceRecord]:
        ids = None if whole else [r.id or 0 for r in found]
        slugs = dict(self._session.exec(select(Term.id, Term.slug)).all())
        names = self._rows(ResourceName, ids, col(ResourceName.position))
        terms = self._rows(ResourceTerm, ids, col(ResourceTerm.position))
        tags = self._rows(ResourceTag, ids, col(ResourceTag.text))
        links = self._rows(Link, ids, col(Link.position))
        sources = self._rows(Provenance, ids, col(Provenance.field))
        repositories = self._repositories([r.repository_id for r in found if r.repository_id], whole=whole)
        return [
            ResourceRecord(
                id=r.id or 0,
                slug=r.slug,
                kind=r.kind,
                name=r.name,
                names=tuple(n.text for n in names.get(r.id or 0, ())),
                summary_zh=r.summary_zh,
                summary_en=r.summary_en,
                pricing=r.pricing,
                licence=r.licence,
                terms=tuple(slugs[t.term_id] for t in terms.get(r.id or 0, ())),
                tags=tuple(t.text for t in tags.get(r.id or 0, ())),
                links=tuple(
                    LinkRecord(n.url, n.role, n.state, n.since, n.last_ok, n.last_checked, n.reason)
                    for n in links.get(r.id or 0, ())
                ),
                repository=repositories.get(r.repository_id or 0),
                cited_by=r.cited_by,
                hidden=r.hidden,
                merged_into=r.merged_into,
                added_at=r.added_at,
                changed_at=r.changed_at,
                provenance={p.field: Source(p.origin, p.source, p.set_at) for p in sources.get(r.id or 0, ())},
            )
            for r in found
        ]

    def _repositories(self, ids: list[int], *, whole: bool) -> dict[int, RepositoryRecord]:
        chosen, names = select(Repository), select(RepositoryName).order_by(col(RepositoryName.id))
        if not whole:
            chosen = chosen.where(col(Repository.id).in_(ids))
            names = names.where(col(RepositoryName.repository_id).in_(ids))
        past: defaultdict[int, list[PastName]] = defaultdict(list)
        for name in self._session.exec(names):
            past[name.repository_id].append(PastName(f"{name.owner}/{name.name}", name.noted_at, name.evidence))
        return {
            r.id or 0: RepositoryRecord(
                f"{r.owner}/{r.name}",
                r.node_id,
                r.database_id,
                tuple(past[r.id or 0]),
                r.stars,
                r.stars_asof,
                r.stars_source,
                r.archived,
                r.pushed_at,
                tuple(r.topics),
                r.growth_7,
                r.growth_30,
            )
            for r in self._session.exec(chosen)
        }

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, draft: Draft, *, origin: str, source: str, at: str) -> int:
        """Create a resource from a draft whose identity is new (see `identities.find`).

        Args:
            draft: at least a name and one link.
            origin: curator, seeds, github or import.
            source: which one.
            at: the time of the change.

        Returns:
            Its id.
        """
        name = repository_of(draft.links)
        wanted = draft.slug or text.slug(draft.name) or (text.slug(name.name) if name else "")
        first = url.canonical(draft.links[0][0])
        wanted = wanted or text.slug(first.partition("/")[0]) or "x" + hashlib.sha256(first.encode()).hexdigest()[:8]
        resource = Resource(
            slug=self.identities.free_slug(wanted),
            kind=draft.kind or ("project" if name else "site"),
            name=draft.name,
            summary_zh=draft.summary_zh,
            summary_en=draft.summary_en,
            pricing=draft.pricing,
            licence=draft.licence,
            cited_by=draft.cited_by,
            repository_id=self._repository(name, draft, at, source) if name else None,
            added_at=at,
            changed_at=at,
        )
        self._session.add(resource)
        self._session.flush()
        assert resource.id is not None
        if resource.repository_id is not None:
            self.identities.note_resource(resource.repository_id, resource.id)
        for field in (*SCALARS, "names", "terms"):
            if getattr(draft, field):
                self._batch.add(
                    Provenance, resource_id=resource.id, field=field, origin=origin, source=source, set_at=at
                )
        self._put_links(resource.id, draft.links, set())
        for field in ("names", "terms"):
            self._fill_list(resource.id, field, getattr(draft, field))
        for tag in dict.fromkeys(draft.tags):
            self._batch.add(ResourceTag, resource_id=resource.id, text=tag)
        self._event(resource.id, "added", {"origin": origin, "source": source}, origin, at)
        return resource.id

    def _repository(self, name: repo.RepoName, draft: Draft, at: str, source: str) -> int:
        known = self.identities.repository(name.key)
        if known is None:
            row = Repository(owner=name.owner, name=name.name, key=name.key, archived=draft.archived)
            self._session.add(row)
            self._session.flush()
            assert row.id is not None
            known = row.id
            self.identities.note_repository(name.key, known)
        self.put_stars(known, draft.stars, draft.stars_asof, draft.stars_source)
        for past in draft.past_names:
            parsed = repo.parse_name(past)
            if parsed is not None:
                self.add_past_name(known, parsed, at=at, evidence=source)
        return known

    def add_past_name(self, repository_id: int, name: repo.RepoName, *, at: str, evidence: str) -> bool:
        """Note an earlier owner/name of a repository; one that is somebody's present name is left alone."""
        if self.identities.repository(name.key) is not None:
            return False
        self._session.add(
            RepositoryName(
                repository_id=repository_id,
                owner=name.owner,
                name=name.name,
                key=name.key,
                noted_at=at,
                evidence=evidence,
            )
        )
        self.identities.note_repository(name.key, repository_id)
        return True

    def put_stars(self, repository_id: int, stars: int | None, asof: str, source: str) -> bool:
        """Note a star count with its day and source; an older one than what is known changes nothing."""
        row = self._session.get(Repository, repository_id)
        if row is None or stars is None or not asof or not source or (row.stars_asof or "") >= asof:
            return False
        counted = row.stars_asof is not None
        row.stars, row.stars_asof, row.stars_source = stars, asof, source
        self._session.add(row)
        if not counted or self._session.get(StarSample, (repository_id, asof, source)) is None:
            self._session.add(StarSample(repository_id=repository_id, day=asof, source=source, stars=stars))
        return True

    def add_links(self, resource_id: int, links: Iterable[tuple[str, str]]) -> int:
        """Add the addresses that the resource does not have yet; returns how many."""
        own = select(Link.canonical).where(Link.resource_id == resource_id)
        return self._put_links(resource_id, links, set(self._session.exec(own).all()))

    def _put_links(self, resource_id: int, links: Iterable[tuple[str, str]], known: set[str]) -> int:
        added = 0
        for address, role in links:
            canonical = url.canonical(address)
            if canonical not in known:
                position = len(known)
                known.add(canonical)
                self._batch.add(
                    Link, resource_id=resource_id, url=address, canonical=canonical, role=role, position=position
                )
                self.identities.note_address(canonical, role, position, resource_id)
                added += 1
        return added

    def set_field(self, resource_id: int, field: str, value: Any, *, origin: str, source: str, at: str) -> bool:
        """Set one field and note where its value came from.

        Args:
            resource_id: which resource.
            field: one of `SCALARS`, or `names`, `terms`, `hidden`, `cited_by`.
            value: a string, or a sequence of strings for names and terms.
            origin: curator, seeds, github or import.
            source: which one.
            at: the time of the change.

        Returns:
            Whether the value is another than before.
        """
        before = self._value(resource_id, field)
        after = list(value) if field in ("names", "terms") else value
        self._note(resource_id, field, origin, source, at)
        if before == after:
            return False
        if field in ("names", "terms"):
            self._put_list(resource_id, field, after)
        else:
            resource = self._session.get_one(Resource, resource_id)
            setattr(resource, field, after)
            self._session.add(resource)
        self._touch(resource_id, at)
        detail = {"field": field, "before": before, "after": after, "source": source}
        self._event(resource_id, "changed", detail, origin, at)
        return True

    def note(self, slug: str, action: str, detail: dict[str, object], *, actor: str, at: str) -> None:
        """Add something to a resource's history."""
        found = self._session.exec(select(Resource.id).where(Resource.slug == slug)).one()
        assert found is not None
        self._event(found, action, detail, actor, at)

    def origin(self, resource_id: int, field: str) -> str:
        """Who set a field (curator, seeds, github, import); empty when nobody did."""
        found = self._session.get(Provenance, (resource_id, field))
        return found.origin if found else ""

    def _value(self, resource_id: int, field: str) -> Any:
        if field in SCALARS:
            return getattr(self._session.get_one(Resource, resource_id), field)
        record = self.by_id(resource_id)
        found = getattr(record, field)
        return list(found) if isinstance(found, tuple) else found

    def _put_list(self, resource_id: int, field: str, values: Iterable[str]) -> None:
        model: Any = ResourceName if field == "names" else ResourceTerm
        self._session.exec(delete(model).where(model.resource_id == resource_id))
        self._fill_list(resource_id, field, values)
        self._session.flush()

    def _fill_list(self, resource_id: int, field: str, values: Iterable[str]) -> None:
        for position, value in enumerate(dict.fromkeys(values)):
            if field == "names":
                self._batch.add(ResourceName, resource_id=resource_id, text=value, position=position)
            else:
                self._batch.add(ResourceTerm, resource_id=resource_id, term_id=self._terms[value], position=position)

    def _note(self, resource_id: int, field: str, origin: str, source: str, at: str) -> None:
        self._session.merge(Provenance(resource_id=resource_id, field=field, origin=origin, source=source, set_at=at))

    def _touch(self, resource_id: int, at: str) -> None:
        resource = self._session.get_one(Resource, resource_id)
        resource.changed_at = at
        self._session.add(resource)

    def _event(self, resource_id: int, action: str, detail: dict[str, object], actor: str, at: str) -> None:
        self._batch.add(Event, at=at, actor=actor, action=action, resource_id=resource_id, detail=detail)
