"""How does Whoosh hold the index? The index of record: postings and stored fields; `_answer` ranks what it gives.

Whoosh 2.7.4 weighs each posting (BM25 per field). Its query parser is not used: the Plan says what to look for. Only
what 2.7.4 shares with its forks is used: no `refresh`, no buffered or parallel writers, no `create_in` on a live
folder.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from directory.analysis import Analyzer
from directory.errors import IndexDamaged
from directory.query import Query
from directory.search import Document, Page, Progress, Searcher, Spelling, Suggestion, _fields, _lexicon, _repair
from directory.search import _ranking as ranking
from directory.search._answer import Answerer, parse_rows
from directory.search._suggest import suggest
from directory.taxonomy import Taxonomy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is from 2016: invalid escapes and `is` with literals
    from whoosh import fields, index, scoring
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.filedb.filestore import FileStorage
    from whoosh.support.charset import default_charset as _  # noqa: F401  (loaded here, under the filter)

_SPELLING = "spelling.json"


def _schema() -> fields.Schema:
    tokens = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    stored = dict.fromkeys(("hit", "row", "folded"), fields.STORED)
    return fields.Schema(
        slug=fields.ID(unique=True), key=fields.KEYWORD(), **stored, **dict.fromkeys(_fields.SCORED, tokens)
    )


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> None:
    """Write a complete index into an empty folder, as one segment."""
    documents = list(documents)
    lexicon = _lexicon.learn(documents, analyzer)
    created = FileStorage(str(folder)).create_index(_schema())
    writer = created.writer(limitmb=32, procs=1)
    names: list[tuple[str, float]] = []
    words: dict[str, int] = {}
    try:
        for number, document in enumerate(documents, 1):
            found = _fields.tokens(document, taxonomy, analyzer, lexicon)
            writer.add_document(
                hit=_fields.hit(document),
                row=json.dumps(_fields.row(document, taxonomy), ensure_ascii=False),
                folded=_fields.folded(document),
                **{name: " ".join(values) for name, values in found.items()},
            )
            popularity = ranking.prior(document.stars, document.cited_by, document.state)
            shown = (document.name, *document.names, document.repo.partition("/")[2])
            names += [(name, popularity) for name in shown if name]
            for word in {*found["zh"], *found["name"], *found["terms"]}:
                words[word] = words.get(word, 0) + 1
            progress(number)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    created.close()
    labels = [label.text for term in taxonomy for label in term.labels]
    spelling = _repair.spelling(names, labels, words)
    (folder / _SPELLING).write_text(json.dumps(spelling, ensure_ascii=False), "utf-8")


def open_index(folder: Path, taxonomy: Taxonomy, analyzer: Analyzer) -> Searcher:
    """Open what `build` wrote.

    Raises:
        IndexDamaged: it cannot be read.
    """
    try:
        return WhooshSearcher(WhooshReader(folder), taxonomy, analyzer)
    except Exception as error:  # noqa: BLE001  (a damaged file makes Whoosh raise anything: struct.error, KeyError, ...)
        raise IndexDamaged(f"the index cannot be opened: {type(error).__name__}: {error}") from None


class WhooshReader:
    """The postings and stored fields of an open Whoosh index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        opened = index.open_dir(str(folder), readonly=True)
        self._searcher = opened.searcher(weighting=scoring.BM25F(B=ranking.BM25_B, K1=ranking.BM25_K1))
        self._reader = self._searcher.reader()
        count = self._reader.doc_count_all()
        self.rows = parse_rows(self._reader.stored_fields(n)["row"] for n in range(count))

    def postings(self, field: str, token: str) -> Iterator[tuple[int, float]]:
        """The documents that have a token in a field, with its BM25 there."""
        if (field, token) not in self._reader:
            return
        matcher = self._searcher.postings(field, token)
        while matcher.is_active():
            yield matcher.id(), matcher.score()
            matcher.next()

    def hit(self, number: int) -> dict[str, Any]:
        """What is shown of a document."""
        shown: dict[str, Any] = json.loads(self._reader.stored_fields(number)["hit"])
        return shown

    def folded(self, number: int) -> str:
        """The folded text of a document."""
        return str(self._reader.stored_fields(number)["folded"])

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(*json.loads((self._folder / _SPELLING).read_text("utf-8")))

    def spelling(self) -> Spelling:
        """What misspelt words are compared with."""
        return self._spelling

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()


class WhooshSearcher:
    """An open index that answers."""

    def __init__(self, reader: WhooshReader, taxonomy: Taxonomy, analyzer: Analyzer) -> None:
        self.reader = reader
        self._taxonomy = taxonomy
        self._answerer = Answerer(reader, taxonomy, analyzer)

    def search(self, query: Query) -> Page:
        """Answer a query.

        Raises:
            IndexDamaged: a file turned out to be unreadable on the way.
        """
        try:
            return self._answerer.search(query)
        except (OSError, KeyError, ValueError, EOFError, IndexError, TypeError) as error:
            raise IndexDamaged(f"the index cannot be read: {type(error).__name__}: {error}") from None

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """What the beginning of a query could become, the most likely first."""
        return suggest(prefix, limit, self.reader, self._taxonomy)

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()
