"""What would a user pick instead? Peers that get the same tokens and give the same ten highlighted rows.

Each is set up as well as its documentation says how: the tokens are cut before, the weights are those of the fields,
the index is optimised and lies in files that are in memory. What is shown of a document is stored with it in one string
and taken apart as the product does; what is highlighted is found by the product's own function.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from directory import analysis
from directory.analysis import Analyzer
from directory.search import Hit, _fields
from directory.search._compiled import to_hit
from directory.search._document import Document
from directory.search._show import highlights, shown_score
from directory.taxonomy import Taxonomy

WEIGHTS = {"name": 4.0, "terms": 1.6, "zh": 1.0, "en": 1.0, "topics": 0.8}
LIMIT = 10
Ask = Callable[[str], list[Hit]]
"""Text in, at most ten rows out."""


def tokens(found: Document, labels: Taxonomy, analyzer: Analyzer) -> dict[str, str]:
    """The tokens of each field, with spaces between."""
    terms = [labels.terms[s].name(n) for s in found.categories for n in ("zh", "en")]
    texts = {
        "name": (found.name, *found.names, found.repo),
        "terms": terms,
        "zh": (found.summary_zh,),
        "en": (found.summary_en,),
        "topics": found.topics,
    }
    return {field: " ".join(t for raw in raws for t in analyzer.texts(raw)) for field, raws in texts.items()}


def _pack(found: Document) -> str:
    """What is shown of a document, and its folded texts, as one string."""
    values = _fields.hit(found)._replace(categories=" ".join(found.categories), archived="1" if found.archived else "")  # type: ignore[arg-type]
    kept = ["" if v is None else str(v) for f, v in zip(Hit._fields, values, strict=True) if f not in _LEFT]
    return "\x1f".join(value.replace("\x1f", " ") for value in (_fields.folded(found), *kept))


_LEFT = ("score", "highlights")


def _unpack(found: Iterable[tuple[str, float]], surfaces: tuple[str, ...]) -> list[Hit]:
    rows = [(packed.split("\x1f"), score) for packed, score in found]
    spans = highlights([((r[2], r[4], r[5]), r[0]) for r, _ in rows], surfaces)
    return [to_hit(r, shown_score(score), s) for (r, score), s in zip(rows, spans, strict=True)]


def _words(typed: str, analyzer: Analyzer) -> tuple[list[str], tuple[str, ...]]:
    """The words of a query and what to highlight of it; words that say nothing are left out, as the product does."""
    found = analyzer.words(typed)
    if len(found) > 2:
        found = [t for t in found if not analysis.is_stopword(t.text)] or found
    words = list(dict.fromkeys(t.text for t in found))
    folded = typed.casefold()
    surfaces = dict.fromkeys(folded[t.start : t.end] for t in found)
    return words, tuple(sorted(filter(None, surfaces), key=len, reverse=True))


# ── SQLite FTS5 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def build_fts5(path: Path, documents: Iterable[Document], labels: Taxonomy, analyzer: Analyzer) -> None:
    """A database with a contentless FTS5 table and the rows beside it."""
    write_fts5(path, ((_pack(d), tuple(tokens(d, labels, analyzer).values())) for d in documents))


def write_fts5(path: Path, rows: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """The same of what is cut already."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    columns = ", ".join(WEIGHTS)
    marks = ", ".join("?" * len(WEIGHTS))
    db.execute(
        f"CREATE VIRTUAL TABLE d USING fts5({columns}, content='', detail=column, "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co Sk' tokenchars '-_.+#/&·'''\")"
    )
    db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, packed TEXT NOT NULL)")
    with db:
        for number, (packed, fields) in enumerate(rows):
            db.execute(f"INSERT INTO d(rowid, {columns}) VALUES (?, {marks})", (number, *fields))
            db.execute("INSERT INTO row VALUES (?, ?)", (number, packed))
        weights = ", ".join(map(str, WEIGHTS.values()))
        db.execute("INSERT INTO d(d, rank) VALUES ('rank', ?)", (f"bm25({weights})",))
        db.execute("INSERT INTO d(d) VALUES ('optimize')")
    db.close()


def open_fts5(path: Path, analyzer: Analyzer, how: tuple[str, ...]) -> Ask:
    """FTS5, asked for any word (`OR`), or for all words and then, where they bring too little, for any."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db.execute("PRAGMA mmap_size = 4000000000")
    db.execute("PRAGMA cache_size = -262144")
    statement = (
        "SELECT packed, score FROM (SELECT rowid AS n, rank AS score FROM d WHERE d MATCH ? ORDER BY rank LIMIT ?) "
        "JOIN row ON id = n ORDER BY score"
    )

    def ask(typed: str) -> list[Hit]:
        words, surfaces = _words(typed, analyzer)
        quoted = ['"' + w.replace('"', '""') + '"' for w in words]
        found: list[tuple[str, float]] = []
        for joint in how if quoted else ():
            found = db.execute(statement, (joint.join(quoted), LIMIT)).fetchall()
            if len(found) == LIMIT or len(quoted) == 1:
                break
        return _unpack(((packed, -score) for packed, score in found), surfaces)

    return ask


# ── tantivy ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tantivy_schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("row", stored=True, tokenizer_name="raw", index_option="basic")
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def build_tantivy(path: Path, documents: Iterable[Document], labels: Taxonomy, analyzer: Analyzer) -> None:
    """A tantivy index in a folder, of one segment."""
    import tantivy

    path.mkdir(parents=True)
    index = tantivy.Index(_tantivy_schema(), str(path))
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for found in documents:
        writer.add_document(tantivy.Document(row=_pack(found), **tokens(found, labels, analyzer)))
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(path: Path, analyzer: Analyzer) -> Ask:
    """tantivy, asked for any word in any field, boosted."""
    import tantivy

    index = tantivy.Index.open(str(path))
    index.config_reader(num_warmers=0)
    searcher, schema = index.searcher(), index.schema
    query, should = tantivy.Query, tantivy.Occur.Should

    def ask(typed: str) -> list[Hit]:
        words, surfaces = _words(typed, analyzer)
        parts = [
            (should, query.boost_query(query.term_query(schema, field, word, "freq"), weight))
            for word in words
            for field, weight in WEIGHTS.items()
        ]
        found = searcher.search(query.boolean_query(parts), LIMIT, count=False).hits if parts else ()
        return _unpack(((searcher.doc(address)["row"][0], score) for score, address in found), surfaces)

    return ask


# ── Whoosh ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _whoosh() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import whoosh.analysis
        import whoosh.fields
        import whoosh.index
        import whoosh.query
    return whoosh


def build_whoosh(path: Path, documents: Iterable[Document], labels: Taxonomy, analyzer: Analyzer) -> None:
    """A plain Whoosh index in a folder, of one segment: BM25F over the same fields."""
    whoosh = _whoosh()
    path.mkdir(parents=True)
    fields = {
        name: whoosh.fields.TEXT(analyzer=whoosh.analysis.SpaceSeparatedTokenizer(), field_boost=weight, phrase=False)
        for name, weight in WEIGHTS.items()
    }
    index = whoosh.index.create_in(str(path), whoosh.fields.Schema(row=whoosh.fields.STORED, **fields))
    writer = index.writer(limitmb=256)
    for found in documents:
        writer.add_document(row=_pack(found), **tokens(found, labels, analyzer))
    writer.commit(optimize=True)


def open_whoosh(path: Path, analyzer: Analyzer) -> Ask:
    """Whoosh, asked for any word in any field by one open searcher."""
    whoosh = _whoosh()
    searcher = whoosh.index.open_dir(str(path), readonly=True).searcher()
    term, either = whoosh.query.Term, whoosh.query.Or

    def ask(typed: str) -> list[Hit]:
        words, surfaces = _words(typed, analyzer)
        found = searcher.search(either([term(f, w) for w in words for f in WEIGHTS]), limit=LIMIT) if words else ()
        return _unpack(((hit["row"], hit.score) for hit in found), surfaces)

    return ask


# ── all ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

Build = Callable[[Path, Iterable[Document], Taxonomy, Analyzer], None]
BUILD: Mapping[str, Build] = {"fts5": build_fts5, "tantivy": build_tantivy, "whoosh": build_whoosh}
EITHER, BOTH = (" OR ",), (" AND ", " OR ")
_WHOOSH_MOST = 200_000
"""Documents that Whoosh is asked to write; a million take it hours."""


def taking_part(count: int) -> list[str]:
    """The peers that an index of so many documents is built with."""
    return [name for name in BUILD if name != "whoosh" or count <= _WHOOSH_MOST]


def open_all(folder: Path, analyzer: Analyzer) -> dict[str, Ask]:
    """Every peer on what `BUILD` made in a folder, by the name it is printed with."""
    found = {
        "FTS5, any word": open_fts5(folder / "fts5", analyzer, EITHER),
        "FTS5, all words, then any": open_fts5(folder / "fts5", analyzer, BOTH),
        "tantivy-py": open_tantivy(folder / "tantivy", analyzer),
    }
    if (folder / "whoosh").exists():
        found["Whoosh"] = open_whoosh(folder / "whoosh", analyzer)
    return found
