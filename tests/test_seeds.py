"""The bundled seeds: their form, their sources, their cover of the field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from directory import document, taxonomy
from directory.curation import seeds as reading
from directory.importers import aitnt

UNDATED = ("OpenGithubs/weekly",)
"""Its counts are as old as the issue of the weekly they stand in, which the date of the file does not tell."""


@pytest.mark.parametrize(("schema", "pattern"), [("taxonomy", "taxonomy.yaml"), ("resource", "resources/*.yaml")])
def test_the_files_have_the_form_that_editors_are_told(seeds: Path, schema: str, pattern: str) -> None:
    validator = Draft202012Validator(json.loads((seeds / f"{schema}.schema.json").read_text("utf-8")))
    files = sorted(seeds.glob(pattern))
    assert files
    for path in files:
        value = document.load_yaml(path.read_text("utf-8"), path.name)
        assert [f"{path.name}: {e.json_path}: {e.message}" for e in validator.iter_errors(value)] == []


def test_every_file_is_named_after_a_term(seeds: Path) -> None:
    terms, _, _ = reading.read(seeds)
    assert [p.stem for p in seeds.glob("resources/*.yaml") if p.stem not in terms.terms] == []


def test_the_keywords_of_the_page_all_resolve(seeds: Path, shared: Path) -> None:
    terms = taxonomy.parse(document.load_yaml((seeds / "taxonomy.yaml").read_text("utf-8"), "taxonomy.yaml"))
    line = (shared / "seed-page" / "page.txt").read_text("utf-8").splitlines()[0]
    keywords, lost = aitnt.keyword_line(line, terms)
    assert lost == []
    assert sum(len(k.text.split()) for k in keywords) == 91


def test_there_are_at_least_600_resources_in_both_languages(seeds: Path) -> None:
    _, rows = reading.rows(seeds)
    assert len(rows) >= 600
    assert all(row["summary_zh"] and row["summary_en"] and row["terms"] for row in rows)


def test_stars_are_the_newest_count_known_of_the_repository(seeds: Path, shared: Path) -> None:
    """Of a repository that was renamed, lists counted the stars under each of its names."""
    facts = {}
    for line in (shared / "candidates.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["stars"] is not None and row["stars_source"] not in UNDATED:
            facts[row["repo"].lower()] = (row["stars_asof"], row["stars"], row["stars_source"])
    _, rows = reading.rows(seeds)
    assert sum("stars" in row for row in rows) > 300
    for row in rows:
        names = [row.get("repository", "").removeprefix("https://github.com/"), *row.get("past_names", [])]
        counts = [facts[name.lower()] for name in names if name.lower() in facts]
        stated = (str(row["stars_asof"]), row["stars"], row["stars_source"]) if "stars" in row else None
        assert stated == max(counts, default=None), row["slug"]
