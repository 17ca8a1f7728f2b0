"""Import -> export -> import loses nothing of what the form can say, and a second export is the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from directory import config, database
from directory.catalogue import open_catalogue
from directory.catalogue.record import ResourceRecord
from directory.curation import seeds as seed_files
from directory.document import dump_yaml, load_yaml
from directory.service import Directory
from tests.conftest import NOON
from tests.exporters.conftest import exported

Facts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def terms_only(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """A catalogue with the bundled terms and no resources."""
    path = tmp_path_factory.mktemp("terms") / "catalogue.sqlite"
    database.migrate(path)
    terms, _, _ = seed_files.read(seeds)
    with open_catalogue(path, write=True) as catalogue:
        for _ in range(2):
            for row in terms.plain():
                catalogue.terms.put_seed(row, at="2026-11-24T12:00:00Z")
    return path


@pytest.fixture
def pair(terms_only: Path, tmp_path: Path) -> tuple[Directory, Directory]:
    """Two directories with terms and no resources."""

    def bare(name: str) -> Directory:
        (tmp_path / name).mkdir()
        database.backup(terms_only, tmp_path / name / "catalogue.sqlite")
        return Directory(config.load({"home": tmp_path / name}), clock=lambda: NOON)

    return bare("first"), bare("second")


def facts(directory: Directory, *fields: str) -> Facts:
    with directory._catalogue() as catalogue:
        return {r.slug: {name: fact(r, name) for name in fields} for r in catalogue.resources.all()}


def fact(found: ResourceRecord, name: str) -> Any:
    if name == "repository":
        return found.repository.name if found.repository else None
    if name == "stars":
        own = found.repository
        return (own.stars, own.stars_asof, own.stars_source, [p.name for p in own.past]) if own else None
    if name == "addresses":
        return {link.url for link in found.links}
    if name == "archived":
        return found.repository is not None and found.repository.archived
    if name == "summary":
        return found.summary_en or found.summary_zh
    return getattr(found, name)


def begin(form: str, source: Path, target: Path) -> Path:
    """The list itself, or of a long projects.yaml the first 200 projects."""
    if form != "bestof":
        return source
    value = load_yaml((source / "projects.yaml").read_text("utf-8"), "projects.yaml")
    value["projects"] = value["projects"][:200]
    return write(target, {"projects.yaml": dump_yaml(value).encode()})


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def comparable(files: dict[str, bytes]) -> dict[str, Any]:
    """A landscape's importer reads one path: what only `second_path` and annotations say is not compared."""
    if "data.yml" not in files:
        return dict(files)
    value = load_yaml(files["data.yml"].decode(), "data.yml")
    for category in value["categories"]:
        for subcategory in category["subcategories"]:
            for item in subcategory["items"]:
                item.pop("second_path", None)
                del item["extra"]
    return files | {"data.yml": value}


def trip(form: str, first: Directory, second: Directory, tmp_path: Path, *fields: str) -> tuple[Facts, Facts]:
    """Export from one directory, import into another, export from there; the facts of both."""
    files = exported(first, form)
    folder = write(tmp_path / "exported", files)
    second.import_file(form, folder if len(files) > 1 else folder / next(iter(files)))
    assert comparable(exported(second, form)) == comparable(files)
    return facts(first, *fields), facts(second, *fields)


ALL = ("name", "names", "kind", "summary_zh", "summary_en", "pricing", "licence", "terms", "tags", "cited_by",
       "repository", "stars", "addresses")  # fmt: skip


def test_our_own_form(seeded: Directory, pair: tuple[Directory, Directory], tmp_path: Path) -> None:
    one, other = trip("aidir", seeded, pair[1], tmp_path, *ALL)
    assert one == other
    assert len(one) > 800


def test_our_own_form_with_several_addresses_in_one_role_and_tags(
    pair: tuple[Directory, Directory], tmp_path: Path
) -> None:
    first, second = pair
    rows = [
        {"name": "A", "terms": ["rag", "Obscure heading"], "links": {"page": "https://a.example/1", "docs": "https://a.example/d"}},
        {"name": "A", "links": {"docs": "https://a.example/1", "page": "https://a.example/2", "paper": "https://a.example/p"}},
        {"name": "B", "repository": "https://github.com/o/b", "past_names": ["o/a"], "links": {"page": "https://b.example/1"}},
        {"name": "B", "repository": "https://github.com/o/b", "links": {"page": "https://b.example/2"}},
    ]  # fmt: skip
    (tmp_path / "a.yaml").write_text(dump_yaml(rows), "utf-8")
    first.import_file("aidir", tmp_path / "a.yaml")
    one, other = trip("aidir", first, second, tmp_path, *ALL)
    assert one == other
    assert one["a"]["tags"] == ("Obscure heading",)
    assert len(one["a"]["addresses"]) == 4
    assert len(one["b"]["addresses"]) == 3


FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    # form: the folder in ../shared/lists, what the form can say
    "hecat": (
        "awesome-selfhosted__awesome-selfhosted-data",
        ("name", "summary", "licence", "terms", "tags", "archived", "repository", "addresses"),
    ),
    "bestof": (
        "ml-tooling__best-of-ml-python",
        ("name", "summary", "licence", "terms", "tags", "repository", "addresses"),
    ),
    "landscape2": ("", ("name", "summary", "licence", "repository", "addresses")),
}
SMALL = {
    "hecat": (
        "software/lamp.yml",
        "name: Lamp\nwebsite_url: https://lamp.example\nsource_code_url: https://github.com/o/lamp\n"
        "description: A lamp that talks.\nlicenses: [MIT, Apache-2.0]\nplatforms: [Docker]\n"
        "tags: [Light (LED), RAG, AI Agent]\n"
        "demo_url: https://demo.lamp.example\narchived: true\n",
    ),
    "bestof": (
        "projects.yaml",
        "categories:\n  - {category: lights, title: Lights & Lamps}\nlabels: []\nprojects:\n"
        "  - {name: Lamp, github_id: o/lamp, category: lights, labels: [led, rag], license: MIT}\n"
        "  - {name: Guide, homepage: 'https://guide.example', resource: true, description: 关于灯的书}\n"
        "  - {name: Lab, gitlab_id: o/lab, description: A lab}\n",
    ),
    "landscape2": (
        "data.yml",
        "categories:\n  - name: Agent\n    subcategories:\n      - name: Agent\n        items:\n"
        "          - name: Lamp\n"
        "            homepage_url: https://lamp.example\n            repo_url: https://github.com/o/lamp\n"
        "            logo: lamp.svg\n            description: A lamp that talks.\n",
    ),
}


@pytest.mark.parametrize("form", SMALL)
def test_a_peers_form(form: str, pair: tuple[Directory, Directory], tmp_path: Path) -> None:
    first, second = pair
    name, text = SMALL[form]
    write(tmp_path / "list", {name: text.encode()})
    first.import_file(form, tmp_path / "list")
    one, other = trip(form, first, second, tmp_path, *FORMS[form][1])
    assert one == other
    assert "lamp" in one


@pytest.mark.parametrize("form", ["hecat", "bestof"])
def test_a_real_list_of_a_peer(form: str, shared: Path, pair: tuple[Directory, Directory], tmp_path: Path) -> None:
    folder, fields = FORMS[form]
    source = shared / "lists" / folder
    if not source.is_dir():
        pytest.skip(f"needs {folder} in ../shared/lists")
    first, second = pair
    first.import_file(form, begin(form, source, tmp_path / "list"))
    one, other = trip(form, first, second, tmp_path, *fields)
    assert one == other
    assert len(one) >= 4
