"""GitHub identity: every shape of a URL leads to one owner/name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import repo, url
from directory.repo import RepoName

DIFY = RepoName("langgenius", "dify")


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/langgenius/dify",
        "http://www.github.com/langgenius/dify/",
        "github.com/langgenius/dify.git",
        "https://github.com/langgenius/dify/tree/main",
        "https://github.com/langgenius/dify/blob/main/docs/README_CN.md?plain=1#top",
        "https://github.com/langgenius/dify/issues/3",
        "https://github.com/langgenius/dify，一个平台",
        "git@github.com:langgenius/dify.git",
        "git+https://github.com/langgenius/dify.git",
        "https://raw.githubusercontent.com/langgenius/dify/main/README.md",
        "https://api.github.com/repos/langgenius/dify",
        "//github.com/langgenius/dify",
        "HTTPS://GITHUB.COM/langgenius/dify",
    ],
)
def test_shapes(address: str) -> None:
    assert repo.parse(address) == DIFY


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/langgenius",
        "https://github.com/sponsors/langgenius",
        "https://github.com/topics/llm",
        "https://github.com/orgs/langgenius/repositories",
        "https://gist.github.com/someone/0123456789",
        "https://gitlab.com/langgenius/dify",
        "https://github.com.evil.example/langgenius/dify",
        "https://example.com/github.com/langgenius/dify",
        "https://[::1",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_repository(address: str) -> None:
    assert repo.parse(address) is None


owners = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,20}", fullmatch=True).filter(
    lambda o: o.lower() not in repo.RESERVED_OWNERS
)
names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,30}", fullmatch=True).filter(
    lambda n: not n.lower().endswith(".git")
)


@given(owners, names, st.sampled_from(["", "/", ".git", "/tree/main/x", "#readme", "/blob/a/b.md?plain=1"]))
def test_every_shape_of_any_repository(owner: str, name: str, tail: str) -> None:
    found = repo.parse(f"https://github.com/{owner}/{name}{tail}")
    assert found == RepoName(owner, name)
    assert found.key == repo.parse(f"http://www.GitHub.com/{owner.upper()}/{name.upper()}").key  # type: ignore[union-attr]


@given(st.text(max_size=80))
def test_any_text_gets_an_answer(raw: str) -> None:
    repo.parse(raw)
    repo.parse_name(raw)
    tidied = url.tidy(raw)
    if tidied is not None:
        assert tidied.startswith(("http://", "https://"))
        url.canonical(tidied)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("github.com/Felixgithub2017/MMCU", "https://github.com/Felixgithub2017/MMCU"),
        ("https://dify.ai，", "https://dify.ai"),
        (
            "https://hellogithub.com/periodical/statistics/click?target=https://github.com/sofish/typo.css",
            "https://github.com/sofish/typo.css",
        ),
        ("https://link.zhihu.com/?target=https%3A//arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03762"),
        ("https://example.com/论文/一", "https://example.com/%E8%AE%BA%E6%96%87/%E4%B8%80"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.com/x", None),
        ("https://user:secret@example.com/", None),
        ("不是网址", None),
        ("#anchor", None),
    ],
)
def test_the_address_a_list_means(raw: str, expected: str | None) -> None:
    assert url.tidy(raw) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://github.com/LangGenius/Dify", "http://www.github.com/langgenius/dify.git"),
        ("https://dify.ai/", "http://www.dify.ai"),
        ("https://dify.ai/?utm_source=x&b=2&a=1", "https://dify.ai?a=1&b=2"),
        ("https://dify.ai:443/index.html#top", "https://dify.ai"),
    ],
)
def test_one_page_one_identity(one: str, other: str) -> None:
    assert url.canonical(one) == url.canonical(other)


def test_deep_links_stay_pages_of_their_own() -> None:
    deep = url.canonical("https://github.com/geekan/MetaGPT/blob/main/docs/README_CN.md")
    assert deep != url.canonical("https://github.com/geekan/MetaGPT")
    assert deep.endswith("README_CN.md")
