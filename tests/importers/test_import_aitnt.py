"""The page importer: keywords, article, matched resources."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import document, taxonomy
from directory.errors import UnreadableFile
from directory.importers import Reading, Source, SourceFile, aitnt
from directory.taxonomy import Taxonomy

PAGE = """\
大模型 LLM,llm DALL- E 3 DALL E DALL Red panda,panda 应用 开发 龙虾
# 热门搜索 #
搜索
一篇关于智能体的文章
1234点击    2025-01-02 03:04

第一段。


第二段提到本文来自别处。

本文来自微信公众号“某号”,作者:某人

XX资源拓展
根据文章内容,系统为您匹配了更有价值的资源信息。
1
智能体

【开源免费】AutoGPT是一个
跨两行的描述。

项目地址:https://github.com/Significant-Gravitas/AutoGPT/tree/master
【开源免费】没有地址的条目

2
龙虾

【付费】Thing 是一个产品
官网地址：https://thing.example/a
"""


@pytest.fixture(scope="module")
def terms(seeds: Path) -> Taxonomy:
    return taxonomy.parse(document.load_yaml((seeds / "taxonomy.yaml").read_text("utf-8"), "taxonomy.yaml"))


def read(text: str, terms: Taxonomy) -> Reading:
    return aitnt.read(Source("page", (SourceFile("page.txt", text),)), terms)


def test_article(terms: Taxonomy) -> None:
    (article,) = read(PAGE, terms).articles
    assert article.title == "一篇关于智能体的文章"
    assert (article.clicks, article.published) == (1234, "2025-01-02T03:04")
    assert (article.source, article.author) == ("某号", "某人")
    assert article.body == "第一段。\n\n第二段提到本文来自别处。"


def test_groups(terms: Taxonomy) -> None:
    (article,) = read(PAGE, terms).articles
    first, second = article.matches
    assert (first.group, first.group_position, first.position) == ("智能体", 1, 1)
    assert first.entry.name == "AutoGPT"
    assert first.entry.summaries == {"zh": "AutoGPT是一个跨两行的描述。"}
    assert [(n.role, n.url) for n in first.entry.links] == [
        ("repository", "https://github.com/Significant-Gravitas/AutoGPT"),
        ("page", "https://github.com/Significant-Gravitas/AutoGPT/tree/master"),
    ]
    assert (second.group, second.entry.pricing) == ("龙虾", "付费")
    assert second.entry.links[0].url == "https://thing.example/a"


def test_keywords_are_split_by_what_they_mean(terms: Taxonomy) -> None:
    reading = read(PAGE, terms)
    assert [k.text for k in reading.keywords] == [
        "大模型", "LLM", "llm", "DALL- E 3", "DALL E", "DALL", "Red panda", "panda", "应用", "开发",
    ]  # fmt: skip


def test_what_could_not_be_read_is_reported_with_its_line(terms: Taxonomy) -> None:
    found = [(n.place.line, n.text, n.reason) for n in read(PAGE, terms).leftovers]
    assert found == [
        (1, "龙虾", "no term has this label"),
        (23, "【开源免费】没有地址的条目", "no address follows it"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "just a text\n", "5点击 2024-04-07 13:09\n"])
def test_what_is_no_such_page_is_refused(terms: Taxonomy, text: str) -> None:
    with pytest.raises(UnreadableFile):
        read(text, terms)


@given(st.integers(0, len(PAGE)))
def test_a_page_cut_off_anywhere_is_refused_or_read_as_far_as_it_goes(terms: Taxonomy, length: int) -> None:
    try:
        reading = read(PAGE[:length], terms)
    except UnreadableFile:
        assert length < PAGE.index("第一段")
        return
    (article,) = reading.articles
    whole = read(PAGE, terms).articles[0]
    assert article.title == whole.title
    assert len(article.matches) <= len(whole.matches)
    if "资源拓展" not in PAGE[:length]:
        assert any(n.text == "资源拓展" for n in reading.leftovers)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(terms: Taxonomy, raw: str) -> None:
    for text in (raw, f"标题\n1点击 2024-04-07 13:09\n{raw}", f"标题\n1点击 2024-04-07 13:09\n资源拓展\n1\nRAG\n{raw}"):
        try:
            read(text, terms)
        except UnreadableFile:
            continue


def test_the_real_page(terms: Taxonomy, shared: Path) -> None:
    reading = read((shared / "seed-page" / "page.txt").read_text("utf-8"), terms)
    (article,) = reading.articles
    assert reading.leftovers == ()
    assert sum(len(k.text.split()) for k in reading.keywords) == 91
    assert sum(k.text == "安全" for k in reading.keywords) == 2
    assert article.title == "OpenAI 核心创始成员Andrej:让大模型像人脑一样低功耗运行"
    assert (article.clicks, article.published) == (5957, "2024-04-07T13:09")
    assert (article.source, article.author) == ("Alpha Engineer", "费斌杰")
    assert list(dict.fromkeys(m.group for m in article.matches)) == ["智能体", "RAG", "微调"]
    assert [m.entry.name for m in article.matches] == [
        "AutoGPT", "MetaGPT", "graphrag", "Dify", "RAGFlow", "phidata", "TaskingAI", "XTuner",
    ]  # fmt: skip
    deep = {link.url for m in article.matches for link in m.entry.links if link.role == "page"}
    assert deep == {
        "https://github.com/geekan/MetaGPT/blob/main/docs/README_CN.md",
        "https://github.com/infiniflow/ragflow/tree/main",
    }
