"""What waits for a curator, and what became of it?"""

from __future__ import annotations

import hashlib
import json

from sqlmodel import Session, col, select

from directory.catalogue.record import ProposalRecord
from directory.models import Proposal, Resource


class Proposals:
    """Suggested changes; one that was decided stays, so that it is not filed again."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def file(
        self,
        kind: str,
        *,
        resource_id: int | None,
        field: str = "",
        change: dict[str, object],
        evidence: dict[str, object],
        at: str,
    ) -> bool:
        """File a proposal unless the same change was filed before, whatever became of it.

        Returns:
            Whether it is new.
        """
        identity = json.dumps([kind, resource_id, field, change], sort_keys=True, ensure_ascii=False)
        fingerprint = hashlib.sha256(identity.encode()).hexdigest()
        if self._session.exec(select(Proposal.id).where(Proposal.fingerprint == fingerprint)).first() is not None:
            return False
        self._session.add(
            Proposal(
                fingerprint=fingerprint,
                kind=kind,
                resource_id=resource_id,
                field=field,
                change=change,
                evidence=evidence,
                filed_at=at,
            )
        )
        self._session.flush()
        return True

    def all(self, *, state: str = "open", kind: str = "") -> list[ProposalRecord]:
        """Proposals in the order in which they were filed."""
        chosen = select(Proposal, Resource.slug).join(Resource, col(Resource.id) == Proposal.resource_id, isouter=True)
        if state:
            chosen = chosen.where(Proposal.state == state)
        if kind:
            chosen = chosen.where(Proposal.kind == kind)
        return [
            ProposalRecord(
                p.id or 0,
                p.kind,
                p.state,
                slug or "",
                p.field,
                p.change,
                p.evidence,
                p.filed_at,
                p.decided_at,
                p.decided_by,
            )
            for p, slug in self._session.exec(chosen.order_by(col(Proposal.id)))
        ]

    def decide(self, proposal_id: int, state: str, *, by: str, at: str) -> None:
        """Mark a proposal accepted or rejected."""
        found = self._session.get_one(Proposal, proposal_id)
        found.state, found.decided_at, found.decided_by = state, at, by
        self._session.add(found)
