"""What does a script without any care cost? Run as `python naive.py fts5|tantivy|whoosh INDEX QUERY`; prints JSON.

It stands alone: jieba cuts the query after reading its own dictionary, the peer's index is opened, ten rows come out.
"""

from __future__ import annotations

import json
import sys
import warnings

FIELDS = ("name", "terms", "zh", "en", "topics")


def words(typed: str) -> list[str]:
    """jieba's own cut for search."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel("WARNING")
    return [w for w in jieba.lcut_for_search(typed) if w.strip()]


def fts5(path: str, typed: str) -> list[str]:
    """The sqlite3 module."""
    import sqlite3

    statement = (
        "SELECT packed FROM (SELECT rowid AS n FROM d WHERE d MATCH ? ORDER BY rank LIMIT 10) JOIN row ON id = n"
    )
    match = " OR ".join(f'"{w}"' for w in words(typed))
    return [packed for (packed,) in sqlite3.connect(path).execute(statement, (match,))]


def tantivy(path: str, typed: str) -> list[str]:
    """The tantivy package."""
    import tantivy

    index = tantivy.Index.open(path)
    searcher = index.searcher()
    query, should = tantivy.Query, tantivy.Occur.Should
    parts = [(should, query.term_query(index.schema, f, w, "freq")) for w in words(typed) for f in FIELDS]
    return [searcher.doc(address)["row"][0] for _, address in searcher.search(query.boolean_query(parts), 10).hits]


def whoosh(path: str, typed: str) -> list[str]:
    """The whoosh package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh import index
        from whoosh.query import Or, Term
    with index.open_dir(path, readonly=True).searcher() as searcher:
        return [h["row"] for h in searcher.search(Or([Term(f, w) for w in words(typed) for f in FIELDS]), limit=10)]


if __name__ == "__main__":
    how = {"fts5": fts5, "tantivy": tantivy, "whoosh": whoosh}[sys.argv[1]]
    rows = [row.split("\x1f")[1:] for row in how(sys.argv[2], sys.argv[3])]
    json.dump(rows, sys.stdout, ensure_ascii=False)
