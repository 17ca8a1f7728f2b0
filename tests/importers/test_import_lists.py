"""The importers on real lists, where those stand beside the checkout."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from directory.importers import Source, SourceFile, awesome, bestof, hecat, landscape2
from directory.taxonomy import Taxonomy
from tests import capture

pytestmark = pytest.mark.skipif(not capture.LISTS.is_dir(), reason="the real lists (../shared/lists) are not here")
TAXONOMY = Taxonomy({})


def folder(name: str, pattern: str) -> Source:
    place = capture.LISTS / name
    files = (SourceFile(str(f.relative_to(place)), f.read_text("utf-8")) for f in sorted(Path(place).rglob(pattern)))
    return Source(name.replace("__", "/", 1), tuple(files))


def test_real_lists_are_captured() -> None:
    total = got = 0
    for name, source in capture.lists(capture.LISTS):
        start = perf_counter()
        reading = awesome.read(source, TAXONOMY)
        assert perf_counter() - start < 5, name
        wanted = capture.linked("\n\n".join(file.text for file in source.files), source.name.lower()).keys()
        found = wanted & capture.captured(reading.entries)
        assert len(found) >= 0.9 * len(wanted), name
        total, got = total + len(wanted), got + len(found)
    assert got >= 0.98 * total


def test_real_data_files_lose_nothing() -> None:
    assert len(hecat.read(folder("awesome-selfhosted__awesome-selfhosted-data", "*.yml"), TAXONOMY).entries) == 4
    best = bestof.read(folder("ml-tooling__best-of-ml-python", "*.yaml"), TAXONOMY)
    assert (len(best.entries), best.leftovers) == (925, ())
    scene = landscape2.read(folder("cncf__landscape", "*.yml"), TAXONOMY)
    assert (len(scene.entries), scene.leftovers) == (2413, ())


def test_the_count_leaves_out_prose_pictures_and_the_list_itself() -> None:
    prose = "Words upon words about how this came to be. " * 6
    raw = (
        f"{prose} [a](https://github.com/in/prose) {prose}\n\n"
        "![x](https://github.com/in/picture/raw/x.png) <img src='https://github.com/in/image/x.png'>\n\n"
        "- [b](https://github.com/in/list) and github.com/with/out\n\n"
        "- [own](https://github.com/my/list)\n\n<!-- https://github.com/in/comment -->\n\n"
        "[c](https://x.example/click?target=https://github.com/in/wrapper)\n"
    )
    assert capture.linked(raw, "my/list").keys() == {"in/list", "with/out", "in/wrapper"}
