"""What is known of every link, and how does a new observation become its history?

The policy (which state follows, what is due) is `verdict`'s and is not known here: a state comes and goes as the plain
values of `LinkState.to_plain`. Those that have columns stand there, the counted nights in `memory`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from directory import database, repo, url
from directory.catalogue.record import LinkHistory
from directory.models import Event, Link, LinkChange, LinkProbe, Repository, RepositoryName, Resource

Plain = dict[str, str | int | None]
"""A link's state as `LinkState.to_plain` gives it."""

_COLUMNS = {"state": "state", "why": "reason", "since": "since", "probed": "last_checked", "last_ok": "last_ok"}
_TIMES = ("since", "probed", "last_ok")
_KEPT_EVIDENCE = 2_000
"""Characters of one value of evidence: a server may say anything."""


class KnownRepository(NamedTuple):
    """A repository as far as a check needs it."""

    id: int
    name: str
    node_id: str
    database_id: int | None
    archived: bool


class LinkRow(NamedTuple):
    """A link with what a check needs to know of it."""

    id: int
    resource_id: int
    slug: str
    name: str
    url: str
    role: str
    licence: str
    """The resource's."""
    state: Plain
    etag: str
    etag_by: str
    inspected: str
    """The day when the page itself was last looked at; empty = never."""
    repository: KnownRepository | None
    """The repository that the address leads into, if the ledger has it."""
    is_past: bool
    """Whether the address carries an earlier name of that repository."""


class Sighting(NamedTuple):
    """What was seen of a link: the status, when (UTC), why in words, and the evidence for machines."""

    status: str
    at: str
    why: str
    evidence: Mapping[str, str | int]


class ChangeRow(NamedTuple):
    """A change of state."""

    slug: str
    name: str
    url: str
    at: str
    before: str
    after: str
    why: str
    evidence: dict[str, object]


class Links:
    """The links of all resources that can be found."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[int, Link] = {}
        self._last: dict[int, LinkProbe | None] = {}

    @cached_property
    def _repositories(self) -> tuple[dict[int, KnownRepository], dict[str, int], dict[str, int]]:
        """By id; the ids by present key; the ids by past key."""
        columns = select(
            Repository.id, Repository.key, Repository.owner, Repository.name, Repository.node_id,
            Repository.database_id, Repository.archived,
        )  # type: ignore[call-overload]  # fmt: skip
        known, present = {}, {}
        for number, key, owner, name, node_id, database_id, archived in self._session.exec(columns):
            known[number] = KnownRepository(number, f"{owner}/{name}", node_id or "", database_id, archived)
            present[key] = number
        past = dict(self._session.exec(select(RepositoryName.key, RepositoryName.repository_id)).all())
        return known, present, past

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def all(self, ids: Iterable[int] | None = None) -> list[LinkRow]:
        """The links, those never looked at first, then the one looked at longest ago.

        Args:
            ids: only these.
        """
        chosen = (
            select(Link, Resource)
            .join(Resource, col(Resource.id) == Link.resource_id)
            .where(col(Resource.hidden).is_(False), Resource.merged_into == "")
            .order_by(col(Link.last_checked).is_not(None), col(Link.last_checked), col(Link.id))
        )
        if ids is not None:
            chosen = chosen.where(col(Link.id).in_(list(ids)))
        rows = []
        for link, resource in self._session.exec(chosen):
            self._held[link.id or 0] = link  # the session itself holds its rows only weakly
            rows.append(self._row(link, resource))
        return rows

    def _row(self, link: Link, resource: Resource) -> LinkRow:
        known, present, past = self._repositories
        parsed = repo.parse(link.url)
        key = parsed.key if parsed else ""
        number = present.get(key) or past.get(key)
        # The resource's own earlier name, even when a repository that is here too has taken it since.
        is_past = key in past and number != resource.repository_id and past[key] == resource.repository_id
        is_past |= key in past and key not in present
        memory = link.memory
        return LinkRow(
            id=link.id or 0,
            resource_id=link.resource_id,
            slug=resource.slug,
            name=resource.name,
            url=link.url,
            role=link.role,
            licence=resource.licence,
            state=_plain(link),
            etag=str(memory.get("etag", "")),
            etag_by=str(memory.get("etag_by", "")),
            inspected=str(memory.get("inspected", "")),
            repository=known.get((past[key] if is_past else number) or 0),
            is_past=is_past,
        )

    def changes(self, run_id: int) -> list[ChangeRow]:
        """What changed in a run, in the order in which it was noted."""
        chosen = (
            select(LinkChange, Resource.slug, Resource.name, Link.url)
            .join(Link, col(Link.id) == LinkChange.link_id)
            .join(Resource, col(Resource.id) == Link.resource_id)
            .where(LinkChange.run_id == run_id)
            .order_by(col(LinkChange.id))
        )
        return [
            ChangeRow(slug, name, url, c.at, c.before, c.after, c.why, c.evidence)
            for c, slug, name, url in self._session.exec(chosen)
        ]

    def history(self, resource_id: int) -> list[LinkHistory]:
        """What was seen of a resource's links and how their states changed, the oldest first."""
        urls = dict(self._session.exec(select(Link.id, Link.url).where(Link.resource_id == resource_id)).all())
        probes = self._session.exec(select(LinkProbe).where(col(LinkProbe.link_id).in_(urls)))
        changes = self._session.exec(select(LinkChange).where(col(LinkChange.link_id).in_(urls)))
        found = [
            *(LinkHistory(urls[p.link_id], p.first_at, p.last_at, p.times, p.status, p.why, p.evidence)
              for p in probes),
            *(LinkHistory(urls[c.link_id], c.at, c.at, 0, f"{c.before} -> {c.after}", c.why, c.evidence)
              for c in changes),
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.at, one.times == 0))

    def counts(self) -> dict[str, int]:
        """How many links are in each state."""
        chosen = (
            select(Link.state, func.count())
            .join(Resource, col(Resource.id) == Link.resource_id)
            .where(col(Resource.hidden).is_(False), Resource.merged_into == "")
            .group_by(Link.state)
        )
        return dict(sorted(self._session.exec(chosen).all()))

    def find(self, resource_id: int, address: str) -> int | None:
        """The link of a resource that is the same page as an address."""
        canonical = url.canonical(address)
        found = select(Link.id).where(Link.resource_id == resource_id, Link.canonical == canonical)
        return self._session.exec(found).first()

    def plain(self, link_id: int) -> Plain | None:
        """A link's state; None when the link is gone."""
        link = self._session.get(Link, link_id)
        return _plain(link) if link else None

    def is_shown(self, link_id: int) -> bool:
        """Whether this is the address that stands for its resource."""
        link = self._session.get_one(Link, link_id)
        own = select(Link.id, Link.role).where(Link.resource_id == link.resource_id).order_by(col(Link.position))
        links = self._session.exec(own).all()
        by_role = {role: number for number, role in reversed(links)}
        return link_id == by_role.get("repository", by_role.get("homepage", links[0][0]))

    def recall(self, ids: Iterable[int]) -> None:
        """Read the last observations of these links at once, which `see` would read one by one."""
        ids = list(ids)
        latest = select(func.max(LinkProbe.id)).where(col(LinkProbe.link_id).in_(ids)).group_by(col(LinkProbe.link_id))
        self._last |= dict.fromkeys(ids)
        self._last |= {p.link_id: p for p in self._session.exec(select(LinkProbe).where(col(LinkProbe.id).in_(latest)))}

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def see(self, link_id: int, seen: Sighting) -> None:
        """Keep an observation; when it says what the last one said, that row is prolonged."""
        if link_id not in self._last:
            self.recall([link_id])
        last = self._last[link_id]
        evidence: dict[str, object] = {
            k: v[:_KEPT_EVIDENCE] if isinstance(v, str) else v for k, v in seen.evidence.items()
        }
        if last is not None and (last.status, last.why) == (seen.status, seen.why):
            last.last_at, last.evidence, last.times = seen.at, evidence, last.times + 1
        else:
            last = LinkProbe(
                link_id=link_id,
                status=seen.status,
                why=seen.why,
                evidence=evidence,
                first_at=seen.at,
                last_at=seen.at,
            )
        self._last[link_id] = last
        self._session.add(last)

    def put(self, link_id: int, state: Plain, **memory: str) -> None:
        """Set a link's state.

        Args:
            link_id: which link.
            state: all its values.
            memory: what the checker wants to be reminded of; an empty text forgets it.
        """
        link = self._held.get(link_id) or self._session.get_one(Link, link_id)
        for name, column in _COLUMNS.items():
            value = state.get(name)
            value = _stamp(str(value)) if name in _TIMES and value else value
            if value != getattr(link, column):
                setattr(link, column, value)
        counted = {k: v for k, v in state.items() if k not in _COLUMNS and v}
        kept = {k: v for k, v in link.memory.items() if k in ("etag", "etag_by", "inspected")}
        fresh = counted | {k: v for k, v in (kept | memory).items() if v}
        if fresh != link.memory:
            link.memory = fresh
        self._session.add(link)

    def note_change(self, link_id: int, run_id: int | None, before: str, after: str, seen: Sighting) -> None:
        """Write a change of state down, with what showed it."""
        self._session.add(
            LinkChange(
                link_id=link_id,
                run_id=run_id,
                at=seen.at,
                before=before,
                after=after,
                why=seen.why,
                evidence={**seen.evidence, "status": seen.status},
            )
        )

    def tell(self, link_id: int, action: str, detail: dict[str, object], at: str) -> None:
        """Add something to the history of the link's resource."""
        link = self._session.get_one(Link, link_id)
        self._session.add(
            Event(
                at=at, actor="nightly", action=action, resource_id=link.resource_id, detail={"url": link.url, **detail}
            )
        )

    def succeed(self, resource_id: int, old: str, new: str) -> bool:
        """Put a new address in an old one's place; the old one stays as a page. False = the old one is not there."""
        number = self.find(resource_id, old)
        if number is None or self.find(resource_id, new) == number:
            return False
        former = self._session.get_one(Link, number)
        present = self._session.get(Link, self.find(resource_id, new) or 0)
        last = self._session.exec(select(func.max(Link.position)).where(Link.resource_id == resource_id)).one() or 0
        if present is None:
            present = Link(resource_id=resource_id, url=new, canonical=url.canonical(new), role="page", position=0)
        present.role, present.position = former.role, former.position
        former.role, former.position = "page", last + 1
        self._session.add_all([former, present])
        self._session.flush()
        return True

    def hand_over(self, link_id: int, to_id: int) -> None:
        """Give one link's history to another that is the same page, before the first one goes."""
        self._last.pop(to_id, None)
        for model in (LinkProbe, LinkChange):
            self._session.exec(update(model).where(col(model.link_id) == link_id).values(link_id=to_id))


def _plain(link: Link) -> Plain:
    plain: Plain = {name: getattr(link, column) for name, column in _COLUMNS.items()}
    plain |= {k: v for k, v in link.memory.items() if isinstance(v, str | int) and k.startswith(_COUNTED)}
    return plain


_COUNTED = ("failure_nights", "first_failure", "last_failure", "hard_nights", "first_hard", "last_hard")


def _stamp(iso: str) -> str:
    return database.stamp(datetime.fromisoformat(iso))
