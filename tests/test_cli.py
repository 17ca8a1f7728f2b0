"""The command line as a user meets it: what it prints, where, and what the shell gets back."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

HIT_KEYS = {
    "slug", "name", "kind", "summary_zh", "summary_en", "url", "repo", "categories", "pricing", "licence", "stars",
    "state", "score", "highlights",
}  # fmt: skip


def test_the_first_search_builds_and_answers(run: Run, tmp_path: Path) -> None:
    first = run("search", "大模型")
    assert first.code == 0
    assert first.out
    assert "first run" in first.err
    second = run("search", "大模型")
    assert second.out == first.out
    assert "first run" not in second.err
    assert (tmp_path / "home" / "catalogue.sqlite").exists()
    assert (tmp_path / "home" / "index" / "CURRENT").exists()


def test_json_is_one_pure_object(run: Run, home: Path) -> None:
    done = run("search", "智能体", "--json", home=home)
    page = json.loads(done.out)
    assert set(page) >= {"query", "total", "hits", "also_searched", "suggestion", "facets", "notes"}
    assert set(page["hits"][0]) >= HIT_KEYS
    assert page["query"] == "智能体"
    assert "智能体" in done.out  # Han characters stand as they are
    lines = [line.strip().rstrip(",") for line in done.out.splitlines()]
    assert all(json.dumps(hit, ensure_ascii=False) in lines for hit in page["hits"]), "a hit is a line"
    assert done.err == ""


def test_formats_agree(run: Run, home: Path) -> None:
    args = ("list", "--category", "rag", "--limit", "5")
    hits = json.loads(run(*args, "--json", home=home).out)["hits"]
    lines = run(*args, "--ndjson", home=home).out.splitlines()
    assert [json.loads(line) for line in lines] == hits
    rows = list(csv.DictReader(io.StringIO(run(*args, "--csv", home=home).out)))
    assert [r["slug"] for r in rows] == [h["slug"] for h in hits]
    assert run(*args, "--url", home=home).out.splitlines() == [h["url"] for h in hits]
    assert [line.split("](")[1].split(")")[0] for line in run(*args, "--md", home=home).out.splitlines()] == [
        h["url"] for h in hits
    ]
    tabbed = [line.split("\t") for line in run(*args, home=home).out.splitlines()]
    assert [cells[0] for cells in tabbed] == [h["slug"] for h in hits]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "qqzzxx"], 1, "nothing found"),
        (["search", "大模型", "--category", "龙虾"], 2, "no category is called '龙虾'"),
        (["list", "--category", "ragg"], 2, "did you mean rag"),
        (["serch", "x"], 2, "aidir search"),
        (["search", "x", "--jsn"], 2, "--json"),
        (["search"], 2, "QUERY"),
        (["search", "x", "--sort", "colour"], 2, "relevance"),
        (["search", "x", "--json", "--csv"], 2, "exclude"),
        (["search", "x", "--limit", "-1"], 2, "limit"),
        (["show", "no-such-thing"], 2, "no-such-thing"),
        (["show", "difi"], 2, "difi"),
        (["import", "aitnt", "no-such-file"], 2, "cannot read"),
        (["import", "morse", "x"], 2, "morse"),
        (["completion", "tcsh"], 2, "bash"),
    ],
)
def test_bad_input_gets_one_clear_line_and_a_hint(
    run: Run, home: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run(*arguments, home=home)
    assert done.code == code
    assert said in done.err
    assert "hint:" in done.err
    assert done.out == ""
    assert len(done.err.strip().splitlines()) <= 3


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["search", "-h"], ["import", "--help"], []])
def test_help_has_an_example(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.code == 0
    assert "aidir " in done.out
    assert "xample" in done.out


def test_a_hundred_thousand_characters(run: Run, home: Path) -> None:
    done = run("search", "agent " * 20_000, "--json", home=home)
    assert done.code in (0, 1)
    assert json.loads(done.out)["notes"]


def test_control_characters_never_reach_the_terminal(run: Run, home: Path) -> None:
    done = run("search", "\x1b]52;c;AAAA\x07\x1b[31mdify\u202e", home=home)
    assert "\x1b" not in done.out + done.err
    assert "\u202e" not in done.out + done.err


def test_colour_follows_the_order(run: Run, home: Path) -> None:
    assert "\x1b[" not in run("search", "dify", home=home).out
    assert "\x1b[" in run("search", "dify", "--color", "always", home=home).out
    assert "\x1b[" in run("search", "dify", home=home, FORCE_COLOR="1").out
    assert "\x1b[" not in run("search", "dify", home=home, FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b[" in run("search", "dify", "--color", "always", home=home, NO_COLOR="1").out


def test_a_closed_pipe_is_a_quiet_end(home: Path) -> None:
    environment = dict(os.environ, AIDIR_HOME=str(home))
    process = subprocess.Popen(
        [sys.executable, "-m", "directory", "list", "--all", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert said == b""


def test_show_by_name_repository_or_address(run: Run, home: Path) -> None:
    expected = json.loads(run("show", "dify", "--json", home=home).out)
    for other in ("Dify", "langgenius/dify", "https://github.com/langgenius/dify"):
        assert json.loads(run("show", other, "--json", home=home).out) == expected
    assert expected["repository"]["name"] == "langgenius/dify"
    assert expected["provenance"]["summary_zh"]["origin"] == "seeds"
    assert "langgenius/dify" in run("show", "dify", home=home).out


def test_terms_count_what_list_finds(run: Run, home: Path) -> None:
    rows = {r["slug"]: r["resources"] for r in json.loads(run("terms", "--json", home=home).out)["terms"]}
    listed = json.loads(run("list", "--category", "agent", "--all", "--json", home=home).out)
    assert rows["agent"] == listed["total"] > 0
    assert "Agent" in run("terms", "智能体", home=home).out


def test_config_says_where_a_value_comes_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "aidir.toml").write_text('language = "en"\n')
    rows = json.loads(run("config", "show", "--json", home=tmp_path / "h").out)
    assert rows["home"] == {"value": str(tmp_path / "h"), "origin": "environment"}
    assert rows["language"]["value"] == "en"
    assert rows["language"]["origin"].endswith("aidir.toml")
    assert rows["log_searches"]["origin"] == "default"
    flag = json.loads(run("config", "show", "--json", "--home", str(tmp_path / "f")).out)
    assert flag["home"] == {"value": str(tmp_path / "f"), "origin": "flag"}
    (tmp_path / "aidir.toml").write_text("colour = 1\n")
    broken = run("config", "show")
    assert broken.code == 2
    assert "colour" in broken.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_scripts(run: Run, shell: str) -> None:
    done = run("completion", shell)
    assert done.code == 0
    assert "_AIDIR_COMPLETE" in done.out


def test_the_shell_is_offered_categories_and_names(run: Run, home: Path) -> None:
    offered = run(home=home, _AIDIR_COMPLETE="bash_complete", COMP_WORDS="aidir list --category ra", COMP_CWORD="3").out
    assert "plain,rag" in offered.splitlines()
    offered = run(home=home, _AIDIR_COMPLETE="bash_complete", COMP_WORDS="aidir show dif", COMP_CWORD="2").out
    assert "plain,dify" in offered.splitlines()


def test_importing_the_real_page_twice(run: Run, home: Path, shared: Path) -> None:
    page = str(shared / "seed-page" / "page.txt")
    dry = json.loads(run("import", "aitnt", page, "--dry-run", "--json", home=home).out)
    assert dry["articles_changed"] == 1
    first = json.loads(run("import", "aitnt", page, "--json", home=home).out)
    assert (first["added"], first["found"], first["leftovers"]) == ([], 8, [])
    assert first["articles_changed"] == 1
    second = json.loads(run("import", "aitnt", page, "--json", home=home).out)
    assert (second["added"], second["changed"], second["articles_changed"]) == ([], [], 0)
    shown = json.loads(run("show", "metagpt", "--json", home=home).out)
    assert shown["articles"][0]["groups"] == ["agent"]
    assert shown["repository"]["name"] == "FoundationAgents/MetaGPT"
    assert [p["name"] for p in shown["repository"]["past"]] == ["geekan/MetaGPT"]
    assert "https://github.com/geekan/MetaGPT/blob/main/docs/README_CN.md" in [n["url"] for n in shown["links"]]
    # The curated summary was not overwritten by the page's.
    assert shown["provenance"]["summary_zh"]["origin"] == "seeds"


def test_status_changes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("status", "--json")
    assert json.loads(done.out)["catalogue"] == "none"
    assert not (tmp_path / "home").exists()
