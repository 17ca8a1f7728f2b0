"""From an article to its resources: what is found, why, and when nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.importers import Source, SourceFile, aitnt
from directory.match import Evidence, Proposal, weights
from directory.service import Directory

ELSEWHERE = Path(__file__).with_name("elsewhere.txt")
LLM_ONLY = (
    "大模型为什么需要更长的训练\n大模型的参数越来越多，大模型的训练也越来越贵。本文讨论大语言模型的规模定律，以及为什么更大的大模型"
    "在同样的数据上学得更快。我们还比较了几种大模型的功耗。"
)


def reasons(found: Proposal) -> list[Evidence]:
    return [e for match in (*found.matches, *found.ranked) for e in match.evidence]


def test_the_real_page_gets_its_groups_and_most_of_its_resources(seeded: Directory, shared: Path) -> None:
    page = SourceFile("page.txt", (shared / "seed-page" / "page.txt").read_text("utf-8"))
    article = aitnt.read(Source("page.txt", (page,)), seeded.taxonomy()).articles[0]
    found = seeded.match(article.title, article.body)
    assert {"agent", "rag", "fine-tuning"} <= {group.slug for group in found.groups}
    own = {"autogpt", "metagpt", "graphrag", "dify", "ragflow", "agno", "taskingai", "xtuner"}
    first = found.matches[:15]
    assert len(own & {match.hit.slug for match in first}) >= 5
    assert all(match.evidence and match.evidence[0].triggers for match in first)


def test_texts_about_other_things_get_nothing(seeded: Directory) -> None:
    texts = [part.partition("\n")[2] for part in ("\n" + ELSEWHERE.read_text("utf-8")).split("\n# ")[1:]]
    assert len(texts) == 20
    found = [seeded.match(*text.strip().split("\n", 1)) for text in texts]
    assert sum(not proposal.groups and not proposal.ranked for proposal in found) >= 19


def test_what_lies_beside_a_term_is_proposed_and_marked(seeded: Directory) -> None:
    found = seeded.match(*LLM_ONLY.split("\n", 1))
    beside = {group.slug: group for group in found.groups if group.edge}
    assert beside
    group = next(iter(beside.values()))
    assert group.edge == "related"
    assert group.path[1:] == ("large-language-model", "-related->", group.slug)
    assert all(any(e.kind == "related" and e.what == group.slug for e in m.evidence) for m in group.matches)


@pytest.mark.parametrize(
    "written",
    ["Dify", "https://github.com/langgenius/dify", "github.com/langgenius/dify/tree/main", "ＤＩＦＹ"],
)
def test_a_mention_is_evidence(seeded: Directory, written: str) -> None:
    body = f"今天我们用 {written} 搭一个知识库问答应用，它把工作流和检索放在一起。"
    found = seeded.match("", body)
    assert found.ranked[0].hit.slug == "dify"
    told = [e for m in found.ranked if m.hit.slug == "dify" for e in m.evidence if e.kind in ("name", "address")]
    assert told
    trigger = told[0].triggers[0]
    assert body[trigger.start : trigger.end] == trigger.text


def test_a_past_name_is_a_mention(seeded: Directory) -> None:
    found = seeded.match(
        "", "我用 phidata 写了一个智能体，它可以读向量数据库里的资料。代码在 github.com/phidatahq/phidata"
    )
    told = {e.kind for m in found.ranked if m.hit.slug == "agno" for e in m.evidence}
    assert told & {"name", "address"}


def test_places_are_true_in_title_and_text_whatever_is_folded(seeded: Directory) -> None:
    title, body = "ＲＡＧ入門……與㎏", "大語言模型……檢索增強生成ﬁ，ＬＬＭ 與 Fine-Tuning，知識庫問答。" * 3
    found = seeded.match(title, body)
    triggers = [t for e in reasons(found) for t in e.triggers]
    assert {t.where for t in triggers} == {"title", "text"}
    for trigger in triggers:
        whole = title if trigger.where == "title" else body
        assert whole[trigger.start : trigger.end] == trigger.text
        assert trigger.text


@pytest.mark.parametrize("body", ["我们在研究大模型", "大模型 RAG LLM", "LangChain 和 Fine-Tuning", "智能体"])
def test_a_term_may_end_the_text(seeded: Directory, body: str) -> None:
    triggers = [t for e in reasons(seeded.match("", body)) for t in e.triggers]
    assert triggers
    assert all(body[t.start : t.end] == t.text for t in triggers)


def test_shares_are_parts_of_a_score(seeded: Directory) -> None:
    for match in seeded.match(*LLM_ONLY.split("\n", 1)).matches:
        shares = [e.share for e in match.evidence]
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1.01


def test_limits_hold_and_no_resource_stands_twice(seeded: Directory) -> None:
    found = seeded.match(*LLM_ONLY.split("\n", 1), limit=7, groups=3)
    slugs = [match.hit.slug for match in found.matches]
    assert 0 < len(slugs) <= 7
    assert len(set(slugs)) == len(slugs)
    assert len(found.groups) <= 3


def test_the_same_text_gets_the_same_answer(seeded: Directory) -> None:
    assert seeded.match(*LLM_ONLY.split("\n", 1)) == seeded.match(*LLM_ONLY.split("\n", 1))


def test_a_dead_resource_is_not_proposed(directory: Directory) -> None:
    before = directory.match(*LLM_ONLY.split("\n", 1)).matches[0].hit.slug
    directory.hide(before, hidden=True)
    assert before not in {m.hit.slug for m in directory.match(*LLM_ONLY.split("\n", 1)).matches}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=300))
def test_any_text_gets_an_answer(seeded: Directory, title: str, body: str) -> None:
    found = seeded.match(title, body)
    for evidence in reasons(found):
        for trigger in evidence.triggers:
            whole = title if trigger.where == "title" else body
            assert whole[trigger.start : trigger.end] == trigger.text


def test_everyday_terms_are_terms(seeded: Directory) -> None:
    assert set(seeded.taxonomy().terms) >= weights.EVERYDAY


def test_what_is_similar_shares_terms_and_is_not_itself(seeded: Directory) -> None:
    found = seeded.similar("ragflow", 10)
    assert "ragflow" not in {match.hit.slug for match in found}
    assert all({"rag", "knowledge-base", "document-parsing"} & set(match.hit.categories) for match in found)
    assert {"rag", "document-parsing"} <= {e.what for e in found[0].evidence if e.kind == "term"}
