"""What does building an index cost? CPU seconds by stage, and memory, beside FTS5 and a loop that tells the noise."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from directory import generation, indexing
from tests.benchmarks import corpus, figures, peer, stages
from tests.benchmarks.figures import Options, Table, Value
from tests.benchmarks.prepared import Prepared

FTS5_CUT, FTS5_ALL = "FTS5 of the same tokens, cut already", "FTS5, segmentation included"
LOOP = "the calibration loop"


def measure(options: Options) -> list[Table]:
    """The figures of one size."""
    prepared = Prepared(options).with_home()
    rounds: list[dict[str, float]] = []
    for _ in range(options.rounds):
        loops = [figures.calibrate()]
        ours = stages.answer_of(_build, prepared)
        loops.append(figures.calibrate())
        theirs = stages.answer_of(_build_fts5, prepared)
        loops.append(figures.calibrate())
        rounds.append({**ours, **theirs, LOOP: figures.median(loops)})
    names = (stages.WHOLE, *stages.STAGES, stages.REST, FTS5_CUT, FTS5_ALL, LOOP)
    lines = {name: _line(name, rounds) for name in names}
    before, peak = (figures.median([r[n] for r in rounds]) for n in ("before", "peak"))
    loops = [r[LOOP] for r in rounds]
    size = sum(p.stat().st_size for p in prepared.open_folder().iterdir()) / 1e6
    notes = (
        f"memory: {peak:,.0f} MB at its peak, {before:,.0f} of them the program and the documents before it began",
        f"on the disk: {size:,.0f} MB",
        f"{options.rounds} rounds; the loop took between {min(loops):.3f} and {max(loops):.3f} CPU seconds",
    )
    return [Table(f"index, {options.docs:,} documents", lines, notes)]


def _line(name: str, rounds: list[dict[str, float]]) -> dict[str, Value]:
    spent = [r.get(name, 0.0) for r in rounds]
    return {
        "CPU s": figures.median(spent),
        "least": min(spent),
        "x FTS5 of the same tokens": figures.median([r.get(name, 0.0) / r[FTS5_CUT] for r in rounds]),
        "x the loop": figures.median([r.get(name, 0.0) / r[LOOP] for r in rounds]),
    }


def _build(prepared: Prepared, answer: stages.Answer) -> None:
    """Build into an empty folder: the dictionary is compiled too."""
    documents = corpus.load(prepared.documents)
    spent: dict[str, float] = {}
    stages.timed(spent)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "index"
        with generation.locked(root):
            figures.forget_peak()
            before = figures.memory("VmRSS")
            began = time.process_time()
            indexing.build(root, 1, prepared.terms, documents, lambda done: None)
            whole = time.process_time() - began
    rest = whole - sum(spent.values())
    answer.send({**spent, stages.REST: rest, stages.WHOLE: whole, "before": before, "peak": figures.memory("VmHWM")})


def _build_fts5(prepared: Prepared, answer: stages.Answer) -> None:
    documents, analyzer = corpus.load(prepared.documents), prepared.open().analyzer
    began = time.process_time()
    rows = [(d.slug, tuple(peer.tokens(d, prepared.terms, analyzer).values())) for d in documents]
    cut = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        peer.write_fts5(Path(folder) / "fts5", rows)
    written = time.process_time()
    answer.send({FTS5_CUT: written - cut, FTS5_ALL: written - began})
