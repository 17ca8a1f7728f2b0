"""Under which terms are resources shown, in which order, and which of them in each?

A group is a term that stands in the article, lies beside one that does, or is what the best resources are filed under.
Groups are chosen one after the other: what stands above or below a chosen one counts less, so that a reader gets
different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import NamedTuple

from directory import text
from directory.match import weights
from directory.match.concept import Concept
from directory.match.source import Source
from directory.search._ranking import CONCEPT_WEIGHTS
from directory.taxonomy import Taxonomy, Term


class Shelf(NamedTuple):
    """A group on its way: the term and the resources under it, with what each is worth there."""

    concept: Concept
    worth: float
    members: tuple[tuple[int, float], ...]


def arrange(
    values: Mapping[int, float],
    others: Mapping[int, float],
    concepts: Mapping[str, Concept],
    taxonomy: Taxonomy,
    source: Source,
    *,
    limit: int,
    groups: int,
) -> list[Shelf]:
    """Choose groups and fill them.

    Args:
        values: what the best resources are worth by themselves; the very best about 1.
        others: what the rest is worth.
        concepts: the article's terms.
        taxonomy: the terms.
        source: the index.
        limit: resources in all.
        groups: groups at most.
    """
    best = sorted(values, key=lambda n: (-values[n], n))[: weights.VOTERS]
    votes = _votes(best, values, concepts, source)
    worths = {
        slug: _offer(concepts[slug], source) if slug in concepts else 0.0
        for slug in {*concepts, *votes}
        if slug in taxonomy.terms
    }
    highest = max(worths.values(), default=0.0) or 1.0
    mass = max(votes.values(), default=0.0) or 1.0
    worths = {s: w / highest + weights.VOTES * votes.get(s, 0.0) / mass for s, w in worths.items()}
    worths = {s: w * (weights.PROPER if _is_proper(taxonomy.terms[s]) else 1.0) for s, w in worths.items()}
    worths = {s: w * (weights.HUB if _is_hub(s, concepts, taxonomy) else 1.0) for s, w in worths.items()}
    chosen = _choose(worths, {**others, **values}, concepts, taxonomy, source, groups)
    return _fill(chosen, values, source, limit)


def filed(slug: str, source: Source) -> tuple[int, ...]:
    """The resources that are filed under a term itself."""
    least = CONCEPT_WEIGHTS["category"]
    return tuple(n for n, impact in source.postings("concept", slug).items() if impact >= least and source.prior(n))


def filed_value(number: int, slug: str, source: Source) -> float:
    """What being filed under a group's term is worth: more for what is well known, and for its home category."""
    categories = source.hit(number).categories
    if slug not in categories:
        return 0.0
    home = weights.AT_HOME if categories[0] == slug else 1.0
    return float(weights.FILED * home * (source.prior(number) / weights.WELL_KNOWN) ** weights.KNOWN)


def _offer(concept: Concept, source: Source) -> float:
    """What a term is worth as a group: how much the article is about it, how rare it is, how much there is under it."""
    rare = source.idf(len(source.postings("concept", concept.slug))) / source.idf(1)
    if concept.slug in weights.EVERYDAY:
        rare *= weights.EVERYDAY_FACTOR
    return float(concept.weight * rare**weights.RARITY * log(1 + len(filed(concept.slug, source))) ** weights.RICHNESS)


def _is_proper(term: Term) -> bool:
    """Whether a term is a product or a company: its Chinese name is a Latin one."""
    return not text.has_han(term.name("zh"))


def _is_hub(slug: str, concepts: Mapping[str, Concept], taxonomy: Taxonomy) -> bool:
    """Whether a term of the article leads to many others: it is shown through them."""
    said = slug in concepts and not concepts[slug].edge
    return said and len(taxonomy.terms[slug].related) >= weights.HUB_EDGES


def _votes(
    best: list[int], values: Mapping[int, float], concepts: Mapping[str, Concept], source: Source
) -> dict[str, float]:
    """The best resources vote for the terms they are filed under, most for their home and what the article says."""
    votes: dict[str, float] = {}
    for number in best:
        for place, slug in enumerate(source.hit(number).categories):
            if place == 0 or slug in concepts:
                votes[slug] = votes.get(slug, 0.0) + values[number]
    return votes


def _choose(
    worths: Mapping[str, float],
    values: Mapping[int, float],
    concepts: Mapping[str, Concept],
    taxonomy: Taxonomy,
    source: Source,
    groups: int,
) -> list[Shelf]:
    left = dict(worths)
    chosen: list[Shelf] = []
    while left and len(chosen) < groups:
        slug = max(left, key=lambda s: (left[s], s))
        worth = left.pop(slug)
        if worth <= weights.LEAST_GROUP * max(worths.values()):
            break
        members = _members(slug, values, source)
        if not members:
            continue
        concept = concepts.get(slug) or Concept(slug, 0.0, (), (slug,), "")
        chosen.append(Shelf(concept, worth, members))
        near = {*taxonomy.ancestors(slug), *taxonomy.descendants(slug)}
        left = {s: w * (weights.OVERLAP if s in near else 1.0) for s, w in left.items()}
    return chosen


def _members(slug: str, values: Mapping[int, float], source: Source) -> tuple[tuple[int, float], ...]:
    found = {n: values.get(n, 0.0) + filed_value(n, slug, source) for n in filed(slug, source)}
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _fill(chosen: list[Shelf], values: Mapping[int, float], source: Source, limit: int) -> list[Shelf]:
    """Give every group its part of the limit; a resource stands in the group where it is worth most."""
    where: dict[int, tuple[float, int]] = {}
    for place, shelf in enumerate(chosen):
        for number, value in shelf.members:
            found = (value + shelf.worth * weights.GROUP_PULL, -place)
            where[number] = max(where.get(number, found), found)
    shares = _shares(chosen, limit)
    filled = []
    for place, (shelf, share) in enumerate(zip(chosen, shares, strict=True)):
        own = [m for m in shelf.members if -where[m[0]][1] == place and m[1] >= weights.LEAST_MEMBER][:share]
        if own:
            filled.append(shelf._replace(members=tuple(own)))
    return filled


def _shares(chosen: list[Shelf], limit: int) -> list[int]:
    """The limit, divided evenly; the groups with most under them get what is over."""
    if not chosen:
        return []
    each, over = divmod(limit, len(chosen))
    largest = sorted(range(len(chosen)), key=lambda place: (-len(chosen[place].members), place))[:over]
    return [each + (place in largest) for place in range(len(chosen))]
