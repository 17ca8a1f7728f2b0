"""How does a Reading become catalogue? Identity first, then field by field, by the rank of who says so.

The ranks: curator > seeds > github > import. A value of a higher rank is never overwritten; where a curator's word and
a new import differ, a proposal is filed for review. Filing the same reading twice changes nothing the second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from directory import repo, text, url
from directory.catalogue import Catalogue
from directory.catalogue.record import ArticleRecord, Draft, MatchRecord, ResourceRecord
from directory.catalogue.resource import SCALARS
from directory.curation.mapping import Mapped, terms_of
from directory.importers import ArticleEntry, Entry, Keyword, Leftover, Place, Reading
from directory.models import KINDS, LINK_ROLES, PRICINGS
from directory.taxonomy import Taxonomy

Origin = Literal["curator", "seeds", "github", "import"]
_MAX_TERMS = 6
_AT_ONCE = 500
"""Entries that are looked up together."""
RANK: dict[str, int] = {"curator": 3, "seeds": 2, "github": 1, "import": 0}


@dataclass
class Report:
    """What filing a reading did, counted, and what could not be read."""

    source: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    found: int = 0
    """Entries that were there already, changed or not."""
    articles: list[str] = field(default_factory=list)
    articles_changed: int = 0
    keywords: list[Keyword] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)
    """Headings and tags that no term was found for, with the number of their entries."""
    mapped: dict[str, list[Mapped]] = field(default_factory=dict)
    """Headings and tags that were understood: the terms, how sure, and why."""
    proposals: int = 0
    leftovers: list[Leftover] = field(default_factory=list)
    dry_run: bool = False


class Filing:
    """Files readings into an open catalogue.

    Args:
        catalogue: open for writing.
        taxonomy: the catalogue's terms.
        origin: who says what is filed.
        source: the name of the list, page or file.
        at: the time of the filing.
        propose: file what is new as proposals instead of adding it.
    """

    def __init__(
        self, catalogue: Catalogue, taxonomy: Taxonomy, *, origin: Origin, source: str, at: str, propose: bool = False
    ) -> None:
        self._catalogue = catalogue
        self._taxonomy = taxonomy
        self._origin: Origin = origin
        self._source = source
        self._at = at
        self._propose = propose
        self.report = Report(source)
        self._mapped: dict[str, list[Mapped]] = {}
        self._stated: set[tuple[int, str]] = set()
        self._records: dict[int, ResourceRecord] = {}

    def file(self, reading: Reading, progress: Callable[[int], None] = lambda done: None) -> Report:
        """File everything a reading holds; `progress` is called with the number of entries done."""
        report = self.report
        report.keywords += reading.keywords
        report.leftovers += reading.leftovers
        for start in range(0, len(reading.entries), _AT_ONCE):
            drafts = [(entry, self._draft(entry)) for entry in reading.entries[start : start + _AT_ONCE]]
            self._read_ahead(draft for _, draft in drafts if draft is not None)
            for number, (entry, draft) in enumerate(drafts, start + 1):
                self._file(entry, draft)
                progress(number)
        for article in reading.articles:
            self._article(article)
        return report

    def entry(self, entry: Entry) -> int | None:
        """File one entry; returns the resource's id, or None when the entry cannot be one."""
        return self._file(entry, self._draft(entry))

    def _read_ahead(self, drafts: Iterable[Draft]) -> None:
        """Read what is known of these at once: most entries of a list that comes again are found as they were filed."""
        find = self._catalogue.resources.identities.find
        ids = {known for draft in drafts if (known := find(draft.links, draft.past_names)) is not None}
        self._records = {record.id: record for record in self._catalogue.resources.by_ids(ids)}

    def _file(self, entry: Entry, draft: Draft | None) -> int | None:
        if draft is None:
            self.report.leftovers.append(Leftover(entry.place, text.clip(entry.name, 80), "it has no usable address"))
            return None
        resources = self._catalogue.resources
        known = resources.identities.find(draft.links, draft.past_names)
        source = _spot(self._source, entry.place)
        if known is None and self._propose:
            change = {k: v for k, v in draft._asdict().items() if v}
            change = {k: list(v) if isinstance(v, tuple) else v for k, v in change.items()}
            change["links"] = [list(link) for link in draft.links]
            self.report.proposals += self._catalogue.proposals.file(
                "new", resource_id=None, change=change, evidence={"source": source}, at=self._at
            )
            return None
        if known is None:
            number = resources.add(draft, origin=self._origin, source=source, at=self._at)
            self._stated.update((number, name) for name in (*SCALARS, "names", "terms") if getattr(draft, name))
            self.report.added.append(draft.name)
            return number
        self.report.found += 1
        if self._update(known, draft, source):
            self.report.changed.append(draft.name)
        return known

    def _draft(self, entry: Entry) -> Draft | None:
        links: list[tuple[str, str]] = []
        for link in entry.links:
            tidied = url.tidy(link.url)
            if tidied is not None:
                links.append((tidied, link.role if link.role in LINK_ROLES else "page"))
        name = text.clean(entry.name)
        if not links or not name:
            return None
        terms, tags = self.file_under(entry)
        return Draft(
            name=text.clip(name, 120),
            links=tuple(links),
            kind=entry.kind if entry.kind in KINDS else "",
            names=tuple(n for raw in entry.names if (n := text.clean(raw))),
            summary_zh=text.clip(text.clean(entry.summaries.get("zh", "")), 500),
            summary_en=text.clip(text.clean(entry.summaries.get("en", "")), 500),
            pricing=entry.pricing if entry.pricing in PRICINGS else "",
            licence=text.clean(entry.licence),
            terms=terms,
            tags=tags,
            past_names=entry.past_names,
            stars=entry.stars,
            stars_asof=entry.stars_asof,
            stars_source=entry.stars_source,
            archived=entry.archived,
            cited_by=int(str(entry.extra.get("cited_by", 0))),
            slug=entry.slug,
        )

    def file_under(self, entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The terms that an entry's labels and headings name, the nearest first, and what named none."""
        terms: dict[str, None] = {}
        tags: dict[str, None] = {}
        for label in dict.fromkeys((*entry.labels, *reversed(entry.path))):
            if label not in self._mapped:
                self._mapped[label] = terms_of(label, self._taxonomy)
            for mapped in self._mapped[label]:
                terms[mapped.slug] = None
                self.report.mapped[label] = self._mapped[label]
            if not self._mapped[label] and text.squash(label):
                tags[text.clip(text.clean(label), 80)] = None
        self.report.unmapped.update(list(tags))
        return tuple(terms)[:_MAX_TERMS], tuple(tags)

    def _update(self, known: int, draft: Draft, source: str) -> bool:
        """Bring a resource up to what the draft says, as far as its rank allows; returns whether anything changed."""
        resources = self._catalogue.resources
        record = self._record(known)
        pages = {url.canonical(link.url) for link in record.links}
        new = [link for link in draft.links if url.canonical(link[0]) not in pages]
        changed = bool(new) and resources.add_links(known, new) > 0
        for name in (*SCALARS, "names", "terms"):
            value = getattr(draft, name)
            if value:
                changed |= self._field(record, name, value, source)
        if record.repository is not None:
            number = resources.identities.repository(record.repository.name.lower())
            if number is not None:
                changed |= resources.put_stars(number, draft.stars, draft.stars_asof, draft.stars_source)
                for past in draft.past_names:
                    parsed = repo.parse_name(past)
                    changed |= parsed is not None and resources.add_past_name(
                        number, parsed, at=self._at, evidence=source
                    )
        if changed:
            self._records.pop(known, None)
        return changed

    def _record(self, known: int) -> ResourceRecord:
        """A resource as it stands now."""
        if known not in self._records:
            self._records[known] = self._catalogue.resources.by_id(known)
        return self._records[known]

    def _field(self, record: ResourceRecord, name: str, value: object, source: str) -> bool:
        present = getattr(record, name)
        if present == value:
            self._stated.add((record.id, name))
            return False
        holder = record.provenance.get(name)
        rank, held = RANK[self._origin], RANK[holder.origin] if holder else -1
        # Of two imports the first one keeps the field, but a list may correct what it said itself. Within a list the
        # first entry speaks: otherwise two entries for one repository would take turns at every import.
        itself = holder is not None and holder.origin == self._origin and self._is_own(holder.source)
        first = (record.id, name) not in self._stated
        self._stated.add((record.id, name))
        if not present or rank > held or (itself and first):
            return self._catalogue.resources.set_field(
                record.id, name, value, origin=self._origin, source=source, at=self._at
            )
        if holder is not None and holder.origin == "curator" and rank < held:
            self.report.proposals += self._catalogue.proposals.file(
                "change",
                resource_id=record.id,
                field=name,
                change={"to": list(value) if isinstance(value, tuple) else value},
                evidence={"source": source, "present": list(present) if isinstance(present, tuple) else present},
                at=self._at,
            )
        return False

    def _is_own(self, source: str) -> bool:
        return source == self._source or source.startswith((f"{self._source}/", f"{self._source}:"))

    def _article(self, article: ArticleEntry) -> None:
        record = ArticleRecord(
            id=0,
            title=text.clip(text.clean(article.title), 300),
            source=text.clean(article.source),
            author=text.clean(article.author),
            published=article.published,
            clicks=article.clicks,
            url=article.url,
            body="\n\n".join(text.clean(p) for p in article.body.split("\n\n")),
            added_at=self._at,
            matches=(),
        )
        number, changed = self._catalogue.articles.put(record, at=self._at)
        ids = self._catalogue.terms.ids()
        matches = []
        for match in article.matches:
            resource = self.entry(match.entry)
            term = self._taxonomy.resolve(match.group)
            if resource is None or term is None:
                if term is None:
                    place = match.entry.place
                    self.report.leftovers.append(Leftover(place, match.group, "no term has this label"))
                continue
            summary = next(iter(match.entry.summaries.values()), "")
            shown = MatchRecord(
                "", term.slug, match.group_position, match.position, "page", match.entry.pricing, summary, None, {}
            )
            matches.append((resource, ids[term.slug], shown))
        changed |= self._catalogue.articles.put_matches(number, "page", matches)
        self.report.articles.append(article.title)
        self.report.articles_changed += changed


def _spot(source: str, place: Place) -> str:
    spot = source if place.path in ("", source) else f"{source}/{place.path}"
    return f"{spot}:{place.line}" if place.line else spot
