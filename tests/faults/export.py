"""Can hostile text in the catalogue hurt whoever reads an export? Fault table, row 15: `python -m tests.faults.export`.

Every payload stands in every field of a resource, its links, repository, article and terms at once, and goes through
every exporter. A case fails when anything in the output is live: it runs, leads anywhere but to http(s), steers a
terminal, reorders text, becomes a formula, breaks out of its format, or names a file elsewhere.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

import yaml
from markdown_it import MarkdownIt

from directory import plugins
from directory.catalogue.change import ChangeRecord, Happening, Window
from directory.catalogue.record import LinkRecord, PastName, RepositoryRecord, ResourceRecord, Source
from directory.exporters import Exporter, File, Hot, HotSearch, Mention, Snapshot
from directory.taxonomy import Label, Taxonomy, Term
from tests.faults.table import Cases, report

CASES = Cases()
PAYLOADS = {
    "script element": "<script>alert(1)</script>",
    "script end": "</script><script>alert(1)</script><!--",
    "image onerror": '"><img src=x onerror=alert(1)>',
    "svg onload": "<svg/onload=alert(1)>",
    "entity encoded": "&lt;img src=x onerror=alert(1)&gt; &#60;b&#62;",
    "cdata end": "]]><evil xmlns='urn:x'/><![CDATA[",
    "comment end": "--><b onclick=alert(1)>x</b>",
    "doctype": '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
    "javascript address": "javascript:alert(1)",
    "javascript in case and space": " \tJaVa\nScRiPt:alert(1)",
    "data address": "data:text/html,<script>alert(1)</script>",
    "vbscript, file and ftp addresses": "vbscript:x file:///etc/passwd ftp://x/y",
    "javascript behind https": "https://a.example/\"onmouseover='alert(1)'\\>",
    "address with a user": "https://github.com@evil.example/",
    "markdown link": "[x](javascript:alert(1)) ![y](data:text/html,z)",
    "markdown reference": "[x]: javascript:alert(1)\n\n[x][x] [x]",
    "markdown autolink": "<javascript:alert(1)>",
    "markdown image": "![x](https://tracker.example/p.png)",
    "markdown emphasis and code": "**a** `b` ~~c~~ | d | $e$ \\",
    "markdown heading on a new line": "x\n# Heading\n\n- [a](javascript:alert(1))\n",
    "markdown link across fields": "](javascript:alert(1)",
    "terminal title": "\x1b]0;owned\x07",
    "terminal clipboard": "\x1b]52;c;AAAA\x07\x9b31m",
    "terminal colour and cursor": "\x1b[31m\x1b[2J\rx\x08\x08",
    "bidi override": "gnp.\u202eexe\u2066abc\u2069",
    "zero width and tags": "a\u200bb\ufeffc\U000e0041",
    "line separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "nul and noncharacters": "a\x00b\ufffec\uffffd",
    "lone surrogates": "a\ud800b\udfffc",
    "formula": "=cmd|' /C calc'!A0",
    "formula with plus": "+1+1",
    "formula with minus": "-2+3+cmd|' /C calc'!A0",
    "formula with at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula behind space": "  \t=HYPERLINK(\"http://evil.example\",\"x\")",
    "formula behind a quote": "'=1+1",
    "formula in full width": "＝1+1",
    "formula behind separators": "a,=1\";=2\t=3\n=4",
    "yaml tag": "!!python/object/apply:os.system ['true']",
    "yaml alias and anchor": "&a [*a]",
    "yaml keys": "a: b\n- c\n? d\n---\n...\n%TAG ! x",
    "yaml words": "yes",
    "yaml merge": "<<: *x",
    "json breakout": '"}],"evil":[{"a":"',
    "sql": "'); DROP TABLE resources;--",
    "path upwards": "../../../etc/passwd",
    "path absolute": "/etc/passwd",
    "path of windows": "..\\..\\x:evil",
    "template": "{{7*7}} {% raw %} ${7*7} <%= 7 %>",
    "ten thousand characters": "漢a" * 5_000,
    "ten thousand brackets": "[" * 10_000,
    "empty": "",
}  # fmt: skip
_STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_HREF = re.compile(r"https?://[^\s\"'<>]+|https?://[^\s\"<>]+|#.*")
_TAGS = {"p", "a", "li", "ul", "ol", "h1", "h2", "h3", "img", "em", "strong", "code", "blockquote", "br", "s"}


def snapshot(payload: str) -> Snapshot:
    """A catalogue of two resources whose every text is the payload."""
    p = payload
    past = (PastName(p, p, p),)
    links = (LinkRecord("https://safe.example/", "homepage", "ok"),
             *(LinkRecord(p, role, p, p, p, p, p) for role in ("repository", "docs", "page", "demo", p)),
             LinkRecord("https://safe.example/" + p, "paper", p, p, p, p, p))  # fmt: skip
    own = RepositoryRecord(p, p, 1, past, 5, p, p, False, p, (p,))
    source = {"name": Source("import", p, p), p: Source(p, p, p)}
    first = ResourceRecord(1, p, p, p, (p,), p, p, p, p, ("term",), (p,), links, own, 1, False, "", p, p, source)
    other = first._replace(slug="other", kind="project", repository=None, terms=())
    bad_only = first._replace(slug="bad", links=(LinkRecord(p, "homepage"),), repository=None, kind="site")
    term = Term("term", (Label(p or "x", "zh", "pref"), Label(p or "x", "en", "pref"), Label(p, p, "alt")))
    happenings = tuple(
        Happening(n, at, "added", slug)
        for n, at in enumerate((p, "2026-11-24T12:00:00Z"))
        for slug in (p, "other", "bad")
    )
    window = Window(0, (ChangeRecord(p, 1, p, False, p), ChangeRecord("other", 2, p, True, p)), 3)
    mentions = {p: (Mention(p, p, p, p),)}
    resources = (bad_only, other, first)
    hot = Hot("2026-11-24", 7, (HotSearch(p, 2), HotSearch("other", 1)))
    return Snapshot(3, p, Taxonomy({term.slug: term}), resources, mentions, window, happenings=happenings, hot=hot)


class Live(HTMLParser):
    """Looks for what would run or lead somewhere in HTML."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Only what Markdown makes, and only harmless attributes."""
        assert tag in _TAGS, f"live element {tag}"
        for name, value in attrs:
            assert name in ("href", "src", "alt", "title", "start"), f"live attribute {name}"
            if name in ("href", "src"):
                assert _HREF.fullmatch(value or ""), f"live address {value}"

    def handle_comment(self, data: str) -> None:
        """None may be there."""
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def is_dead_markup(text: str) -> None:
    """Rendered by a Markdown renderer that lets HTML through, nothing is live."""
    parser = Live()
    parser.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    parser.close()


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string in data, with its key."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield "", name
            yield from strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)
    elif isinstance(value, str):
        yield key, value
    else:
        assert value is None or isinstance(value, int | bool), type(value)


def data(value: Any, *, markup: bool = False) -> None:
    """Plain data whose addresses are addresses."""
    for key, text in strings(value):
        assert not _STEERS.search(text), (key, text)
        if text and key in ("url", "homepage", "website_url", "source_code_url", "homepage_url", "repo_url", "feed_url",
                            "demo_url", "related_software_url", "docs_url", "codeRepository", "sameAs"):  # fmt: skip
            assert re.fullmatch(r"https?://[^\s\"<>@\\/]+(/[^\s\"<>\\]*)?", text), (key, text)
        if key == "path":
            assert re.fullmatch(r"[a-z]+(/[a-z0-9-]+)?\.?[a-z0-9.-]+", text), text
        if markup and len(text) < 1000:
            is_dead_markup(text)


def check_json(file: File) -> None:
    """JSON that cannot leave a script element."""
    for line in file.data.decode().splitlines() if file.path.endswith(".ndjson") else [file.data.decode()]:
        assert not set("<>&") & set(line)
        data(json.loads(line))


def check_csv(file: File) -> None:
    csv.field_size_limit(10**9)
    try:
        _check_csv(file)
    finally:
        csv.field_size_limit(2**17)  # the importer's own tests count on Python's default


def _check_csv(file: File) -> None:
    """No cell is a formula, whatever the separator."""
    text = file.data.decode()
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                assert not cell.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell
    columns = {len(row) for row in csv.reader(io.StringIO(text, newline=""))}
    assert len(columns) == 1


def check_atom(file: File) -> None:
    """Well-formed, and nothing but Atom."""
    root = ElementTree.fromstring(file.data)
    known = {"feed", "id", "title", "subtitle", "updated", "author", "name", "link", "entry", "category", "summary"}
    for element in root.iter():
        assert element.tag.removeprefix("{http://www.w3.org/2005/Atom}") in known, element.tag
        assert set(element.attrib) <= {"rel", "href", "term"}
        assert re.match(r"https?://", element.get("href", "https://"))
        assert not _STEERS.search((element.text or "") + element.get("term", ""))


def check_yaml(file: File) -> None:
    """Plain data, and harmless where the reader runs it through Markdown."""
    text = file.data.decode()
    data(yaml.safe_load(text), markup=file.path != "resources.yaml")
    assert not re.search(r"^[^'\"\n]*: !", text, re.MULTILINE)


def check_sqlite(file: File) -> None:
    """Every table is there, every text harmless."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(file.data)
        tables = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert len(tables) == 10
        for table in tables:
            rows = database.execute(f"SELECT * FROM {table}")
            names = [d[0] for d in rows.description]
            for row in rows:
                data(dict(zip(names, row, strict=True)))


CHECKS: dict[str, Callable[[File], None]] = {
    ".json": check_json, ".ndjson": check_json, ".jsonld": check_json, ".csv": check_csv, ".xml": check_atom,
    ".md": lambda file: is_dead_markup(file.data.decode()), ".yml": check_yaml, ".yaml": check_yaml,
    ".sqlite": check_sqlite, ".svg": lambda file: None,
}  # fmt: skip


def export(name: str, payload: str) -> None:
    """One payload through one exporter."""
    exporter: Exporter = plugins.load("exporters", name)
    paths = set()
    for file in exporter.export(snapshot(payload)):
        path = PurePosixPath(file.path)
        assert re.fullmatch(r"([a-z0-9]+/)?[A-Za-z0-9-]+(\.schema)?\.[a-z0-9]+", file.path), file.path
        assert file.path not in paths, f"{file.path} stands twice"
        paths.add(file.path)
        if path.suffix != ".sqlite":
            assert not _STEERS.search(file.data.decode()), file.path
        CHECKS[path.suffix](file)
    assert paths


for _name in plugins.names("exporters"):
    for _title, _payload in PAYLOADS.items():
        CASES[f"{_name}: {_title}"] = partial(export, _name, _payload)


if __name__ == "__main__":
    report(CASES)
