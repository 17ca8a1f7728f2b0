"""What does one observation change in the catalogue: the link's history, its state, what is told and proposed?"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from directory import database, url
from directory.catalogue.link import LinkRow, Sighting
from directory.checkers import Probe, Repository, Status
from directory.service import facts
from directory.verdict import ALIVE, LinkState, State, Transition, judge

if TYPE_CHECKING:
    from directory.catalogue import Catalogue

_LOST = frozenset({State.DEAD, State.LEGAL, State.REPLACED})
_SAYS = {State.DEAD: "died", State.LEGAL: "blocked by law", State.REPLACED: "replaced"}


def pack(probe: Probe, *, inspected: bool) -> dict[str, object]:
    """A probe as plain data, but for the link and the status."""
    plain: dict[str, object] = {"at": probe.at.isoformat(), "why": probe.why}
    optional: dict[str, object] = {
        "evidence": dict(probe.evidence),
        "location": probe.location,
        "repository": asdict(probe.repository) if probe.repository else None,
        "etag": probe.etag,
        "etag_by": probe.etag_by,
        "inspected": inspected,
    }
    return plain | {name: value for name, value in optional.items() if value}


def unpack(row: LinkRow, status: str, plain: dict[str, Any]) -> Probe:
    """The probe that `pack` packed, its time in whole seconds as the catalogue keeps it."""
    found = plain.get("repository")
    repository = None
    if found:
        lists = {name: tuple(found[name]) for name in ("topics", "unknown")}
        repository = Repository(**{**found, **lists})
    return Probe(
        row.id,
        row.url,
        Status(status),
        datetime.fromisoformat(plain["at"]).replace(microsecond=0),
        plain["why"],
        plain.get("evidence", {}),
        plain.get("location", ""),
        repository,
        plain.get("etag", ""),
        plain.get("etag_by", ""),
    )


def observe(catalogue: Catalogue, row: LinkRow, probe: Probe) -> None:
    """Keep what was seen, whatever it is worth."""
    catalogue.links.see(row.id, _sighting(probe))


def settle(catalogue: Catalogue, run_id: int, row: LinkRow, probe: Probe, *, inspected: bool, at: str) -> str:
    """Judge what was seen, and bring states, ledger, facts and proposals up to it.

    Returns:
        What `facts.take_in` returns.

    Raises:
        facts.Conflict: a rename could not be applied; everything else is.
    """
    if probe.status is Status.MOVED and probe.evidence.get("old_name") == "taken":
        # The repository lives on under its new name; what this address leads to now is somebody else's.
        probe = replace(probe, status=Status.REPLACED)
    observe(catalogue, row, probe)
    known = LinkState.from_plain(row.state)
    judgement = judge(known, probe)
    memory = {"inspected": database.stamp(probe.at)[:10]} if inspected else {}
    if probe.etag or probe.etag_by:
        memory |= {"etag": probe.etag, "etag_by": probe.etag_by}
    catalogue.links.put(row.id, judgement.state.to_plain(), **memory)
    if judgement.transition is not None:
        before, after = judgement.transition.before.value, judgement.transition.after.value
        catalogue.links.note_change(row.id, run_id, before, after, _sighting(probe))
    if probe.repository is None and probe.status is Status.MOVED:
        _propose_address(catalogue, row, probe, at)
    try:
        return repair(catalogue, run_id, row, probe, at)
    finally:
        # After the ledger: a link that is not the repository's present address any more is no news of the resource.
        if judgement.transition is not None and catalogue.links.plain(row.id) is not None:
            _tell(catalogue, row, probe, judgement.transition, judgement.state)


def repair(catalogue: Catalogue, run_id: int, row: LinkRow, probe: Probe, at: str) -> str:
    """Bring the ledger and the repository's facts up to what GitHub said; see `facts.take_in`."""
    outcome = facts.take_in(catalogue, row, probe, at)
    if outcome and probe.repository is not None:
        _begin(catalogue, run_id, row, probe, probe.repository)
    return outcome


def _sighting(probe: Probe) -> Sighting:
    where = {"location": probe.location} if probe.location else {}
    return Sighting(probe.status.value, database.stamp(probe.at), probe.why, {**probe.evidence, **where})


def _tell(catalogue: Catalogue, row: LinkRow, probe: Probe, transition: Transition, state: LinkState) -> None:
    """Add what readers want to know to the resource's history; ask a curator about what is lost."""
    before, after = transition.before, transition.after
    seen = _sighting(probe)
    action = _SAYS.get(after, "")
    if before in _LOST and after in ALIVE:
        action = "revived"
    elif before is not State.NEW and after is State.ARCHIVED:
        action = "archived"
    elif before is State.ARCHIVED and after is State.OK:
        action = "unarchived"
    elif after is State.MOVED and probe.repository is None:
        action = "moved"
    if not action or not catalogue.links.is_shown(row.id):
        return
    detail: dict[str, object] = {"before": before.value, "after": after.value, "why": probe.why}
    catalogue.links.tell(row.id, action, detail | {"evidence": dict(seen.evidence)}, seen.at)
    if after in (State.DEAD, State.REPLACED):
        nights = state.failures.nights if state.failures else 1
        catalogue.proposals.file(
            "dead",
            resource_id=row.resource_id,
            change={"url": row.url, "state": after.value},
            evidence={**seen.evidence, "why": probe.why, "nights": nights, "last_ok": row.state.get("last_ok")},
            at=seen.at,
        )


def _propose_address(catalogue: Catalogue, row: LinkRow, probe: Probe, at: str) -> None:
    """A page has moved for good: its new address is a server's word, so a person decides."""
    address = url.tidy(probe.location)
    if address is not None:
        catalogue.proposals.file(
            "move",
            resource_id=row.resource_id,
            change={"from": row.url, "to": address},
            evidence=dict(probe.evidence),
            at=at,
        )


def _begin(catalogue: Catalogue, run_id: int, row: LinkRow, probe: Probe, found: Repository) -> None:
    """The repository's new address was seen alive with the old one: it need not wait for the next night."""
    name = f"https://github.com/{found.name}"
    holder = catalogue.repositories.by_ids(found.node_id, found.database_id)
    resource = catalogue.repositories.resource_of(holder.id) if holder else None
    number = catalogue.links.find(resource, name) if resource is not None else None
    plain = catalogue.links.plain(number) if number is not None and number != row.id else None
    if number is None or plain is None or plain["state"] != State.NEW.value:
        return
    status = Status.ARCHIVED if found.archived else Status.OK
    why = f"formerly {row.repository.name}" if row.repository else ""
    alive = replace(probe, key=number, url=name, status=status, why=why, location="")
    judgement = judge(LinkState.from_plain(plain), alive)
    catalogue.links.put(number, judgement.state.to_plain())
    catalogue.links.see(number, _sighting(alive))
    if judgement.transition is not None:
        catalogue.links.note_change(number, run_id, State.NEW.value, status.value, _sighting(alive))
