"""Who answers? The product through its own public path, and the peers a user would pick instead."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from directory import bundle, document, generation, indexing, query, taxonomy
from directory.analysis import Analyzer
from directory.search import Document
from directory.segmentation import Segmenter
from directory.segmentation.table import Table
from directory.taxonomy import Taxonomy

WEIGHTS = {"name": 4.0, "terms": 1.6, "zh": 1.0, "en": 1.0, "topics": 0.8}


class Engine(Protocol):
    """Something that can be asked."""

    name: str

    def ask(self, text: str, limit: int) -> list[str]:
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

    def ask(self, text: str, limit: int) -> list[str]:
        """Through the query language, as a user would."""
        return [h.slug for h in self._open.searcher.search(query.parse(text, limit=limit)).hits]


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

    def ask(self, text: str, limit: int) -> list[str]:
        """All words, then any word."""
        words = [f'"{t.text}"' for t in self._analyzer.words(text) if '"' not in t.text]
        if not words:
            return []
        weights = ", ".join(str(w) for w in (0, *WEIGHTS.values()))
        statement = f"SELECT id FROM d WHERE d MATCH ? ORDER BY bm25(d, {weights}) LIMIT ?"
        found: dict[str, None] = {}
        for how in (" AND ", " OR "):
            found.update(dict.fromkeys(i for (i,) in self._db.execute(statement, (how.join(words), limit))))
        return list(found)[:limit]
