"""How fast are Chinese texts cut into words, how soon can the first be cut, and are the words jieba's?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from directory import segmentation
from directory.segmentation import Segmenter
from directory.segmentation.table import Table as Dictionary
from tests.benchmarks import corpus, figures
from tests.benchmarks.figures import Options, Table, Value
from tests.benchmarks.prepared import Prepared

OURS, JIEBA, RJIEBA = "aidir", "jieba", "rjieba"
_HAN = re.compile("[\u4e00-\u9fd5]+")
_FIRST = "大模型微调与智能体平台"
_CLOCK = (
    "import sys, time, warnings; warnings.simplefilter('ignore'); a = time.perf_counter(); {load}; "
    "b = time.perf_counter(); {cut}; print(b - a, time.perf_counter() - b)"
)
_OPENED = {
    OURS: (
        "from pathlib import Path; from directory.segmentation import Segmenter; "
        "from directory.segmentation.table import Table; s = Segmenter(Table(Path(sys.argv[1])))",
        "list(s.cut(sys.argv[2]))",
    ),
    JIEBA: ("import jieba; jieba.setLogLevel(60)", "jieba.lcut(sys.argv[2])"),
    RJIEBA: ("import rjieba", "rjieba.cut(sys.argv[2])"),
}
Cut = Callable[[str], Sequence[str]]


def measure(options: Options) -> list[Table]:
    """The figures of one size: with jieba's dictionary alone, so that all three know the same words."""
    prepared = Prepared(options).with_home()
    table = prepared.home / "index" / segmentation.table_name()
    runs = _runs(prepared)
    cutters: dict[str, Cut] = {OURS: _ours(Dictionary(table)), JIEBA: _jieba()}
    if find_spec("rjieba"):
        cutters[RJIEBA] = _rjieba()
    whole = {name: _cut_all(cut, runs) for name, cut in cutters.items()}
    times = figures.interleaved(whole, [None], options.rounds)
    expected = [list(cutters[JIEBA](run)) for run in runs]
    size = sum(map(len, runs))
    lines: dict[str, dict[str, Value]] = {}
    for name, cut in cutters.items():
        took = figures.median([t for turn in times[name] for t in turn])
        same = sum(list(cut(run)) == words for run, words in zip(runs, expected, strict=True))
        firsts = [_first(name, str(table), str(prepared.folder)) for _ in range(options.rounds)]
        lines[name] = {
            "Mchar/s": size / took / 1e6,
            "x jieba": figures.median([t for turn in times[JIEBA] for t in turn]) / took,
            "as jieba": f"{same:,} / {len(runs):,}",
            "import and open ms": 1e3 * figures.median([opened for opened, _ in firsts]),
            "first cut ms": 1e3 * figures.median([cut for _, cut in firsts]),
        }
    notes = (
        f"{len(runs):,} runs, {size:,} characters; cut and the shorter words inside (cut_for_search)",
        "first cut: after importing and opening, in a fresh process; "
        f"{_FIRST} has no word that is unknown to the dictionary",
    )
    return [Table(f"segment, {options.docs:,} documents", lines, notes)]


def _runs(prepared: Prepared) -> list[str]:
    found = corpus.load(prepared.documents)
    return [run for d in found for text in (d.name, d.summary_zh, *d.topics) for run in _HAN.findall(text)]


def _cut_all(cut: Cut, runs: Sequence[str]) -> Callable[[None], object]:
    def every(_: None) -> None:
        for run in runs:
            cut(run)

    return every


def _ours(table: Dictionary) -> Cut:
    segmenter = Segmenter(table)

    def cut(run: str) -> list[str]:
        words = []
        for word in segmenter.cut(run):
            if len(word) > 2:
                words += [part for part, _ in segmenter.inner(word)]
            words.append(word)
        return words

    return cut


def _jieba() -> Cut:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(60)
    tokenizer: Any = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    cut: Cut = tokenizer.lcut_for_search
    return cut


def _rjieba() -> Cut:
    import rjieba

    cut: Cut = rjieba.cut_for_search
    return cut


def _first(name: str, table: str, temporary: str) -> tuple[float, float]:
    """Seconds to import and open, and seconds of the first cut."""
    load, cut = _OPENED[name]
    script = _CLOCK.format(load=load, cut=cut)
    done = subprocess.run(
        [sys.executable, "-c", script, table, _FIRST], env={**os.environ, "TMPDIR": temporary},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=True,
    )  # fmt: skip
    opened, cut = map(float, done.stdout.split())
    return opened, cut
