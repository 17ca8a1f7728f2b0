"""How long does matching take? `python -m tests.benchmarks.match [--articles FILE]`: one article, and a thousand again.

Articles are made by stringing summaries of the bundled resources together in an order given by a seed, or read from a
file of JSON lines with `text`. CPU seconds of this process; the index is the bundled catalogue's. With `--meaning` the
optional encoder is used, too.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from directory import config
from directory.catalogue.record import ArticleRecord
from directory.query import Query
from directory.service import Directory

LENGTH = 10_000
STORED = 1_000
RUNS = 20


def _texts(directory: Directory, path: Path | None, number: int, length: int) -> list[str]:
    """So many different texts of a length."""
    if path is not None:
        parts = [json.loads(line)["text"] for line in path.read_text("utf-8").split("\n") if line]
    else:
        parts = [hit.summary_zh for hit in directory.search(Query("", sort="name", limit=10_000)).hits]
    chance = random.Random(7)
    texts = []
    for _ in range(number):
        text = ""
        while len(text) < length:
            text += chance.choice(parts) + "\n"
        texts.append(text[:length])
    return texts


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.match", description=__doc__)
    parser.add_argument("--articles", type=Path, help="JSON lines with `text`; by default texts are made up")
    parser.add_argument("--meaning", action="store_true", help="match by meaning, too (aidir[meaning])")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        directory = Directory(config.load({"home": Path(folder) / "home", "meaning": chosen.meaning}))
        directory.index()
        start = time.process_time()
        directory.index()
        way = "by words and by meaning" if chosen.meaning else "by words"
        _say(f"{way}; index built again: {time.process_time() - start:.1f} s")
        one, *rest = _texts(directory, chosen.articles, RUNS + 1, LENGTH)
        times = []
        for text in (one, *rest):
            start = time.process_time()
            directory.match("", text)
            times.append(time.process_time() - start)
        _say(f"one article of {LENGTH} characters, first: {times[0] * 1000:.0f} ms")
        ordered = sorted(times[1:])
        _say(f"others, warm: median {statistics.median(ordered) * 1000:.0f} ms, worst {ordered[-1] * 1000:.0f} ms")
        for text in _texts(directory, chosen.articles, STORED, LENGTH // 3):
            with directory._writing() as catalogue:
                catalogue.articles.put(_record(text), at="2026-01-01T00:00:00Z")
        start = time.process_time()
        found = directory.rematch()
        _say(f"{found.matched} stored articles matched again: {time.process_time() - start:.1f} s ({found})")
        start = time.process_time()
        directory.hide("dify", hidden=True)
        found = directory.rematch()
        _say(f"and again after one change: {time.process_time() - start:.1f} s ({found})")
    return 0


def _record(text: str) -> ArticleRecord:
    return ArticleRecord(0, text[:30], "", "", "", None, "", text, "", ())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
