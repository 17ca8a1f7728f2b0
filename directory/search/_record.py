"""How does Whoosh hold the index of record: postings with their impacts, and stored fields?

Impacts are computed before (`_postings`) and written as the weights of Whoosh's postings, so nothing here scores. Its
query parser is not used: the Plan says what to look for. Only what 2.7.4 shares with its forks is used: no `refresh`,
no buffered or parallel writers, no `create_in` on a live folder.
"""

from __future__ import annotations

import json
import warnings
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from directory import generation, text
from directory.analysis import Analyzer, Cut
from directory.search import Hit, _fields, _lexicon, _postings, _repair, _senses, _w3
from directory.search import _ranking as ranking
from directory.search._backend import Progress, Spelling
from directory.search._compiled import DELETED, read_deleted
from directory.search._document import Document, Row
from directory.search._profile import packed
from directory.taxonomy import Taxonomy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is from 2016: invalid escapes and `is` with literals
    from whoosh import fields, index
    from whoosh.filedb.filestore import FileStorage
    from whoosh.support.charset import default_charset as _  # noqa: F401  (loaded here, under the filter)
    from whoosh.writing import SegmentWriter

SPELLING = "spelling.json"
LEXICON = "lexicon.json"
_MAIN, _ADDED = "MAIN", "ADDED"
_encode = json.JSONEncoder(ensure_ascii=False).encode


def _schema() -> fields.Schema:
    stored = dict.fromkeys(("hit", "row", "folded", "profile"), fields.STORED)
    return fields.Schema(**stored, **{name: _w3.Channel() for name in (*_fields.CHANNELS, _postings.SENSE)})


def _open(folder: Path, name: str) -> Any:
    return index.open_dir(str(folder), indexname=name, readonly=True).reader()


def _write(folder: Path, name: str, documents: Sequence[Document], taxonomy: Taxonomy, found: _senses.Learnt) -> None:
    created = FileStorage(str(folder)).create_index(_schema(), indexname=name)
    writer = SegmentWriter(created, codec=_w3.Codec())
    try:
        stored = writer.perdocwriter
        for number, (document, profile) in enumerate(zip(documents, found.profiles, strict=True)):
            stored.start_doc(number)
            stored.add_field("hit", None, _encode(_fields.hit(document)), 0)
            stored.add_field("row", None, _encode(_fields.row(document, taxonomy)), 0)
            stored.add_field("folded", None, _fields.folded(document), 0)
            stored.add_field("profile", None, profile, 0)
            stored.finish_doc()
        writer.docnum = len(documents)
        writer._added = bool(documents)
        writer.pool = _w3.Given(found)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    created.close()


class Built(NamedTuple):
    """What was written: the documents in the order of their numbers, their postings, and Han words with counts."""

    documents: list[Document]
    postings: _senses.Learnt
    words: dict[str, int]


class Extended(NamedTuple):
    """What was added: the documents in the order of their numbers, their postings, and the first one's number."""

    documents: list[Document]
    postings: _senses.Learnt
    first: int


def build(
    folder: Path, documents: Iterable[Document], taxonomy: Taxonomy, analyzer: Analyzer, progress: Progress
) -> Built:
    """Write a complete index into an empty folder, and beside it what words are called in the other language."""
    ordered = _postings.in_order(documents)
    cut: dict[str, Cut] = {}
    lexicon = _lexicon.learn(ordered, analyzer, cut)
    (folder / LEXICON).write_text(json.dumps(lexicon, ensure_ascii=False), "utf-8")
    found = _postings.gather(ordered, taxonomy, analyzer, progress, lexicon, cut, folder)
    del lexicon, cut  # before the next large thing
    analyzer.forget()
    learnt = _senses.learn(found, len(ordered), folder)
    _write(folder, _MAIN, ordered, taxonomy, learnt)
    return Built(ordered, learnt, found.words())


def write_spelling(folder: Path, taxonomy: Taxonomy, built: Built) -> None:
    """Write what misspelt words are compared with. To be done last: pypinyin, once imported, keeps 50 MB of memory."""
    found = _repair.collect(built.documents, taxonomy, built.words)
    parts: tuple[dict[str, Any], ...] = (found.names, found.pinyin, found.initials, found.readings)
    with (folder / SPELLING).open("w", encoding="utf-8") as file:
        for number, part in enumerate(parts):
            file.write(", {" if number else "[{")
            # The names in order.
            members, comma = ((key, part[key]) for key in (part if number else sorted(part))), ""
            while some := dict(islice(members, 4096)):  # names are many
                file.write(comma + _encode(some)[1:-1])
                comma = ", "
            file.write("}")
        file.write("]")


def extend(
    folder: Path, documents: Iterable[Document], replaced: Iterable[int], taxonomy: Taxonomy, analyzer: Analyzer
) -> Extended:
    """Write an addition beside an index, in the place of an earlier one; the files of the index are not touched."""
    for old in (*folder.glob(f"{_ADDED}_*"), *folder.glob(f"_{_ADDED}_*")):
        old.unlink()
    base = _open(folder, _MAIN)
    first = base.doc_count_all()
    keys = [("key", _fields.identity(number)) for number in replaced]
    deleted = sorted({n for key in keys if key in base for n in base.postings(*key).all_ids()})
    ordered = _postings.in_order(documents)
    lexicon = json.loads(generation.read(folder, LEXICON))
    found = _postings.gather(ordered, taxonomy, analyzer, lambda done: None, lexicon)
    learnt = _senses.describe(found, len(ordered), lambda key: _listed(base, "sense", key))
    base.close()
    _write(folder, _ADDED, ordered, taxonomy, learnt)
    (folder / DELETED).unlink(missing_ok=True)  # it may be linked to the one of another generation
    (folder / DELETED).write_text(json.dumps(deleted), "utf-8")
    return Extended(ordered, learnt, first)


def _listed(reader: Any, channel: str, token: str) -> _postings.List | None:
    """A whole posting list, as it was written."""
    if (channel, token) not in reader:
        return None
    numbers, impacts = array("I"), array("f")
    matcher = reader.postings(channel, token)
    while matcher.is_active():
        numbers.append(matcher.id())
        impacts.append(matcher.weight())
        matcher.next()
    return _postings.List(numbers, impacts)


class RecordReader:
    """The postings and stored fields of an open Whoosh index, and of what was added to it."""

    def __init__(self, folder: Path) -> None:
        generation.verify(folder, (_MAIN, f"_{_MAIN}", _ADDED, f"_{_ADDED}"))
        self._folder = folder
        self._readers = [_open(folder, _MAIN)]
        self.deleted: frozenset[int] = frozenset()
        if index.exists_in(str(folder), indexname=_ADDED):
            self._readers.append(_open(folder, _ADDED))
            self.deleted = read_deleted(folder)
        self._first = [0, self._readers[0].doc_count_all()]
        stored = (reader.stored_fields(n) for reader in self._readers for n in range(reader.doc_count_all()))
        self._stored = list(stored)
        self.rows = [Row(*json.loads(found["row"])) for found in self._stored]
        self._concepts = max((len(found["profile"]) for found in self._stored), default=0)
        self.priors = [ranking.prior(r.stars, r.cited_by, r.state) for r in self.rows]

    def postings(self, channel: str, token: str) -> Iterator[tuple[int, float]]:
        """The documents that have a token in a channel, with its impact there."""
        for first, reader in zip(self._first, self._readers, strict=False):
            found = _listed(reader, channel, token)
            for number, impact in zip(*found, strict=True) if found else ():
                if first + number not in self.deleted:
                    yield first + number, impact

    def sense(self, key: str) -> int:
        """The concepts that a word goes with, packed."""
        found = _listed(self._readers[0], "sense", key)
        return packed(zip(*found, strict=True)) if found else 0

    def profile(self, number: int) -> bytes:
        """How much a document is about each concept; those that were added may know fewer of them."""
        found: bytes = self._stored[number]["profile"]
        return found.ljust(self._concepts, b"\0")

    def called(self, beginning: str) -> Iterator[int]:
        """The documents whose squashed name begins so."""
        named = (n for n, row in enumerate(self.rows) if text.squash(row.name).startswith(beginning))
        return (number for number in named if number not in self.deleted)

    def hit(self, number: int) -> Hit:
        """What is shown of a document."""
        shown = Hit(*json.loads(self._stored[number]["hit"]))
        return shown._replace(categories=tuple(shown.categories))

    def folded(self, number: int) -> str:
        """The folded text of a document."""
        return str(self._stored[number]["folded"])

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(*json.loads(generation.read(self._folder, SPELLING)))

    def spelling(self) -> Spelling:
        """What misspelt words are compared with."""
        return self._spelling

    def close(self) -> None:
        """Let go of the files."""
        for reader in self._readers:
            reader.close()
