"""How does the selection become an awesome list in Markdown that awesome-lint passes?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from directory.catalogue.record import ResourceRecord
from directory.exporters import File, Snapshot, _group, _safe
from directory.url import canonical

SUMMARY = "an awesome list in Markdown, in Chinese, English or both"
FILE = "README.md"

_GONE = ("dead", "replaced", "legal")
_TITLE = {"zh": "Awesome AI 资源", "en": "Awesome AI", "both": "Awesome AI 资源"}
_REST = {"zh": "其他", "en": "Other", "both": "Other / 其他"}
_NO_ANCHOR = re.compile(r"[^\w\- ]")


def export(snapshot: Snapshot) -> Iterator[File]:
    """One list, a section a home category. Resources whose links are gone are left out; an address stands once."""
    seen: set[str] = set()
    blocks: list[tuple[str, list[str]]] = []
    for term, found in _group.sections(snapshot):
        title = _group.name(snapshot, term) if term else _REST[snapshot.language]
        if items := list(_items(snapshot, found, seen)):
            blocks.append((_safe.markdown(title), items))
    lines = [
        f"# {_TITLE[snapshot.language]} [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)",
        "",
        "> " + " ".join(_group.chosen(snapshot, _group.ABOUT["zh"], _group.ABOUT["en"])),
        "",
        "## Contents",
        "",
        *(f"- [{title}](#{_anchor(title)})" for title, _ in blocks),
    ]
    for title, items in blocks:
        lines += ["", f"## {title}", "", *items]
    yield File(FILE, "\n".join(lines) + "\n")


def _items(snapshot: Snapshot, found: Iterable[ResourceRecord], seen: set[str]) -> Iterator[str]:
    for resource in found:
        address = _safe.address(resource.url)
        if not address or resource.state in _GONE or (page := canonical(address)) in seen:
            continue
        seen.add(page)
        said = _safe.markdown(_group.sentence(snapshot, resource))
        target = address.replace("(", "%28").replace(")", "%29")
        yield f"- [{_safe.markdown(_group.title(resource))}]({target})" + (
            f" - {said[0].upper()}{said[1:]}" if said else ""
        )


def _anchor(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return _NO_ANCHOR.sub("", title.replace("&amp;", "&").replace("\\", "").lower()).replace(" ", "-")
