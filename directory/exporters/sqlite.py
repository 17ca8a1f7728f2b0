"""How does the selection become a clean database that Datasette serves as it is?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from directory.exporters import File, Snapshot
from directory.exporters._contract import Contract

SUMMARY = "a read-only SQLite database, for Datasette"
FILE = "aidir.sqlite"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE terms (slug TEXT PRIMARY KEY, zh TEXT, en TEXT, resources INTEGER NOT NULL);
CREATE TABLE aliases (term TEXT NOT NULL REFERENCES terms (slug), language TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE edges (term TEXT NOT NULL REFERENCES terms (slug), kind TEXT NOT NULL,
    other TEXT NOT NULL REFERENCES terms (slug));
CREATE TABLE resources (slug TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, summary_zh TEXT, summary_en TEXT,
    url TEXT, state TEXT NOT NULL, pricing TEXT, licence TEXT, repository TEXT, node_id TEXT, stars INTEGER,
    stars_asof TEXT, stars_source TEXT, growth_7 INTEGER, growth_30 INTEGER, archived INTEGER, pushed_at TEXT,
    cited_by INTEGER NOT NULL, added_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE names (resource TEXT NOT NULL REFERENCES resources (slug), name TEXT NOT NULL, kind TEXT NOT NULL,
    noted_at TEXT);
CREATE TABLE resource_terms (resource TEXT NOT NULL REFERENCES resources (slug),
    term TEXT NOT NULL REFERENCES terms (slug), position INTEGER NOT NULL, PRIMARY KEY (resource, term));
CREATE TABLE links (resource TEXT NOT NULL REFERENCES resources (slug), url TEXT NOT NULL, role TEXT NOT NULL,
    state TEXT NOT NULL, since TEXT, last_ok TEXT, last_checked TEXT, why TEXT);
CREATE TABLE articles (resource TEXT NOT NULL REFERENCES resources (slug), title TEXT NOT NULL, url TEXT, source TEXT,
    published TEXT);
CREATE TABLE provenance (resource TEXT NOT NULL REFERENCES resources (slug), field TEXT NOT NULL, origin TEXT NOT NULL,
    source TEXT, set_at TEXT NOT NULL, PRIMARY KEY (resource, field));
CREATE INDEX resource_terms_term ON resource_terms (term);
CREATE INDEX links_resource ON links (resource);
"""
_OWN = ("node_id", "stars", "stars_asof", "stars_source", "growth_7", "growth_30", "archived", "pushed_at")
_PLAIN = ("slug", "name", "kind", "summary_zh", "summary_en", "url", "state", "pricing", "licence", "cited_by",
          "added_at", "changed_at")  # fmt: skip


def export(snapshot: Snapshot) -> Iterator[File]:
    """The contract's resources and terms as tables."""
    contract = Contract(snapshot)
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_SCHEMA)
        head = {key: str(value or "") for key, value in contract.head.items()}
        _fill(database, "meta", [{"key": key, "value": value} for key, value in head.items()])
        for term in snapshot.taxonomy:
            _fill(database, "terms", [_term(contract.term(term))])
        for term in snapshot.taxonomy:
            value = contract.term(term)
            _fill(database, "aliases", [{"term": value["slug"], "language": language, "text": text}
                                        for language, texts in value["aliases"].items() for text in texts])  # fmt: skip
            _fill(database, "edges", [{"term": value["slug"], "kind": kind, "other": other}
                                      for kind in ("broader", "related") for other in value[kind]])  # fmt: skip
        for found in snapshot.resources:
            _resource(database, contract.resource(found))
        database.commit()
        database.execute("VACUUM")
        yield File(FILE, database.serialize())


def _term(value: dict[str, Any]) -> dict[str, Any]:
    return {"slug": value["slug"], "zh": value["zh"], "en": value["en"], "resources": value["count"]}


def _resource(database: sqlite3.Connection, value: dict[str, Any]) -> None:
    own, slug = value["repository"] or {}, value["slug"]
    row = {key: value[key] for key in _PLAIN} | {key: own.get(key) for key in _OWN} | {"repository": own.get("name")}
    _fill(database, "resources", [row])
    past = [p | {"kind": "past"} for p in own.get("past_names", ())]
    _fill(database, "names", [{"name": n, "kind": "other", "noted_at": None} for n in value["names"]] + past, slug)
    terms = [{"term": t["slug"], "position": number} for number, t in enumerate(value["terms"])]
    _fill(database, "resource_terms", terms, slug)
    _fill(database, "links", value["links"], slug)
    _fill(database, "articles", value["articles"], slug)
    _fill(database, "provenance", [{"field": f, **source} for f, source in value["provenance"].items()], slug)


def _fill(
    database: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]], resource: str | None = None
) -> None:
    for row in rows:
        values = {"resource": resource, **row} if resource is not None else row
        marks = ", ".join(f":{key}" for key in values)
        database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608  (ours)
