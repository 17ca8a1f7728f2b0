"""What becomes of a proposal when a curator accepts or rejects it?"""

from __future__ import annotations

from typing import Any

from directory import repo
from directory.catalogue import Catalogue
from directory.catalogue.record import Draft, ProposalRecord
from directory.errors import InputError


def accept(catalogue: Catalogue, proposal: ProposalRecord, *, by: str, at: str) -> None:
    """Carry a proposal out. What a curator accepts is a curator's word: no import overwrites it afterwards.

    Raises:
        InputError: it cannot be carried out any more.
    """
    _CARRY_OUT[proposal.kind](catalogue, proposal, by, at)
    _decide(catalogue, proposal, "accepted", by, at)


def reject(catalogue: Catalogue, proposal: ProposalRecord, *, by: str, at: str) -> None:
    """Turn a proposal down; the same one is not filed again."""
    _decide(catalogue, proposal, "rejected", by, at)


def _decide(catalogue: Catalogue, proposal: ProposalRecord, state: str, by: str, at: str) -> None:
    catalogue.proposals.decide(proposal.id, state, by=by, at=at)
    if proposal.resource:
        detail: dict[str, object] = {
            "proposal": proposal.id,
            "kind": proposal.kind,
            "field": proposal.field,
            "change": proposal.change,
            "evidence": proposal.evidence,
        }
        catalogue.resources.note(proposal.resource, f"proposal {state}", detail, actor=by, at=at)


def _resource(catalogue: Catalogue, proposal: ProposalRecord) -> int:
    found = catalogue.resources.get(proposal.resource)
    if found is None:
        raise InputError(f"proposal {proposal.id} is about a resource that is not there any more")
    return found.id


def _change(catalogue: Catalogue, proposal: ProposalRecord, by: str, at: str) -> None:
    source = str(proposal.evidence.get("source", "review"))
    catalogue.resources.set_field(
        _resource(catalogue, proposal), proposal.field, proposal.change["to"], origin="curator", source=source, at=at
    )


def _new(catalogue: Catalogue, proposal: ProposalRecord, by: str, at: str) -> None:
    values: dict[str, Any] = dict(proposal.change)
    links = tuple((str(a), str(role)) for a, role in values.pop("links"))
    lists = {k: tuple(values.pop(k, ())) for k in ("names", "terms", "tags", "past_names")}
    values |= lists
    draft = Draft(**values, links=links)
    known = catalogue.resources.identities.find(draft.links, draft.past_names)
    if known is None:
        source = str(proposal.evidence.get("source", "review"))
        catalogue.resources.add(draft, origin="import", source=source, at=at)


def _rename(catalogue: Catalogue, proposal: ProposalRecord, by: str, at: str) -> None:
    old, new = (repo.parse_name(str(proposal.change[k])) for k in ("from", "to"))
    if old is None or new is None:
        raise InputError(f"proposal {proposal.id} does not name two repositories")
    catalogue.ledger.rename(old, new, at=at, evidence=str(proposal.evidence.get("source", "review")), actor=by)


def _merge(catalogue: Catalogue, proposal: ProposalRecord, by: str, at: str) -> None:
    into = catalogue.resources.get(str(proposal.change["into"]))
    if into is None:
        raise InputError(f"proposal {proposal.id}: '{proposal.change['into']}' is not there any more")
    loser = _resource(catalogue, proposal)
    if loser != into.id:
        catalogue.ledger.merge(loser, into.id, at=at, actor=by, evidence=str(proposal.evidence))


def _dead(catalogue: Catalogue, proposal: ProposalRecord, by: str, at: str) -> None:
    number = _resource(catalogue, proposal)
    catalogue.resources.set_field(number, "hidden", True, origin="curator", source=f"proposal {proposal.id}", at=at)


def _move(catalogue: Catalogue, proposal: ProposalRecord, by: str, at: str) -> None:
    old, new = str(proposal.change["from"]), str(proposal.change["to"])
    if not catalogue.links.succeed(_resource(catalogue, proposal), old, new):
        raise InputError(f"proposal {proposal.id}: {old} is not among the links any more")


_CARRY_OUT = {
    "change": _change,
    "new": _new,
    "rename": _rename,
    "merge": _merge,
    "duplicate": _merge,
    "dead": _dead,
    "move": _move,
}
