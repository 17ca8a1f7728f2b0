"""Articles and their matches: stored, matched again, counted; and the commands."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from directory.errors import InputError, UnknownName
from directory.service import Directory
from directory.service.matchmaker import CLICKS_A_DAY
from tests.conftest import ROOT, Run

TEXT = (
    "用 Dify 搭知识库\n\n检索增强生成（RAG）让大模型先查资料再回答。"
    "本文用 Dify 搭一个知识库问答，并比较几种向量数据库。"
)


def test_an_article_is_kept_with_its_matches_and_why(directory: Directory) -> None:
    found, new = directory.add_article(*TEXT.split("\n\n"), source="周报", published="2026-11-24")
    assert new
    assert {m.origin for m in found.matches} == {"engine"}
    assert all(m.version and m.evidence["evidence"] for m in found.matches)
    again, new = directory.add_article(*TEXT.split("\n\n"))
    assert not new
    assert again.id == found.id
    assert found.title in [a.title for a in directory.show("dify")[1]]


def test_articles_are_matched_again_when_the_catalogue_changes_and_only_then(directory: Directory) -> None:
    found, _ = directory.add_article(*TEXT.split("\n\n"))
    assert directory.rematch().matched == 0
    assert "dify" in {m.resource for m in found.matches}
    directory.hide("dify", hidden=True)
    assert directory.rematch() == (1, 1, 0)
    assert "dify" not in {m.resource for m in directory.article(found.id).matches}
    assert directory.rematch().matched == 0


def test_what_a_page_matched_stays_beside_what_the_engine_does(directory: Directory, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "题目\n12点击 2024-04-07 13:09\n大模型与智能体的文章。\n资源拓展\n1\n智能体\n"
        "【开源免费】Dify 是平台。\n项目地址:https://github.com/langgenius/dify\n",
        "utf-8",
    )
    directory.import_file("aitnt", page)
    directory.rematch()
    found = directory.articles()[0]
    assert [m.resource for m in found.matches if m.origin == "page"] == ["dify"]
    assert [m for m in found.matches if m.origin == "engine"]


def test_clicks_are_counted_up_to_a_cap(directory: Directory) -> None:
    found, _ = directory.add_article(*TEXT.split("\n\n"))
    assert directory.count_click(found.id)
    assert directory.article(found.id).clicks == 1
    with directory._writing() as catalogue:
        assert not catalogue.articles.count_click(found.id, "2026-11-24", 1)
    assert directory.article(found.id).clicks == 1
    assert CLICKS_A_DAY > 1
    assert not directory.count_click(found.id + 1)


def test_articles_are_found_by_their_words(directory: Directory) -> None:
    directory.add_article(*TEXT.split("\n\n"))
    directory.add_article("智能体写代码", "编程助手可以读懂整个仓库。它也能检索资料。")
    assert [a.title for a in directory.search_articles("检索 知识库")] == ["用 Dify 搭知识库", "智能体写代码"]
    assert directory.search_articles("红烧肉") == []


def test_an_article_needs_a_title_and_a_true_address(directory: Directory) -> None:
    with pytest.raises(InputError):
        directory.add_article("", "文")
    with pytest.raises(InputError):
        directory.add_article("题", "文", address="javascript:alert(1)")
    with pytest.raises(UnknownName):
        directory.article(99)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_match_prints_a_block_in_each_form(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 用 Dify 搭知识库\n\n" + TEXT.split("\n\n")[1], "utf-8")
    done = run("match", "a.md", home=home)
    assert done.code == 0
    assert "项目地址:https://github.com/langgenius/dify" in done.out
    assert "【开源免费】Dify：" in done.out
    found = json.loads(run("match", "a.md", "--json", home=home).out)
    first = found["groups"][0]["resources"][0]
    assert {"kind", "what", "path", "triggers", "times", "share"} <= first["evidence"][0].keys()
    markdown = run("match", "a.md", "--md", "--lang", "en", home=home).out
    assert markdown.startswith("## Resources")
    assert "](https://github.com/langgenius/dify)" in markdown
    html = run("match", "a.md", "--html", "--explain", home=home).out
    tags = _Tags()
    tags.feed(html)
    assert {t for t, _ in tags.seen} <= {"section", "h2", "h3", "p", "ol", "ul", "li", "a", "br", "small"}
    assert all(a["href"] and a["href"].startswith("http") for t, a in tags.seen if t == "a")


def test_match_says_when_nothing_fits_and_what_it_cannot_read(run: Run, home: Path, tmp_path: Path) -> None:
    done = run("match", "红烧肉怎么做，冰糖小火慢炖", home=home)
    assert (done.code, done.out) == (1, "")
    assert "没有合适的资源" in done.err
    (tmp_path / "binary").write_bytes(b"\0\1\2" * 100)
    for given in ("binary", "none.md", "https://example.org/1", "."):
        done = run("match", given, home=home)
        assert done.code == 2, given
        assert done.err.startswith("aidir: ")
        assert len(done.err.splitlines()) <= 2


def test_match_reads_a_pipe(home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "directory", "match", "-", "--json", "--home", str(home)],
        input=TEXT.encode(), capture_output=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "用 Dify 搭知识库"


def test_article_commands(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert run("article", "add", "a.txt", "--source", "周报", home=home).code == 0
    assert "用 Dify 搭知识库" in run("article", "list", home=home).out
    assert "the engine, method" in run("article", "show", "1", home=home).out
    assert run("article", "search", "知识库", home=home).code == 0
    assert run("article", "search", "红烧肉", home=home).code == 1
    assert "1 matched" in run("article", "match", "--all", home=home).out
    assert "用 Dify 搭知识库" in run("show", "dify", home=home).out
    assert run("similar", "dify", home=home).out.count("\n") == 10


def test_searches_are_counted_only_when_the_settings_say_so(run: Run, home: Path) -> None:
    run("search", "RAG", home=home)
    assert run("hot", "--minimum", "1", home=home).code == 1
    for typed in ("RAG", "rag", "ＲＡＧ", "嘚啵嘚物件"):
        run("search", typed, home=home, AIDIR_LOG_SEARCHES="1")
    assert run("hot", home=home).out == "rag\t3\n"
    assert run("hot", "--missing", home=home).out == "嘚啵嘚物件\t1\n"
    assert run("hot", home=home, AIDIR_HOT_BLOCKED="rag").code == 1


def test_a_counted_search_imports_nothing_heavy(home: Path) -> None:
    script = (
        "import sys, json\nfrom directory.cli.app import run\nrun(sys.argv[1:])\n"
        "print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "search", "大模型", "--json", "--home", str(home)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
        env={"AIDIR_LOG_SEARCHES": "1", "PATH": "/usr/bin:/bin", "LANG": "zh_CN.UTF-8"},
    )  # fmt: skip
    assert not {"sqlmodel", "sqlalchemy", "lxml", "markdown_it"} & set(json.loads(done.stderr.splitlines()[-1]))
    assert done.stdout
