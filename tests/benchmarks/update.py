"""What does it cost to bring an index up to date after a hundred documents have changed?"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

from directory import generation, indexing
from directory.search import Document
from directory.taxonomy import Taxonomy
from tests.benchmarks import corpus, figures, stages
from tests.benchmarks.figures import Options, Table
from tests.benchmarks.prepared import Prepared

CHANGED = 100


def measure(options: Options) -> list[Table]:
    """The figures of one size."""
    prepared = Prepared(options).with_home()
    updates, builds, loops = [], [], []
    for turn in range(options.rounds):
        loops.append(figures.calibrate())
        updates.append(stages.answer_of(_update, prepared, turn))
        builds.append(stages.answer_of(_build, prepared, turn))
    update, build = figures.median(updates), figures.median(builds)
    lines = {
        f"{CHANGED} of {options.docs:,} changed": {
            "CPU s": update,
            "least": min(updates),
            "x building": update / build,
        },
        "building everything": {"CPU s": build, "least": min(builds), "x building": 1.0},
    }
    notes = (f"{options.rounds} rounds; the calibration loop took {min(loops):.3f} to {max(loops):.3f} CPU seconds",)
    return [Table(f"update, {options.docs:,} documents", lines, notes)]


def night(documents: list[Document], turn: int) -> list[Document]:
    """The documents after a hundred of them have changed: new stars, another summary, a topic."""
    dice = random.Random(turn)
    changed = {d.slug for d in dice.sample(documents, min(CHANGED, len(documents)))}
    return [
        d._replace(
            stars=(d.stars or 0) + dice.randrange(1, 500),
            summary_en=f"{d.summary_en} Now faster.".strip(),
            topics=(*d.topics, "changed"),
        )
        if d.slug in changed
        else d
        for d in documents
    ]


def bring_up_to_date(root: Path, sequence: int, terms: Taxonomy, documents: list[Document]) -> None:
    """The seam: what the product does when documents have changed. Today it builds everything again."""
    indexing.build(root, sequence, terms, documents, lambda done: None)


def _update(prepared: Prepared, turn: int, answer: stages.Answer) -> None:
    after = night(corpus.load(prepared.documents), turn)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "index"
        shutil.copytree(prepared.home / "index", root)
        with generation.locked(root):
            began = time.process_time()
            bring_up_to_date(root, 2 + turn, prepared.terms, after)
            answer.send(time.process_time() - began)


def _build(prepared: Prepared, turn: int, answer: stages.Answer) -> None:
    after = night(corpus.load(prepared.documents), turn)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "index"
        root.mkdir(mode=0o700)
        for table in (prepared.home / "index").glob("*.table"):
            shutil.copy2(table, root)
        with generation.locked(root):
            began = time.process_time()
            indexing.build(root, 1, prepared.terms, after, lambda done: None)
            answer.send(time.process_time() - began)
