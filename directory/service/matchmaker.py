"""How do resources come to articles: match a text, keep articles and their matches, find what is like a resource?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from directory import text, url
from directory.errors import IndexDamaged, InputError, UnknownName
from directory.service.reader import Reader

if TYPE_CHECKING:
    from directory.catalogue.record import ArticleRecord, MatchRecord
    from directory.match import Matched, Proposal
    from directory.match.engine import Matcher
    from directory.meaning.nearness import Meaning

CLICKS_A_DAY = 10_000
"""Clicks of one article that are counted on one day: more are no readers."""

KEPT_MATCHES, KEPT_GROUPS = 15, 4
"""What is kept with an article."""


class Rematch(NamedTuple):
    """What matching stored articles again has changed."""

    matched: int
    changed: int
    nothing: int
    """Of those matched, how many nothing fits."""


class Matchmaker(Reader):
    """What is done with articles."""

    _matching: Matcher | None = None
    _matching_for: object = None

    def match(self, title: str, body: str, *, limit: int = KEPT_MATCHES, groups: int = KEPT_GROUPS) -> Proposal:
        """The resources that go with a text, in groups, with the reasons; nothing of it is kept.

        Args:
            title: may be empty.
            body: the text, without markup (`match.plain` reads files).
            limit: resources at most.
            groups: groups at most.
        """
        try:
            return self._matcher().match(title, body, limit=limit, groups=groups)
        except IndexDamaged as damage:
            self._mend(damage)
            return self._matcher().match(title, body, limit=limit, groups=groups)

    def similar(self, slug: str, limit: int = 10) -> list[Matched]:
        """What is like a resource, the most alike first, with what they share.

        Raises:
            UnknownName: there is no such resource.
        """
        from directory.match import similar

        found, _ = self.show(slug)
        return similar.find(found.slug, self._matcher().source, limit)

    def _matcher(self) -> Matcher:
        from directory.match.engine import Matcher

        self._ensure_index()
        opened = self._opened()
        if self._matching is None or self._matching_for is not opened:
            meaning = self._meaning()
            opened = self._opened()  # vectors that were damaged have been made anew
            self._matching = Matcher(opened.searcher.reader, opened.taxonomy, opened.analyzer, meaning)
            self._matching_for = opened
        return self._matching

    def _meaning(self) -> Meaning | None:
        """The index's vectors. Damaged ones are made again; where that cannot be, words alone match."""
        if not self._encoder:
            return None
        from directory.meaning.nearness import open_meaning

        try:
            return open_meaning(self._opened().folder)
        except IndexDamaged as damage:
            self._mend(damage)
        try:
            return open_meaning(self._opened().folder)
        except IndexDamaged:
            return None

    def _method(self) -> str:
        from directory.match import MEANT, METHOD

        return MEANT if self._encoder else METHOD

    # ── articles ─────────────────────────────────────────────────────────────────────────────────────────────────

    def add_article(
        self, title: str, body: str, *, source: str = "", author: str = "", published: str = "", address: str = ""
    ) -> tuple[ArticleRecord, bool]:
        """Keep an article and match it.

        Args:
            title: what it is called.
            body: the text, without markup.
            source, author: who published and wrote it.
            published: when, ISO.
            address: where; http or https.

        Returns:
            The article with its matches, and whether it is new.

        Raises:
            InputError: it has no title or text, or the address is none.
        """
        from directory.catalogue.record import ArticleRecord

        tidied = url.tidy(address) if address else ""
        if tidied is None:
            raise InputError(f"'{text.clip(address, 80)}' is no address", "give a full https:// address")
        lines = [line for part in body.splitlines() if (line := text.clean(part))]
        shown = text.clip(text.clean(title), 300)
        if not shown or not lines:
            raise InputError("an article needs a title and a text", "give the title with --title")
        draft = ArticleRecord(
            0, shown, text.clean(source), text.clean(author), text.clean(published)[:25], None, tidied,
            "\n".join(lines), "", (),
        )  # fmt: skip
        self._ensure_catalogue()
        with self._writing() as catalogue:
            before = catalogue.articles.count()
            number, _ = catalogue.articles.put(draft, at=self._now())
            new = catalogue.articles.count() > before
        self.rematch([number])
        return self.article(number), new

    def articles(self) -> list[ArticleRecord]:
        """Every article with its matches, the newest first."""
        self._ensure_catalogue()
        with self._catalogue() as catalogue:
            return catalogue.articles.all()

    def article(self, number: int) -> ArticleRecord:
        """One article with its matches.

        Raises:
            UnknownName: there is none.
        """
        self._ensure_catalogue()
        with self._catalogue() as catalogue:
            found = catalogue.articles.get(number)
        if found is None:
            raise UnknownName(f"there is no article {number}", "they are listed by: aidir article list")
        return found

    def search_articles(self, typed: str, limit: int = 10) -> list[ArticleRecord]:
        """The articles that have the words, best first: all of them before some, in the title before in the text."""
        self._ensure_index()
        words = dict.fromkeys(token.text for token in self._opened().analyzer.words(text.fold(typed)[:256]))
        scored = []
        for found in self.articles():
            title, body = text.fold(found.title), text.fold(found.body)
            held = [3.0 * (w in title) + min(body.count(w), 5) / 5 for w in words]
            if any(held):
                scored.append((-sum(1 for h in held if h), -sum(held), found.id, found))
        return [found for *_, found in sorted(scored)[:limit]]

    def count_click(self, number: int) -> bool:
        """Count that an article was opened; for the web page. Above a daily cap it is not counted.

        Returns:
            Whether it was counted.
        """
        self._ensure_catalogue()
        with self._writing() as catalogue:
            return catalogue.articles.count_click(number, self._now()[:10], CLICKS_A_DAY)

    def rematch(self, numbers: Iterable[int] | None = None) -> Rematch:
        """Match stored articles to the catalogue as it is now; what a page matched stays beside it.

        Args:
            numbers: which; those that have not been matched since the catalogue changed when None.
        """
        self._matcher()  # brings catalogue and index up to date, which may be a change
        with self._catalogue() as catalogue:
            sequence = catalogue.sequence()
            wanted = catalogue.articles.stale(sequence, self._method()) if numbers is None else list(numbers)
            found = catalogue.articles.some(wanted)
        proposals = {}
        with self._talk.progress("matching articles", len(found)) as tick:
            for done, article in enumerate(found, 1):
                proposals[article.id] = self.match(article.title, article.body)
                tick(done)
        return self._keep(proposals) if proposals else Rematch(0, 0, 0)

    def _keep(self, proposals: dict[int, Proposal]) -> Rematch:
        method = self._method()
        changed = 0
        with self._writing() as catalogue:
            terms, resources = catalogue.terms.ids(), catalogue.resources.ids()
            for number, proposal in proposals.items():
                rows = [
                    (resources[record.resource], terms[record.group], record)
                    for record in _records(proposal, method)
                    if record.resource in resources and record.group in terms
                ]
                changed += catalogue.articles.put_matches(number, "engine", rows)
            # Of the sequence after the write: new matches are changes, too, and no reason to match again.
            catalogue.articles.note_matched(proposals, catalogue.sequence(), method)
        return Rematch(len(proposals), changed, sum(not p.groups for p in proposals.values()))


def _records(proposal: Proposal, method: str) -> Sequence[MatchRecord]:
    from directory.catalogue.record import MatchRecord

    return [
        MatchRecord(
            match.hit.slug, group.slug, place, position, "engine", match.hit.pricing,
            match.hit.summary_zh or match.hit.summary_en, match.score,
            {
                "edge": group.edge,
                "path": list(group.path),
                "evidence": [
                    {
                        "kind": e.kind, "what": e.what, "path": list(e.path), "times": e.times, "share": e.share,
                        "triggers": [t._asdict() for t in e.triggers],
                    }
                    for e in match.evidence
                ],
            },
            method,
        )
        for place, group in enumerate(proposal.groups, 1)
        for position, match in enumerate(group.matches, 1)
    ]  # fmt: skip
