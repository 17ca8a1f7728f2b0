"""How does the selection become a stream: one JSON object a line?"""

from __future__ import annotations

from collections.abc import Iterator

from directory.exporters import File, Snapshot, _safe
from directory.exporters._contract import Contract

SUMMARY = "one JSON object a line"
FILE = "resources.ndjson"


def export(snapshot: Snapshot) -> Iterator[File]:
    """Every resource, as it stands in the JSON document."""
    contract = Contract(snapshot)
    yield File(FILE, "".join(_safe.dumps(contract.resource(r)) + "\n" for r in snapshot.resources))
