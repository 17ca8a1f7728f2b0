"""Under which heading does a resource stand in a list, and what is said of it there?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from directory import text
from directory.exporters import _safe

if TYPE_CHECKING:
    from directory.catalogue.record import ResourceRecord
    from directory.exporters import Snapshot
    from directory.taxonomy import Term

_END = re.compile(r"[\s.。!！?？;；,，、…]+\Z")
ABOUT = {
    "zh": "人工智能资源目录：开源项目、模型、数据集、工具与课程。",
    "en": "A directory of AI resources: projects, models, data sets, tools and courses.",
}
"""What the whole is, for those who meet it for the first time."""


def chosen(snapshot: Snapshot, zh: str, en: str) -> list[str]:
    """The texts in the language asked for, or in the other one where that is missing."""
    shown = [zh, en] if snapshot.language == "both" else [zh or en] if snapshot.language == "zh" else [en or zh]
    return [_safe.prose(s) for s in shown if s]


def sections(snapshot: Snapshot) -> list[tuple[Term | None, list[ResourceRecord]]]:
    """The resources by home category, in the taxonomy's order; those without one come last, under None."""
    terms = snapshot.taxonomy.terms
    found: dict[str, list[ResourceRecord]] = {slug: [] for slug in terms}
    rest: list[ResourceRecord] = []
    for resource in snapshot.resources:
        home = next((t for t in resource.terms if t in terms), "")
        (found[home] if home else rest).append(resource)
    filed: list[tuple[Term | None, list[ResourceRecord]]] = [
        (terms[slug], found[slug]) for slug in terms if found[slug]
    ]
    return [*filed, (None, rest)] if rest else filed


def name(snapshot: Snapshot, term: Term) -> str:
    """A term's name in the language asked for; both are parted by a slash."""
    if snapshot.language != "both":
        return _safe.prose(term.name(snapshot.language))
    return " / ".join(dict.fromkeys(_safe.prose(term.name(language)) for language in ("en", "zh")))


def sentence(snapshot: Snapshot, found: ResourceRecord, limit: int = 0) -> str:
    """What is said of a resource, ending with an ASCII full stop, as the linters of lists want it.

    Args:
        snapshot: for the language.
        found: the resource.
        limit: characters at most; 0 = all.
    """
    said = " ".join(chosen(snapshot, found.summary_zh, found.summary_en))
    said = _END.sub("", said)
    if limit and len(said) >= limit:
        said = _END.sub("", text.clip(said, limit - 1))
    return f"{said}." if said else ""


def labels(snapshot: Snapshot, found: ResourceRecord) -> list[str]:
    """The names of its categories, the home one first, then the headings that no category was found for."""
    terms = [snapshot.taxonomy.terms[t] for t in found.terms if t in snapshot.taxonomy.terms]
    return list(dict.fromkeys((*(name(snapshot, t) for t in terms), *map(_safe.prose, found.tags))))


def title(found: ResourceRecord) -> str:
    """Its name; its slug where it has none."""
    return _safe.prose(found.name) or _safe.stem(found.slug)


def address(found: ResourceRecord, role: str) -> str:
    """The first address in a role; empty when there is none."""
    return next((shown for link in found.links if link.role == role and (shown := _safe.address(link.url))), "")


def repository(found: ResourceRecord) -> str:
    """The address of the code; empty when there is none."""
    if found.repository is not None:
        return _safe.address(f"https://github.com/{found.repository.name}")
    return address(found, "repository")
