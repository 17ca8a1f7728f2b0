"""Who answers? The product through its own public path, and the peers a user would pick instead."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from directory import bundle, document, generation, indexing, query, taxonomy, text
from directory.analysis import Analyzer
from directory.search._document import Document
from directory.segmentation import Segmenter
from directory.segmentation.table import Table
from directory.taxonomy import Taxonomy

WEIGHTS = {"name": 4.0, "terms": 1.6, "zh": 1.0, "en": 1.0, "topics": 0.8}


class Engine(Protocol):
    """Something that can be asked."""

    name: str

    def ask(self, typed: str, limit: int) -> list[str]:
        """The ids of the best documents."""
        ...


def terms() -> Taxonomy:
    """The bundled taxonomy."""
    path = bundle.folder("seeds") / "taxonomy.yaml"
    return taxonomy.parse(document.load_yaml(path.read_text("utf-8"), path.name))


class Aidir:
    """The product: `indexing.build`, `indexing.open_index`, `Searcher.search`."""

    name = "aidir"

    def __init__(self, documents: Sequence[Document], found: Taxonomy, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        built = indexing.build(root, 1, found, list(documents), lambda done: None)
        self._open = indexing.open_index(root, built)

    @classmethod
    def opened(cls, root: Path) -> Aidir:
        """An index built earlier, for trying out a ranking without building."""
        self = cls.__new__(cls)
        self._open = indexing.open_index(root, generation.current(root))
        return self

    def ask(self, typed: str, limit: int) -> list[str]:
        """Through the query language, as a user would."""
        return [h.slug for h in self._open.searcher.search(query.parse(typed, limit=limit)).hits]


def _plain_analyzer() -> Analyzer:
    from directory import segmentation

    path = Path(tempfile.mkdtemp()) / "table"
    path.write_bytes(segmentation.compile_dictionary())
    return Analyzer(Segmenter(Table(path)))


def _texts(found: Document, labels: Taxonomy) -> dict[str, str]:
    terms = [labels.terms[s].name(n) for s in found.categories for n in ("zh", "en")]
    return {
        "name": " ".join((found.name, *found.names, found.repo)),
        "terms": " ".join(terms),
        "zh": found.summary_zh,
        "en": found.summary_en,
        "topics": " ".join(found.topics),
    }


class Fts5:
    """SQLite FTS5 over jieba tokens, with field weights."""

    name = "fts5"

    def __init__(self, documents: Iterable[Document], labels: Taxonomy) -> None:
        self._analyzer = _plain_analyzer()
        self._db = sqlite3.connect(":memory:")
        self._db.execute(f"CREATE VIRTUAL TABLE d USING fts5(id UNINDEXED, {', '.join(WEIGHTS)}, tokenize='unicode61')")
        rows = (
            (found.slug, *(" ".join(t.text for t in self._analyzer.tokens(v)) for v in _texts(found, labels).values()))
            for found in documents
        )
        self._db.executemany(f"INSERT INTO d VALUES ({','.join('?' * (len(WEIGHTS) + 1))})", rows)

    def _words(self, typed: str) -> list[str]:
        return [t.text for t in self._analyzer.words(typed) if '"' not in t.text]

    def ask(self, typed: str, limit: int) -> list[str]:
        """All words, then any word."""
        words = [f'"{w}"' for w in self._words(typed)]
        if not words:
            return []
        weights = ", ".join(str(w) for w in (0, *WEIGHTS.values()))
        statement = f"SELECT id FROM d WHERE d MATCH ? ORDER BY bm25(d, {weights}) LIMIT ?"
        found: dict[str, None] = {}
        for how in (" AND ", " OR "):
            found.update(dict.fromkeys(i for (i,) in self._db.execute(statement, (how.join(words), limit))))
        return list(found)[:limit]


class Trigram(Fts5):
    """SQLite FTS5 with its own trigram tokenizer, on the folded text as it is."""

    name = "trigram"

    def __init__(self, documents: Iterable[Document], labels: Taxonomy) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(f"CREATE VIRTUAL TABLE d USING fts5(id UNINDEXED, {', '.join(WEIGHTS)}, tokenize='trigram')")
        rows = ((found.slug, *map(text.fold, _texts(found, labels).values())) for found in documents)
        self._db.executemany(f"INSERT INTO d VALUES ({','.join('?' * (len(WEIGHTS) + 1))})", rows)

    def _words(self, typed: str) -> list[str]:
        return [w for w in text.fold(typed).replace('"', " ").split() if len(w) > 2]


class Tantivy:
    """tantivy on the same tokens, with the same field weights."""

    name = "tantivy"

    def __init__(self, documents: Iterable[Document], labels: Taxonomy) -> None:
        import tantivy

        self._tantivy = tantivy
        self._analyzer = _plain_analyzer()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for field in WEIGHTS:
            builder.add_text_field(field, tokenizer_name="whitespace")
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for found in documents:
            fields = {
                name: " ".join(t.text for t in self._analyzer.tokens(value))
                for name, value in _texts(found, labels).items()
            }
            writer.add_document(tantivy.Document(id=found.slug, **fields))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, typed: str, limit: int) -> list[str]:
        """Any word, in any field."""
        tantivy, schema = self._tantivy, self._index.schema
        query, occur = tantivy.Query, tantivy.Occur
        parts = [
            (occur.Should, query.boost_query(query.term_query(schema, field, token.text), weight))
            for token in self._analyzer.words(typed)
            for field, weight in WEIGHTS.items()
        ]
        if not parts:
            return []
        hits = self._searcher.search(query.boolean_query(parts), limit).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]


class PlainWhoosh:
    """Whoosh as its documentation shows it: jieba's ChineseAnalyzer, a multi-field parser, BM25F."""

    name = "whoosh"

    def __init__(self, documents: Iterable[Document], labels: Taxonomy, root: Path) -> None:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from jieba.analyse import ChineseAnalyzer
            from whoosh import fields, qparser
            from whoosh.filedb.filestore import RamStorage
        analyzer = ChineseAnalyzer()
        schema = fields.Schema(
            id=fields.ID(stored=True), **{n: fields.TEXT(analyzer=analyzer, field_boost=w) for n, w in WEIGHTS.items()}
        )
        index = RamStorage().create_index(schema)
        writer = index.writer(limitmb=256)
        for found in documents:
            writer.add_document(id=found.slug, **_texts(found, labels))
        writer.commit()
        self._searcher = index.searcher()
        self._parser = qparser.MultifieldParser(list(WEIGHTS), schema, group=qparser.OrGroup)

    def ask(self, typed: str, limit: int) -> list[str]:
        """The default parser's reading; what it cannot parse finds nothing."""
        try:
            found = self._searcher.search(self._parser.parse(typed), limit=limit)
        except Exception:  # noqa: BLE001  (its parser raises anything on odd input: that is a result too)
            return []
        return [hit["id"] for hit in found]
