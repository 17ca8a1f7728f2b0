"""Which words and which links does a run of inline markup hold, line by line?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from directory import text, url
from directory.importers._markup import Node

_HIDDEN = frozenset(
    "script style pre svg video audio picture object template del s strike button select head title".split()
)
_BARE = re.compile(
    r"(?:https?://|(?<![\w@/.-])(?:www\.)?github\.com/)[^\s<>\"'`()\[\]{}（）【】《》「」“”，。；、！？：|\\^]+", re.I
)
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]+:")
_EMOJI = (
    "\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\ufe0e\ufe0f\u20e3\u3030\u303d"
)
EMOJI = re.compile(f"[{_EMOJI}]+")
_HOLLOW = re.compile(r"[(（\[【{][\s,，、;；:：/|&·和及与-]*[)）\]】}]")
_GAP = re.compile(r"\s+([,，.。;；、)）\]】!！?？])(?!\w)")
_ORPHANS = re.compile(r"(?<=[,，.。;；:：])(?:\s+[,，.。;；])+(?=\s|\Z)")
_COMMAS = re.compile(r"([,，、;；])(?:\s?[,，、;；])+")
_START = re.compile(rf"^(?:[\s\-–—:：|,，、。;；·•*>)）\]】/\\=+~&{_EMOJI}]|\.(?!\w))+")
_CLOSING = re.compile(rf"[\s\-–—:：|,，、;；·•*(（\[【/\\{_EMOJI}]")
_ORDINAL = re.compile(
    r"^\s*(?:[(（]?\d{1,3}(?:\.\d{1,3})*(?:[、)）]|[.．:：](?=\s|[\u3400-\u9fff]))\s*|\d{1,2}(?:\.\d{1,2})+\s+"
    r"|[一二三四五六七八九十]+[、.．]\s*"
    r"|[(（][一二三四五六七八九十]+[)）]\s*|第[一二三四五六七八九十\d]+[章节部篇]\s*)"
)
_STARS = re.compile(
    r"[(（][^()（）]{0,60}[⭐🌟★][^()（）]{0,60}[)）]"
    r"|[\d.,]{0,12}\d\s?[kKwW万]?\+?\s?[⭐🌟★]\ufe0f?|[⭐🌟★]\ufe0f?\s{0,2}[\d.,]{0,12}\d\s?[kKwW万]?\+?"
)


_SLIP = re.compile(r"\A(?:%5B|[(<\[\s])+")
_HOST_AND_PATH = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*\Z")


class Piece(NamedTuple):
    """A stretch of text; a link has its raw `href`, and a `url` when that leads to a page of the web."""

    text: str
    href: str = ""
    url: str = ""
    strong: bool = False
    code: bool = False


class Line(NamedTuple):
    """The pieces that stand on one line of the page; `soft` when only the source was wrapped before it."""

    pieces: tuple[Piece, ...]
    number: int
    soft: bool = False

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return "".join(p.text for p in self.pieces)

    @property
    def links(self) -> list[Piece]:
        """The pieces that lead to a page of the web."""
        return [p for p in self.pieces if p.url]


class _Break(NamedTuple):
    number: int
    soft: bool


def lines(nodes: Iterable[Node | str], number: int) -> list[Line]:
    """Cut a run of inline elements into lines; those with nothing but links to the page's own sections are left out."""
    found: list[Line] = []
    pieces: list[Piece] = []
    soft = False
    for piece in _flatten(nodes, strong=False):
        if isinstance(piece, _Break):
            found.append(Line(tuple(pieces), number, soft))
            pieces, number, soft = [], piece.number, piece.soft
        else:
            pieces.extend(_split_bare(piece))
    found.append(Line(tuple(pieces), number, soft))
    return [n for n in found if n.links or any(p.text.strip() and not p.href.startswith("#") for p in n.pieces)]


def join(parts: Iterable[Line]) -> Line:
    """Several lines as one, with a space between them."""
    pieces: list[Piece] = []
    number = 0
    for part in parts:
        number = number or part.number
        pieces += [Piece(" "), *part.pieces] if pieces else part.pieces
    return Line(tuple(pieces), number)


def _flatten(nodes: Iterable[Node | str], strong: bool) -> Iterator[Piece | _Break]:
    for node in nodes:
        if isinstance(node, str):
            yield Piece(_SHORTCODE.sub("", node), strong=strong)
        elif node.tag == "br":
            yield _Break(node.line, "soft" in node.attrs)
        elif node.tag == "a" and node.attrs.get("href"):
            yield _link(node, strong)
        elif node.tag == "code":
            inner = "".join(p.text for p in _flatten(node.children, strong) if isinstance(p, Piece))
            yield Piece(inner, strong=strong, code=True)
        elif node.tag not in _HIDDEN:
            yield from _flatten(node.children, strong or node.tag in ("strong", "b"))


def _link(node: Node, strong: bool) -> Piece:
    shown = "".join(p.text if isinstance(p, Piece) else " " for p in _flatten(node.children, strong))
    if not shown.strip() and not any(isinstance(child, Node) for child in node.children):
        return Piece("")  # `[](…)`: nobody can see it, let alone click it
    href = node.attrs["href"].strip()
    # `[x]((https://…))` and `[x]([https://…)` are common slips.
    address = None if href.startswith(("#", "mailto:")) else url.tidy(_SLIP.sub("", href).rstrip("()<>[] "))
    return Piece(shown, href, address or "", strong)


def _split_bare(piece: Piece) -> Iterator[Piece]:
    """Addresses written into the text become links that show themselves."""
    if piece.href or piece.code or "/" not in piece.text:
        yield piece
        return
    end = 0
    for match in _BARE.finditer(piece.text):
        shown = match[0].rstrip(".,;:!?*_~'\"")
        address = url.tidy(shown)
        if address is None:
            continue
        yield piece._replace(text=piece.text[end : match.start()])
        yield Piece(shown, shown, address, piece.strong)
        end = match.start() + len(shown)
    yield piece._replace(text=piece.text[end:])


def is_address(piece: Piece) -> bool:
    """Whether a link's text is itself an address, in full or only its host."""
    shown = piece.text.strip()
    if "://" in shown or shown.startswith("www."):
        return True
    if "/" in shown and len(shown) <= 200 and _HOST_AND_PATH.match(shown):
        return True
    host = urlsplit(piece.url).hostname or ""
    return bool(shown) and shown.rstrip("/") in (host, host.removeprefix("www."))


def stars(shown: str) -> str:
    """The number of stars that a text states, as written (`75.8k`); empty when it states none."""
    match = _STARS.search(shown)
    count = re.search(r"[\d.,]*\d\s?[kKwW万]?\+?(?=\W*\Z)", match[0]) if match else None
    return text.clean(count[0]) if count else ""


def prose(shown: str) -> str:
    """A description's text without what removed links and pictures leave behind."""
    shown = _STARS.sub(" ", text.clean(shown))
    for _ in range(2):
        shown = _HOLLOW.sub(" ", shown)
    shown = _COMMAS.sub(r"\1", _GAP.sub(r"\1", _ORPHANS.sub("", text.clean(shown))))
    return _without_end(_START.sub("", shown))


def _without_end(shown: str) -> str:
    # Not a regular expression: `[…]+$` costs quadratic time on a long run of such characters.
    end = len(shown)
    while end and _CLOSING.match(shown[end - 1]):
        end -= 1
    return shown[:end]


def label(shown: str) -> str:
    """A heading's or name's text without number, picture characters and closing colon."""
    shown = EMOJI.sub(" ", _STARS.sub(" ", text.clean(shown)))
    shown = _ORDINAL.sub("", _START.sub("", text.clean(shown)))
    return _without_end(_HOLLOW.sub(" ", shown)).strip(' `"')


def has_ordinal(shown: str) -> bool:
    """Whether a line begins with its number in a list (`1、`, `（二）`)."""
    return _ORDINAL.match(shown) is not None
