"""Building an index in bounded memory: sorted runs on the disk, and files that are written piece by piece."""

from __future__ import annotations

import gc
import json
import random
from pathlib import Path

import pytest

from directory import generation, indexing, mapped
from directory.analysis import Analyzer
from directory.errors import IndexDamaged
from directory.search import _fields, _postings
from directory.search._document import Document
from directory.search._fields import CHANNELS
from tests.test_snapshot import LEXICON, TERMS, made_up

MAGIC = b"aidirXX1"


def postings(documents: list[Document], analyzer: Analyzer, found: _postings.Postings) -> _postings.Postings:
    weigher = _fields.Weigher(TERMS, analyzer, LEXICON)
    for number, document in enumerate(documents):
        found.add(number, weigher.impacts(document))
    return found


@pytest.mark.parametrize("most", [1, 500, 2_000])
def test_postings_on_the_disk_are_those_in_memory(analyzer: Analyzer, tmp_path: Path, most: int) -> None:
    documents = made_up(random.Random(most), 120)
    held = postings(documents, analyzer, _postings.Postings())
    spilled = postings(documents, analyzer, _postings.Postings(tmp_path, most))
    lists = list(spilled)
    assert lists == list(held)
    assert list(spilled) == lists, "they can be read again"
    assert list(spilled.words().items()) == list(held.words().items())
    assert [(channel, token) for channel, token, *_ in lists] == sorted((c, t) for c, t, *_ in lists)
    assert {channel for channel, *_ in lists} == set(CHANNELS)
    spilled.close()
    assert list(tmp_path.iterdir()) == [], "nothing is left in the folder, which becomes a generation"


def test_tokens_come_in_the_order_of_utf_8(tmp_path: Path) -> None:
    tokens = ["\ud800", "\uffee", "\U00020000", "a", "é", "中", ""]
    found = _postings.Postings()
    found.add(0, {channel: dict.fromkeys(tokens, 1.0) for channel in CHANNELS})
    encoded = [token for channel, token, *_ in found if channel == "gram"]
    assert encoded == sorted(token.encode("utf-8", "surrogatepass") for token in tokens)


@pytest.mark.parametrize("held", [mapped.PAGE, 3 * mapped.PAGE + 7, 1 << 24])
def test_a_file_written_in_pieces_is_that_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(mapped, "_HELD", held)
    dice = random.Random(held)
    pieces = [dice.randbytes(dice.choice((0, 1, 8, 100, 5_000, 40_000))) for _ in range(60)]
    path = tmp_path / "file"
    writer = mapped.Writer(path, MAGIC, 10)
    start = writer.place
    for piece in pieces:
        writer.write(piece)
        if writer.place > start:
            first = dice.randrange(start, writer.place)
            last = dice.randrange(first, writer.place)
            assert writer.read(first, last) == b"".join(pieces)[first - start : last - start]
    writer.finish(b"beginning")
    whole = b"beginning".ljust(start, b"\0") + b"".join(pieces)
    assert path.read_bytes() == mapped.seal(MAGIC, whole)
    assert mapped.Mapped(path, MAGIC, "file").read(0, len(whole)) == whole


def test_a_file_that_was_not_finished_is_not_opened(tmp_path: Path) -> None:
    writer = mapped.Writer(tmp_path / "file", MAGIC, 10)
    writer.write(bytes(100_000))
    writer.close()
    with pytest.raises(IndexDamaged):
        mapped.Mapped(tmp_path / "file", MAGIC, "file")


def test_the_collector_is_as_it_was_after_a_build(tmp_path: Path) -> None:
    with generation.locked(tmp_path):
        built = indexing.build(tmp_path, 1, TERMS, made_up(random.Random(1), 5), lambda done: None)
        assert gc.isenabled()
        gc.disable()
        try:
            indexing.build(tmp_path, 2, TERMS, [], lambda done: None)
            assert not gc.isenabled()
        finally:
            gc.enable()
    manifest = json.loads((built.folder / generation.MANIFEST).read_text())
    assert {"compiled.index", "spelling.json", "lexicon.json"} <= set(manifest)
