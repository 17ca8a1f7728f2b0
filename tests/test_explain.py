"""How a hit's score came about: the explanation adds up to the score."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path

import pytest

from directory import query
from directory.service import Directory
from tests.conftest import Run


@pytest.mark.parametrize(
    "typed",
    [
        "智能体", "dify 平台", "langgenius/dify", "a framework for building agents with memory", "langchian",
        "大語言模型 微調 框架", '"知识图谱" rag', "category:rag", "https://github.com/langgenius/dify", "神經網路",
    ],
)  # fmt: skip
def test_an_explanation_adds_up_to_the_score(seeded: Directory, typed: str) -> None:
    asked = query.parse(typed, limit=20)
    page = seeded.search(asked)
    explained = seeded.explain(asked, page)
    assert [e.slug for e in explained] == [h.slug for h in page.hits]
    for found, hit in zip(explained, page.hits, strict=True):
        assert found.score == pytest.approx(hit.score, abs=2e-4, rel=1e-6)
        total = sum(part.rarity * part.impact for part in found.parts) if found.parts else 1.0
        factors = prod((found.coordination if found.parts else 1.0, found.prior, found.named, found.near))
        assert total * factors + found.exact == pytest.approx(found.score, abs=2e-4, rel=1e-6)


def test_every_part_says_how_it_was_found(seeded: Directory) -> None:
    asked = query.parse("dify 工作流 quetzalcoatlus", limit=3, exact=True)
    parts = {p.asked: p for p in seeded.explain(asked, seeded.search(asked))[0].parts}
    assert parts["dify"].how == "written"
    assert parts["quetzalcoatlus"].how == "missing"
    assert parts["quetzalcoatlus"].documents == 0


def test_on_the_command_line(run: Run, built: Path) -> None:
    told = run("search", "dify", "--explain", "--limit", "1", home=built)
    assert len(told.out.splitlines()) == 1
    assert "1  dify" in told.err
    assert "rarity" in told.err
    assert "the query is its name" in told.err
    page = json.loads(run("search", "dify", "--explain", "--limit", "2", "--json", home=built).out)
    assert [e["slug"] for e in page["explanations"]] == [h["slug"] for h in page["hits"]]
    assert page["explanations"][0]["score"] == pytest.approx(page["hits"][0]["score"], abs=2e-4)
