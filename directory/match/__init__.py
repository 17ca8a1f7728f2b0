"""What comes out when resources are matched to an article, and why each of them?

An article goes in as a title and a text. Out comes a Proposal: groups (terms) in order, each with resources, each of
those with its evidence: the words that brought it up, where they stand, the way through the alias graph, and how much
of the score they carry. Nothing fits as often as not: then there are no groups, and the proposal says so.

    article     which words does the article have, where, and how much do they tell of it?
    concept     which terms stand in it, and which lie beside those?
    mention     which resources does it call by name or address?
    scoring     how much has each resource to do with it?
    likeness    which candidates mean the same, in whatever words?
    grouping    under which terms are they shown, and in which order?
    engine      the way through: Article -> Proposal
    similar     what is like a resource?
    weights     every weight, with its reason

All of it reads the index through `search.Reader` only: postings, rows and hits.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from directory.search import Hit

METHOD, MEANT = "2", "2+meaning"
"""Which method it is, by words alone or also by meaning; kept with every match, so that those of an older one are made
anew."""

Kind = Literal["name", "address", "term", "related", "word", "meaning"]


class Trigger(NamedTuple):
    """Something that stands in the article: a half-open span of characters of its title or its text."""

    text: str
    start: int
    end: int
    where: Literal["title", "text"]


class Evidence(NamedTuple):
    """One reason for a match."""

    kind: Kind
    """`name` and `address`: it is mentioned; `term`: it has to do with a term that stands in the article; `related`:
    with a term beside one of those; `word`: its own words stand in the article; `meaning`: a sentence of the article
    means what its description means, in other words or another language."""
    what: str
    """The name, address, term (slug) or word, or the beginning of the sentence."""
    path: tuple[str, ...]
    """The way from the words to the resource: the label as written, term slugs, edges such as `-related->`."""
    triggers: tuple[Trigger, ...]
    """The first places in the article."""
    times: int
    """How often it stands there."""
    share: float
    """How much of the score it carries, 0 to 1; what is left came from words too small to list."""


class Matched(NamedTuple):
    """A resource that goes with the article."""

    hit: Hit
    score: float
    """1 is what the best of the article has."""
    group: str
    """The slug of the term it is shown under."""
    evidence: tuple[Evidence, ...]


class Group(NamedTuple):
    """Resources under one term."""

    slug: str
    edge: str
    """Empty when the term stands in the article; else how it is reached: related, broader, narrower."""
    path: tuple[str, ...]
    score: float
    matches: tuple[Matched, ...]


class Proposal(NamedTuple):
    """What goes with an article."""

    title: str
    groups: tuple[Group, ...]
    ranked: tuple[Matched, ...]
    """The resources by score alone, whatever their group."""
    fit: float
    """How well the catalogue fits the article; below 1 nothing is proposed."""

    @property
    def matches(self) -> list[Matched]:
        """The resources in the order in which they are shown."""
        return [match for group in self.groups for match in group.matches]
