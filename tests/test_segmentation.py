"""Segmentation: jieba's results over a compiled table."""

from __future__ import annotations

import gzip
import json
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import segmentation
from directory.errors import IndexDamaged
from directory.segmentation import Segmenter
from directory.segmentation.table import Table, compile_table

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba

WORDS = ["大模型", "智能体", "提示词", "文生图", "机器学习", "检索增强生成", "通义千问", "可灵", "零一万物"]


@pytest.fixture(scope="module")
def ours(table: Table) -> Segmenter:
    first = Segmenter(table)
    first.add(WORDS)
    return Segmenter(table, first.added)


@pytest.fixture(scope="module")
def theirs() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in WORDS:
        tokenizer.add_word(word)
    return tokenizer


def search_cut(segmenter: Segmenter, run: str) -> list[str]:
    return [part for word in segmenter.cut(run) for part in (*(p for p, _ in segmenter.inner(word)), word)]


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1, max_size=25))
def test_any_run_is_cut_as_jieba_cuts_it(ours: Segmenter, theirs: jieba.Tokenizer, run: str) -> None:
    assert list(ours.cut(run)) == list(theirs.cut(run))


def test_real_runs_are_cut_as_jieba_cuts_them(ours: Segmenter, theirs: jieba.Tokenizer, shared: Path) -> None:
    runs: set[str] = set()
    with gzip.open(shared / "eval" / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            runs.update(re.findall("[\u4e00-\u9fd5]+", json.loads(line)["description_zh"]))
    chosen = sorted(runs)[::12]
    assert len(chosen) > 5000
    different = [r for r in chosen if search_cut(ours, r) != list(theirs.cut_for_search(r))]
    assert different == []


def test_our_words_stay_whole(ours: Segmenter) -> None:
    assert list(ours.cut("大模型微调与智能体")) == ["大模型", "微调", "与", "智能体"]


@given(st.dictionaries(st.text(min_size=1, max_size=6), st.integers(0, 2**32 - 1), min_size=1, max_size=40))
def test_a_table_gives_back_what_was_put_in(tmp_path_factory: pytest.TempPathFactory, words: dict[str, int]) -> None:
    words = {w: f for w, f in words.items() if w.isprintable()} or {"a": 1}
    path = tmp_path_factory.mktemp("table") / "t"
    path.write_bytes(compile_table(words, 7))
    found = Table(path)
    assert {w: found.get(w) for w in words} == words
    assert found.get("not in there at all") is None
    assert found.total == 7


@pytest.mark.parametrize("length", [0, 10, 31, 40, 5000, -1])
def test_a_cut_off_table_is_refused(tmp_path: Path, length: int) -> None:
    content = compile_table({f"word{n}": n for n in range(1000)}, 1)
    (tmp_path / "t").write_bytes(content[:length])
    with pytest.raises(IndexDamaged):
        Table(tmp_path / "t")


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    content = bytearray(compile_table({f"word{n}": n for n in range(1000)}, 1))
    content[-3] ^= 1
    (tmp_path / "t").write_bytes(content)
    with pytest.raises(IndexDamaged):
        Table(tmp_path / "t").verify()


def test_nothing_is_left_in_the_shared_temporary_folder(tmp_path: Path) -> None:
    """jieba's own cache in $TMPDIR can be planted by anybody; ours must neither read nor write it."""
    import os
    import subprocess
    import sys

    script = (
        "from pathlib import Path; from directory import segmentation as s\n"
        "from directory.segmentation.table import Table\n"
        "p = Path('t.table'); p.write_bytes(s.compile_dictionary())\n"
        "print(list(s.Segmenter(Table(p)).cut('饕餮魑魅魍魉在杭研大厦')))"
    )
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = dict(os.environ, TMPDIR=str(temporary), PYTHONPATH=str(Path(segmentation.__file__).parents[2]))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert "杭研" in done.stdout.decode()  # an unknown word: jieba's HMM was at work
    assert list(temporary.iterdir()) == []
