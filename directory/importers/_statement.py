"""What does one line of a list say: is it an entry, a named thing with links, a field, mere links, or text?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from directory import repo, text
from directory.importers import _inline
from directory.importers._inline import Line, Piece
from directory.importers._link import leads_to_content, repo_key, resembles
from directory.importers._vocabulary import field_word, is_aside, is_generic, role_word

Kind = Literal["entry", "named", "field", "links", "text"]

NAME_LENGTH = 80
_KEY = re.compile(r"[\s\-–—•·*>]*([^:：\n]{1,24}?)\s*[:：]")
_BRACKETS = re.compile(r"[(（\[【「][^()（）\[\]【】「」]{0,60}[)）\]】」]")
_TITLES = re.compile(r"【([^【】]+)】")
_DATE = re.compile(r"\b(?:19|20)\d\d(?:[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?)?[,，、:：]?")
_LEAD = re.compile(r"^(?:[\s\W_]|\d{1,3}\b|v\d+\b)*\Z")
_SEPARATOR = re.compile(r"\s*(?:：|:(?=\s|$)|\s[-–—]+(?=\s|$)|——+|\s\|\s)\s*")
_BETWEEN = re.compile(r"\s*(?:[,，、/&+和与]|and|\s)+\s*\Z")
_SENTENCE = re.compile(r"[。，；！？;!?]|\.\s|\bthe\b|\bis\b|\bsee\b", re.I)
_NAME_ENDS = re.compile(r"\s*(?:：|:(?!//)|\s[-–—|｜]+\s|——+|(?<=[A-Za-z0-9])，(?=[\u3400-\u9fff]))\s*")
_SPDX = re.compile(
    r"(?:⊘ Proprietary|MIT(?:-0)?|(?:A|L)?GPL[- ]?v?\d(?:\.\d)?\S*|Apache(?:[- ]?(?:License[- ]?)?v?2(?:\.0)?)|BSD\S*"
    r"|MPL\S*|ISC|Unlicense|CC0\S*|CC[- ]BY\S*|EPL\S*|Zlib|WTFPL|0BSD|PostgreSQL|BSL\S*|Artistic\S*)\Z",
    re.I,
)
_HASHTAGS = re.compile(r"(?:(?:^|\s)#[\w\u3400-\u9fff-]+)+\s*\Z")


@dataclass(slots=True)
class Statement:
    """What a line says.

    `heads` are the links of the entries it begins with (kind `entry`), `pieces` what stands after them; in a `named`
    line, `name` is what is named and `pieces` everything else. `key` is a field's key as written.
    """

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    name: str = ""
    heads: list[Piece] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    licence: str = ""
    key: str = ""
    number: int = 0
    sure: bool = True
    """False where only a separator or its shortness tells the name from running text."""

    @property
    def links(self) -> list[Piece]:
        """The links beside the heads."""
        return [p for p in self.pieces if p.url]


def read(line: Line) -> Statement:
    """Classify a line."""
    pieces = tuple(p if not p.url or leads_to_content(p.url) else p._replace(url="", href="") for p in line.pieces)
    statement = Statement("text", pieces, number=line.number)
    if _take_field(statement):
        return statement
    if not statement.links:
        return statement
    _take_codes(statement)
    first = next((i for i, p in enumerate(statement.pieces) if p.url and not _is_plain(p)), None)
    if first is not None and _leads(statement.pieces[:first]) and not _is_titled(statement.pieces[:first]):
        _take_heads(statement, first)
    elif not _take_name(statement, first):
        words = "".join(p.text for p in statement.pieces if not p.url)
        statement.kind = "links" if first is None and not _inline.prose(_BRACKETS.sub("", words)) else "text"
        if first is None and statement.kind == "text" and _leads(statement.pieces[: _first_link(statement.pieces)]):
            _take_heads(statement, _first_link(statement.pieces))
    return statement


def _first_link(pieces: tuple[Piece, ...]) -> int:
    return next(i for i, p in enumerate(pieces) if p.url)


def _is_plain(piece: Piece) -> bool:
    """A link that names nothing itself: a picture, an address, a word like `code`."""
    return not piece.text.strip() or _inline.is_address(piece) or is_generic(piece.text)


def _take_field(statement: Statement) -> bool:
    """`简介：…`, `**GitHub**: …`: a known key before the first colon and the first link."""
    before: list[str] = []
    for piece in statement.pieces:
        if piece.url:
            break
        before.append(piece.text)
    shown = "".join(before)
    match = _KEY.match(shown[:60])
    key = match[1].strip("*_`[]【】() ") if match else ""
    if not match or field_word(key) is None or _inline.has_ordinal(shown):
        return False
    rest: list[Piece] = []
    length = match.end()
    for piece in statement.pieces:
        cut = min(length, len(piece.text)) if not piece.url else 0
        rest.append(piece._replace(text=piece.text[cut:]))
        length -= cut
    statement.kind, statement.key, statement.pieces = "field", key, tuple(rest)
    return True


def _take_codes(statement: Statement) -> None:
    """Words in code type at the end of a line are its licence and tags (`` `MIT` `Docker` ``), so are hashtags."""
    pieces = list(statement.pieces)
    if not pieces[-1].url and (tags := _HASHTAGS.search(pieces[-1].text[-200:])):
        statement.labels += re.findall(r"#([\w-]+)", tags[0])
        pieces[-1] = pieces[-1]._replace(text=pieces[-1].text.removesuffix(tags[0]))
    while pieces and not pieces[-1].url and (pieces[-1].code or not pieces[-1].text.strip(" .,，、|·")):
        piece = pieces.pop()
        for word in re.split(r"[/,，、]", piece.text) if piece.code else ():
            word = text.clean(word)
            if _SPDX.match(word):
                statement.licence = statement.licence or word
            elif 1 < len(word) <= 30:
                statement.labels.insert(0, word)
    statement.pieces = tuple(pieces)


def _leads(pieces: tuple[Piece, ...]) -> bool:
    """Whether nothing but numbers, dates, tags in brackets and plain links stands before a link."""
    shown = "".join(p.text for p in pieces if not p.url and not p.code)
    if len(shown) > 200:
        return False
    shown = _DATE.sub("", _BRACKETS.sub("", _inline.EMOJI.sub("", shown)))
    return _LEAD.match(shown[:80]) is not None and len(shown) <= 80


def _is_titled(pieces: tuple[Piece, ...]) -> bool:
    """Whether `【title】` and a first link that is only called `blog` or `paper` have gone before."""
    plain = next((i for i, p in enumerate(pieces) if p.url and p.text.strip()), None)
    return plain is not None and any(_TITLES.search(p.text) for p in pieces[:plain])


def _take_heads(statement: Statement, first: int) -> None:
    pieces = statement.pieces
    lead = "".join(p.text for p in pieces[:first] if not p.url)
    statement.labels += [t for t in map(_inline.label, _TITLES.findall(lead)) if t]
    statement.kind, statement.heads = "entry", [pieces[first]]
    rest = first + 1
    if not _is_plain(pieces[first]):
        while rest + 1 < len(pieces) and _is_another(statement.heads[-1], pieces[rest], pieces[rest + 1]):
            statement.heads.append(pieces[rest + 1])
            rest += 2
    statement.pieces = tuple(p for p in pieces[:first] if p.url) + pieces[rest:]


def _is_another(head: Piece, between: Piece, piece: Piece) -> bool:
    """Whether the next link is a second entry (`[A](…), [B](…)`), not a further page of the first."""
    if between.url or not piece.url or _is_plain(piece) or not _BETWEEN.match(between.text):
        return False
    one, other = repo_key(head.url), repo_key(piece.url)
    if one and other:
        return one != other
    return bool(between.text.strip()) and not resembles(head.text, piece.text)


def _take_name(statement: Statement, first: int | None) -> bool:
    """A name in plain text, its links further on: `**Name** - text [code](…)`, `名称：说明。[官网](…)`."""
    pieces = statement.pieces
    anchor = _first_link(pieces)
    before = "".join(p.text for p in pieces[:anchor])
    if len(before) > 2_000:
        return False
    titles = _TITLES.findall(before)
    strong = next((p.text for p in pieces[:anchor] if p.strong and p.text.strip()), "")
    found, rest = "", ""
    if titles and len(_inline.label(_TITLES.sub("", before))) < 4:
        found = titles[-1]
        statement.labels += [t for t in map(_inline.label, titles[:-1]) if t]
    elif strong and _LEAD.match(_BRACKETS.sub("", before.partition(strong)[0])[:80]) and len(strong) <= 160:
        found, rest = strong, before.partition(strong)[2]
    elif match := _SEPARATOR.search(_without_ordinal(before)):
        shown = _without_ordinal(before)
        found, rest = shown[: match.start()], shown[match.end() :]
        statement.sure = _inline.has_ordinal(before)
        if len(found) > NAME_LENGTH or _SENTENCE.search(found):
            return False
    elif first is None or first > anchor:
        found, statement.sure = before, _inline.has_ordinal(before)
        if len(found.strip()) > 60 or _SENTENCE.search(found):
            return False
    name = _inline.label(found)
    if not name or is_aside(name) or (is_generic(name) and role_word(name) is not None):
        return False
    statement.kind, statement.name = "named", name
    statement.pieces = (Piece(rest), *pieces[anchor:])
    return True


def _without_ordinal(shown: str) -> str:
    return _inline.label(shown) + " " if _inline.has_ordinal(shown) else _inline.EMOJI.sub("", shown)


def starts_record(statement: Statement) -> bool:
    """Whether a line begins something of its own, rather than telling more of what stands above."""
    return statement.kind in ("entry", "named")


def split_name(shown: str, address: str) -> tuple[str, str]:
    """The name that a link's or title's text gives, and what the text says beyond it.

    `owner/name` is the repository's name; `name: description` is split where the part before the colon is a name; of a
    headline about a repository the name is the word that is the repository's.
    """
    found = repo.parse(address)
    if not text.squash(shown) or _inline.is_address(Piece(shown, url=address)):
        host = re.sub(r"\A(?:https?://)?(?:www\.)?|[/?#].*\Z", "", address)
        return (found.name if found else host), ""
    name = _inline.label(shown)
    name = (_inline.label(_DATE.sub("", name, count=1)) if _DATE.match(name) else "") or name
    if found is None or text.squash(name) == text.squash(found.name):
        return text.clip(name, 160), ""
    written = repo.parse_name(name)
    if is_generic(name) or (written and written.owner.lower() == found.owner.lower()):
        return found.name, ""
    parts = _NAME_ENDS.split(name, maxsplit=1)
    if len(parts) == 2 and all(parts):
        for one, other in (parts, reversed(parts)):
            if text.squash(one) == text.squash(found.name):
                return one, other
    if _SENTENCE.search(name) or len(parts) == 2:
        word = re.search(rf"(?<![\w-]){re.escape(found.name)}(?![\w-])", name, re.I | re.A)
        if word:
            return word[0], name
    if len(parts) == 2 and len(parts[0]) <= 40 and len(parts[1]) > 8 and not _SENTENCE.search(parts[0]):
        return parts[0], parts[1]
    return text.clip(name, 160), ""
