"""How are articles and their matches stored and read?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import Session, col, select

from directory import text
from directory.catalogue.record import ArticleRecord, MatchRecord
from directory.models import Article, Match, Resource, Term


def digest(title: str, body: str) -> str:
    """The identity of an article: its folded words, so that another layout of the same text is the same article."""
    return hashlib.sha256(f"{text.squash(title)}\n{text.squash(body)}".encode()).hexdigest()


class Articles:
    """The texts that resources are matched to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, found: ArticleRecord, *, at: str) -> tuple[int, bool]:
        """Add an article, or bring the one with the same words up to date (the higher click count stays).

        Returns:
            Its id, and whether anything changed.
        """
        key = digest(found.title, found.body)
        article = self._session.exec(select(Article).where(Article.digest == key)).one_or_none()
        if article is None:
            article = Article(digest=key, title=found.title, body=found.body, added_at=at)
        before = article.model_dump()
        for name in ("source", "author", "published", "url"):
            if getattr(found, name):
                setattr(article, name, getattr(found, name))
        if found.clicks is not None:
            article.clicks = max(found.clicks, article.clicks or 0)
        changed = article.id is None or article.model_dump() != before
        if changed:
            self._session.add(article)
            self._session.flush()
        assert article.id is not None
        return article.id, changed

    def put_matches(self, article_id: int, origin: str, matches: Iterable[tuple[int, int, MatchRecord]]) -> bool:
        """Replace the matches of one origin.

        Args:
            article_id: the article.
            origin: `page` or `engine`.
            matches: resource id, term id (the group) and the match.

        Returns:
            Whether anything changed.
        """
        wanted = [
            Match(
                article_id=article_id,
                resource_id=resource_id,
                term_id=term_id,
                group_position=m.group_position,
                position=m.position,
                origin=origin,
                pricing=m.pricing,
                summary=m.summary,
                score=m.score,
                evidence=m.evidence,
            )
            for resource_id, term_id, m in matches
        ]
        chosen = select(Match).where(Match.article_id == article_id, Match.origin == origin)
        found = self._session.exec(chosen.order_by(col(Match.group_position), col(Match.position))).all()
        if [m.model_dump(exclude={"id"}) for m in found] == [m.model_dump(exclude={"id"}) for m in wanted]:
            return False
        self._session.exec(delete(Match).where(col(Match.article_id) == article_id, col(Match.origin) == origin))
        self._session.add_all(wanted)
        self._session.flush()
        return True

    def all(self) -> list[ArticleRecord]:
        """Every article with its matches, the newest first, in two queries."""
        chosen = (
            select(Match, Resource.slug, Term.slug)
            .join(Resource, col(Resource.id) == Match.resource_id)
            .join(Term, col(Term.id) == Match.term_id)
            .order_by(col(Match.group_position), col(Match.position))
        )
        matches: dict[int, list[MatchRecord]] = {}
        for match, resource, group in self._session.exec(chosen):
            matches.setdefault(match.article_id, []).append(
                MatchRecord(
                    resource,
                    group,
                    match.group_position,
                    match.position,
                    match.origin,
                    match.pricing,
                    match.summary,
                    match.score,
                    match.evidence,
                )
            )
        ordered = select(Article).order_by(col(Article.published).desc(), col(Article.id))
        return [
            ArticleRecord(
                a.id or 0,
                a.title,
                a.source,
                a.author,
                a.published,
                a.clicks,
                a.url,
                a.body,
                a.added_at,
                tuple(matches.get(a.id or 0, ())),
            )
            for a in self._session.exec(ordered)
        ]

    def count(self) -> int:
        """How many articles there are."""
        return len(self._session.exec(select(Article.id)).all())
