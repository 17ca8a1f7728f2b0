"""How long does a query take in a running process? Text in -> words -> search -> ten highlighted rows out.

Nothing is waited for and no engine uses a second thread, so CPU time of the thread is what a query takes on a machine
of its own. The median over the rounds stands for each query; p50 and p99 are over the queries. `first` is the p50 of
the first time that each query is asked, with files in memory but nothing remembered.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

from directory import query
from directory.search import Hit
from directory.search._backend import Searcher
from tests.benchmarks import corpus, figures, peer
from tests.benchmarks.figures import Options, Table, Value
from tests.benchmarks.prepared import Prepared

OURS, COUNTED = "aidir", "aidir, with total and facets"


def measure(options: Options) -> list[Table]:
    """The figures of one size."""
    prepared = Prepared(options).with_peers()
    sample = corpus.queries(options.data)
    asked = [q.text for q in sample]
    opened = prepared.open()
    contestants: dict[str, Callable[[str], Sequence[Hit]]] = {
        OURS: _asker(opened.searcher, counted=False),
        COUNTED: _asker(opened.searcher, counted=True),
        **peer.open_all(prepared.folder, opened.analyzer),
    }
    times = figures.interleaved(contestants, asked, options.rounds, time.thread_time)
    lines = {name: _line(name, times) for name in contestants}
    for name, ask in contestants.items():
        lines[name]["empty"] = sum(not ask(typed) for typed in asked)
    repaired = sum(bool(opened.searcher.search(query.parse(typed)).suggestion) for typed in asked)
    notes = [
        f"{len(asked)} queries, {options.rounds} rounds; ours answered {repaired} by repairing a word, "
        "which the peers do not try",
    ]
    if hasattr(opened.searcher, "answered"):
        notes.append(f"ways of answering, over all rounds: {dict(opened.searcher.answered)}")
    notes.append(_memory(prepared, asked))
    title = f"warm, {options.docs:,} documents"
    kinds = [corpus.group(q.kind) for q in sample]
    return [Table(title, lines, tuple(notes)), Table(f"{title}: p50 ms by class of query", _by_kind(kinds, times))]


def _asker(searcher: Searcher, *, counted: bool) -> Callable[[str], Sequence[Hit]]:
    def ask(typed: str) -> Sequence[Hit]:
        return searcher.search(query.parse(typed)._replace(counted=counted)).hits

    return ask


def _line(name: str, times: Mapping[str, list[list[float]]]) -> dict[str, Value]:
    own, ours = _of_queries(times[name]), _of_queries(times[OURS])
    return {
        "p50 ms": 1e3 * figures.median(own),
        "p99 ms": 1e3 * figures.quantile(own, 0.99),
        "mean ms": 1e3 * math.fsum(own) / len(own),
        "first ms": 1e3 * figures.median(times[name][0]),
        "ours / this, p50": figures.median(ours) / figures.median(own),
        "ours / this, p99": figures.quantile(ours, 0.99) / figures.quantile(own, 0.99),
    }


def _by_kind(kinds: Sequence[str], times: Mapping[str, list[list[float]]]) -> dict[str, dict[str, Value]]:
    return {
        name: {
            f"{kind} ({kinds.count(kind)})": 1e3
            * figures.median([t for k, t in zip(kinds, _of_queries(rounds), strict=True) if k == kind])
            for kind in dict.fromkeys(kinds)
        }
        for name, rounds in times.items()
    }


def _of_queries(rounds: list[list[float]]) -> list[float]:
    return [figures.median(times) for times in zip(*rounds, strict=True)]


def _memory(prepared: Prepared, asked: list[str]) -> str:
    """What a process takes that opens ours and is asked everything."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_ask_all, args=(prepared, asked, there))
    process.start()
    there.close()
    try:
        peak, own = here.recv()
    except EOFError:
        sys.exit("the process that measures memory ended early")
    process.join()
    return f"memory of a process that answers all of them: {peak:,.0f} MB, {own:,.0f} MB without the mapped files"


def _ask_all(prepared: Prepared, asked: list[str], answer: Connection) -> None:
    searcher = prepared.open().searcher
    for typed in asked:
        searcher.search(query.parse(typed))
    answer.send((figures.memory("VmHWM"), figures.memory("RssAnon")))
