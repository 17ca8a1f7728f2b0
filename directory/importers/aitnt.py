"""How is a news page with a keyword line and a 资源拓展 block read?

The form, from the top:
    keywords, space-separated, aliases of one joined by commas; the search box's own words
    the title; `5957点击    2024-04-07 13:09`; the body; `本文来自微信公众号“…”,作者:…`
    a line ending in 资源拓展, a sentence about it, and the groups: a number, a name, entries `【tag】description` each
    followed by `项目地址:URL`
"""

from __future__ import annotations

import re
from typing import NamedTuple

from directory import repo, text, url
from directory.errors import UnreadableFile
from directory.importers import (
    ArticleEntry,
    ArticleMatch,
    Entry,
    EntryLink,
    Keyword,
    Leftover,
    Place,
    Reading,
    Source,
    SourceFile,
)
from directory.taxonomy import Taxonomy

SUMMARY = "a news page with a keyword line and a 资源拓展 block, saved as text"
FILES = ("page.txt", "*.txt")

_HEAD = re.compile(r"\s*(\d+)\s*点击\s+(\d{4}-\d{2}-\d{2})[ T]+(\d{2}:\d{2})(?::\d{2})?\s*\Z")
_ORIGIN = re.compile(
    r"本文(?:来自|来源|转载自)\s*(?:于)?(?:微信公众号)?\s*[:：]?\s*[“\"「《]?(?P<source>[^”\"」》,，]+)[”\"」》]?"
    r"\s*[,，]?\s*(?:作者\s*[:：]\s*(?P<author>.+?))?\s*\Z"
)
_BLOCK = re.compile(r".{0,20}资源拓展\s*\Z")
_ENTRY = re.compile(r"【(?P<tag>[^】]{1,20})】\s*(?P<summary>.+)\Z", re.DOTALL)
_ADDRESS = re.compile(r"(?:项目|开源|官网|体验|产品|下载)?地址\s*[:：]\s*(?P<url>\S+)\s*\Z")
_NUMBER = re.compile(r"\d{1,2}\Z")
_FURNITURE = re.compile(r"#\s*热门搜索\s*#|搜索|热门搜索")
_MAX_WORDS = 5  # words of one keyword: `DALL- E 3`, `Model Context Protocol server`
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.+][A-Za-z0-9+]+)*")


class _Line(NamedTuple):
    number: int
    text: str


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read one page or several.

    Raises:
        UnreadableFile: a file has no line `N点击 DATE TIME`, so it is not such a page.
    """
    readings = [_page(file, taxonomy) for file in source.files]
    return Reading(
        entries=(),
        articles=tuple(a for r in readings for a in r.articles),
        keywords=tuple(k for r in readings for k in r.keywords),
        leftovers=tuple(n for r in readings for n in r.leftovers),
    )


def _page(file: SourceFile, taxonomy: Taxonomy) -> Reading:
    lines = [_Line(n, line.strip()) for n, line in enumerate(file.text.splitlines(), 1)]
    found = next(((i, m) for i, line in enumerate(lines) if (m := _HEAD.match(line.text))), None)
    if found is None:
        raise UnreadableFile(
            f"{file.path}: not a page of this form: no line such as '5957点击 2024-04-07 13:09'",
            "the importers are listed by: aidir import --help",
        )
    head, facts = found
    above = [line for line in lines[:head] if line.text and not _FURNITURE.fullmatch(line.text)]
    if not above:
        raise UnreadableFile(f"{file.path}: no title stands above the line with the clicks")
    title = above[-1]
    leftovers: list[Leftover] = []
    keywords: list[Keyword] = []
    for line in above[:-1]:
        resolved, lost = keyword_line(line.text, taxonomy)
        keywords += resolved
        leftovers += [Leftover(Place(file.path, line.number), word, "no term has this label") for word in lost]
    block = next((i for i in range(head + 1, len(lines)) if _BLOCK.match(lines[i].text)), len(lines))
    body, origin = _body(lines[head + 1 : block])
    matches, unread = _groups(lines[block + 1 :], file.path)
    leftovers += unread
    if block == len(lines):
        leftovers.append(Leftover(Place(file.path, len(lines)), "资源拓展", "the page ends before this block"))
    article = ArticleEntry(
        title=title.text,
        body=body,
        place=Place(file.path, title.number),
        source=origin["source"].strip() if origin else "",
        author=(origin["author"] or "").strip() if origin else "",
        published=f"{facts[2]}T{facts[3]}",
        clicks=int(facts[1]),
        matches=tuple(matches),
    )
    return Reading(articles=(article,), keywords=tuple(keywords), leftovers=tuple(leftovers))


def keyword_line(line: str, taxonomy: Taxonomy) -> tuple[list[Keyword], list[str]]:
    """Split a keyword line and resolve its strings.

    Neither spaces nor commas separate keywords reliably (`DALL- E 3 DALL E DALL`, `Red panda,panda`), so the longest
    run of words that names a term is one keyword; a comma always ends one.

    Returns:
        The keywords in order, and the words that are part of none.
    """
    keywords: list[Keyword] = []
    lost: list[str] = []
    for group in re.split(r"[,，]", line):
        words = group.split()
        start = 0
        while start < len(words):
            for end in range(_reach(words, start), start, -1):
                term = taxonomy.resolve(" ".join(words[start:end]))
                if term is not None:
                    keywords.append(Keyword(" ".join(words[start:end]), term.slug))
                    start = end
                    break
            else:
                lost.append(words[start])
                start += 1
    return keywords, lost


def _reach(words: list[str], start: int) -> int:
    """How far a keyword that begins here may go: Chinese is written without spaces, so a space ends a Han word."""
    end = start + 1
    while end < min(start + _MAX_WORDS, len(words)) and not (text.has_han(words[end - 1]) or text.has_han(words[end])):
        end += 1
    return end


def _body(lines: list[_Line]) -> tuple[str, re.Match[str] | None]:
    paragraphs = [line.text for line in lines if line.text]
    # The last lines name the source; the words "本文来自" may also stand in the middle of a text.
    for index in range(len(paragraphs) - 1, max(len(paragraphs) - 4, -1), -1):
        found = _ORIGIN.match(paragraphs[index])
        if found:
            return "\n\n".join(paragraphs[:index]), found
    return "\n\n".join(paragraphs), None


def _groups(lines: list[_Line], path: str) -> tuple[list[ArticleMatch], list[Leftover]]:
    matches: list[ArticleMatch] = []
    leftovers: list[Leftover] = []
    group, group_position, position = "", 0, 0
    pending: _Line | None = None
    expect_name = False

    def give_up(reason: str) -> None:
        if pending is not None:
            leftovers.append(Leftover(Place(path, pending.number), text.clip(pending.text, 80), reason))

    for line in lines:
        address = _ADDRESS.match(line.text)
        if not line.text:
            continue
        if _NUMBER.match(line.text):
            give_up("no address follows it")
            pending, expect_name = None, True
        elif expect_name:
            group, group_position, position, expect_name = line.text, group_position + 1, 0, False
        elif address and pending is not None:
            entry = _entry(pending, address["url"], group, path)
            if entry is None:
                give_up(f"'{text.clip(address['url'], 60)}' is no address")
            else:
                position += 1
                matches.append(ArticleMatch(entry, group, group_position, position))
            pending = None
        elif _ENTRY.match(line.text) and group:
            give_up("no address follows it")
            pending = line
        elif pending is not None:  # a description over several lines
            pending = _Line(pending.number, f"{pending.text}{line.text}")
        elif group:
            leftovers.append(Leftover(Place(path, line.number), text.clip(line.text, 80), "neither entry nor address"))
    give_up("the page ends before its address")
    return matches, leftovers


def _entry(line: _Line, address: str, group: str, path: str) -> Entry | None:
    found = _ENTRY.match(line.text)
    tidied = url.tidy(address)
    if found is None or tidied is None:
        return None
    name = repo.parse(tidied)
    links = [EntryLink(tidied, "page")]
    if name is not None:
        own = name.url
        links = [EntryLink(own, "repository")]
        if url.canonical(tidied) != url.canonical(own):
            links.append(EntryLink(tidied, "page"))
    written = _NAME.match(found["summary"])
    shown = written[0] if written else (name.name if name else text.clip(found["summary"], 30))
    return Entry(
        name=shown,
        links=tuple(links),
        place=Place(path, line.number),
        summaries={text.language(found["summary"]): found["summary"]},
        labels=(group,),
        pricing=found["tag"],
    )
