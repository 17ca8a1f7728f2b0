"""Which news does a feed tell: new, moved, archived, revived and trending resources?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from directory.catalogue.record import ResourceRecord
from directory.exporters import Snapshot, _group, _safe

TITLE = "aidir"
DESCRIPTION = {
    "zh": "AI 资源目录的最新动态：新收录、改名、归档、恢复与热门。",
    "en": "News of a directory of AI resources: new, moved, archived, revived and trending entries.",
}
# The history's word -> what a reader is told.
_NEWS = {
    "added": ("new", "新收录", "New"),
    "renamed": ("moved", "已迁移", "Moved"),
    "moved": ("moved", "已迁移", "Moved"),
    "archived": ("archived", "已归档", "Archived"),
    "revived": ("revived", "已恢复", "Revived"),
    "trending": ("trending", "热门", "Trending"),
}
_TRENDING = 10
_SPACE = uuid.UUID("6f1c1d0e-8a54-5d0b-9a51-0f3c8d1f2a77")


class Item(NamedTuple):
    """One piece of news, in plain text."""

    id: str
    """A URN that stays the same in every export."""
    at: str
    kind: str
    title: str
    text: str
    url: str
    labels: tuple[str, ...]


def items(snapshot: Snapshot) -> list[Item]:
    """The news of the resources in the snapshot, the latest first."""
    resources = {r.slug: r for r in snapshot.resources}
    news = [_item(snapshot, resources[h.slug], h.action, h.at) for h in snapshot.happenings if h.slug in resources]
    news += [_item(snapshot, found, "trending", at) for found, at in _trending(snapshot)]
    found = {item.id: item for item in news if item}
    return sorted(found.values(), key=lambda item: item.at, reverse=True)


def _trending(snapshot: Snapshot) -> Iterator[tuple[ResourceRecord, str]]:
    """The resources that gained most stars in a week, dated to its Monday: told once a week."""
    gained = [(own.growth_7, own.stars_asof, r) for r in snapshot.resources if (own := r.repository) and own.growth_7]
    for growth, day, found in sorted(gained, key=lambda row: (-row[0], row[2].slug))[:_TRENDING]:
        try:
            seen = date.fromisoformat((day or "")[:10])
        except ValueError:
            continue
        if growth > 0:
            yield found, f"{seen - timedelta(days=seen.weekday())}T00:00:00Z"


def _item(snapshot: Snapshot, found: ResourceRecord, action: str, at: str) -> Item | None:
    address, at = _safe.address(found.url), _safe.moment(at)
    if not address or not at or action not in _NEWS:
        return None
    kind, zh, en = _NEWS[action]
    language = "en" if snapshot.language == "en" else "zh"
    colon = "：" if snapshot.language == "zh" else ": "
    head = {"zh": zh, "en": en, "both": f"{zh} {en}"}[snapshot.language]
    terms = [snapshot.taxonomy.terms[t] for t in found.terms if t in snapshot.taxonomy.terms]
    return Item(
        id=uuid.uuid5(_SPACE, f"{_safe.stem(found.slug)} {action} {at}").urn,
        at=at,
        kind=kind,
        title=head + colon + _group.title(found),
        text=" ".join(_group.chosen(snapshot, found.summary_zh, found.summary_en)),
        url=address,
        labels=tuple(_safe.prose(t.name(language)) for t in terms),
    )
