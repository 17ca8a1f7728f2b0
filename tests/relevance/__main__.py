"""How good is the search on labelled data? `python -m tests.relevance --docs D --queries Q --qrels R`.

With `--articles A` instead of `--queries`: how well are articles matched?

The documents are indexed through the product's own public path and asked through its query language; the peers answer
the same queries in the same process. Figures are printed for each class of queries and over all.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from directory import meaning
from directory.search._document import Document
from directory.taxonomy import Taxonomy
from tests.relevance import articles, data, engine, measure

Results = dict[str, dict[str, dict[str, float]]]
"""Engine -> kind of query -> measure -> value."""

DEPTH = 100
"""Hits asked for: judged-only figures look past the documents nobody judged."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument("--docs", type=Path, required=True, help="documents, one JSON object a line, may be .gz")
    parser.add_argument("--queries", type=Path, help="qid, class, lang, text; tab-separated with header")
    parser.add_argument("--qrels", type=Path, required=True, help="TREC judgements, may be .gz")
    parser.add_argument("--exclude", type=Path, help="qid and docid: dropped from that query's results")
    parser.add_argument("--articles", type=Path, help="texts to match, one JSON object a line: id, kind, text")
    parser.add_argument("--index", type=Path, help="keep the index for articles here, or use the one that lies there")
    parser.add_argument("--words", action="store_true", help="match articles by words alone")
    parser.add_argument("--engines", default="aidir,fts5", help="which engines, comma-separated: " + ", ".join(ENGINES))
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    chosen = parser.parse_args(arguments)

    terms = engine.terms()
    documents = list(data.resources(data.documents(chosen.docs), terms))
    if chosen.articles:
        _show(_articles(chosen, documents, terms), as_json=chosen.json)
        return 0
    if not chosen.queries:
        parser.error("give --queries or --articles")
    asked = data.queries(chosen.queries)
    judged = data.judgements(chosen.qrels)
    dropped = data.exclusions(chosen.exclude)
    results: Results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.engines.split(","):
            start = time.perf_counter()
            built = ENGINES[name](documents, terms, Path(folder) / name)
            ready = time.perf_counter()
            runs = {q.id: [d for d in built.ask(q.text, DEPTH) if d not in dropped.get(q.id, ())] for q in asked}
            results[name] = measure.figures(asked, judged, runs)
            done = time.perf_counter()
            sys.stderr.write(f"{name}: indexed in {ready - start:.0f} s, asked in {done - ready:.0f} s\n")
    _show(results, as_json=chosen.json)
    return 0


def _articles(chosen: argparse.Namespace, documents: list[Document], terms: Taxonomy) -> Results:
    encoder = "" if chosen.words else meaning.installed()
    texts, judged = articles.read(chosen.articles), data.judgements(chosen.qrels)
    results: Results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (
            ("aidir", lambda: articles.matcher(documents, terms, chosen.index or Path(folder) / "index", encoder)),
            ("first 400", lambda: articles.baseline(documents, terms)),
        ):
            ask = make()
            ready = time.perf_counter()
            results[name] = articles.figures(texts, judged, {text.id: ask(text.text) for text in texts})
            sys.stderr.write(f"{name}: asked in {time.perf_counter() - ready:.0f} s\n")
    return results


ENGINES = {
    "aidir": lambda documents, terms, root: engine.Aidir(documents, terms, root),
    "fts5": lambda documents, terms, root: engine.Fts5(documents, terms),
    "trigram": lambda documents, terms, root: engine.Trigram(documents, terms),
    "tantivy": lambda documents, terms, root: engine.Tantivy(documents, terms),
    "whoosh": lambda documents, terms, root: engine.PlainWhoosh(documents, terms, root),
}


def _show(results: Results, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    else:
        _print(results)


def _print(results: Results) -> None:
    groups = next(iter(results.values()))
    for group in groups:
        sys.stdout.write(f"{group}\n")
        for name, found in results.items():
            figures = "  ".join(f"{measure_name} {value:.3f}" for measure_name, value in found[group].items())
            sys.stdout.write(f"    {name:<10}{figures}\n")


if __name__ == "__main__":
    sys.exit(main())
