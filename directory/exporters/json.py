"""How does the whole selection become one JSON document?"""

from __future__ import annotations

from collections.abc import Iterator

from directory.exporters import File, Snapshot
from directory.exporters._contract import Contract, document, line

SUMMARY = "one JSON document: every resource with its evidence"
FILE = "resources.json"


def export(snapshot: Snapshot) -> Iterator[File]:
    """The document that the tree of `api` has as resources.json."""
    contract = Contract(snapshot)
    head = contract.head | {"count": len(snapshot.resources)}
    yield File(FILE, document(head, "resources", (line(contract.resource(r)) for r in snapshot.resources)))
