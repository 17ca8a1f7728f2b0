"""Which blocks of a page are entries, which are categories, and what do the lines below an entry tell of it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from directory import text
from directory.importers import _inline
from directory.importers._draft import Draft, Drafter
from directory.importers._inline import Line
from directory.importers._link import is_own, repo_key
from directory.importers._outline import FOLD, Block, Item, Items, Paragraph, Section, Table
from directory.importers._statement import NAME_LENGTH, Statement, read, starts_record
from directory.importers._table import Rows
from directory.importers._vocabulary import field_word, is_generic, lists_nothing

PROSE = 200
"""Characters from which a paragraph that begins no entry is running text: its links are no entries."""

Path = tuple[str, ...]


class Walker:
    """Walks the blocks of one page and collects drafts with the path they stood under.

    Args:
        own: the list's own `owner/name` in lower case; empty when it is unknown.
    """

    def __init__(self, own: str) -> None:
        self._own = own
        self._drafter = Drafter(own)
        self.found: list[tuple[Draft, Path]] = []
        self.left: list[tuple[int, str, str]] = []

    def walk(self, blocks: Iterable[Block], path: Path) -> None:
        """Read blocks that stand under a path."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block.lines, path)
            elif isinstance(block, Items):
                self._items(block.items, path)
            elif isinstance(block, Table):
                self._table(block, path)
            else:
                self._section(block, path)

    def _emit(self, drafts: Iterable[Draft], path: Path) -> None:
        self.found += [(draft, path) for draft in drafts]

    def _leave(self, line: Line, reason: str) -> None:
        self.left.append((line.number, text.clip(text.clean(line.text), 200), reason))

    # -- paragraphs

    def _paragraph(self, lines: list[Line], path: Path) -> None:
        running = sum(len(line.text) for line in lines) >= PROSE
        current: Draft | None = None
        for line in lines:
            said = read(line)
            if _starts_in_prose(said, line):
                drafts = self._drafter.begin(said)
                current = drafts[0] if drafts else None
                self._emit(drafts, path)
            elif current:
                self._emit(self._drafter.add(current, said), path)
            elif not running:
                self._emit(self._drafter.mentions(said), path)

    # -- lists

    def _items(self, items: list[Item], path: Path) -> None:
        bare: list[Line] = []
        before = len(self.found)
        for item in items:
            count = len(self.found)
            self._item(item, path)
            if len(self.found) == count and item.lines and not item.blocks:
                bare.append(item.lines[0])
        if len(self.found) - before >= len(bare):
            for line in bare:
                self._leave_unread(line)

    def _leave_unread(self, line: Line) -> None:
        hrefs = [p.href for p in line.pieces if p.href]
        if hrefs and all(h.startswith("#") for h in hrefs) or any(is_own(p, self._own) for p in line.links):
            return
        self._leave(line, "its link leads to no page of the web" if hrefs else "it has no address")

    def _item(self, item: Item, path: Path) -> None:
        if not item.lines:
            self.walk(item.blocks, path)
            return
        head, *rest = item.lines
        said = _as_entry(read(head))
        if starts_record(said):
            self._entry_item(said, rest, item.blocks, path)
            return
        facts = [read(line) for line in (*rest, *_lines_below(item.blocks))]
        if said.kind == "text" and not said.links and _tells_address(facts):
            name = _inline.label(head.text)
            draft = Draft(name, head.number)
            if stars := _inline.stars(head.text):
                draft.extra["stars"] = stars
            mentions = [m for fact in facts for m in self._drafter.add(draft, fact)]
            self._emit([draft, *mentions] if draft.links else mentions, path)
            return
        self._emit(self._drafter.mentions(said), path)
        name = _inline.label(head.text)
        inside = item.blocks and name and len(name) <= NAME_LENGTH and not said.links
        below = (*path, name) if inside else path
        for fact in map(read, rest):
            self._emit(self._drafter.begin(fact), below)
        self.walk(item.blocks, below)

    def _entry_item(self, said: Statement, rest: list[Line], blocks: list[Block], path: Path) -> None:
        drafts = self._drafter.begin(said)
        self._emit(drafts, path)
        if not drafts or drafts[0].mention:
            self.walk(blocks, path)
            return
        owner = drafts[0]
        for fact in map(read, rest):
            if fact.kind == "entry" and not is_generic(fact.heads[0].text) and repo_key(fact.heads[0].url) != owner.repo:
                self._emit(self._drafter.begin(fact), path)
            else:
                self._emit(self._drafter.add(owner, fact), path)
        self._tell(owner, blocks, path)

    def _tell(self, owner: Draft, blocks: Iterable[Block], path: Path) -> None:
        """What stands below an entry: its fields, links and descriptions; entries there are their own."""
        for block in blocks:
            if isinstance(block, Paragraph):
                for line in block.lines:
                    self._emit(self._add(owner, read(line)), path)
            elif isinstance(block, Items):
                for item in block.items:
                    self._tell_item(owner, item, path)
            elif isinstance(block, Section):
                self._tell_section(owner, block, path)
            else:
                self.walk([block], path)

    def _tell_item(self, owner: Draft, item: Item, path: Path) -> None:
        said = read(item.lines[0]) if item.lines else Statement("text")
        if said.kind == "entry" and not is_generic(said.heads[0].text) and repo_key(said.heads[0].url) != owner.repo:
            self._item(item, path)
            return
        if said.kind == "named" and any(repo_key(p.url) not in ("", owner.repo) for p in said.links) and owner.repo:
            self._item(item, path)
            return
        for line in item.lines:
            self._emit(self._add(owner, read(line)), path)
        if said.kind == "field":
            self._emit((m for fact in map(read, _lines_below(item.blocks)) for m in self._drafter.mentions(fact)), path)
        else:
            self._tell(owner, item.blocks, path)

    def _add(self, owner: Draft, said: Statement) -> list[Draft]:
        """Take a line over; of several descriptions in one language the first is the one that says what it is."""
        known = list(owner.texts)
        mentions = self._drafter.add(owner, said)
        if len(owner.texts) > len(known) and any(text.language(t) == text.language(owner.texts[-1]) for t in known):
            owner.texts[:] = known
        return mentions

    # -- tables

    def _table(self, table: Table, path: Path) -> None:
        rows = Rows(table, self._drafter)
        before = len(self.found)
        bare: list[Line] = []
        for row in table.rows:
            drafts = rows.read(row)
            self._emit(drafts, path)
            if not drafts:
                bare.append(_inline.join(line for cell in row for line in [*cell, _GAP]))
        if len(self.found) - before >= 1:
            for line in bare:
                self._leave_unread(line)

    # -- sections

    def _section(self, section: Section, path: Path) -> None:
        if lists_nothing(section.name):
            self.walk([b for b in section.blocks if isinstance(b, Section) and b.level != FOLD], path)
            return
        said = _as_entry(read(section.title))
        drafts = self._drafter.begin(said) if starts_record(said) else []
        drafts = [d for d in drafts if not d.mention]
        below = (*path, section.name) if section.name else path
        if drafts and count_entries(section.blocks) < 2:
            if stars := _inline.stars(section.title.text):
                drafts[0].extra["stars"] = stars
            self._emit(drafts, path)
            self._tell(drafts[0], section.blocks, path)
        elif not drafts and not said.links and self._is_described(section):
            self._described(section, path)
        else:
            self._emit((d for d in drafts if d.repo), path)
            if not drafts:
                self._emit(self._drafter.mentions(said), path)
            self.walk(section.blocks, below)

    def _is_described(self, section: Section) -> bool:
        """Whether the lines under a heading without a link give the address of what the heading names."""
        if not section.name:
            return False
        direct = [b for b in section.blocks if isinstance(b, Paragraph | Items)]
        facts = [read(line) for b in direct for line in (b.lines if isinstance(b, Paragraph) else _heads(b))]
        keyed = [f for f in facts if f.kind == "field"]
        addressed = any(field_word(f.key) == "link" and f.links for f in keyed)
        if addressed and len(keyed) >= sum(starts_record(f) for f in facts):
            return True
        if count_entries(section.blocks):
            return False
        worded = any(f.kind == "links" and any(not _inline.is_address(p) for p in f.links) for f in facts)
        fields = [b for b in section.blocks if isinstance(b, Section) and field_word(b.name) == "link"]
        return addressed or worded or any(line.links for b in fields for line in _lines_below(b.blocks))

    def _described(self, section: Section, path: Path) -> None:
        draft = Draft("", section.title.number)
        if stars := _inline.stars(section.title.text):
            draft.extra["stars"] = stars
        start = len(self.found)
        self._tell(draft, section.blocks, path)
        if draft.links:
            draft.rename(section.name)
            self.found.insert(start, (draft, path))

    def _tell_section(self, owner: Draft, section: Section, path: Path) -> None:
        what = field_word(section.name)
        if what is None:
            if count_entries(section.blocks):
                self.walk([section], path)
            else:
                self._tell(owner, section.blocks, path)
            return
        for line in _lines_below(section.blocks):
            said = read(line)
            if what != "description":
                said.kind, said.key, said.pieces = "field", section.name, line.pieces
                if what == "link":
                    said.pieces = tuple(p for p in line.pieces if p.url)
                    for piece in said.pieces:
                        said.key, said.pieces = piece.text, (piece,)
                        self._emit(self._drafter.add(owner, said) if is_generic(piece.text) else [], path)
                    self._emit(self._drafter.mentions(read(line)), path)
                    continue
            self._emit(self._add(owner, said), path)


_GAP = Line((), 0)


def _as_entry(said: Statement) -> Statement:
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


def _lines_below(blocks: Iterable[Block]) -> Iterator[Line]:
    """The lines below something: its paragraphs and its lists, however deep."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.lines
        elif isinstance(block, Items):
            for item in block.items:
                yield from item.lines
                yield from _lines_below(item.blocks)


def _tells_address(facts: list[Statement]) -> bool:
    """Whether lines give the address of what stands above them, and begin no entries of their own."""
    if any(starts_record(f) for f in facts):
        return False
    return any((f.kind == "field" and field_word(f.key) == "link" or f.kind == "links") and f.links for f in facts)


def count_entries(blocks: Iterable[Block]) -> int:
    """How many entries stand in blocks, sections that are fields of an entry left out."""
    count = 0
    for block in blocks:
        if isinstance(block, Section):
            if field_word(block.name) is None:
                count += count_entries(block.blocks) + starts_record(read(block.title))
        elif isinstance(block, Items):
            count += sum(_count_in_item(item) for item in block.items)
        elif isinstance(block, Paragraph):
            count += sum(_starts_in_prose(read(line), line) for line in block.lines)
        else:
            count += sum(any(line.links for cell in row for line in cell) for row in block.rows)
    return count


def _count_in_item(item: Item) -> int:
    said = read(item.lines[0]) if item.lines else Statement("text")
    if said.kind == "field":
        return 0
    if said.kind == "named" or (said.kind == "entry" and not is_generic(said.heads[0].text)):
        return 1 + count_entries(item.blocks)
    if item.lines and _tells_address([read(line) for line in (*item.lines[1:], *_lines_below(item.blocks))]):
        return 1
    return count_entries(item.blocks)


def _starts_in_prose(said: Statement, line: Line) -> bool:
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
