"""How does a file somebody has become a title and a text? Plain text, Markdown and HTML, whatever is in them.

Hostile input is expected: what is read is capped, what is no text is refused in one line, control and direction
characters are dropped, and nesting goes no deeper than the parsers' own limits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from directory import text
from directory.errors import InputError, UnreadableFile

if TYPE_CHECKING:
    from markdown_it.token import Token

HtmlElement: TypeAlias = Any
"""lxml's, which has no types."""

MAX_BYTES = 2_000_000
"""Bytes that are read of a file; a long article has 100,000."""
MAX_TITLE = 200
_MAX_MARKDOWN = 80_000
"""Characters of Markdown: a parser takes seconds for 200,000 of nothing but stars."""
_MAX_ELEMENTS = 8_000
"""Elements of a page up to which its main part is looked for (200,000 took 22 s); of a larger one all text is read."""
_NO_TEXT = ("script", "style", "noscript", "template", "svg", "iframe", "form", "nav", "footer", "aside")
_FIRST_LINE = 100
"""Characters up to which a first line is a title."""

_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body|article|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(r"^(?:#{1,6} |```|[-*] \[|> )|\]\(https?://", re.M)
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TAG = re.compile(r"<[^<>]{0,2000}>")


class Plain(NamedTuple):
    """What was read. Paragraphs are lines; empty is unknown."""

    title: str
    body: str
    author: str = ""
    published: str = ""
    notes: tuple[str, ...] = ()
    """What the user should know: that something was cut off."""


def read(content: bytes, name: str = "") -> Plain:
    """Read a file's content.

    Args:
        content: its bytes; of more than MAX_BYTES the rest is left out, and a note says so.
        name: its name; the ending tells the form, otherwise its beginning does.

    Raises:
        UnreadableFile: it is not text, or holds none.
        InputError: it is HTML and the package that reads HTML is not installed.
    """
    notes = []
    if len(content) > MAX_BYTES:
        content = content[:MAX_BYTES]
        notes.append(f"only the first {MAX_BYTES // 1_000_000} MB were read")
    shown = name or "the text"
    found = parse(_decode(content, shown), name)
    if not text.squash(found.title + found.body):
        raise UnreadableFile(f"{shown} holds no words")
    return found._replace(notes=tuple(notes))


def parse(raw: str, name: str = "") -> Plain:
    """Read a text that may be HTML or Markdown (see `read`)."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("html", "htm", "xhtml") or (ending not in ("md", "markdown", "txt") and _HTML.match(raw)):
        return _html(raw)
    if ending in ("md", "markdown") or (ending != "txt" and _MARKDOWN.search(raw[:_MAX_MARKDOWN])):
        return _markdown(raw)
    lines = _lines(raw)
    return Plain(*_headed(lines))


def _decode(content: bytes, shown: str) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content[:65536]:
        raise UnreadableFile(f"{shown} is not a text file", "save it as text in UTF-8")
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):  # the cap may have cut a character in two
            try:
                return content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError as error:
                if error.end < len(content) - cut - 4:
                    break
    raise UnreadableFile(f"{shown} is not text in UTF-8 or GB 18030", "save it as text in UTF-8")


def _lines(raw: str) -> list[str]:
    return [line for part in raw.splitlines() if (line := text.clean(part))]


def _headed(lines: list[str]) -> tuple[str, str]:
    """The title is a short first line that something follows."""
    if len(lines) > 1 and len(lines[0]) <= _FIRST_LINE:
        return lines[0], "\n".join(lines[1:])
    return "", "\n".join(lines)


def _markdown(raw: str) -> Plain:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    title = ""
    lines: list[str] = []
    heading = False
    for token in parser.parse(raw[:_MAX_MARKDOWN]):
        if token.type == "heading_open":
            heading = token.tag == "h1" and not title and not lines
        elif token.type == "html_block":
            lines += _lines(_TAG.sub(" ", token.content))
        elif token.type == "inline":
            found = _lines(_inline(token.children or []))
            if heading and found:
                title, found = " ".join(found), []
            lines += found
            heading = False
    # Code blocks are left out: their words are a machine's.
    if title:
        return Plain(text.clip(title, MAX_TITLE), "\n".join(lines))
    return Plain(*_headed(lines))


def _inline(children: list[Token]) -> str:
    parts: list[str] = []
    address = ""
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "link_open":
            address = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            parts.append(_linked(address))
    return "".join(parts)


def _linked(address: str) -> str:
    """An address is a mention, so it stays beside its link's words."""
    return f" ({address})" if address.startswith(("http://", "https://")) else ""


def _html(raw: str) -> Plain:
    try:
        from lxml import etree, html
        from readability import Document
        from readability.readability import Unparseable
    except ImportError:
        raise InputError(
            "reading HTML needs a package that is not installed", "pip install 'aidir[html]', or save the page as text"
        ) from None
    try:
        whole = html.document_fromstring(raw.encode(), parser=html.HTMLParser(encoding="utf-8"))
        title = _meta(whole, "og:title")
        for element in list(whole.iter(*_NO_TEXT)):
            element.drop_tree()
        main = whole
        if sum(1 for _ in whole.iter()) <= _MAX_ELEMENTS:
            page = Document(html.tostring(whole, encoding="unicode"))
            title = title or page.short_title() or ""
            main = html.fromstring(page.summary(html_partial=True))
    except (etree.LxmlError, Unparseable, ValueError, TypeError, AssertionError, RecursionError) as error:
        raise UnreadableFile(f"the page cannot be read as HTML: {type(error).__name__}") from None
    body = "\n".join(_lines(_text_of(main)))
    return Plain(
        text.clip(text.clean("" if title == "[no-title]" else title), MAX_TITLE),
        body,
        text.clip(text.clean(_meta(whole, "author", "article:author")), 100),
        text.clip(text.clean(_meta(whole, "article:published_time", "pubdate", "publishdate", "date")), 25),
    )


_BLOCKS = frozenset("p div li br tr h1 h2 h3 h4 h5 h6 section article blockquote td th pre ul ol table".split(" "))


def _text_of(main: HtmlElement) -> str:
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(main, events=("start", "end")):
        if event == "start":
            if element.tag in _BLOCKS:
                parts.append("\n")
            parts.append(element.text or "")
        else:
            if element.tag == "a":
                parts.append(_linked(element.get("href") or ""))
            if element.tag in _BLOCKS:
                parts.append("\n")
            if element is not main:
                parts.append(element.tail or "")
    return "".join(parts)


def _meta(whole: HtmlElement, *names: str) -> str:
    for name in names:
        for element in whole.xpath("//meta[@name=$n or @property=$n]", n=name):
            if element.get("content"):
                return str(element.get("content"))
    return ""
