"""How are articles and their matches stored and read?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from directory import text
from directory.catalogue.record import ArticleRecord, MatchRecord
from directory.models import Article, ArticleClick, Match, Resource, Term

_AT_ONCE = 500
"""Ids that are named in one statement; for more, all articles are read."""

MAX_CLICKS = 100_000_000
"""A page may claim any number of clicks; no more than this is believed."""


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
            article.clicks = max(min(found.clicks, MAX_CLICKS), article.clicks or 0)
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
                version=m.version,
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
        return self._read()

    def get(self, number: int) -> ArticleRecord | None:
        """One article by its id."""
        return next(iter(self._read((number,))), None)

    def some(self, numbers: Iterable[int]) -> list[ArticleRecord]:
        """Articles by their ids, in that order; ids of none are left out."""
        wanted = list(numbers)
        known = {found.id: found for found in self._read(tuple(wanted) if len(wanted) < _AT_ONCE else None)}
        return [known[number] for number in wanted if number in known]

    def mentioning(self, slug: str) -> list[ArticleRecord]:
        """The articles that a resource is matched to, the newest first."""
        chosen = (
            select(Match.article_id).join(Resource, col(Resource.id) == Match.resource_id).where(Resource.slug == slug)
        )
        return self._read(tuple(sorted(set(self._session.exec(chosen)))))

    def stale(self, sequence: int, method: str) -> list[int]:
        """The articles that have not been matched since a change of the catalogue, or by another method."""
        chosen = select(Article.id, Article.matched_at, Article.matched_by).order_by(col(Article.id))
        return [
            number
            for number, at, by in self._session.exec(chosen)
            if number is not None and (at is None or at < sequence or by != method)
        ]

    def note_matched(self, numbers: Iterable[int], sequence: int, method: str) -> None:
        """Note that articles have been matched to the catalogue as it is now."""
        values = {"matched_at": sequence, "matched_by": method}
        self._session.execute(update(Article).where(col(Article.id).in_(list(numbers))).values(**values))

    def count_click(self, number: int, day: str, most: int) -> bool:
        """Count that an article was opened, at most so often a day.

        Returns:
            Whether it was counted; False above the cap, or when there is no such article.
        """
        article = self._session.get(Article, number)
        if article is None:
            return False
        row = self._session.get(ArticleClick, (number, day)) or ArticleClick(article_id=number, day=day, count=0)
        if row.count >= most:
            return False
        row.count += 1
        article.clicks = (article.clicks or 0) + 1
        self._session.add_all((row, article))
        self._session.flush()
        return True

    def _read(self, numbers: tuple[int, ...] | None = None) -> list[ArticleRecord]:
        matched = (
            select(Match, Resource.slug, Term.slug)
            .join(Resource, col(Resource.id) == Match.resource_id)
            .join(Term, col(Term.id) == Match.term_id)
            .order_by(col(Match.origin).desc(), col(Match.group_position), col(Match.position))
        )
        chosen = select(Article).order_by(col(Article.published).desc(), col(Article.id))
        if numbers is not None:
            matched = matched.where(col(Match.article_id).in_(numbers))
            chosen = chosen.where(col(Article.id).in_(numbers))
        matches: dict[int, list[MatchRecord]] = {}
        for match, resource, group in self._session.exec(matched):
            matches.setdefault(match.article_id, []).append(_match(match, resource, group))
        return [_article(a, tuple(matches.get(a.id or 0, ()))) for a in self._session.exec(chosen)]

    def count(self) -> int:
        """How many articles there are."""
        return len(self._session.exec(select(Article.id)).all())


def _match(match: Match, resource: str, group: str) -> MatchRecord:
    return MatchRecord(
        resource,
        group,
        match.group_position,
        match.position,
        match.origin,
        match.pricing,
        match.summary,
        match.score,
        match.evidence,
        match.version,
    )


def _article(found: Article, matches: tuple[MatchRecord, ...]) -> ArticleRecord:
    return ArticleRecord(
        found.id or 0,
        found.title,
        found.source,
        found.author,
        found.published,
        found.clicks,
        found.url,
        found.body,
        found.added_at,
        matches,
        found.matched_at,
        found.matched_by,
    )
