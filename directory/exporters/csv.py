"""How does the selection become a table that opens safely in a spreadsheet and can be imported again?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from directory.catalogue.record import ResourceRecord
from directory.exporters import File, Snapshot, _safe

SUMMARY = "a table with a header, safe for spreadsheets"
FILE = "resources.csv"

COLUMNS = (
    "slug", "name", "names", "past_names", "kind", "summary_zh", "summary_en", "terms", "pricing", "licence",
    "repository", "homepage", "docs", "paper", "model_url", "demo", "download", "page", "stars", "stars_asof",
    "stars_source", "growth_7", "growth_30", "archived", "state", "since", "last_ok", "last_checked",
    "cited_by", "added_at", "changed_at",
)  # fmt: skip
_COLUMN = {"model": "model_url"}
"""Where a link's role is not its column's name (`model` would be a name for the resource)."""


def export(snapshot: Snapshot) -> Iterator[File]:
    """A line a resource; of several addresses in one role the first."""
    buffer = io.StringIO()
    # Every cell is quoted: a table that is opened with the wrong separator must not come apart into formulas either.
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for found in snapshot.resources:
        row = _row(found)
        writer.writerow([_safe.cell(row.get(column)) for column in COLUMNS])
    yield File(FILE, buffer.getvalue())


def _row(found: ResourceRecord) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(found, name) for name in COLUMNS if name in ResourceRecord._fields}
    for link in found.links:
        row.setdefault(_COLUMN.get(link.role, link.role), _safe.address(link.url))
    shown = next((link for link in found.links if link.url == found.url), None)
    row |= {"state": found.state, "terms": (*found.terms, *found.tags)}
    if shown is not None:
        row |= {"since": shown.since, "last_ok": shown.last_ok, "last_checked": shown.last_checked}
    own = found.repository
    if own is not None:
        row |= {
            "repository": _safe.address(f"https://github.com/{own.name}"),
            "past_names": [p.name for p in own.past],
            "stars": own.stars,
            "stars_asof": own.stars_asof,
            "stars_source": own.stars_source,
            "growth_7": own.growth_7,
            "growth_30": own.growth_30,
            "archived": own.archived,
        }
    return row
