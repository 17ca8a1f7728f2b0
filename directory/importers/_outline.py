"""Which sections, lists, tables and paragraphs does a page have, and what stands in which?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from directory import text
from directory.importers import _inline
from directory.importers._inline import Line
from directory.importers._markup import BLOCKS, Node
from directory.importers._vocabulary import only_reveals

FOLD = 7
"""The level of a `<details>`: below every heading."""


@dataclass(slots=True)
class Paragraph:
    """Running lines."""

    lines: list[Line]


@dataclass(slots=True)
class Item:
    """One item of a list: its own lines, and the blocks below them."""

    lines: list[Line]
    blocks: list[Block]


@dataclass(slots=True)
class Items:
    """A list."""

    items: list[Item]


@dataclass(slots=True)
class Table:
    """A table; a cell is its lines. The header is empty where the table has none."""

    header: list[str]
    rows: list[list[list[Line]]]


@dataclass(slots=True)
class Section:
    """A heading, or the summary of a `<details>`, and what stands under it. `twin` is its other-language heading."""

    level: int
    title: Line
    blocks: list[Block] = field(default_factory=list)
    twin: Line | None = None

    @property
    def name(self) -> str:
        """The heading as a category: both wordings where it has a twin."""
        names = [_inline.label(title.text) for title in (self.title, self.twin) if title]
        return text.clip(" / ".join(name for name in names if name), 120)


Block: TypeAlias = Paragraph | Items | Table | Section


def outline(root: Node) -> list[Block]:
    """The blocks of a page, nested by its headings."""
    return _nest(_blocks(root))


def _is_block(node: Node) -> bool:
    return node.tag in BLOCKS or node.has_blocks


def _blocks(node: Node) -> list[Block]:
    """The blocks inside an element in order, headings not yet nested."""
    found: list[Block] = []
    run: list[Node | str] = []

    def flush() -> None:
        if lines := _inline.lines(run, line):
            found.append(Paragraph(_unwrapped(lines)))
        run.clear()

    line = node.line
    for child in node.children:
        if isinstance(child, str) or not _is_block(child):
            run.append(child)
            continue
        flush()
        line = child.line
        found += _block(child)
    flush()
    return found


def _block(node: Node) -> list[Block]:
    if node.tag in ("ul", "ol"):
        return [Items([_item(child) for child in node.children if isinstance(child, Node)])]
    if node.tag == "li":
        return [Items([_item(node)])]
    if node.tag == "table":
        return _table(node)
    if node.tag == "details":
        return _fold(node)
    if len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdigit():
        title = _inline.join(_inline.lines(_inline_only(node), node.line))
        return [Section(int(node.tag[1]), title._replace(number=node.line))]
    return [] if node.tag == "hr" else _blocks(node)


def _inline_only(node: Node) -> Iterable[Node | str]:
    # `<h1>Title<p><a>badge</a></p></h1>`: what a heading holds in blocks is not its wording.
    return (child for child in node.children if isinstance(child, str) or not _is_block(child))


def _item(node: Node) -> Item:
    blocks = _nest(_blocks(node))
    lines: list[Line] = []
    while blocks and isinstance(blocks[0], Paragraph):
        lines += blocks.pop(0).lines  # type: ignore[union-attr]
    return Item(lines, blocks)


def _fold(node: Node) -> list[Block]:
    summary = next((c for c in node.children if isinstance(c, Node) and c.tag == "summary"), None)
    if summary is None:
        return _blocks(node)
    node.children.remove(summary)
    blocks = _blocks(node)
    heading = [b for b in _blocks(summary) if isinstance(b, Section)]
    title = heading[0].title if heading else _inline.join(_inline.lines(summary.children, summary.line))
    name = _inline.label(title.text)
    if not title.links and (not name or only_reveals(name)):
        return blocks
    return [Section(FOLD, title._replace(number=summary.line), _nest(blocks))]


def _table(node: Node) -> list[Block]:
    rows: list[list[Node]] = []
    other: list[Block] = []
    _collect_rows(node, rows, other)
    lines = [[_cell(cell) for cell in row] for row in rows]
    header: list[str] = []
    if rows and all(cell.tag == "th" for cell in rows[0]) and not any(n.links for c in lines[0] for n in c):
        header = [_inline.label(" ".join(n.text for n in cell)) for cell in lines.pop(0)]
    return [*other, Table(header, [row for row in lines if any(row)])]


def _collect_rows(node: Node, rows: list[list[Node]], other: list[Block]) -> None:
    for child in node.children:
        if not isinstance(child, Node):
            continue
        if child.tag == "tr":
            rows.append([c for c in child.children if isinstance(c, Node) and c.tag in ("td", "th")])
        elif child.tag in ("thead", "tbody", "tfoot"):
            _collect_rows(child, rows, other)
        elif child.has_blocks or child.tag in BLOCKS:
            other += _block(child)


def _cell(node: Node) -> list[Line]:
    found: list[Line] = []
    pending: list[Block] = _blocks(node)
    while pending:
        block = pending.pop(0)
        if isinstance(block, Paragraph):
            found += block.lines
        elif isinstance(block, Section):
            found.append(block.title)
            pending = [*block.blocks, *pending]
        elif isinstance(block, Items):
            inner = [b for item in block.items for b in (Paragraph(item.lines), *item.blocks)]
            pending = [*inner, *pending]
        else:
            found += [line for row in block.rows for cell in row for line in cell]
    return found


def _nest(flat: list[Block]) -> list[Block]:
    top: list[Block] = []
    open_sections: list[Section] = []
    for block in flat:
        if isinstance(block, Section):
            while open_sections and open_sections[-1].level >= block.level:
                open_sections.pop()
        (open_sections[-1].blocks if open_sections else top).append(block)
        if isinstance(block, Section) and block.level != FOLD:
            open_sections.append(block)
    return _with_twins(top)


def _with_twins(blocks: list[Block]) -> list[Block]:
    """Give a heading its other-language twin: the empty heading before it, or its only and immediate subheading."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Section) and block.level != FOLD:
            block.blocks = _with_twins(block.blocks)
            before = found[-1] if found else None
            if (
                isinstance(before, Section)
                and not before.blocks
                and before.level == block.level
                and _twins(before, block)
            ):
                found[-1] = Section(block.level, before.title, block.blocks, block.title)
                continue
            inner = block.blocks
            only = inner[0] if len(inner) == 1 else None
            # A subheading proper would have siblings, and it is the Chinese twin that comes second.
            if isinstance(only, Section) and only.level - block.level == 1 < block.level and _twins(block, only, True):
                block = Section(block.level, block.title, only.blocks, only.title)
        found.append(block)
    return found


def _twins(first: Section, second: Section, below: bool = False) -> bool:
    if first.twin or second.twin or first.title.links or second.title.links or not first.name or not second.name:
        return False
    if text.has_han(first.name) == text.has_han(second.name):
        return False
    return not below or 5 * len(re.findall(r"[\u3400-\u9fff]", second.name)) >= 2 * len(second.name)


def _unwrapped(lines: list[Line]) -> list[Line]:
    """Undo the wrapping of the source: a soft line goes on the line before, unless it begins something."""
    found: list[Line] = []
    for line in lines:
        if line.soft and found and not _begins(line, found[-1]):
            found[-1] = _inline.join([found[-1], line])._replace(soft=found[-1].soft)
        else:
            found.append(line)
    return found


def _begins(line: Line, before: Line) -> bool:
    shown = line.text.lstrip()
    strong = next((p.strong for p in line.pieces if p.text.strip()), False)
    if strong or _inline.has_ordinal(shown) or shown.startswith(("【", "- ", "* ", "• ")):
        return True
    if not line.links:
        return ":" in shown[:20] or "：" in shown[:20]
    first = next(i for i, p in enumerate(line.pieces) if p.url)
    lead = _inline.prose("".join(p.text for p in line.pieces[:first]))
    after = "".join(p.text for p in line.pieces[first + 1 :]).lstrip()
    closed = bool(before.links and before.pieces[-1].url) or before.text.rstrip().endswith(
        ("。", ".", "：", ":", "]", "】")
    )
    if not lead:
        return closed or not after or after[0] in "-–—:：|"
    return closed or (len(lead) <= 20 and lead.endswith((":", "：")))
