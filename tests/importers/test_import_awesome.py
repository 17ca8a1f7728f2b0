"""Each shape of a Markdown list, as real lists have it, in text of our own."""

from __future__ import annotations

import pytest

from directory.importers import Entry, Reading, Source, SourceFile, awesome
from directory.taxonomy import Taxonomy


def read(markdown: str, name: str = "someone/list") -> Reading:
    return awesome.read(Source(name, (SourceFile("README.md", markdown),)), Taxonomy({}))


def entries(markdown: str) -> dict[str, Entry]:
    return {entry.name: entry for entry in read(markdown).entries}


def only(markdown: str) -> Entry:
    (entry,) = read(markdown).entries
    return entry


def links(entry: Entry) -> dict[str, str]:
    return {link.role: link.url for link in entry.links}


REPO = {"repository": "https://github.com/o/alpha"}


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("- [Alpha](https://github.com/o/alpha) - Turns on the light", {"en": "Turns on the light"}),
        ("- [Alpha](https://github.com/o/alpha)：打开灯", {"zh": "打开灯"}),
        ("8. [Alpha](https://github.com/o/alpha): Turns on the light.", {"en": "Turns on the light."}),
        ("* **[Alpha](https://github.com/o/alpha)** 打开灯。", {"zh": "打开灯。"}),
        ("- 🔥 [Alpha ⭐](https://github.com/o/alpha) — Turns on the light 🔥", {"en": "Turns on the light"}),
        ("- [Alpha](https://github.com/o/alpha)", {}),
        ("- [Alpha: turns on the light](https://github.com/o/alpha)", {"en": "turns on the light"}),
        ("- Alpha：打开灯。[官网](https://github.com/o/alpha)", {"zh": "打开灯。"}),
        ("- **Alpha** ([code](https://github.com/o/alpha)) turns on the light", {"en": "turns on the light"}),
        ("1、[Alpha](https://x.example/click?target=https://github.com/o/alpha)：打开灯，好用", {"zh": "打开灯，好用"}),
        ("**【工具】**【Alpha：打开灯】[[code](github.com/o/alpha)]", {"zh": "打开灯"}),
        ("- [Alpha](https://github.com/o/alpha) | Light switch | 电灯开关", {"en": "Light switch", "zh": "电灯开关"}),
        ('<ul><li><a href="https://github.com/o/alpha">Alpha</a> – a <b>light</b></li></ul>', {"en": "a light"}),
        ("- [Alpha]((https://github.com/o/alpha)): a light", {"en": "a light"}),
        ("- Alpha [![s](https://img.shields.io/x.svg)](https://github.com/o/alpha) a light", {"en": "a light"}),
        ("- 2023 [Alpha](https://github.com/o/alpha) (⭐ 1.2k) a light", {"en": "a light"}),
        ("- [o/Alpha](https://github.com/o/alpha) is a light", {"en": "alpha is a light"}),
    ],
)
def test_one_line_gives_name_link_and_description(line: str, summary: dict[str, str]) -> None:
    entry = only(f"# List\n\n{line}\n")
    assert entry.name.lower() == "alpha"
    assert links(entry) == REPO
    assert entry.summaries == summary
    assert entry.place.line == 3


def test_the_name_of_a_bare_address_is_the_repository_s() -> None:
    assert only("- https://github.com/o/tiny-one").name == "tiny-one"
    assert only("- https://www.some-tool.example/ helps with lists").name == "some-tool.example"


def test_a_further_link_is_the_entry_s_own() -> None:
    entry = only(
        "- [Alpha](https://alpha.example/) - A light. ([Demo](https://demo.example), [Source Code](https://github.com/o/alpha),"
        " [paper](https://arxiv.org/abs/1), [model](https://huggingface.co/o/alpha)) `MIT` `Docker` #lamp"
    )
    assert links(entry) == {
        "homepage": "https://alpha.example/",
        "demo": "https://demo.example",
        "repository": "https://github.com/o/alpha",
        "paper": "https://arxiv.org/abs/1",
        "model": "https://huggingface.co/o/alpha",
    }
    assert entry.summaries == {"en": "A light."}
    assert (entry.licence, entry.labels) == ("MIT", ("Docker", "lamp"))
    assert entry.links[0].role == "homepage"


def test_code_words_and_hashtags_at_the_end_are_licence_and_tags() -> None:
    entry = only("- [Alpha](https://github.com/o/alpha) - A light. `Apache-2.0` `Go`")
    assert (entry.licence, entry.labels, entry.summaries) == ("Apache-2.0", ("Go",), {"en": "A light."})
    assert only("- [Alpha](https://github.com/o/alpha) - A light. #open #lamp").labels == ("open", "lamp")


def test_nested_descriptions_give_both_languages() -> None:
    entry = only("* [Alpha](https://github.com/o/alpha)\n  * Turns on the light\n  * 打开灯\n")
    assert entry.summaries == {"en": "Turns on the light", "zh": "打开灯"}


def test_nested_key_values_make_an_entry_of_a_plain_bullet() -> None:
    entry = only(
        "* 阿尔法：\n  * 地址：https://github.com/o/alpha\n"
        "  ![](https://img.shields.io/github/stars/o/alpha.svg)\n  * 简介：打开灯\n"
    )
    assert (entry.name, links(entry), entry.summaries) == ("阿尔法", REPO, {"zh": "打开灯"})
    described = only("* 阿尔法：\n  * 地址：https://github.com/o/alpha\n  * 数据集说明：打开灯\n")
    assert described.summaries == {"zh": "打开灯"}


def test_a_nested_project_is_an_entry_of_its_own() -> None:
    found = entries("- [Alpha](https://alpha.example)\n  - 一盏灯\n  - [beta](https://github.com/o/beta) its switch\n")
    assert found["Alpha"].summaries == {"zh": "一盏灯"}
    assert found["beta"].summaries == {"en": "its switch"}


def test_code_under_a_paper_belongs_to_the_paper() -> None:
    entry = only(
        "- [A Study of Lamps](https://arxiv.org/abs/1), 2023\n  - Code: [[Official](https://github.com/o/alpha)]\n"
    )
    assert links(entry) == {"paper": "https://arxiv.org/abs/1", "repository": "https://github.com/o/alpha"}


def test_several_projects_on_one_line_are_several_entries() -> None:
    found = entries("- [Alpha](https://github.com/o/alpha), [Beta](https://github.com/o/beta)：两盏灯\n")
    assert {name: entry.summaries["zh"] for name, entry in found.items()} == {"Alpha": "两盏灯", "Beta": "两盏灯"}


def test_a_repository_that_text_mentions_is_an_entry_unless_it_stands_elsewhere() -> None:
    text = "- [Alpha](https://github.com/o/alpha) - Built on [Beta](https://github.com/o/beta).\n"
    assert list(entries(text)) == ["Alpha", "Beta"]
    assert entries(text)["Beta"].summaries == {}
    listed = entries(text + "- [Beta](https://github.com/o/beta) - A base.\n")
    assert listed["Beta"].summaries == {"en": "A base."}
    assert len(read(text + "- [Beta](https://github.com/o/beta) - A base.\n").entries) == 2


def test_a_wrapped_line_goes_on() -> None:
    entry = entries(
        "- [Alpha](https://github.com/o/alpha) - Built on\n  [Beta](https://github.com/o/beta) for rooms.\n"
    )
    assert entry["Alpha"].summaries == {"en": "Built on Beta for rooms."}


def test_headings_bullets_and_summaries_make_the_path() -> None:
    found = entries(
        "# The List\n## 1. Tools 🔧\n- ### Lamps\n  - #### Desk\n    - [Alpha](https://github.com/o/alpha)\n"
        "- Plain words\n  - [Beta](https://github.com/o/beta)\n"
        "\n<details><summary>Hidden</summary>\n\n- [Gamma](https://github.com/o/gamma)\n\n</details>\n"
        "\n<details><summary>Click to expand</summary>\n\n- [Delta](https://github.com/o/delta)\n</details>\n"
    )
    assert {name: entry.path for name, entry in found.items()} == {
        "Alpha": ("Tools", "Lamps", "Desk"),
        "Beta": ("Tools", "Plain words"),
        "Gamma": ("Tools", "Hidden"),
        "Delta": ("Tools",),
    }


@pytest.mark.parametrize(
    ("headings", "path", "labels"),
    [
        ("## Agents\n## 智能体\n", "Agents / 智能体", ("Agents", "智能体")),
        ("## Agents\n### 智能体\n", "Agents / 智能体", ("Agents", "智能体")),
        ("## 微调 Fine-Tuning\n", "微调 Fine-Tuning", ("微调", "Fine-Tuning")),
        ("## CV｜计算机视觉:\n", "CV｜计算机视觉", ("CV", "计算机视觉")),
        ("## 大语言模型（LLM）\n", "大语言模型（LLM）", ("大语言模型", "LLM")),
        ("## Agents\n", "Agents", ()),
    ],
)
def test_a_bilingual_heading_is_one_element_with_both_wordings(
    headings: str, path: str, labels: tuple[str, ...]
) -> None:
    entry = only(f"# List\n{headings}- [Alpha](https://github.com/o/alpha)\n")
    assert (entry.path, entry.labels) == ((path,), labels)


def test_a_subheading_in_another_language_is_no_twin() -> None:
    found = entries("## 工具\n### Index\n- [A1](https://github.com/o/a1)\n### OCR\n- [A2](https://github.com/o/a2)\n")
    assert found["A1"].path == ("工具", "Index")


def test_table_columns_say_what_they_hold() -> None:
    markdown = (
        "|序号| 名称 | github地址 | 点赞数 | 简介 | 类别 | License |\n|-|-|-|-|-|-|-|\n"
        "|1| 灯具-01 | [alpha](https://github.com/o/alpha) | 53.8k | 打开灯 | 家居、照明 | MIT |\n"
        "|2| Beta | [github](https://github.com/o/b-lamp) | 12 | 另一盏灯 | 家居 | |\n|3| 无名 | | | 没有地址 | | |\n"
    )
    found = entries(markdown)
    assert found["alpha"].summaries == {"zh": "打开灯"}
    assert found["alpha"].labels == ("家居", "照明")
    assert found["alpha"].licence == "MIT"
    assert found["alpha"].stars is None
    assert found["alpha"].extra == {"序号": "1", "名称": "灯具-01", "stars": "53.8k"}
    assert links(found["Beta"]) == {"repository": "https://github.com/o/b-lamp"}
    assert [(left.place.line, left.reason) for left in read(markdown).leftovers] == [(5, "it has no address")]


def test_several_projects_in_a_table_row_are_several_entries() -> None:
    found = entries(
        "|公司|大模型|说明|\n|-|-|-|\n|甲|[清灯](https://qing.example/)|开源[灯一](https://github.com/o/one)、[灯二](https://github.com/o/two)|\n"
    )
    assert list(found) == ["清灯", "灯一", "灯二"]
    assert found["清灯"].extra == {"公司": "甲"}


def test_a_table_in_html_split_by_blank_lines_is_one_table() -> None:
    found = entries(
        '<table>\n<tr>\n\n  <td><img src="a.png"></td>\n\n    <td><a href="docs/alpha.md">Alpha</a></td>\n'
        '    <td><a href="https://github.com/o/alpha">Alpha</a> 是一盏灯</td>\n</tr>\n'
        '<tr><td></td><td><a href="https://github.com/o/beta">Beta</a></td><td>另一盏</td></tr>\n</table>\n'
    )
    assert found["Alpha"].summaries == {"zh": "Alpha 是一盏灯"}
    assert found["Beta"].summaries == {"zh": "另一盏"}


def test_a_gallery_has_an_entry_in_each_cell() -> None:
    cell = '<td><a href="https://github.com/o/{0}"><img src="x.png"/><br/><b>{0}</b></a><br/>lamp {0}</td>'
    found = entries(f"<table><tr>{cell.format('one')}{cell.format('two')}</tr></table>")
    assert {name: entry.summaries for name, entry in found.items()} == {
        "one": {"en": "lamp one"},
        "two": {"en": "lamp two"},
    }


def test_a_heading_can_be_the_entry() -> None:
    found = entries(
        "# List\n## Lamps\n### [Alpha](https://github.com/o/alpha)\nTurns on the light.\n"
        "- **Stars:** ⭐️ 264.9k\n- **Tags:** `desk` `led`\n- **License:** MIT\n"
        "### 2.台灯:beta 3.1k⭐\n- **项目地址**：[https://github.com/o/beta](https://github.com/o/beta)\n"
        "- **推荐理由**：很亮\n- **开源时间**：2020-01-01\n- **链接**：[[官网](https://beta.example)]\n"
    )
    alpha, beta = found["Alpha"], found["beta"]
    assert (alpha.path, alpha.licence, alpha.labels) == (("Lamps",), "MIT", ("desk", "led"))
    assert (alpha.summaries, alpha.extra) == ({"en": "Turns on the light."}, {"stars": "264.9k"})
    assert (beta.path, beta.summaries, beta.extra) == (("Lamps",), {"zh": "很亮"}, {"stars": "3.1k"})
    assert links(beta) == {"repository": "https://github.com/o/beta", "homepage": "https://beta.example"}


def test_sections_below_an_entry_s_heading_are_its_fields() -> None:
    entry = only(
        "## [Alpha](https://alpha.example)\nA lamp for agents\n<details>\n\n### Category\nDesk, Floor\n\n"
        "### Description\n- It shines.\n\n### Links\n- [GitHub](https://github.com/o/alpha)\n- [Docs](https://docs.alpha.example)\n</details>\n"
    )
    assert (entry.summaries, entry.labels) == ({"en": "A lamp for agents"}, ("Desk", "Floor"))
    assert set(links(entry)) == {"homepage", "repository", "docs"}


def test_a_summary_can_be_the_entry() -> None:
    entry = only(
        '## Lamps\n<details><summary><b><a href="https://github.com/o/alpha">Alpha</a></b> (🥇55 · ⭐ 190K) - A lamp.'
        " <code>MIT</code></summary>\n\n- [GitHub](https://github.com/o/alpha) (👨 4K):\n\n"
        "\t```\n\tgit clone\n\t```\n</details>\n"
    )
    assert (entry.name, entry.summaries, entry.licence, entry.path) == ("Alpha", {"en": "A lamp."}, "MIT", ("Lamps",))


def test_what_is_no_resource_is_no_entry() -> None:
    reading = read(
        "# List [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)\n"
        "[![Stars](https://img.shields.io/github/stars/someone/list)](https://github.com/someone/list/stargazers)\n\n"
        "[English](https://github.com/someone/list/blob/main/README.md) | 中文\n\n"
        "## Contents\n- [Lamps](#lamps)\n  - [Desk](https://github.com/someone/list#desk)\n"
        "## Lamps\n- [Alpha](https://github.com/o/alpha)\n**[⬆ back to top](#list)**\n"
        "## Contributors\n<a href='https://github.com/someone/list/graphs/contributors'><img src='https://contrib.rocks/image?repo=x'/></a>\n"
        "## Sponsors\n- [Rich Company](https://rich.example)\n"
        "## Star History\n[![Chart](https://api.star-history.com/svg?repos=x)](https://star-history.com/#someone/list)\n"
    )
    assert [entry.name for entry in reading.entries] == ["Alpha"]
    assert reading.entries[0].summaries == {}


def test_running_text_lists_nothing() -> None:
    prose = "This page grew out of a talk that was given long ago. " * 5
    assert read(f"# List\n\n{prose} It began with [Old](https://github.com/o/old) and went on.\n").entries == ()


def test_a_link_that_leads_nowhere_is_left_over() -> None:
    (left,) = read("- [Alpha](https://github.com/o/alpha)\n- [Local](./docs/local.md) some page\n").leftovers
    assert (left.place.path, left.place.line, left.reason) == (
        "README.md",
        2,
        "its link leads to no page of the web",
    )


def test_an_unclosed_details_ends_at_the_next_heading() -> None:
    found = entries(
        "## A\n<details><summary>In</summary>\n\n- [X1](https://github.com/o/x1)\n\n## B\n- [X2](https://github.com/o/x2)\n"
    )
    assert (found["X1"].path, found["X2"].path) == (("A", "In"), ("B",))


def test_a_card_of_two_headings_and_a_visit_link() -> None:
    entry = only(
        "# C\n## Art\n### Alpha\n<img src='a.png'/>\n\n#### Your second lamp.\n[Visit](https://c.example/redirect/alpha)\n"
    )
    assert (entry.name, entry.path, entry.summaries) == ("Alpha", ("Art",), {"en": "Your second lamp."})


def test_a_heading_names_the_bare_address_below_it() -> None:
    entry = only("# List\n\n#### 11. alpha-light ⭐8.8k\n\n🔗 https://github.com/o/alpha\n\n打开灯的工具。\n")
    assert (entry.name, links(entry)) == ("alpha-light", REPO)
    assert (entry.summaries, entry.extra["stars"]) == ({"zh": "打开灯的工具。"}, "8.8k")


def test_a_heading_of_another_name_is_a_category() -> None:
    entry = only("# List\n\n## Lights\n\nhttps://github.com/o/alpha\n")
    assert (entry.name, entry.path) == ("alpha", ("Lights",))


@pytest.mark.parametrize("word", ["注", "引用", "Note", "See also"])
def test_a_remark_is_no_entry_of_that_name(word: str) -> None:
    found = entries(
        f"# List\n\n- [Alpha](https://github.com/o/alpha)：灯\n\n  > {word}：见 [Beta](https://github.com/o/beta)\n"
    )
    assert set(found) == {"Alpha", "Beta"}


def test_a_sentence_keeps_the_name_it_needs() -> None:
    line = (
        "- [Alpha](https://github.com/o/alpha) - A course on light by [Hugging Face](https://github.com/huggingface)."
    )
    entry = only(f"# List\n\n{line}\n")
    assert entry.summaries["en"].rstrip(".") == "A course on light by Hugging Face"
    assert {link.role for link in entry.links} <= {"repository", "page"}


def test_a_section_of_the_repository_is_no_second_link() -> None:
    line = (
        "- [Alpha](https://github.com/o/alpha) [GitHub](https://github.com/o/alpha?tab=readme-ov-file#alpha) "
        "[Code](https://github.com/o/alpha#install)"
    )
    entry = only(f"# List\n\n{line}\n")
    assert [link.url for link in entry.links] == [REPO["repository"]]
