"""Folding: when do two texts count as the same?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from directory import text

anything = st.text(alphabet=st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ＧＰＴ－４", "gpt-4"),
        ("大語言模型", "大语言模型"),
        ("神經網路", "神经网路"),
        ("  Fine\tTuning ", "fine tuning"),
        ("乾淨", "干净"),
        ("", ""),
    ],
)
def test_fold(typed: str, expected: str) -> None:
    assert text.fold(typed) == expected


@pytest.mark.parametrize("spelling", ["DALL·E 3", "dalle3", "DALL- E 3", "ＤＡＬＬ・Ｅ３", "dall-e-3"])
def test_one_key_for_every_spelling(spelling: str) -> None:
    assert text.squash(spelling) == "dalle3"


def test_signs_that_tell_names_apart_stay() -> None:
    assert len({text.squash("C"), text.squash("C++"), text.squash("C#")}) == 3


def test_the_shortcut_around_opencc_loses_nothing() -> None:
    """`simplify` calls OpenCC only for text that is not GB 2312; the exceptions are listed in text.py, all of them."""
    converter = OpenCC("t2s")
    for number in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00)):
        character = chr(number)
        normal = text.unicodedata.normalize("NFKC", character)
        assert text.simplify(character) == converter.convert(normal), hex(number)


@given(anything)
def test_folding_is_stable_and_never_fails(raw: str) -> None:
    assert text.fold(text.fold(raw)) == text.fold(raw)
    assert text.squash(text.fold(raw)) == text.squash(raw)


@given(anything)
def test_clean_text_cannot_steer_a_terminal(raw: str) -> None:
    shown = text.clean(raw)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    shown.encode("utf-8")


@given(anything)
def test_a_slug_is_kebab_case(raw: str) -> None:
    assert text.slug(text.slug(raw)) == text.slug(raw)
    assert set(text.slug(raw)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("一个 LangChain 应用", "zh"),
        ("An agent framework", "en"),
        ("Qwen (通义千问) is a family of models by Alibaba", "en"),
    ],
)
def test_language(description: str, expected: str) -> None:
    assert text.language(description) == expected
