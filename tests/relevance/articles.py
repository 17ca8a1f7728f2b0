"""How well are articles matched? Texts with masked names -> the repositories they link to, beside a simple baseline."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import ir_measures
from ir_measures import R, nDCG

from directory import generation, indexing, meaning
from directory.match.engine import Matcher
from directory.meaning import nearness
from directory.search._document import Document
from directory.taxonomy import Taxonomy
from tests.relevance import data, engine

DEPTH = 20
BASELINE_LENGTH = 400
"""Characters of the article that the baseline searches for."""

LINKED = 2
"""The grade of a repository that the text links to; those of grade 1 are beside it in a list."""


class Text(NamedTuple):
    """An article of the test set."""

    id: str
    kind: str
    text: str


Ask = Callable[[str], list[str]]


def read(path: Path) -> list[Text]:
    """The texts of a file of JSON lines with id, kind and text."""
    rows = (json.loads(line) for line in data.lines(path))
    return [Text(row["id"], row["kind"], row["text"]) for row in rows]


def matcher(documents: Sequence[Document], terms: Taxonomy, root: Path, encoder: str = "") -> Ask:
    """The product: `Matcher.match` over an index that is built in `root` unless one lies there.

    Args:
        documents, terms: what is indexed.
        root: where.
        encoder: which one makes vectors (`meaning.installed`); empty = words alone match.
    """
    if not (root / generation.POINTER).exists():
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        indexing.build(root, 1, terms, list(documents), lambda done: None, encoder)
    opened = indexing.open_index(root, generation.current(root))
    vectors = nearness.open_meaning(opened.folder) if encoder and (opened.folder / meaning.FILE).exists() else None
    sys.stderr.write(f"aidir: matched {'by words and by meaning' if vectors else 'by words alone'}\n")
    found = Matcher(opened.searcher.reader, opened.taxonomy, opened.analyzer, vectors)
    return lambda text: [m.hit.slug for m in found.match("", text, limit=DEPTH).ranked]


def baseline(documents: Sequence[Document], terms: Taxonomy) -> Ask:
    """The beginning of the article as a query on SQLite FTS5 over jieba tokens."""
    fts5 = engine.Fts5(documents, terms)
    return lambda text: fts5.ask(text[:BASELINE_LENGTH], DEPTH)


def figures(
    texts: Sequence[Text], judged: Mapping[str, Mapping[str, int]], runs: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """nDCG@10 by grades, nDCG@10 and R@20 of what is linked, and how often nothing fitted, by kind and over all."""
    run = [ir_measures.ScoredDoc(q, d, float(-rank)) for q, found in runs.items() for rank, d in enumerate(found)]
    graded = [ir_measures.Qrel(q, d, g) for q, found in judged.items() for d, g in found.items()]
    linked = [q._replace(relevance=1) for q in graded if q.relevance >= LINKED]
    kinds = {text.id: text.kind for text in texts}
    sums: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    wanted = (("nDCG@10", nDCG @ 10, graded), ("nDCG@10 linked", nDCG @ 10, linked), ("R@20 linked", R @ 20, linked))
    for name, measure, qrels in wanted:
        for metric in ir_measures.iter_calc([measure], qrels, run):
            for group in ("ALL", kinds[metric.query_id]):
                sums[group][name] += metric.value
    numbers: defaultdict[str, int] = defaultdict(int)
    for text in texts:
        for group in ("ALL", text.kind):
            numbers[group] += 1
            sums[group]["nothing fits"] += not runs[text.id]
    names = [*(name for name, _, _ in wanted), "nothing fits"]
    return {
        f"{group} ({number})": {name: round(sums[group][name] / number, 4) for name in names}
        for group, number in sorted(numbers.items())
    }
