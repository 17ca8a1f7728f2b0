"""The benchmarks run, their documents are the same every time, and their figures are what they say."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import corpus, figures, page
from tests.relevance import engine

WORDS = ("大模型", "agent", "平台", "检索", "platform", "开源", "vector", "微调", "search", "语音")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Thirty documents and six queries of our own, in the form of the evaluation data."""
    folder = tmp_path / "data"
    (folder / "dev").mkdir(parents=True)
    rows = [
        {
            "id": f"g{n}", "repo": f"owner{n % 4}/r{n}", "name": f"{WORDS[n % 10]} r{n}", "names": [], "stars": n,
            "description_zh": f"{WORDS[n % 9]}与{WORDS[(n * 3) % 10]}" if n % 3 else "",
            "description_en": f"an open {WORDS[n % 8]} platform, number {n}" if n % 4 else "",
            "categories": ["Agent"], "topics": ["llm"] if n % 2 else [],
        }
        for n in range(30)
    ]  # fmt: skip
    with gzip.open(folder / "docs.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    kinds = ("item-exact", "item-typo", "topic-zh", "pinyin", "tax-zh", "desc-en", "xling-topic-zh2en", "item-url")
    asked = [f"q{n}\t{kind}\tzh\t{WORDS[n]}\t1\tx\n" for n, kind in enumerate(kinds)]
    (folder / "dev" / "queries.tsv").write_text("qid\tclass\tlang\ttext\tn_rel\tsource\n" + "".join(asked), "utf-8")
    with gzip.open(folder / "dev" / "qrels.txt.gz", "wt", encoding="utf-8") as file:
        file.write("q0 0 g20 3\nq1 0 g7 3\n")
    return folder


def test_the_documents_are_the_same_every_time(data: Path) -> None:
    terms = engine.terms()
    few, many = (corpus.documents(data, count, terms) for count in (10, 80))
    assert many[:10] == few
    assert few[0].slug == "g20", "what a query names is always there"
    assert corpus.documents(data, 80, terms) == many
    for field in ("slug", "repo", "id"):
        assert len({getattr(d, field) for d in many}) == 80
    real = many[:30]
    made = many[30:60]
    assert [bool(d.summary_zh) for d in made] == [bool(d.summary_zh) for d in real]
    assert [bool(d.summary_en) for d in made] == [bool(d.summary_en) for d in real]


def test_the_queries_are_those_that_every_engine_can_answer(data: Path) -> None:
    assert [q.kind for q in corpus.queries(data)] == ["item-exact", "tax-zh", "xling-topic-zh2en"]


def test_documents_come_back_from_their_file(data: Path, tmp_path: Path) -> None:
    found = corpus.documents(data, 40, engine.terms())
    corpus.save(found, tmp_path / "documents")
    assert corpus.load(tmp_path / "documents") == found


def test_every_engine_answers_in_the_warm_benchmark(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tantivy")
    work = str(tmp_path / "work")
    assert (
        benchmarks.main(["warm", "--docs", "60", "--rounds", "1", "--data", str(data), "--work", work, "--json"]) == 0
    )
    table = json.loads(capsys.readouterr().out)["warm"][0]
    assert {line["empty"] for line in table["lines"].values()} == {0}
    assert table["lines"]["aidir"]["ours / this, p50"] == 1.0
    assert len(table["lines"]) == 6


def test_quantiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (figures.median(values), figures.quantile(values, 0.99), figures.quantile(values, 1.0)) == (
        50.0,
        99.0,
        100.0,
    )
    assert figures.median([3.0]) == 3.0


def test_all_take_turns() -> None:
    """All do a task before anybody does the next, and who comes after whom is not always the same."""
    log: list[tuple[str, int]] = []
    contestants = {name: lambda task, name=name: log.append((name, task)) for name in "abc"}
    times = figures.interleaved(contestants, list(range(30)), 2)
    turns = [log[start : start + 3] for start in range(0, len(log), 3)]
    assert [{task for _, task in turn} for turn in turns] == [{n} for _ in range(2) for n in range(30)]
    assert all({name for name, _ in turn} == set("abc") for turn in turns)
    follows = Counter((one, other) for (one, _), (other, _) in pairwise(log) if one != other)
    assert min(follows[pair] for pair in permutations("abc", 2)) > len(log) / 12, "each follows each about as often"
    assert {name: [len(turn) for turn in turns] for name, turns in times.items()} == {n: [30, 30] for n in "abc"}


def test_the_page_gets_its_figures(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"# Before\n{page.BEGIN}\nold\n{page.END}\nAfter\n", "utf-8")
    table = figures.Table("one", {"ours": {"p50 ms": 0.0123, "rows": 1200}}, ("a note",))
    page.write({"warm": [table]}, path)
    written = path.read_text("utf-8")
    assert "| ours | 0.0123 | 1,200 |" in written
    assert written.startswith("# Before\n")
    assert written.endswith("After\n")
    assert "old" not in written
    assert page.PAGE.read_text("utf-8").count(page.BEGIN) == 1
