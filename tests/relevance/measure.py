"""Which figures say how good a ranking is? The standard ones, computed by ir-measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from tests.relevance.data import Asked

MEASURES = (nDCG @ 10, nDCG(judged_only=True) @ 10, RR @ 10, R @ 20)
NAMES = {str(nDCG(judged_only=True) @ 10): "judged nDCG@10"}

Runs = Mapping[str, Sequence[str]]
"""query id -> document ids, the best first."""


def figures(asked: Sequence[Asked], judged: Mapping[str, Mapping[str, int]], runs: Runs) -> dict[str, dict[str, float]]:
    """Every measure, for each class of queries and over all; a query without results counts 0."""
    qrels = [ir_measures.Qrel(q, d, g) for q, docs in judged.items() for d, g in docs.items()]
    run = [ir_measures.ScoredDoc(q, d, float(-rank)) for q, docs in runs.items() for rank, d in enumerate(docs)]
    kinds = {a.id: a.kind for a in asked}
    sums: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for metric in ir_measures.iter_calc(MEASURES, qrels, run):
        name = NAMES.get(str(metric.measure), str(metric.measure))
        if metric.query_id in kinds:
            for group in ("ALL", kinds[metric.query_id]):
                sums[group][name] += metric.value
    numbers: defaultdict[str, int] = defaultdict(int)
    for query in asked:
        if query.id in judged:
            numbers["ALL"] += 1
            numbers[query.kind] += 1
    names = [NAMES.get(str(m), str(m)) for m in MEASURES]
    return {group: {name: round(sums[group][name] / numbers[group], 4) for name in names} for group in sorted(numbers)}
