"""Data files of the ecosystem and plain tables: every field arrives, or stays in `extra`."""

from __future__ import annotations

import pytest

from directory.document import dump_yaml
from directory.errors import UnreadableFile
from directory.importers import Entry, EntryLink, Reading, Source, SourceFile, bestof, csv, hecat, landscape2
from directory.taxonomy import Taxonomy

TAXONOMY = Taxonomy({})


def read_csv(table: str) -> Reading:
    return csv.read(Source("list", (SourceFile("list.csv", table),)), TAXONOMY)


def only_row(table: str) -> Entry:
    (entry,) = read_csv(table).entries
    return entry


def roles(entry: Entry) -> list[tuple[str, str]]:
    return [(link.role, link.url) for link in entry.links]


LAMP = {
    "name": "Lamp",
    "website_url": "https://lamp.example",
    "source_code_url": "https://github.com/o/lamp",
    "description": "A lamp that talks.",
    "licenses": ["MIT", "Apache-2.0"],
    "platforms": ["Docker"],
    "tags": ["Light (LED)"],
    "demo_url": "https://demo.lamp.example",
    "stargazers_count": 12,
    "updated_at": "2026-08-02",
    "archived": True,
    "commit_history": {"2026-08": 3},
}


def test_hecat_takes_every_field_and_keeps_the_rest() -> None:
    files = (
        SourceFile("licenses.yml", "- identifier: MIT\n  name: MIT\n"),
        SourceFile("software/talking-lamp.yml", dump_yaml(LAMP)),
        SourceFile("tags/light.yml", "name: Light (LED)\ndescription: Lamps\n"),
    )
    (entry,) = hecat.read(Source("data", files), TAXONOMY).entries
    assert (entry.name, entry.slug, entry.place.path) == ("Lamp", "talking-lamp", "software/talking-lamp.yml")
    assert roles(entry) == [
        ("homepage", "https://lamp.example"),
        ("repository", "https://github.com/o/lamp"),
        ("demo", "https://demo.lamp.example"),
    ]
    assert (entry.summaries, entry.labels) == ({"en": "A lamp that talks."}, ("Light (LED)",))
    assert (entry.licence, entry.archived, entry.stars) == ("MIT, Apache-2.0", True, None)
    kept = ("platforms", "stargazers_count", "updated_at", "commit_history")
    assert entry.extra == {key: LAMP[key] for key in kept}


def test_hecat_leaves_over_what_has_no_address_and_refuses_what_is_no_resource() -> None:
    reading = hecat.read(Source("data", (SourceFile("software/a.yml", "name: A\nwebsite_url: nowhere\n"),)), TAXONOMY)
    assert [(left.text, left.reason) for left in reading.leftovers] == [("A", "it has no name or no address")]
    with pytest.raises(UnreadableFile):
        hecat.read(Source("data", (SourceFile("software/a.yml", "- a\n"),)), TAXONOMY)


def test_a_value_that_had_to_be_mended_stays_as_written() -> None:
    text = "name: A\nwebsite_url: a.example/x\ndescription: ' two  spaces '\n"
    (entry,) = hecat.read(Source("data", (SourceFile("a.yml", text),)), TAXONOMY).entries
    assert roles(entry) == [("homepage", "https://a.example/x")]
    assert entry.summaries == {"en": "two spaces"}
    assert entry.extra == {"website_url": "a.example/x", "description": " two  spaces "}


def test_bestof_gives_titles_as_path_and_keeps_package_ids() -> None:
    text = (
        "configuration: {min_stars: 300}\ncategories:\n  - category: lights\n    title: Lights & Lamps\n"
        "labels:\n  - label: led\nprojects:\n  - name: Lamp\n    github_id: o/lamp\n    category: lights\n"
        "    labels: [led]\n    pypi_id: lamp\n    license: MIT\n  - name: Guide\n    homepage: https://guide.example\n"
        "    resource: true\n    description: 关于灯的书\n  - name: Nowhere\n"
    )
    reading = bestof.read(Source("list", (SourceFile("projects.yaml", text),)), TAXONOMY)
    lamp, guide = reading.entries
    assert lamp.links == (EntryLink("https://github.com/o/lamp", "repository"),)
    assert (lamp.path, lamp.labels, lamp.licence, lamp.place.line) == (("Lights & Lamps",), ("led",), "MIT", 8)
    assert lamp.extra == {"category": "lights", "pypi_id": "lamp"}
    assert (guide.path, guide.extra, guide.summaries) == (("others",), {"resource": True}, {"zh": "关于灯的书"})
    assert [(left.place.line, left.text) for left in reading.leftovers] == [(18, "Nowhere")]


@pytest.mark.parametrize("form", ["landscape", "categories"])
def test_a_landscape_gives_category_and_subcategory(form: str) -> None:
    mark = "item:\n            " if form == "landscape" else ""
    text = (
        f"{form}:\n  - name: Home\n    subcategories:\n      - name: Light\n        items:\n"
        f"          - {mark}name: Lamp\n"
        "            homepage_url: https://lamp.example\n            repo_url: https://github.com/o/lamp\n"
        "            logo: lamp.svg\n            second_path: ['Office / Light']\n"
        "            extra: {accepted: '2024-06-18'}\n"
    )
    (entry,) = landscape2.read(Source("x", (SourceFile("data.yml", text),)), TAXONOMY).entries
    assert (entry.path, entry.place.line) == (("Home", "Light"), 7 if mark else 6)
    assert roles(entry) == [("homepage", "https://lamp.example"), ("repository", "https://github.com/o/lamp")]
    assert entry.extra == {"logo": "lamp.svg", "second_path": ["Office / Light"], "extra": {"accepted": "2024-06-18"}}


@pytest.mark.parametrize("module", [bestof, landscape2])
def test_another_yaml_form_is_refused(module: object) -> None:
    read = {bestof: bestof.read, landscape2: landscape2.read}[module]  # type: ignore[index]
    with pytest.raises(UnreadableFile):
        read(Source("x", (SourceFile("x.yml", "name: x\n"),)), TAXONOMY)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_columns_are_told_by_their_header(separator: str) -> None:
    header = "name url summary_zh summary_en repo category tags licence stars stars_asof colour".split()
    row = "Lamp|https://lamp.example|会说话的灯|A lamp|o/lamp|Home > Light|led、desk|MIT|1.2k|2026-08-02|red".split("|")
    table = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in (header, row))
    entry = only_row(table)
    assert roles(entry) == [("homepage", "https://lamp.example"), ("repository", "https://github.com/o/lamp")]
    assert entry.summaries == {"zh": "会说话的灯", "en": "A lamp"}
    assert (entry.path, entry.labels, entry.licence) == (("Home", "Light"), ("led", "desk"), "MIT")
    assert (entry.stars, entry.stars_asof, entry.extra) == (1200, "2026-08-02", {"colour": "red"})


def test_csv_reads_chinese_headers_and_keeps_undated_stars_as_written() -> None:
    entry = only_row('\ufeff名称,网址,简介,分类,标签,许可证,星数\n灯,lamp.example,会说话的灯,家居,"led,台灯",MIT,9\n')
    assert roles(entry) == [("homepage", "https://lamp.example")]
    assert (entry.name, entry.summaries, entry.path) == ("灯", {"zh": "会说话的灯"}, ("家居",))
    assert (entry.labels, entry.stars, entry.extra) == (("led", "台灯"), None, {"星数": "9"})


def test_csv_undoes_the_guard_against_formulas_and_names_rows_by_line() -> None:
    reading = read_csv(
        'name,url,description\n"Two\nlines",https://a.example,\'=SUM(1)\n\nNowhere,,x\nB,https://b.example\n'
    )
    first, second = reading.entries
    assert (first.name, first.summaries, first.place.line) == ("Two lines", {"en": "=SUM(1)"}, 2)
    assert (second.name, second.place.line) == ("B", 6)
    assert [(left.place.line, left.text) for left in reading.leftovers] == [(5, "Nowhere |  | x")]


def test_csv_without_a_header_is_refused_and_a_broken_quote_is_left_over() -> None:
    with pytest.raises(UnreadableFile):
        read_csv("1,2,3\n4,5,6\n")
    reading = read_csv('name,url\nA,https://a.example\nB,"' + "x" * 200_000)
    assert [entry.name for entry in reading.entries] == ["A"]
    assert [left.reason for left in reading.leftovers] == [
        "the table breaks off: field larger than field limit (131072)"
    ]
