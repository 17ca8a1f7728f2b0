"""Each form holds what its readers need, read with another program than the one that wrote it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from directory.importers import Source, SourceFile, awesome
from directory.importers import csv as csv_importer
from directory.query import Filter, Query
from directory.service import Directory
from tests.conftest import ROOT
from tests.exporters.conftest import exported


def one(directory: Directory, name: str, **options: object) -> str:
    (content,) = exported(directory, name, **options).values()
    return content.decode()


@pytest.fixture(scope="module")
def resources(seeded: Directory) -> dict[str, dict[str, object]]:
    return {r["slug"]: r for r in json.loads(one(seeded, "json"))["resources"]}


def test_a_table_is_read_back(seeded: Directory, resources: dict[str, object]) -> None:
    text = one(seeded, "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [r["slug"] for r in rows] == list(resources)
    reading = csv_importer.read(Source("x", (SourceFile("x.csv", text),)), seeded.taxonomy())
    assert not reading.leftovers
    entries = {e.slug: e for e in reading.entries}
    assert entries.keys() == resources.keys()
    dify = entries["dify"]
    assert (dify.name, dify.labels[0], dify.stars_asof, dify.kind) == ("Dify", "rag", "2026-08-22", "project")
    assert [link.role for link in dify.links] == ["repository", "homepage"]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_an_awesome_list_is_read_back(seeded: Directory, resources: dict[str, object], language: str) -> None:
    text = one(seeded, "awesome", language=language)
    items = [line for line in text.splitlines() if line.startswith("- [") and "](#" not in line]
    assert len(items) == len(resources)
    assert all(re.fullmatch(r"- \[.+\]\(https?://[^ ]+\)( - .*\.)?", item) for item in items)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[0] == "Contents"
    assert len(re.findall(r"^- \[.+\]\(#.+\)$", text, re.MULTILINE)) == len(headings) - 1
    reading = awesome.read(Source("x", (SourceFile("README.md", text),)), seeded.taxonomy())
    assert len(reading.entries) >= len(resources)
    dify = next(item for item in items if item.startswith("- [Dify]"))
    assert ("大模型应用开发平台" in dify, "Platform for building" in dify) == (language != "en", language != "zh")


@pytest.mark.parametrize("site", ["", "https://x.example/feeds"])
def test_the_feeds_tell_the_same_news(directory: Directory, site: str) -> None:
    directory.rename([("langgenius/dify", "dify-labs/dify")], evidence="GitHub redirects")
    feed = json.loads(one(directory, "jsonfeed", site=site, language="en"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed.get("feed_url") == (f"{site}/feed.json" if site else None)
    assert feed["language"] == "en"
    first = feed["items"][0]
    assert (first["title"], first["tags"][0], first["url"]) == (
        "Moved: Dify",
        "moved",
        "https://github.com/dify-labs/dify",
    )
    assert len(feed["items"]) == len({i["id"] for i in feed["items"]}) == 100
    assert all(len(set(i["tags"])) == len(i["tags"]) and i["content_text"] for i in feed["items"])
    root = ElementTree.fromstring(one(directory, "atom", site=site, language="en"))
    name = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{name}entry")
    for entry, item in zip(entries, feed["items"], strict=True):
        link = entry.find(f"{name}link")
        found = [entry.findtext(f"{name}{tag}") for tag in ("id", "title", "updated", "summary")]
        assert found == [item[key] for key in ("id", "title", "date_published", "content_text")]
        assert link is not None
        assert link.attrib == {"rel": "alternate", "href": item["url"]}
    assert root.findtext(f"{name}updated") == max(i["date_published"] for i in feed["items"])
    links = [(n.get("rel"), n.get("href")) for n in root.findall(f"{name}link")]
    assert links == ([("self", f"{site}/feed.xml")] if site else [])


def test_a_feed_tells_once_a_week_what_is_trending(directory: Directory) -> None:
    def trending(day: str, gained: int) -> list[tuple[str, str, str]]:
        path = directory.settings.home / "catalogue.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as raw:
            raw.execute("UPDATE repository SET growth_7 = ?, stars_asof = ? WHERE name = 'dify'", (gained, day))
            raw.commit()
        items = json.loads(one(directory, "jsonfeed", language="zh"))["items"]
        return [(i["id"], i["title"], i["date_published"]) for i in items if i["tags"][0] == "trending"]

    wednesday = trending("2026-11-25", 900)
    assert [(title, at) for _, title, at in wednesday] == [("热门：Dify", "2026-11-23T00:00:00Z")]
    assert trending("2026-11-29", 1000) == wednesday
    assert trending("2026-11-30", 1000)[0][0] != wednesday[0][0]
    assert trending("2026-11-30", -5) == trending("someday", 10) == []


def test_the_items_of_json_ld_are_of_their_kind(seeded: Directory, resources: dict[str, object]) -> None:
    value = json.loads(one(seeded, "jsonld"))
    assert value["@context"] == "https://schema.org"
    dataset, listed = value["@graph"]
    assert dataset["@type"] == "Dataset"
    items = [element["item"] for element in listed["itemListElement"]]
    assert listed["numberOfItems"] == len(items) == len(resources)
    assert {"SoftwareSourceCode", "SoftwareApplication", "Dataset", "Course", "WebSite"} == {i["@type"] for i in items}
    dify = next(i for i in items if i["name"] == "Dify")
    assert dify["codeRepository"] == dify["url"] == "https://github.com/langgenius/dify"
    assert dify["sameAs"] == ["https://dify.ai"]


def test_the_database_answers_questions(seeded: Directory, resources: dict[str, object], tmp_path: Path) -> None:
    (content,) = exported(seeded, "sqlite").values()
    (tmp_path / "a.sqlite").write_bytes(content)
    with contextlib.closing(sqlite3.connect(f"file:{tmp_path / 'a.sqlite'}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("SELECT count(*) FROM resources").fetchone() == (len(resources),)
        question = (
            "SELECT name, stars FROM resources JOIN resource_terms ON resource = slug "
            "WHERE term = 'rag' AND position = 0 ORDER BY stars DESC LIMIT 1"
        )
        name, stars = database.execute(question).fetchone()
        assert stars > 10_000
        assert name in {r["name"] for r in json.loads(one(seeded, "json"))["resources"]}
        assert database.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == ("1.0",)


def schema(name: str) -> jsonschema.Draft202012Validator:
    """What a form asks for, as tests/validators has it."""
    value = json.loads((ROOT / "tests" / "validators" / f"{name}.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(value)


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_json_feed_keeps_the_rules_of_its_form(seeded: Directory, language: str) -> None:
    feed = json.loads(one(seeded, "jsonfeed", language=language, site="https://x.example"))
    schema("jsonfeed").validate(feed)
    del feed["items"][0]["content_text"]
    assert not schema("jsonfeed").is_valid(feed)


def test_a_feed_of_a_selection_has_its_own_news(directory: Directory) -> None:
    """Also when a hundred other resources had news since."""
    rows = json.loads(one(directory, "jsonfeed", conditions=[Filter("category", "=", "asr")]))["items"]
    listed = directory.search(Query("", filters=(Filter("category", "=", "asr"),), limit=999)).hits
    assert {i["title"].partition(": ")[2] for i in rows} == {h.name for h in listed}
    assert len(listed) > 3
    whole = {i["id"] for i in json.loads(one(directory, "jsonfeed"))["items"]}
    assert not {i["id"] for i in rows} <= whole


def test_a_feed_has_moments_whatever_the_catalogue_says(directory: Directory) -> None:
    with contextlib.closing(sqlite3.connect(directory.settings.home / "catalogue.sqlite")) as raw:
        raw.execute("UPDATE event SET at = CASE WHEN id % 50 = 0 THEN 'lately' ELSE '2026-11-20' END")
        raw.commit()
    feed = json.loads(one(directory, "jsonfeed"))
    schema("jsonfeed").validate(feed)
    assert {i["date_published"] for i in feed["items"]} == {"2026-11-20T00:00:00Z"}


def test_a_landscape_keeps_the_rules_of_landscape2(seeded: Directory) -> None:
    """As its data model has them: names present, unique in a subcategory, http addresses, a logo that is there."""
    files = exported(seeded, "landscape2")
    value = yaml.safe_load(files["data.yml"])
    schema("landscape2").validate(value)
    paths = {f"{c['name']} / {s['name']}" for c in value["categories"] for s in c["subcategories"]}
    count = 0
    for category in value["categories"]:
        for subcategory in category["subcategories"]:
            names = [item["name"] for item in subcategory["items"]]
            assert len(names) == len(set(names))
            for item in subcategory["items"]:
                count += 1
                assert item["homepage_url"].startswith(("http://", "https://"))
                assert f"logos/{item['logo']}" in files
                assert all(path.count(" / ") == 1 for path in item.get("second_path", ()))
                assert all(isinstance(v, str) for v in item["extra"]["annotations"].values())
    assert count > 800
    assert len(paths) > 50
    assert set(yaml.safe_load(files["settings.yml"])) == {"foundation", "url"}


def test_a_hecat_folder_names_only_tags_and_licences_it_has(seeded: Directory) -> None:
    files = {path: yaml.safe_load(content) for path, content in exported(seeded, "hecat").items()}
    tags = {value["name"] for path, value in files.items() if path.startswith("tags/")}
    licences = {row["identifier"] for row in files["licenses.yml"]}
    software = [value for path, value in files.items() if path.startswith("software/")]
    assert len(software) > 800
    for row in software:
        assert set(row["tags"]) <= tags
        assert set(row["licenses"]) <= licences
        assert len(row["description"]) <= 250
        assert not row["description"] or row["description"].endswith(".")


def test_a_best_of_list_names_only_categories_and_labels_it_has(seeded: Directory) -> None:
    value = yaml.safe_load(one(seeded, "bestof"))
    categories = {c["category"] for c in value["categories"]}
    labels = {label["label"] for label in value["labels"]}
    assert len(value["projects"]) > 800
    for project in value["projects"]:
        assert project["category"] in categories
        assert set(project["labels"]) <= labels
        assert project.get("github_id") or project["homepage"]
