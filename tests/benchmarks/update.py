"""What does it cost to bring an index up to date after a hundred documents have changed, and to ask it then?"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

from directory import generation, indexing, query
from directory.search._document import Document
from tests.benchmarks import corpus, figures, stages
from tests.benchmarks.figures import Options, Table, Value
from tests.benchmarks.prepared import Prepared

CHANGED = 100
ADDED, BUILT = "added", "built"


def measure(options: Options) -> list[Table]:
    """The figures of one size."""
    prepared = Prepared(options).with_home()
    rounds: list[dict[str, tuple[float, float]]] = []
    loops = []
    for turn in range(options.rounds):
        loops.append(figures.calibrate())
        rounds.append(stages.answer_of(_both, prepared, turn))
    lines: dict[str, dict[str, Value]] = {}
    for name, shown in ((ADDED, f"{CHANGED} of {options.docs:,} changed, added"), (BUILT, "the same, all built anew")):
        spent, asked = ([r[name][n] for r in rounds] for n in (0, 1))
        lines[shown] = {
            "CPU s": figures.median(spent),
            "least": min(spent),
            "x building": figures.median([r[name][0] / r[BUILT][0] for r in rounds]),
            "queries p50 ms": figures.median(asked),
            "x built": figures.median([r[name][1] / r[BUILT][1] for r in rounds]),
        }
    notes = (
        f"{options.rounds} rounds; the calibration loop took {min(loops):.3f} to {max(loops):.3f} CPU seconds",
        "queries: each asked once of an index just opened, on the one with an addition and on the one built anew",
    )
    return [Table(f"update, {options.docs:,} documents", lines, notes)]


def night(documents: list[Document], turn: int) -> list[Document]:
    """A hundred of the documents, changed: new stars, another summary, a topic."""
    dice = random.Random(turn)
    return [
        document._replace(
            stars=(document.stars or 0) + dice.randrange(1, 500),
            summary_en=f"{document.summary_en} Now faster.".strip(),
            topics=(*document.topics, "changed"),
        )
        for document in dice.sample(documents, min(CHANGED, len(documents)))
    ]


def _both(prepared: Prepared, turn: int, answer: stages.Answer) -> None:
    documents = corpus.load(prepared.documents)
    changed = night(documents, turn)
    by_id = {d.id: d for d in documents} | {d.id: d for d in changed}
    typed = [q.text for q in corpus.queries(prepared.options.data)]
    with tempfile.TemporaryDirectory() as folder:
        added, built = Path(folder) / ADDED, Path(folder) / BUILT
        shutil.copytree(prepared.home / "index", added)
        base = generation.current(added)
        with generation.locked(added):
            began = time.process_time()
            indexing.update(added, base, base.sequence + 1, changed, [d.id for d in changed])
            adding = time.process_time() - began
        with generation.locked(built):
            for table in added.glob("*.table"):
                shutil.copy2(table, built)
            began = time.process_time()
            indexing.build(built, 1, prepared.terms, list(by_id.values()), lambda done: None)
            building = time.process_time() - began
        askers = {name: _asker(root) for name, root in ((ADDED, added), (BUILT, built))}
        times = figures.interleaved(askers, typed, 1)
        asked = {n: 1e3 * figures.median(rounds[0]) for n, rounds in times.items()}
        answer.send({ADDED: (adding, asked[ADDED]), BUILT: (building, asked[BUILT])})


def _asker(root: Path) -> figures.Ask:
    searcher = indexing.open_index(root, generation.current(root)).searcher
    return lambda typed: searcher.search(query.parse(typed)._replace(counted=False))
