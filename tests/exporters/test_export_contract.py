"""The promise of docs/export.md: validated, verifiable, the same bytes, and only what changed."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from directory import config, plugins
from directory.catalogue.record import ArticleRecord, Draft, MatchRecord
from directory.document import dump_yaml
from directory.errors import InputError, UnknownName
from directory.exporters import Hot, HotSearch, api
from directory.exporters._contract import schemas
from directory.query import Filter, Query
from directory.service import Directory
from tests.conftest import NOON, ROOT, Run
from tests.exporters.conftest import Tree, exported, read_tree


@pytest.fixture(scope="module")
def tree(seeded: Directory) -> Tree:
    return exported(seeded, "api")


def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(schemas()[f"{name}.schema.json"])


def later(home: Path) -> Directory:
    """The same home one day on."""
    return Directory(config.load({"home": home}), clock=lambda: NOON + timedelta(days=1))


def marks(folder: Path, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """What a web server makes an ETag of."""
    found = {path: (folder / path).stat() for path in paths}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


_DIGESTS = """
import hashlib, sys
from pathlib import Path
from directory import config, plugins
from directory.service import Directory
def digests(home):
    snapshot = Directory(config.load({"home": Path(home)}))._snapshot((), "both", "", None)
    for name in plugins.names("exporters"):
        files = plugins.load("exporters", name).export(snapshot)
        yield name, hashlib.sha256(b"".join(f.path.encode() + f.data for f in files)).hexdigest()
for line in digests(sys.argv[1]):
    print(*line)
"""


def test_every_format_gives_the_same_bytes_in_another_process(built: Path) -> None:
    def digests(seed: str, zone: str) -> list[str]:
        environment = dict(os.environ, PYTHONHASHSEED=seed, TZ=zone)
        command = [sys.executable, "-c", _DIGESTS, str(built)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env=environment, cwd=ROOT)
        return done.stdout.splitlines()

    found = digests("1", "UTC")
    assert [line.split()[0] for line in found] == plugins.names("exporters")
    assert digests("2", "Asia/Shanghai") == found


def test_the_schemas_are_schemas_and_agree_where_they_say_the_same() -> None:
    found = schemas()
    assert sorted(found) == [
        f"{n}.schema.json" for n in ("changes", "hot", "index", "resource", "resources", "term", "terms")
    ]
    definitions: dict[str, Any] = {}
    for name, schema in found.items():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema.Draft202012Validator.check_schema(schema)
        for key, value in schema.get("$defs", {}).items():
            assert definitions.setdefault(key, value) == value, (name, key)
    one = found["resource.schema.json"]
    assert {k: one[k] for k in ("type", "properties", "required")} == definitions["resource"]


def test_every_json_file_is_valid_and_the_index_is_true(tree: Tree) -> None:
    index = json.loads(tree["index.json"])
    validator("index").validate(index)
    rows = {row["path"]: row for row in index["files"]}
    assert sorted(rows) == sorted(tree.keys() - {"index.json"})
    assert list(rows) == sorted(rows)
    for path, row in rows.items():
        assert (row["bytes"], row["sha256"]) == (len(tree[path]), hashlib.sha256(tree[path]).hexdigest())
        if row["schema"]:
            value = json.loads(tree[path])
            jsonschema.Draft202012Validator(json.loads(tree[row["schema"]])).validate(value)
            assert row["count"] == value.get("count", len(value.get("resources", "1"))), path
    assert index["count"] == {"resources": rows["resources.json"]["count"], "terms": rows["terms.json"]["count"]}


def test_a_wrong_value_is_not_valid(tree: Tree) -> None:
    good = json.loads(tree["resources/dify.json"])
    for key, bad in (("stars", -1), ("name", None), ("url", "javascript:alert(1)"), ("node_id", 5)):
        broken = json.loads(tree["resources/dify.json"])
        (broken["repository"] if key in broken["repository"] else broken)[key] = bad
        assert not validator("resource").is_valid(broken), key
    for key in good:
        assert not validator("resource").is_valid({k: v for k, v in good.items() if k != key}), key


def test_a_stream_and_a_document_hold_what_the_tree_holds(seeded: Directory, tree: Tree) -> None:
    (document,) = exported(seeded, "json").values()
    assert document == tree["resources.json"]
    (stream,) = exported(seeded, "ndjson").values()
    resources = [json.loads(line) for line in stream.splitlines()]
    assert resources == json.loads(document)["resources"]
    assert [r["slug"] for r in resources] == sorted(r["slug"] for r in resources)
    assert resources == [json.loads(tree[r["path"]]) for r in resources]


def test_a_resource_carries_its_evidence(directory: Directory, home: Path) -> None:
    with directory._writing() as catalogue:
        record = catalogue.resources.get("dify")
        assert record is not None
    directory.edit("dify", {"summary_en": "Something else."})
    (text,) = exported(directory, "json").values()
    found = next(r for r in json.loads(text)["resources"] if r["slug"] == "dify")
    assert found["provenance"]["summary_en"] == {
        "origin": "curator",
        "source": None,
        "set_at": "2026-11-24T12:00:00Z",
    }
    assert found["provenance"]["summary_zh"]["origin"] == "seeds"
    assert found["terms"][0] == {"slug": "rag", "zh": "检索增强生成", "en": "Retrieval-augmented generation"}
    assert (found["repository"]["stars_asof"], found["repository"]["stars"]) == ("2026-08-22", 153154)
    assert {(n["role"], n["state"], n["last_ok"]) for n in found["links"]} == {
        ("repository", "new", None),
        ("homepage", "new", None),
    }
    assert found["state"] == record.state


def test_a_change_touches_only_what_it_concerns(directory: Directory, home: Path, tmp_path: Path) -> None:
    target = tmp_path / "v1"
    directory.publish("api", target)
    before = read_tree(target)
    kept = marks(target, before)
    assert directory.publish("api", target).written == 0
    assert marks(target, before) == kept
    later(home).edit("dify", {"summary_en": "Something else."})
    done = directory.publish("api", target)
    after = read_tree(target)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    terms = {f"terms/{t['slug']}.json" for t in json.loads(after["resources/dify.json"])["terms"]}
    assert changed == {"resources/dify.json", "resources.json", "changes.json", "index.json"} | terms
    assert (done.written, done.unchanged, done.removed) == (len(changed), len(before) - len(changed), 0)
    same = after.keys() - changed
    assert marks(target, same) == {path: kept[path] for path in same}
    assert json.loads(after["changes.json"])["changes"][0]["slug"] == "dify"


def test_changes_since_a_sequence_or_a_day(directory: Directory, home: Path) -> None:
    def changes(**options: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(exported(directory, "api", **options)["changes.json"])
        validator("changes").validate(found)
        return found

    whole = changes()
    assert whole["count"] == 400
    assert 0 < whole["since"] < min(c["sequence"] for c in whole["changes"])
    assert len(json.dumps(whole)) < 100_000
    quiet = changes(since="2026-11-25")
    assert (quiet["changes"], quiet["since"]) == ([], whole["sequence"])
    tomorrow = later(home)
    tomorrow.edit("dify", {"summary_en": "Something else."})
    tomorrow.hide("ollama", hidden=True)
    for since in (whole["sequence"], "2026-11-25"):
        found = changes(since=since)
        rows = {c["slug"]: (c["gone"], c["path"], c["at"]) for c in found["changes"]}
        assert rows == {
            "dify": (False, "resources/dify.json", "2026-11-25T12:00:00Z"),
            "ollama": (True, None, "2026-11-25T12:00:00Z"),
        }
        assert found["since"] >= whole["sequence"] - 1
    tomorrow.merge("flowise", "dify")
    merged = next(c for c in changes(since=whole["sequence"])["changes"] if c["slug"] == "flowise")
    assert (merged["gone"], merged["merged_into"]) == (True, "dify")


def test_changes_stay_below_100_kb_whatever_the_slugs(directory: Directory, home: Path) -> None:
    with directory._writing() as catalogue:
        for number in range(450):
            draft = Draft(f"{'long-name-' * 9}{number:04}", ((f"https://p{number}.example", "homepage"),))
            catalogue.resources.add(draft, origin="import", source="x", at="2026-11-24T12:00:00Z")
    tree = exported(directory, "api")
    found = json.loads(tree["changes.json"])
    assert 90_000 < len(tree["changes.json"]) < 100_000
    assert found["count"] == len(found["changes"]) < 400
    # Complete for whoever has seen `since`: what was left out is not newer.
    everything = json.loads(exported(directory, "api", since=0)["changes.json"])["changes"]
    assert found["changes"] == [c for c in everything if c["sequence"] > found["since"]]


def test_a_row_deleted_in_the_shell_makes_followers_read_anew(directory: Directory, home: Path) -> None:
    before = json.loads(exported(directory, "api")["changes.json"])["sequence"]
    with contextlib.closing(sqlite3.connect(home / "catalogue.sqlite")) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        (number,) = raw.execute("SELECT id FROM resource WHERE slug = 'ollama'").fetchone()
        for table in ("resource_name", "resource_term", "link", "provenance", "event"):
            raw.execute(f"DELETE FROM {table} WHERE resource_id = ?", (number,))
        raw.execute("DELETE FROM resource WHERE id = ?", (number,))
        raw.commit()
    for since in (None, before, 0, "2026-01-01"):
        found = json.loads(exported(directory, "api", since=since)["changes.json"])
        assert found["since"] > before
        assert found["changes"] == []


def test_hot_searches_are_one_more_file(seeded: Directory) -> None:
    snapshot = seeded._snapshot((), "both", "", None)
    plain = {f.path: f.data for f in api.export(snapshot)}
    hot = Hot("2026-11-24", 7, (HotSearch("大模型", 12), HotSearch("tractor", 3), HotSearch("\u202e", 2)))
    with_hot = {f.path: f.data for f in api.export(dataclasses.replace(snapshot, hot=hot))}
    found = json.loads(with_hot.pop("hot.json"))
    validator("hot").validate(found)
    assert [(s["query"], s["times"], s["term"] and s["term"]["zh"]) for s in found["searches"]] == [
        ("大模型", 12, "大语言模型"),
        ("tractor", 3, None),
    ]
    index = json.loads(with_hot.pop("index.json"))["files"]
    assert next(r for r in index if r["path"] == "hot.json")["schema"] == "schemas/hot.schema.json"
    assert [r for r in index if r["path"] != "hot.json"] == json.loads(plain.pop("index.json"))["files"]
    assert with_hot == plain
    empty = dataclasses.replace(snapshot, hot=Hot("2026-11-24", 7, ()))
    assert "hot.json" not in {f.path for f in api.export(empty)}


def test_articles_that_mention_a_resource_are_told_and_are_a_change(directory: Directory) -> None:
    def mentions() -> tuple[list[dict[str, Any]], dict[str, int]]:
        tree = exported(directory, "api")
        changes = {c["slug"]: c["sequence"] for c in json.loads(tree["changes.json"])["changes"]}
        one = json.loads(tree["resources/dify.json"])
        validator("resource").validate(one)
        articles: list[dict[str, Any]] = one["articles"]
        return articles, changes

    before, seen = mentions()
    assert before == []
    with directory._writing() as catalogue:
        article = ArticleRecord(0, "A title", "A paper", "", "2026-11-20", None, "https://a.example/1", "body", "", ())
        number, _ = catalogue.articles.put(article, at="2026-11-24T12:00:00Z")
        dify = catalogue.resources.get("dify")
        assert dify is not None
        match = MatchRecord("dify", "rag", 0, 0, "page", "", "", None, {})
        catalogue.articles.put_matches(number, "page", [(dify.id, catalogue.terms.ids()["rag"], match)])
    after, matched = mentions()
    told = {"title": "A title", "url": "https://a.example/1", "source": "A paper", "published": "2026-11-20"}
    assert after == [told]
    assert matched["dify"] > max(seen.values())
    with directory._writing() as catalogue:
        catalogue.articles.put(article._replace(url="https://a.example/2"), at="2026-11-24T13:00:00Z")
    after, corrected = mentions()
    assert after == [told | {"url": "https://a.example/2"}]
    assert corrected["dify"] > matched["dify"]


def test_what_an_import_says_cannot_break_the_contract(directory: Directory, tmp_path: Path) -> None:
    rows = [{"name": "Odd", "kind": "Weird Kind!", "links": {"homepage": "https://odd.example"}, "pricing": "?",
             "licence": "Own, see \u202e page", "names": ["", " "], "terms": ["No such thing"], "stars": -5,
             "repository": "https://github.com/odd/odd", "stars_asof": "last week", "stars_source": "me"}]  # fmt: skip
    (tmp_path / "a.yaml").write_text(dump_yaml(rows), "utf-8")
    directory.import_file("aidir", tmp_path / "a.yaml")
    with contextlib.closing(sqlite3.connect(directory.settings.home / "catalogue.sqlite")) as raw:
        raw.execute("UPDATE link SET since = 'then', last_ok = '', last_checked = '2026-13-45'")
        raw.execute("UPDATE repository SET pushed_at = 'never', stars_asof = '24.11.2026'")
        raw.commit()
    tree = exported(directory, "api")
    validator("resources").validate(json.loads(tree["resources.json"]))
    assert "odd" in {r["slug"] for r in json.loads(tree["resources.json"])["resources"]}


@pytest.mark.parametrize("name", plugins.names("exporters"))
def test_filters_work_in_every_format(seeded: Directory, name: str) -> None:
    """What the filters leave is there, what they do not is not, and nothing is left by an impossible one."""
    conditions = [Filter("category", "=", "vector-database"), Filter("licence", "=", "Apache-2.0")]
    chosen = seeded.search(Query("", filters=tuple(conditions), limit=999)).hits
    others = seeded.search(Query("", filters=(Filter("category", "=", "asr"),), limit=999)).hits
    assert min(len(chosen), len(others)) > 3
    content = b"".join(d for p, d in exported(seeded, name, conditions=conditions).items() if p != "changes.json")
    text = content.decode("utf-8", "replace").replace("\\/", "/").lower()
    assert all(h.name.lower() in text for h in chosen)
    assert not [h.slug for h in others if h.url.lower() in text]
    nothing = exported(seeded, name, conditions=[Filter("licence", "=", "Nobody-1.0")])
    assert b"github.com/" not in b"".join(d for p, d in nothing.items() if not p.startswith("schemas/"))


def test_an_export_is_selected_like_a_search(seeded: Directory) -> None:
    conditions = [Filter("category", "=", "agent"), Filter("stars", ">=", "10000")]
    hits = {h.slug for h in seeded.search(Query("", filters=tuple(conditions), limit=10**6)).hits}
    found = exported(seeded, "api", conditions=conditions)
    resources = json.loads(found["resources.json"])["resources"]
    assert {r["slug"] for r in resources} == hits
    assert 5 < len(hits) < 200
    assert {p for p in found if p.startswith("resources/")} == {r["path"] for r in resources}
    gone = [c for c in json.loads(found["changes.json"])["changes"] if c["slug"] not in hits]
    assert {(c["gone"], c["path"]) for c in gone} == {(True, None)}


def test_dead_links_are_exported_unless_states_are_chosen(directory: Directory) -> None:
    with directory._writing() as catalogue:
        link = Draft("Gone", (("https://gone.example/", "homepage"),), terms=("rag",))
        number = catalogue.resources.add(link, origin="curator", source="me", at="2026-11-24T12:00:00Z")
    with sqlite3.connect(directory.settings.home / "catalogue.sqlite") as raw:
        raw.execute("UPDATE link SET state = 'dead', since = '2026-11-20T00:00:00Z' WHERE resource_id = ?", (number,))
    raw.close()

    def dead(*conditions: Filter) -> set[str]:
        (text,) = exported(directory, "json", conditions=conditions).values()
        return {r["slug"] for r in json.loads(text)["resources"] if r["state"] == "dead"}

    assert dead() == dead(Filter("category", "=", "rag")) == {"gone"}
    assert dead(Filter("state", "=", "new")) == set()
    assert b"gone.example" not in b"".join(exported(directory, "awesome").values())


def test_what_no_export_put_there_is_never_replaced(directory: Directory, tmp_path: Path) -> None:
    target = tmp_path / "v1"
    target.mkdir()
    (target / "thesis.doc").write_text("mine")
    with pytest.raises(InputError, match="thesis"):
        directory.publish("api", target)
    (target / "thesis.doc").unlink()
    directory.publish("hecat", target)
    (target / ".git").mkdir()
    with pytest.raises(InputError, match="git"):
        directory.publish("hecat", target)
    (target / ".git").rmdir()
    done = directory.publish("landscape2", target)
    assert sorted(read_tree(target)) == ["data.yml", "logos/resource.svg", "settings.yml"]
    assert done.removed > 800
    with pytest.raises(InputError, match="is a folder"):
        directory.publish("json", target)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        directory.publish("api", tmp_path / "file")
    with pytest.raises(InputError, match="root of a disk"):
        directory.publish("api", Path("/"))
    with pytest.raises(UnknownName):
        directory.publish("morse", tmp_path / "x")
    with pytest.raises(InputError):
        directory.publish("atom", tmp_path / "x", site="javascript:alert(1)")


def test_a_file_is_not_touched_when_it_would_be_the_same(directory: Directory, tmp_path: Path) -> None:
    target = tmp_path / "sub" / "all.json"
    assert directory.publish("json", target).written == 1
    before = marks(tmp_path, ["sub/all.json"])
    assert directory.publish("json", target) == (0, 1, 0, target.stat().st_size)
    assert marks(tmp_path, ["sub/all.json"]) == before


def test_the_command_line(run: Run, home: Path, tmp_path: Path) -> None:
    filters = ("--category", "智能体", "--min-stars", "50000")
    lines = [json.loads(line) for line in run("export", "ndjson", *filters, home=home).out.splitlines()]
    listed = json.loads(run("list", "--all", "--json", *filters, home=home).out)["hits"]
    assert {r["slug"] for r in lines} == {h["slug"] for h in listed}
    assert lines
    wrong = run("export", "jsn", home=home)
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean json" in wrong.err
    assert run("export", "json", "--out", "folder/", home=home).err.endswith("one file: folder/resources.json\n")
    assert not (tmp_path / "folder").exists()
    nothing = run("export", "ndjson", "--licence", "Nobody-1.0", home=home)
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing in the catalogue fits" in nothing.err
    lost = run("export", "api", "--out", "/dev/null/v1", home=home)
    assert (lost.code, lost.err.count("\n")) == (2, 2)
    assert run("export", "api", home=home).err.endswith("--out DIR\n")
    assert run("export", "api", "--out", "v1", "--since", "tomorrow", home=home).code == 2
    assert run("export", "api", "--out", "v1", "--since", "2026-11-01", home=home).code == 0
    assert (tmp_path / "v1" / "index.json").is_file()
    assert run("export", "atom", "--site", "https://x.example/feeds/", "--lang", "en", home=home).out.count("x.example")
