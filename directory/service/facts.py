"""What do GitHub's answers change in the catalogue: who a repository is, what it is called, how many stars it has?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from directory import repo
from directory.verdict import StarSample, StarState, gain, weigh

if TYPE_CHECKING:
    from directory.catalogue import Catalogue
    from directory.catalogue.link import LinkRow
    from directory.catalogue.repository import Identity, Sample
    from directory.checkers import Probe, Repository

ACTOR = "nightly"
_NO_LICENCE = ("", "NOASSERTION", "NONE")
_LOOK_BACK = timedelta(days=70)
"""Samples are monthly at the least: this reaches the one that held 30 days ago, and a missed night or two."""


class Conflict(Exception):
    """Another repository of the catalogue still has the name that this one has now."""


def take_in(catalogue: Catalogue, row: LinkRow, probe: Probe, at: str) -> str:
    """Bring the ledger and the repository's facts up to what GitHub said.

    Args:
        catalogue: a transaction for writing.
        row: the link that was looked at.
        probe: what was seen.
        at: the time, for the record.

    Returns:
        `renamed` or `merged` when the ledger changed; else an empty text.

    Raises:
        Conflict: the new name belongs to a repository with another id. It may have been renamed too and be looked at
            later in the round: try again, then propose it for review.
    """
    found, known = probe.repository, row.repository
    if found is None or known is None or found.private:
        return ""
    present = catalogue.repositories.by_id(known.id)
    if present is None:  # merged into another earlier in this round
        return ""
    outcome, holder = "", present
    if (present.node_id, present.database_id, present.name) != (found.node_id, found.database_id, found.name):
        outcome = _identify(catalogue, present, found, probe, at)
        if outcome:  # two rows may have become one: which?
            again = catalogue.repositories.by_ids(found.node_id, found.database_id)
            assert again is not None, "it was claimed just now"
            holder = again
        catalogue.repositories.claim(holder.id, found.node_id, found.database_id)
    _put_facts(catalogue, holder.id, found)
    _put_stars(catalogue, holder.id, found, probe.at)
    _put_licence(catalogue, row, found, at)
    return outcome


def _identify(catalogue: Catalogue, present: Identity, found: Repository, probe: Probe, at: str) -> str:
    """Make the ledger's repository the one that answered: note its ids, its new name, or that two entries are one."""
    name = repo.parse_name(found.name)
    if name is None:
        raise Conflict(f"{found.name} is no name that we can keep")
    holder = catalogue.repositories.by_ids(found.node_id, found.database_id)
    if None not in (present.database_id, found.database_id) and present.database_id != found.database_id:
        raise Conflict(f"{present.name} has the id {present.database_id} here, and {found.database_id} answers")
    if holder is None:
        catalogue.repositories.claim(present.id, found.node_id, found.database_id)
        holder = present
    outcome = ""
    # The row that has the id goes first: when two rows are one repository, the other joins it under its new name.
    for identity in dict.fromkeys((holder, present)):
        outcome = _rename(catalogue, identity, name, found, probe, at) or outcome
    return outcome


def _rename(
    catalogue: Catalogue, identity: Identity, name: repo.RepoName, found: Repository, probe: Probe, at: str
) -> str:
    if identity.name == str(name):
        return ""
    other = catalogue.repositories.by_key(name.key)
    if other is not None and other.id != identity.id and other.database_id not in (None, found.database_id):
        raise Conflict(f"{identity.name} is {name} now, and that is another repository here (id {other.database_id})")
    old = repo.parse_name(identity.name)
    assert old is not None
    catalogue.repositories.free_past_name(identity.key)
    evidence = f"GitHub: id {found.database_id} is {found.name} now ({probe.evidence.get('proof', 'id')})"
    outcome = catalogue.ledger.rename(old, name, at=at, evidence=evidence, actor=ACTOR, proven=True)
    return outcome if outcome in ("renamed", "merged") and identity.key != name.key else ""


def propose(catalogue: Catalogue, row: LinkRow, probe: Probe, why: str, at: str) -> None:
    """Leave a rename that the ids do not settle to a curator."""
    if probe.repository is not None and row.repository is not None:
        catalogue.proposals.file(
            "rename",
            resource_id=row.resource_id,
            change={"from": row.repository.name, "to": probe.repository.name},
            evidence={"source": "GitHub", "why": why, "seen": probe.at.isoformat(), **probe.evidence},
            at=at,
        )


def _put_facts(catalogue: Catalogue, repository_id: int, found: Repository) -> None:
    unknown = found.unknown
    catalogue.repositories.put_facts(
        repository_id,
        archived=None if "archived" in unknown else found.archived,
        pushed_at=None if "pushed_at" in unknown else found.pushed_at,
        topics=None if "topics" in unknown else found.topics,
    )


def _put_licence(catalogue: Catalogue, row: LinkRow, found: Repository, at: str) -> None:
    """GitHub's word on the licence counts for more than an import's, and for less than the seeds' or a curator's."""
    if found.licence in (*_NO_LICENCE, row.licence) or row.role != "repository" or "licence" in found.unknown:
        return
    from directory.curation.filing import RANK

    origin = catalogue.resources.origin(row.resource_id, "licence")
    if not origin or RANK[origin] <= RANK["github"]:
        catalogue.resources.set_field(
            row.resource_id, "licence", found.licence, origin="github", source="api.github.com", at=at
        )


# ── stars ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _put_stars(catalogue: Catalogue, repository_id: int, found: Repository, at: datetime) -> None:
    if "stars" in found.unknown:
        return
    memory = catalogue.repositories.star_memory(repository_id)
    stars, held = memory.get("stars"), memory.get("held")
    known = StarState(
        stars=stars if isinstance(stars, int) else None,
        seen=_time(memory.get("seen")),
        sampled=_time(memory.get("sampled")),
        held=held if isinstance(held, int) else None,
        held_since=_time(memory.get("held_since")),
    )
    decision = weigh(known, found.stars, at)
    after = decision.state
    if after == known:
        return
    kept = {"seen": after.seen, "sampled": after.sampled, "held_since": after.held_since}
    fresh: dict[str, object] = {name: moment.isoformat() for name, moment in kept.items() if moment}
    if after.held is not None:
        fresh["held"] = after.held
    day = (after.seen or at).date().isoformat()
    catalogue.repositories.put_stars(
        repository_id,
        after.stars,
        day,
        fresh,
        sample=decision.sample.stars if decision.sample else None,
        closed=decision.closed.isoformat() if decision.closed else None,
    )


def grow(catalogue: Catalogue, ids: list[int], now: datetime) -> None:
    """Set what these repositories gained in 7 and 30 days; unknown where there is no count from then, or from now."""
    since = (now - _LOOK_BACK).date().isoformat()
    for number, (samples, seen) in catalogue.repositories.samples(ids, since).items():
        history = [_sample(s, seen if s is samples[-1] else None) for s in samples]
        catalogue.repositories.put_growth(number, gain(history, 7, now), gain(history, 30, now))


def _sample(found: Sample, seen: str | None) -> StarSample:
    at = datetime.fromisoformat(found.day).replace(tzinfo=UTC)
    return StarSample(found.stars, at, _time(seen or found.until))


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
