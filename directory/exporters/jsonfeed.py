"""How does the news become a JSON Feed 1.1?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from directory.exporters import File, Snapshot, _feed, _group, _safe

SUMMARY = "JSON Feed 1.1 of what is new, moved, archived, revived or trending"
FILE = "feed.json"


def export(snapshot: Snapshot) -> Iterator[File]:
    """The feed, as https://www.jsonfeed.org/version/1.1/ describes it; all content is plain text."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _feed.TITLE,
        "description": " ".join(_group.chosen(snapshot, _feed.DESCRIPTION["zh"], _feed.DESCRIPTION["en"])),
        "items": [_item(item) for item in _feed.items(snapshot)],
    }
    if snapshot.language != "both":
        feed["language"] = snapshot.language
    if snapshot.site:
        feed |= {"home_page_url": f"{snapshot.site}/", "feed_url": f"{snapshot.site}/{FILE}"}
    yield File(FILE, _safe.dumps(feed) + "\n")


def _item(item: _feed.Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.text or item.title,
        "date_published": item.at,
        "tags": list(dict.fromkeys((item.kind, *item.labels))),
    }
