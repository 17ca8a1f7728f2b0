"""Does a line or block list something, tell of something above it, or neither?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from directory.importers import _inline
from directory.importers._inline import Line
from directory.importers._link import repo_key, resembles
from directory.importers._outline import Block, Item, Items, Paragraph, Section, Table
from directory.importers._statement import Statement, read, starts_record
from directory.importers._vocabulary import field_heading, field_word, is_generic


def as_entry(said: Statement) -> Statement:
    """A field or a mere link that stands by itself is an entry: `论文：[Title](…)`, `https://github.com/…`."""
    if said.kind == "field" and said.links:
        inner = read(Line(said.pieces, said.number))
        if inner.kind == "entry":
            return inner
        return Statement("named", said.pieces, said.key, number=said.number)
    if said.kind == "links" and said.links:
        first = said.links[0]
        if repo_key(first.url) or _inline.is_address(first):
            rest = tuple(p for p in said.pieces if p is not first)
            return Statement("entry", rest, heads=[first], number=said.number)
    return said


def _heads(block: Items) -> list[Line]:
    """The first line of every item of a list."""
    return [item.lines[0] for item in block.items if item.lines]


def lines_below(blocks: Iterable[Block]) -> Iterator[Line]:
    """The lines below something: its paragraphs and its lists, however deep."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.lines
        elif isinstance(block, Items):
            for item in block.items:
                yield from item.lines
                yield from lines_below(item.blocks)


def tells_address(facts: list[Statement]) -> bool:
    """Whether lines give the address of what stands above them, and begin no entries of their own."""
    if any(starts_record(f) for f in facts):
        return False
    return any(
        f.links and (f.kind == "links" or (f.kind == "field" and field_word(f.key) == "link") or _has_plain_links(f))
        for f in facts
    )


def _has_plain_links(said: Statement) -> bool:
    """Whether text ends in links that name nothing themselves: `Authors. Venue. [Paper](…) [Code](…)`."""
    return said.kind == "text" and all(p.text.strip() and is_generic(p.text) for p in said.links)


def has_links(blocks: Iterable[Block]) -> bool:
    """Whether anything in blocks leads to a page of the web."""
    for block in blocks:
        if isinstance(block, Section) and (block.title.links or has_links(block.blocks)):
            return True
        if isinstance(block, Table) and any(line.links for row in block.rows for cell in row for line in cell):
            return True
        if isinstance(block, Paragraph | Items) and any(line.links for line in lines_below([block])):
            return True
    return False


def count_entries(blocks: Iterable[Block], whole: bool = False) -> int:
    """How many entries stand in blocks; what may be an entry's fields (`## Links`) only counts in the `whole`."""
    count = 0
    for block in blocks:
        if isinstance(block, Section):
            if whole or field_heading(block.name) is None:
                count += count_entries(block.blocks, whole) + starts_record(read(block.title))
        elif isinstance(block, Items):
            count += sum(_count_in_item(item) for item in block.items)
        elif isinstance(block, Paragraph):
            count += sum(starts_in_prose(read(line), line) for line in block.lines)
        else:
            count += sum(any(line.links for cell in row for line in cell) for row in block.rows)
    return count


def _count_in_item(item: Item) -> int:
    said = read(item.lines[0]) if item.lines else Statement("text")
    if said.kind == "field":
        return 0
    if said.kind == "named" or (said.kind == "entry" and not is_generic(said.heads[0].text)):
        return 1 + count_entries(item.blocks)
    if item.lines and tells_address([read(line) for line in (*item.lines[1:], *lines_below(item.blocks))]):
        return 1
    return count_entries(item.blocks)


def starts_in_prose(said: Statement, line: Line) -> bool:
    """Whether a line of a paragraph is an entry, not a sentence that happens to have a link."""
    if _inline.has_ordinal(line.text) or (said.kind == "named" and said.sure):
        return starts_record(said)
    if said.kind == "named":
        return any(repo_key(p.url) for p in said.links)
    if said.kind != "entry" or is_generic(said.heads[0].text):
        return False
    after = "".join(p.text for p in said.pieces).strip()
    has_repository = repo_key(said.heads[0].url) != ""
    return (not after and has_repository) or after.startswith(("-", "–", "—", ":", "：", "|"))


def is_described(section: Section) -> bool:
    """Whether the lines under a heading without a link give the address of what the heading names."""
    if not section.name:
        return False
    direct = [b for b in section.blocks if isinstance(b, Paragraph | Items)]
    facts = [read(line) for b in direct for line in (b.lines if isinstance(b, Paragraph) else _heads(b))]
    keyed = [f for f in facts if f.kind == "field"]
    addressed = any(field_word(f.key) == "link" and f.links for f in keyed)
    if addressed and len(keyed) >= sum(starts_record(f) for f in facts):
        return True
    parts = [field_heading(b.name) for b in section.blocks if isinstance(b, Section)]
    if "link" in parts and {"description", "labels"} & set(parts) and parts.count(None) <= 1:
        return True
    if _is_named_address(section, facts):
        return True
    if count_entries(section.blocks, whole=True):
        return False
    worded = any(f.kind == "links" and any(not _inline.is_address(p) for p in f.links) for f in facts)
    return addressed or worded


def _is_named_address(section: Section, facts: list[Statement]) -> bool:
    """Whether a heading is the name of the one repository whose bare address stands below it, between mere text."""
    linked = [f for f in facts if f.links or f.heads]
    if (
        len(linked) != 1
        or linked[0].kind not in ("links", "entry")
        or any(not isinstance(b, Paragraph) for b in section.blocks)
    ):
        return False
    addresses = [*linked[0].heads, *linked[0].links]
    key = repo_key(addresses[0].url)
    plain = all(_inline.is_address(p) for p in addresses)
    return plain and key != "" and resembles(section.name, key.partition("/")[2])


def with_tagline(section: Section) -> Section:
    """A card, as one section: below its heading stand only a second heading, a whole sentence, and the link."""
    only = section.blocks[0] if len(section.blocks) == 1 else None
    if (
        not isinstance(only, Section)
        or only.title.links
        or not only.title.text.rstrip().endswith((".", "。", "!", "！"))
    ):
        return section
    return Section(section.level, section.title, [Paragraph([only.title]), *only.blocks])
