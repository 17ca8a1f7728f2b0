"""What has been searched for, day by day? Written by `tally`, without SQLModel; read here."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from directory.catalogue.record import SearchRecord
from directory.models import SearchCount


class Searches:
    """The counts of searches."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def since(self, day: str) -> list[SearchRecord]:
        """The counts of a day (ISO) and all later ones, by day and query."""
        chosen = select(SearchCount).where(SearchCount.day >= day).order_by(SearchCount.day, SearchCount.query)
        return [SearchRecord(row.query, row.day, row.count, row.missing) for row in self._session.exec(chosen)]

    def forget(self, before: str) -> int:
        """Remove the counts of the days before one; returns how many."""
        found = self._session.exec(select(SearchCount).where(SearchCount.day < before)).all()
        self._session.execute(delete(SearchCount).where(col(SearchCount.day) < before))
        return len(found)
