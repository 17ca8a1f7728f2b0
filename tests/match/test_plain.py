"""Reading what somebody has: plain text, Markdown, HTML, and what is meant to break the reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import InputError
from directory.match import plain

HTML = """<!doctype html><html><head><title>大模型像人脑 - 某站</title><meta name="author" content="费斌杰">
<meta property="article:published_time" content="2024-04-07T13:09">
<script>alert('菜谱')</script></head><body>
<nav><a href="/">首页</a></nav><article><h1>大模型像人脑</h1>
<p>智能体是大模型的一种用法，它可以调用工具，也可以记住事情。</p>
<p>见 <a href="https://github.com/langgenius/dify">Dify</a>，它把工作流放在网页里，很多团队都在用。</p></article>
<footer>版权所有</footer></body></html>"""


def _read(content: bytes, name: str) -> plain.Plain | None:
    """What is read; None when it is refused, which has to be in one line."""
    try:
        return plain.read(content, name)
    except InputError as error:
        if "\n" in str(error):
            raise AssertionError("the refusal has several lines") from error
        return None


def test_a_short_first_line_is_the_title() -> None:
    assert plain.parse("大模型像人脑\n\n第一段。\n第二段。")[:2] == ("大模型像人脑", "第一段。\n第二段。")
    assert plain.parse("只有一段。")[:2] == ("", "只有一段。")


def test_markdown_keeps_words_and_addresses_and_drops_code() -> None:
    found = plain.parse(
        "# 标题\n\n用 [Dify](https://github.com/langgenius/dify) **很快**。\n\n```\ncode_word\n```\n", "a.md"
    )
    assert found.title == "标题"
    assert found.body == "用 Dify (https://github.com/langgenius/dify) 很快。"


def test_html_gives_the_article_its_title_and_facts() -> None:
    found = plain.parse(HTML)
    assert (found.title, found.author, found.published) == ("大模型像人脑", "费斌杰", "2024-04-07T13:09")
    assert "智能体是大模型的一种用法" in found.body
    assert "https://github.com/langgenius/dify" in found.body
    assert not {"菜谱", "版权所有", "首页"} & set(found.body.split())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert plain.read("大模型与智能体".encode(encoding)).body == "大模型与智能体"


@pytest.mark.parametrize(
    "content",
    [b"\0\1\2" * 1000, bytes(range(256)) * 64, b"", b" \n\t", "\u202e\u200b".encode(), b"\x89PNG\r\n\x1a\n\0"],
)
def test_what_is_no_text_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        plain.read(content, "f")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("letter", ["a", "大"])
def test_fifty_megabytes_are_cut(letter: str) -> None:
    found = plain.read((letter * (50_000_000 // len(letter.encode()))).encode())
    assert len(found.body.encode()) <= plain.MAX_BYTES
    assert "2 MB" in found.notes[0]


@pytest.mark.parametrize("name", ["a.html", "a.md", "a.txt", ""])
@pytest.mark.parametrize(
    "raw",
    [
        "<div>" * 200_000 + "词", "<b>" * 50_000 + "词", "<table>" * 5_000 + "词", "<a " + "b=c " * 300_000 + ">词",
        "<p>大模型</p>" * 100_000, "<!--" * 50_000, "> " * 20_000 + "词", "[" * 30_000, "`" * 3 + "a`" * 20_000,
        "<html>" + "&lt;" * 100_000, "<?xml " * 10_000, "<!DOCTYPE html " + "x" * 100_000,
    ],
)  # fmt: skip
def test_nesting_and_repetition_end_in_text_or_in_one_line(raw: str, name: str) -> None:
    found = _read(raw.encode(), name)
    assert found is None or found.title or found.body


def test_control_and_direction_characters_are_dropped() -> None:
    found = plain.parse("标\u202e题\x1b[31m\n智\u200b能体\x07\u2066 大模型")
    assert found[:2] == ("标题[31m", "智能体 大模型")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.html", "a.md", "a.txt", ""]))
def test_any_bytes_give_text_or_one_line(content: bytes, name: str) -> None:
    found = _read(content, name)
    assert found is None or not any(ord(c) < 32 and c != "\n" for c in found.title + found.body)
