"""How does the catalogue become a static tree that any web server can serve as /api/v1/?

index.json              every other file with its bytes, SHA-256, count and schema
changes.json            what changed last: the one file to poll
resources.json          every resource; resources/SLUG.json one of them
terms.json              the taxonomy; terms/SLUG.json a term with its resources
hot.json                what people search for, where that is counted
schemas/*.schema.json   JSON Schema 2020-12 for each of them
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from typing import Any

from directory.exporters import File, Snapshot, _safe
from directory.exporters._contract import VERSION, Contract, document, line, schemas

SUMMARY = "a static tree for /api/v1/: JSON with index, changes and schemas"
FILE = ""

_HEAD = 250
"""Bytes that are kept free for what stands around the changes."""


def export(snapshot: Snapshot) -> Iterator[File]:
    """The tree; index.json comes last, when everything in it is known."""
    contract = Contract(snapshot)
    index = _Index()
    lines: list[bytes] = []
    for found in snapshot.resources:
        value = contract.resource(found)
        lines.append(line(value))
        yield index.add(File(value["path"], lines[-1] + b"\n"), "resource")
    head = contract.head | {"count": len(lines)}
    yield index.add(File("resources.json", document(head, "resources", lines)), "resources", len(lines))
    del lines  # the largest part of what is held in memory
    terms = []
    for term in snapshot.taxonomy:
        value = contract.term(term)
        terms.append(line(value))
        cards = [line(contract.card(found)) for found in contract.filed[term.slug]]
        # Without the catalogue's sequence: these files differ only when a term or its resources do.
        one = document({"schema_version": VERSION, "term": value}, "resources", cards)
        yield index.add(File(value["path"], one), "term", len(cards))
    head = {"schema_version": VERSION, "count": len(terms)}
    yield index.add(File("terms.json", document(head, "terms", terms)), "terms", len(terms))
    if snapshot.hot is not None and (searches := [line(s) for s in contract.searches(snapshot.hot)]):
        # Without the sequence, too: it differs only when the searches do.
        head = {"schema_version": VERSION, "until": snapshot.hot.until, "days": snapshot.hot.days}
        one = document(head | {"count": len(searches)}, "searches", searches)
        yield index.add(File("hot.json", one), "hot", len(searches))
    changes, since = _changes(snapshot, index)
    head = contract.head | {
        "since": since,
        "terms_sequence": snapshot.window.terms,
        "count": len(changes),
    }
    yield index.add(File("changes.json", document(head, "changes", changes)), "changes", len(changes))
    for name, schema in schemas().items():
        yield index.add(File(f"schemas/{name}", line(schema) + b"\n"), "")
    counts = {"resources": len(snapshot.resources), "terms": len(terms)}
    yield File("index.json", document(contract.head | {"count": counts}, "files", index.lines()))


class _Index:
    """What is in the tree."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def add(self, file: File, schema: str, count: int = 1) -> File:
        """Take down a file; gives it back."""
        data = file.data
        self.rows[file.path] = {
            "path": file.path,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "count": count,
            "schema": f"schemas/{schema}.schema.json" if schema else None,
        }
        return file

    def lines(self) -> list[bytes]:
        """The rows in the order of their paths."""
        return [line(self.rows[path]) for path in sorted(self.rows)]


def _changes(snapshot: Snapshot, index: _Index) -> tuple[list[bytes], int]:
    """The last changes, and the sequence after which there is none but these.

    What is not in this export, whatever the reason, is gone for its consumers.
    """
    lines: list[bytes] = []
    room = snapshot.room - _HEAD if snapshot.room else sys.maxsize
    for change in snapshot.window.changes:
        path = f"resources/{_safe.stem(change.slug)}.json"
        row = None if change.gone else index.rows.get(path)
        lines.append(
            line(
                {
                    "slug": _safe.prose(change.slug),
                    "sequence": change.sequence,
                    "at": _safe.prose(change.at),
                    "gone": row is None,
                    "merged_into": _safe.prose(change.merged_into) or None,
                    "path": path if row else None,
                    "sha256": row["sha256"] if row else None,
                }
            )
        )
        room -= len(lines[-1]) + len(",\n")
        if room < 0:
            lines.pop()
            return lines, change.sequence
    return lines, snapshot.window.since
