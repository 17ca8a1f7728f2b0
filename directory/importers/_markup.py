"""What does a Markdown file with HTML in it look like as one tree of elements?

Markdown's tokens and the HTML between them feed the same tree, so that a table of `<td>`s with blank lines inside, a
list in a `<details>` and an `<a>` in a paragraph all come out as the elements a reader sees. Every element knows its
line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MAX_INLINE = 20_000
"""Characters of one paragraph, cell or heading; some inline syntax costs quadratic time."""
MAX_DEPTH = 80
"""Levels of blocks; deeper ones are flattened, as everything after walks the tree recursively."""

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
BLOCKS = frozenset(
    """address article aside blockquote center details dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr
    li main nav ol p section summary table tbody td tfoot th thead tr ul""".split()
)
# Comments and declarations, which html.parser takes quadratic time for, or fails on, when they do not end.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*(?:>|\Z)", re.DOTALL)
# An opening tag ends the element that it cannot stand in, up to the element that may hold both.
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
}


@dataclass(slots=True)
class Node:
    """One element; `markdown` when Markdown opened it, `has_blocks` when a block element stands anywhere inside."""

    tag: str
    line: int
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    markdown: bool = False
    has_blocks: bool = False


class _Tree(HTMLParser):
    """Builds the tree from both sides. HTML may be broken: it closes only what HTML opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root", 1, markdown=True)
        self._stack = [self.root]
        self._first_line = 1

    @property
    def inside_html(self) -> bool:
        return not self._stack[-1].markdown

    def open(self, node: Node) -> None:
        """Hang an element into the current one and go into it."""
        if node.tag in BLOCKS:
            self._end_implied(node)
            for above in reversed(self._stack):
                if above.has_blocks:
                    break
                above.has_blocks = True
        self._stack[-1].children.append(node)
        if node.tag not in _VOID:
            self._stack.append(node)

    def _end_implied(self, node: Node) -> None:
        ended, limit = _ENDS.get(node.tag, (frozenset({"p"}), BLOCKS - {"p"}))
        if node.markdown and node.tag[0] == "h" and node.tag[1:].isdigit():
            # A heading of the same rank as the one a `<details>` stands under ends it: it was never closed.
            ended, limit = frozenset({"details", "p"}), frozenset()
        for position in range(len(self._stack) - 1, 0, -1):
            above = self._stack[position]
            if above.markdown or above.tag in limit:
                return
            if above.tag in ended and above.attrs.get("rank", "h9") >= (node.tag if above.tag == "details" else ""):
                del self._stack[position:]
                return

    def close_to(self, node: Node) -> None:
        """Leave an element that Markdown opened, and whatever HTML left open in it."""
        for position in range(len(self._stack) - 1, 0, -1):
            if self._stack[position] is node:
                del self._stack[position:]
                return

    def add_text(self, text: str) -> None:
        self._stack[-1].children.append(text)

    def add_html(self, html: str, line: int) -> None:
        """Feed a complete piece of HTML that begins at a line."""
        self._first_line = line
        self.feed(_UNSEEN.sub(lambda match: " " + "\n" * match[0].count("\n"), html))
        self.close()
        self.reset()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self._stack) >= (MAX_DEPTH if tag in BLOCKS else MAX_DEPTH + 20):
            return
        line = self._first_line + self.getpos()[0] - 1
        node = Node(tag, line, {name: value or "" for name, value in attrs})
        if tag == "details":
            node.attrs["rank"] = self._rank
        self.open(node)

    _rank = "h0"

    def note_heading(self, tag: str) -> None:
        """Remember the rank of the last heading that Markdown wrote."""
        self._rank = tag

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self._stack) - 1, 0, -1):
            above = self._stack[position]
            if above.markdown:
                return
            if above.tag == tag:
                del self._stack[position:]
                return

    def handle_data(self, data: str) -> None:
        self.add_text(data)


def _cap(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > MAX_INLINE:
            state.env["capped"].append(((token.map or [0])[0] + 1, token.content[:200]))
            token.content = ""


_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
_MARKDOWN.core.ruler.before("inline", "cap", _cap)


def parse(text: str) -> tuple[Node, list[tuple[int, str]]]:
    """Read a Markdown file.

    Returns:
        The root element, and the line and beginning of every piece that was too long to read.
    """
    capped: list[tuple[int, str]] = []
    tree = _Tree()
    _feed(tree, _MARKDOWN.parse(_without_front_matter(text), {"capped": capped}))
    return tree.root, capped


def _without_front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 3)
    return text if end < 0 else "\n" * text.count("\n", 0, end + 5) + text[end + 5 :]


def _feed(tree: _Tree, tokens: Iterable[Token]) -> None:
    opened: list[Node] = []
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            _feed_inline(tree, token.children or (), line)
        elif token.type == "html_block" or (token.type == "code_block" and _is_html(tree, token.content)):
            tree.add_html(token.content, line)
        elif token.nesting == 1:
            node = Node(token.tag, line, markdown=True)
            tree.open(node)
            opened.append(node)
            if token.type == "heading_open":
                tree.note_heading(token.tag)
        elif token.nesting == -1:
            tree.close_to(opened.pop())
        elif token.type == "hr":
            tree.open(Node("hr", line, markdown=True))


def _is_html(tree: _Tree, content: str) -> bool:
    # After a blank line an indented `<td>` of a table is code to Markdown; its author meant the table to go on.
    return tree.inside_html and content.lstrip().startswith("<")


def _feed_inline(tree: _Tree, tokens: Sequence[Token], line: int) -> None:
    opened: list[Node] = []
    for token in tokens:
        if token.type == "text":
            tree.add_text(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            line += 1
            tree.open(Node("br", line, {"soft": "1"} if token.type == "softbreak" else {}))
        elif token.type == "html_inline":
            tree.add_html(token.content, line)
        elif token.type == "image":
            tree.open(Node("img", line, {"src": str(token.attrs.get("src", ""))}))
        elif token.type == "code_inline":
            tree.open(code := Node("code", line, markdown=True))
            tree.add_text(token.content)
            tree.close_to(code)
        elif token.nesting == 1:
            node = Node(token.tag, line, {name: str(value) for name, value in token.attrs.items()}, markdown=True)
            tree.open(node)
            opened.append(node)
        elif token.nesting == -1:
            tree.close_to(opened.pop())
