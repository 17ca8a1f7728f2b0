"""What is wrong with an entry, or between entries? The same rules for the seeds and for a catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from directory import repo, text, url
from directory.models import KINDS, LINK_ROLES, PRICINGS
from directory.taxonomy import Taxonomy

LONGEST = {"zh": 160, "en": 400}
"""Characters of a summary: what a reader takes in at a glance."""
SHORTEST = {"zh": 12, "en": 30}

# Words that praise instead of saying what a thing is.
_PRAISE = re.compile(
    r"\b(?:powerful|best[- ]in[- ]class|blazing(?:ly)?[- ]fast|cutting[- ]edge|state[- ]of[- ]the[- ]art|revolutionary|"
    r"world[- ]class|game[- ]chang\w+|ultimate|amazing)\b|强大|最强|领先的|一流|极致|颠覆|革命性|业界最|史上最",
    re.I,
)


class Finding(NamedTuple):
    """Something to mend: which entry, which rule, what exactly."""

    slug: str
    rule: str
    message: str


Row = Mapping[str, Any]
"""An entry in the plain form of the seeds, with its home category first in `terms`."""


def check(rows: Iterable[Row], taxonomy: Taxonomy) -> list[Finding]:
    """All findings, entry by entry, then those between entries."""
    entries = list(rows)
    findings = [f for row in entries for rule in _RULES for f in rule(row, taxonomy)]
    return findings + list(_duplicates(entries))


def terms(taxonomy: Taxonomy) -> list[Finding]:
    """What is wrong with the taxonomy itself: a label of two terms, a term without one of the languages."""
    found = [
        Finding(slugs[0], "label", f"'{key}' is also a label of {', '.join(slugs[1:])}")
        for key, slugs in taxonomy.collisions().items()
    ]
    for term in taxonomy:
        missing = {"zh", "en"} - {label.language for label in term.labels if label.kind == "pref"}
        found += [Finding(term.slug, "language", f"no preferred label in {n}") for n in sorted(missing)]
        if term.slug in taxonomy.ancestors(term.slug):
            found.append(Finding(term.slug, "cycle", "it is broader than itself"))
    return found


def _slug(row: Row) -> str:
    return str(row.get("slug") or row.get("name") or "?")


def _vocabulary(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    slug = _slug(row)
    if not row.get("slug") or text.slug(str(row["slug"])) != row["slug"]:
        yield Finding(slug, "slug", "the slug is missing or not kebab-case")
    if row.get("kind") not in KINDS:
        yield Finding(slug, "kind", f"kind '{row.get('kind')}' is none of {', '.join(KINDS)}")
    if row.get("pricing") and row["pricing"] not in PRICINGS:
        yield Finding(slug, "pricing", f"pricing '{row['pricing']}' is none of {', '.join(PRICINGS)}")
    for role in row.get("links") or {}:
        if role not in LINK_ROLES:
            yield Finding(slug, "link", f"link role '{role}' is none of {', '.join(LINK_ROLES)}")


def _summaries(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    slug = _slug(row)
    for language in ("zh", "en"):
        summary = str(row.get(f"summary_{language}") or "")
        if not summary:
            yield Finding(slug, "language", f"no summary_{language}")
            continue
        if len(summary) > LONGEST[language]:
            yield Finding(slug, "length", f"summary_{language} has {len(summary)} characters, over {LONGEST[language]}")
        if len(summary) < SHORTEST[language]:
            yield Finding(slug, "length", f"summary_{language} says too little: {summary}")
        if text.language(summary) != language:
            yield Finding(slug, "language", f"summary_{language} is not in that language: {text.clip(summary, 40)}")
        praise = _PRAISE.search(summary)
        if praise:
            yield Finding(slug, "praise", f"summary_{language} praises: '{praise[0]}'")
        if text.clean(summary) != summary:
            yield Finding(slug, "text", f"summary_{language} has control characters or odd spaces")


def _filed(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    found = [str(t) for t in row.get("terms") or ()]
    if not found:
        yield Finding(_slug(row), "term", "filed under no term")
    for slug in found:
        if slug not in taxonomy.terms:
            near = taxonomy.resolve(slug)
            hint = f"; did you mean {near.slug}?" if near else ""
            yield Finding(_slug(row), "term", f"there is no term '{slug}'{hint}")


def _licence(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    licence = row.get("licence")
    if not licence:
        return
    try:
        canonical = canonicalize_license_expression(str(licence))
    except InvalidLicenseExpression:
        yield Finding(_slug(row), "licence", f"'{licence}' is no SPDX expression")
        return
    if canonical != licence:
        yield Finding(_slug(row), "licence", f"'{licence}' is written {canonical}")


def _addresses(row: Row) -> list[str]:
    links = row.get("links") or {}
    return [str(a) for a in (row.get("repository"), *links.values()) if a]


def _links(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    slug = _slug(row)
    if not _addresses(row):
        yield Finding(slug, "link", "no address at all")
    for address in _addresses(row):
        if url.tidy(address) is None:
            yield Finding(slug, "link", f"'{address}' is no address")
        elif not address.startswith("https://"):
            yield Finding(slug, "http", f"{address} is not https")
    repository = row.get("repository")
    name = repo.parse(str(repository)) if repository else None
    if repository and (name is None or repository != name.url):
        yield Finding(slug, "repository", f"{repository} is not of the form https://github.com/owner/name")
    for past in row.get("past_names") or ():
        if repo.parse_name(str(past)) is None:
            yield Finding(slug, "repository", f"'{past}' is no owner/name")


def _facts(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    if row.get("stars") is not None and not (row.get("stars_asof") and row.get("stars_source")):
        yield Finding(_slug(row), "stars", "stars without the day and the source they are from")


def _names(row: Row, taxonomy: Taxonomy) -> Iterator[Finding]:
    """A name that shares nothing with its repository is often a slip of the line above."""
    name = repo.parse(str(row.get("repository") or ""))
    written = [text.squash(str(n)) for n in (row.get("name"), *(row.get("names") or ()), row.get("slug"))]
    latin = {n for n in written if n and n.isascii()}
    if name is None or not latin:
        return
    places = [name.name, name.owner, *(str(p) for p in row.get("past_names") or ())]
    address = text.squash(" ".join(places))
    pieces = {p for place in places for p in re.findall(r"[a-z]{3,}", place.casefold())}
    if not any(n in address or any(p in n for p in pieces) for n in latin):
        yield Finding(_slug(row), "name", f"'{row.get('name')}' shares nothing with {name.url}")


def _duplicates(entries: list[Row]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row in entries:
        keys = {f"slug {_slug(row)}"}
        name = repo.parse(str(row.get("repository") or ""))
        if name is not None:
            keys |= {f"repository {name.key}", *(f"repository {p.lower()}" for p in row.get("past_names") or ())}
        else:
            keys |= {f"address {url.canonical(a)}" for a in _addresses(row)[:1] if url.tidy(a)}
        for key in sorted(keys):
            if key in seen:
                yield Finding(_slug(row), "duplicate", f"{key} stands in '{seen[key]}' too")
            seen.setdefault(key, _slug(row))


_RULES: tuple[Callable[[Row, Taxonomy], Iterator[Finding]], ...] = (
    _vocabulary,
    _summaries,
    _filed,
    _licence,
    _links,
    _facts,
    _names,
)
