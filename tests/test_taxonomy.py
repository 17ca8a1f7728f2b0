"""The taxonomy: from a word to its concept and on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import document, taxonomy, text
from directory.errors import InputError
from directory.taxonomy import Taxonomy

ROWS = [
    {"slug": "model", "zh": "模型", "en": "Model"},
    {
        "slug": "large-language-model",
        "zh": "大语言模型",
        "en": "Large language model",
        "alt": {"zh": ["大模型"], "en": ["LLM"]},
        "broader": ["model"],
        "related": ["rag"],
    },
    {
        "slug": "rag",
        "zh": "检索增强生成",
        "en": "Retrieval-augmented generation",
        "alt": {"zh": ["搜索增强"], "en": ["RAG"]},
    },
    {"slug": "stable-diffusion", "zh": "Stable Diffusion", "en": "Stable Diffusion", "hidden": ["stable"]},
    {"slug": "fine-tuning", "zh": "微调", "en": "Fine-tuning", "broader": ["large-language-model"]},
]


@pytest.fixture(scope="module")
def terms() -> Taxonomy:
    return taxonomy.parse(ROWS)


@pytest.fixture(scope="module")
def bundled(seeds) -> Taxonomy:
    return taxonomy.parse(document.load_yaml((seeds / "taxonomy.yaml").read_text("utf-8"), "taxonomy.yaml"))


@pytest.mark.parametrize(
    "label", ["大模型", "LLM", "llm", "ＬＬＭ", "大語言模型", "large-language-model", "Large Language Model"]
)
def test_every_label_leads_to_its_term(terms: Taxonomy, label: str) -> None:
    found = terms.resolve(label)
    assert found is not None
    assert found.slug == "large-language-model"


def test_expansion_is_one_hop_without_hidden_labels(terms: Taxonomy) -> None:
    assert terms.expand(terms.terms["large-language-model"], "LLM") == ["大语言模型", "Large language model", "大模型"]
    assert terms.expand(terms.terms["stable-diffusion"], "stable") == ["Stable Diffusion"]


def test_ways_up_and_down(terms: Taxonomy) -> None:
    assert terms.ancestors("fine-tuning") == ["large-language-model", "model"]
    assert terms.descendants("model") == ["large-language-model", "fine-tuning"]


def test_labels_found_in_text(terms: Taxonomy) -> None:
    folded = text.fold("用RAG和大模型做微调; Stable-Diffusion、stablediffusion, fine tuning; LLMs ragged")
    found = [(folded[m.start : m.end], m.slug) for m in terms.find(folded)]
    assert found == [
        ("rag", "rag"),
        ("大模型", "large-language-model"),
        ("微调", "fine-tuning"),
        ("stable-diffusion", "stable-diffusion"),
        ("stablediffusion", "stable-diffusion"),
        ("fine tuning", "fine-tuning"),
    ]


@given(st.text(max_size=80))
def test_mentions_never_overlap_and_say_what_stands_there(raw: str) -> None:
    terms = taxonomy.parse(ROWS)
    folded = text.fold(raw + "大模型" + raw)
    end = 0
    for mention in terms.find(folded):
        assert end <= mention.start < mention.end <= len(folded)
        found = terms.resolve(folded[mention.start : mention.end])
        assert found is not None
        assert found.slug == mention.slug
        end = mention.end


def test_plain_form_is_lossless(bundled: Taxonomy) -> None:
    assert taxonomy.parse(bundled.plain()).terms == bundled.terms


@pytest.mark.parametrize(
    "rows",
    [
        [{"slug": "a", "zh": "甲"}, {"slug": "a", "zh": "乙"}],
        [{"slug": "a", "zh": "甲", "broader": ["b"]}],
        [{"slug": "Not Kebab", "zh": "甲"}],
        [{"slug": "a"}],
        [{"slug": "a", "zh": "甲", "colour": "red"}],
        [{"slug": "a", "zh": "甲", "alt": ["乙"]}],
        ["a"],
        {"slug": "a"},
    ],
)
def test_a_broken_taxonomy_is_refused(rows: object) -> None:
    with pytest.raises(InputError):
        taxonomy.parse(rows)


def test_no_two_bundled_terms_share_a_label(bundled: Taxonomy) -> None:
    assert bundled.collisions() == {}


def test_every_bundled_term_has_both_languages(bundled: Taxonomy) -> None:
    assert [t.slug for t in bundled if {n.language for n in t.labels if n.kind == "pref"} != {"zh", "en"}] == []


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=12), st.text(max_size=12), st.booleans()),
        max_size=8,
    )
)
def test_what_was_written_beside_an_index_is_the_same_taxonomy(labels: list[tuple[str, str, bool]]) -> None:
    """Labels of any characters: quotes, line ends and separators must not get between the lines."""
    rows = [
        {
            "slug": f"t-{number}",
            "zh": label,
            "en": label,
            "hidden" if hidden else "alt": [other] if hidden else {"en": [other]},
            "broader": [f"t-{number - 1}"] if number else [],
        }
        for number, (label, other, hidden) in enumerate(labels)
        if label.strip()
    ]
    rows = [row | {"broader": [b for b in row["broader"] if b in {r["slug"] for r in rows}]} for row in rows]
    try:
        terms = taxonomy.parse(rows)
    except InputError:
        return  # labels that no taxonomy may have
    again = taxonomy.restore(terms.compiled().encode())
    assert again.plain() == terms.plain()
    assert again.surfaces == terms.surfaces
    assert again.keys == terms.keys
    folded = text.fold(" | ".join(label for label, _, _ in labels))
    assert again.find(folded) == terms.find(folded)
