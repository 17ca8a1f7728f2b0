"""How does the news become an Atom feed (RFC 4287)?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from xml.etree import ElementTree

from directory.exporters import File, Snapshot, _feed, _group, _safe

SUMMARY = "Atom feed of what is new, moved, archived, revived or trending"
FILE = "feed.xml"

_ATOM = "http://www.w3.org/2005/Atom"


def export(snapshot: Snapshot) -> Iterator[File]:
    """The feed; all content is plain text."""
    news = _feed.items(snapshot)
    feed = ElementTree.Element("feed", {"xmlns": _ATOM})
    _text(feed, "id", f"{snapshot.site}/{FILE}" if snapshot.site else uuid.uuid5(uuid.NAMESPACE_URL, "aidir").urn)
    _text(feed, "title", _feed.TITLE)
    _text(feed, "subtitle", " ".join(_group.chosen(snapshot, _feed.DESCRIPTION["zh"], _feed.DESCRIPTION["en"])))
    last = _safe.moment(snapshot.updated) or "1970-01-01T00:00:00Z"
    _text(feed, "updated", max((item.at for item in news), default=last))
    _text(ElementTree.SubElement(feed, "author"), "name", _feed.TITLE)
    if snapshot.site:
        ElementTree.SubElement(feed, "link", {"rel": "self", "href": f"{snapshot.site}/{FILE}"})
    for item in news:
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "id", item.id)
        _text(entry, "title", item.title)
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": item.url})
        _text(entry, "updated", item.at)
        for label in (item.kind, *item.labels):
            ElementTree.SubElement(entry, "category", {"term": label})
        _text(entry, "summary", item.text or item.title)
    ElementTree.indent(feed)
    yield File(FILE, f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(feed, encoding="unicode")}\n')


def _text(parent: ElementTree.Element, tag: str, value: str) -> None:
    ElementTree.SubElement(parent, tag).text = value
