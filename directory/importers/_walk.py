"""Which blocks of a page are entries, which are categories, and what do the lines below an entry tell of it?"""

from __future__ import annotations

from collections.abc import Iterable

from directory import text
from directory.importers import _inline
from directory.importers._draft import Draft, Drafter
from directory.importers._inline import Line
from directory.importers._judge import (
    as_entry,
    count_entries,
    is_described,
    lines_below,
    starts_in_prose,
    tells_address,
    with_tagline,
)
from directory.importers._link import is_own, repo_key
from directory.importers._outline import FOLD, Block, Item, Items, Paragraph, Section, Table
from directory.importers._statement import NAME_LENGTH, Statement, read, starts_record
from directory.importers._table import Rows
from directory.importers._vocabulary import field_heading, is_generic, lists_nothing

PROSE = 200
"""Characters from which a paragraph that begins no entry is running text: its links are no entries."""

Path = tuple[str, ...]

_GAP = Line((), 0)


def _is_another(said: Statement, owner: Draft) -> bool:
    """Whether a line below an entry lists something else, not a page of the entry."""
    if said.kind == "named":
        return owner.repo != "" and any(repo_key(p.url) not in ("", owner.repo) for p in said.links)
    if said.kind != "entry" or is_generic(said.heads[0].text):
        return False
    return not owner.has(said.heads[0].url)


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
            if starts_in_prose(said, line):
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
        if (hrefs and all(h.startswith("#") for h in hrefs)) or any(is_own(p, self._own) for p in line.links):
            return
        self._leave(line, "its link leads to no page of the web" if hrefs else "it has no address")

    def _item(self, item: Item, path: Path) -> None:
        if not item.lines:
            self.walk(item.blocks, path)
            return
        head, *rest = item.lines
        said = as_entry(read(head))
        if starts_record(said):
            self._entry_item(said, rest, item.blocks, path)
            return
        facts = [read(line) for line in (*rest, *lines_below(item.blocks))]
        if said.kind == "text" and not said.links and tells_address(facts):
            name = _inline.label(head.text)
            draft = Draft(name, head.number)
            draft.count_stars(head.text)
            mentions = [m for fact in facts for m in self._drafter.add(draft, fact)]
            if draft.links:
                draft.rename(head.text)
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
            if _is_another(fact, owner):
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
        if _is_another(said, owner):
            self._item(item, path)
            return
        for line in item.lines:
            self._emit(self._add(owner, read(line)), path)
        if said.kind == "field":
            self._emit((m for fact in map(read, lines_below(item.blocks)) for m in self._drafter.mentions(fact)), path)
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
        section = with_tagline(section)
        said = as_entry(read(section.title))
        drafts = self._drafter.begin(said) if starts_record(said) else []
        drafts = [d for d in drafts if not d.mention]
        below = (*path, section.name) if section.name else path
        if drafts and count_entries(section.blocks) < 2:
            drafts[0].count_stars(section.title.text)
            self._emit(drafts, path)
            self._tell(drafts[0], section.blocks, path)
        elif not drafts and not said.links and is_described(section):
            self._described(section, path)
        else:
            self._emit((d for d in drafts if d.repo), path)
            if not drafts:
                self._emit(self._drafter.mentions(said), path)
            self.walk(section.blocks, below)

    def _described(self, section: Section, path: Path) -> None:
        draft = Draft("", section.title.number)
        draft.count_stars(section.title.text)
        start = len(self.found)
        self._tell(draft, section.blocks, path)
        if draft.links:
            draft.rename(section.name)
            self.found.insert(start, (draft, path))

    def _tell_section(self, owner: Draft, section: Section, path: Path) -> None:
        what = field_heading(section.name)
        if what is None:
            if count_entries(section.blocks):
                self.walk([section], path)
            else:
                self._tell(owner, section.blocks, path)
            return
        for line in lines_below(section.blocks):
            if what == "link":
                for piece in line.links:
                    if is_generic(piece.text):
                        self._drafter.add(owner, Statement("field", (piece,), key=piece.text, number=line.number))
                self._emit(self._drafter.mentions(read(line)), path)
            elif what == "description":
                self._emit(self._add(owner, read(line)), path)
            else:
                said = Statement("field", line.pieces, key=section.name, number=line.number)
                self._emit(self._drafter.add(owner, said), path)
