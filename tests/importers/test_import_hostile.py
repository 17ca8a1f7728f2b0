"""Whatever a file holds, an importer reads it, leaves it over or calls it unreadable, and takes bounded time."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.errors import UnreadableFile
from directory.importers import Reading, Source, SourceFile, awesome, bestof, csv, hecat, landscape2
from directory.taxonomy import Taxonomy

TAXONOMY = Taxonomy({})
IMPORTERS = {
    "awesome": (awesome.read, "README.md"),
    "bestof": (bestof.read, "projects.yaml"),
    "csv": (csv.read, "list.csv"),
    "hecat": (hecat.read, "software/a.yml"),
    "landscape2": (landscape2.read, "landscape.yml"),
}
READERS = [pytest.param(read, path, id=name) for name, (read, path) in IMPORTERS.items()]
Read = Callable[[Source, Taxonomy], Reading]


def attempt(read: Read, path: str, text: str) -> Reading | None:
    """The reading, None for an unreadable file; whatever is read is sound."""
    try:
        reading = read(Source("someone/list", (SourceFile(path, text),)), TAXONOMY)
    except UnreadableFile:
        return None
    lines = text.count("\n") + text.count("\r") + 1
    for entry in reading.entries:
        assert entry.name
        assert entry.links
        assert all(link.url.startswith(("http://", "https://")) and link.role for link in entry.links)
        assert 0 <= entry.place.line <= lines
        assert all(entry.path)
    return reading


# Pieces that lists are made of, so that random text is about lists and not about nothing.
PIECES = st.sampled_from(
    """- |* |1. |  - |    |# |## |### |> |\n|\n\n|[|]|(|)|![|](|](https://github.com/o/r)|https://github.com/o/r|[a](https://x.io)
|: |：| - |、|，|。|【|】|**|*|_|`|```\n|~~|<table>|</table>|<tr>|<td>|</td>|<th>|<ul>|<li>|</li>|<a href="https://x.io">
|</a>|<a href=|<img src="x">|<br>|<details>|<summary>|</summary>|</details>|<div>|</div>|<p>|<h2>|</h2>|<!--|-->|<!|<?|<
|>|&amp;|&#x|\\|---\n|===\n|\t|\r\n|中文|word|名称|简介：|地址：|⭐ 1.2k|#tag|`MIT`|\ud800|\u200b|\ufeff|\u202e|name|url
|,|;|"|'|projects:\n|- name: a\n|landscape:\n|categories:\n|  github_id: o/r\n|name: x\n|website_url: https://x.io\n
|&a |*a |{|}|!!python/object:x""".replace("\n|", "|").split("|")
)
ANY = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join))


@pytest.mark.parametrize(("read", "path"), READERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=ANY)
def test_any_text_is_read_or_unreadable(read: Read, path: str, text: str) -> None:
    attempt(read, path, text)


@pytest.mark.parametrize(("read", "path"), READERS)
def test_binary_is_unreadable(read: Read, path: str) -> None:
    assert attempt(read, path, "\x7fELF\0\0\1" * 50) is None


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("read", [bestof.read, hecat.read, landscape2.read])
@pytest.mark.parametrize(
    "text", [BOMB + "projects: *i\n", "[" * 20_000, "{a: " * 20_000, "- " * 20_000, "a: !!python/object:x {}"]
)
def test_a_yaml_bomb_is_unreadable(read: Read, text: str) -> None:
    assert attempt(read, "data.yml", text) is None


def repeated(piece: str, length: int = 60_000) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize(
    "piece",
    """[|![|](|[a](|<|<a |<a href=|<!--|<div>|<details><summary>x</summary>|<td>|<table><tr><td>|*|**a|`|``a`|> |- |1.
|(|【|（|#|https://github.com/|[a](https://github.com/a/b), |\\|&#x|1|⭐|5⭐|-|：|a:b |\t|a.b.|www.|~~a|<?|<!a|<![CDATA[
|<script>""".replace("\n|", "|").split("|"),
)
def test_a_pattern_without_end_takes_linear_time(piece: str) -> None:
    line = repeated(piece)
    wrapped = "\n".join(line[i : i + 500] for i in range(0, len(line), 500))
    start = perf_counter()
    attempt(awesome.read, "README.md", line)
    attempt(awesome.read, "README.md", wrapped)
    # Measured: under 2 s on a slow core. A quadratic step would take minutes.
    assert perf_counter() - start < 15


def test_a_line_of_a_megabyte_is_left_over() -> None:
    reading = attempt(awesome.read, "README.md", "- [a](https://github.com/o/r)\n\n" + "x [a](https://x.io) " * 60_000)
    assert reading is not None
    assert [entry.name for entry in reading.entries] == ["a"]
    assert [(left.place.line, left.reason) for left in reading.leftovers] == [(3, "too long to read")]


def test_deep_nesting_is_flattened() -> None:
    text = "<div>" * 5_000 + '<a href="https://github.com/o/deep">deep</a> - at the bottom'
    reading = attempt(awesome.read, "README.md", text)
    assert reading is not None
    assert [entry.name for entry in reading.entries] == ["deep"]
    attempt(awesome.read, "README.md", "\n".join("  " * depth + "- a" for depth in range(400)))
    attempt(awesome.read, "README.md", ">" * 3_000 + " a")


@pytest.mark.parametrize(
    "text",
    [
        "<p><<!-- x -->![--- <a></p>",
        "<p>&#xD800; https://x.io/\ud800</p>",
        "- [a](https://x.io/click?target=http://[)",
        "<table><tr><td><table><tr><td>- [a](https://x.io",
        "| [a](https://x.io) |\n|-|\n|",
    ],
)
def test_text_that_once_failed_is_read(text: str) -> None:
    assert attempt(awesome.read, "README.md", text) is not None


def test_a_good_file_is_read_beside_a_bad_one() -> None:
    files = (SourceFile("a.md", "\0"), SourceFile("b.md", "- [b](https://github.com/o/b)"))
    reading = awesome.read(Source("list", files), TAXONOMY)
    assert [entry.name for entry in reading.entries] == ["b"]
    assert [(left.place.path, left.reason) for left in reading.leftovers] == [("a.md", "a.md: binary, not text")]


def test_ten_thousand_entries_take_less_than_a_minute() -> None:
    text = "# List\n" + "".join(
        f"## Category {n // 50}\n- [Name {n}](https://github.com/owner{n}/name{n}) - A description of number {n}.\n"
        for n in range(10_000)
    )
    start = perf_counter()
    reading = attempt(awesome.read, "README.md", text)
    assert reading is not None
    assert len(reading.entries) == 10_000
    assert perf_counter() - start < 60
