"""Which entries does a table's row hold, and what does each column say of them?"""

from __future__ import annotations

from directory import text
from directory.importers import _inline
from directory.importers._draft import Draft, Drafter, split_labels, words
from directory.importers._inline import Line, Piece
from directory.importers._link import repo_key, resembles, to_link
from directory.importers._outline import Table
from directory.importers._statement import Statement, read, split_name
from directory.importers._vocabulary import column, is_generic

Cell = list[Line]


class Rows:
    """Reads the rows of one table.

    Args:
        table: the table.
        drafter: what turns statements into drafts.
    """

    def __init__(self, table: Table, drafter: Drafter) -> None:
        self._header = table.header
        self._drafter = drafter
        self._kinds = [column(name) for name in table.header]
        named = [i for i, kind in enumerate(self._kinds) if kind == "name"]
        self._name = named[0] if named else None
        for i in named[1:]:
            self._kinds[i] = "link"

    def read(self, row: list[Cell]) -> list[Draft]:
        """The drafts of one row, none where it has no address."""
        merged = [_inline.join(cell) for cell in row]
        if not self._header and self._is_grid(merged):
            return [d for cell in row if cell for d in self._cell(cell)]
        at = self._name_at(merged)
        if at is None:
            return []
        said = read(merged[at])
        drafts = [d for d in self._drafter.begin(said) if not d.mention] if said.kind in ("entry", "named") else []
        if not drafts:
            drafts = self._from_other_cells(merged, at)
        if not drafts:
            return [m for line in merged for m in self._drafter.mentions(read(line))]
        others = [
            more
            for i, line in enumerate(merged)
            if i != at and (line.text.strip() or line.links)
            for more in self._tell(drafts, i, line)
        ]
        mentions = self._drafter.mentions(said) if said.kind == "text" else []
        return drafts + others + mentions

    def _is_grid(self, row: list[Line]) -> bool:
        """Whether each cell is an entry of its own, as in a gallery."""
        filled = [read(line) for line in row if line.text.strip() or line.links]
        if len(filled) < 2 or any(said.kind != "entry" for said in filled):
            return False
        names = [said.heads[0].text for said in filled]
        return not any(resembles(name, other) for i, name in enumerate(names) for other in names[:i])

    def _cell(self, cell: Cell) -> list[Draft]:
        first, *rest = cell
        drafts = self._drafter.begin(read(first))
        for line in rest:
            drafts += self._drafter.add(drafts[0], read(line)) if drafts else self._drafter.begin(read(line))
        return drafts

    def _name_at(self, row: list[Line]) -> int | None:
        if self._name is not None and self._name < len(row) and row[self._name].text.strip():
            return self._name
        named = [i for i, line in enumerate(row) if any(not is_generic(p.text) for p in line.links)]
        plain = [i for i, line in enumerate(row) if _is_name(line.text) and self._kind(i) in ("", "name")]
        entries = [i for i in named if read(row[i]).kind == "entry"]
        return next(iter([*entries[:1], *plain, *named]), None)

    def _kind(self, at: int) -> str:
        return self._kinds[at] if at < len(self._kinds) else ""

    def _from_other_cells(self, row: list[Line], at: int) -> list[Draft]:
        """An entry whose name cell has no link: the link stands in another cell."""
        name = _inline.label(row[at].text)
        if not name:
            return []
        links = [(i, p) for i, line in enumerate(row) for p in _usable(line)]
        mine = [
            (i, p) for i, p in links if self._kind(i) == "link" or is_generic(p.text) or resembles(p.text, name)
        ] or ([] if self._header else links[:1])
        if not mine:
            return []
        primary = next((p for _, p in mine if repo_key(p.url)), mine[0][1])
        project = repo_key(primary.url).partition("/")[2]
        draft = Draft(split_name(name, primary.url)[0], row[at].number, [to_link(primary.text, primary.url, main=True)])
        if project and not is_generic(primary.text) and resembles(primary.text, project):
            draft.name = split_name(primary.text, primary.url)[0]
            if not resembles(name, project):
                self._keep(draft, at, name)
        else:
            draft.add_text(split_name(name, primary.url)[1])
        return [draft]

    def _tell(self, drafts: list[Draft], at: int, line: Line) -> list[Draft]:
        kind = self._kind(at)
        draft = drafts[0]
        said = Statement("text", line.pieces, number=line.number)
        shown = text.clean(line.text)
        if kind == "link":
            said.kind, said.key = "field", self._header[at]
        elif kind in ("labels", "licence", "stars"):
            if kind == "labels":
                draft.labels += split_labels(shown)
            elif kind == "licence":
                draft.licence = draft.licence or text.clip(shown, 60)
            else:
                draft.extra["stars"] = text.clip(shown, 60)
            return []
        elif kind == "number" or (not self._header and _is_number(shown)):
            self._keep(draft, at, shown)
            return []
        elif (kind == "description" or not self._header) and text.squash(shown) != text.squash(draft.name):
            for each in drafts[1:]:
                each.add_text(words(line.pieces))
        else:
            self._keep(draft, at, shown)
            return self._only_links(draft, said)
        return self._drafter.add(draft, said)

    def _only_links(self, draft: Draft, said: Statement) -> list[Draft]:
        before = list(draft.texts)
        mentions = self._drafter.add(draft, said)
        draft.texts[:] = before
        return mentions

    def _keep(self, draft: Draft, at: int, shown: str) -> None:
        """A column that an entry has no field for stays under its heading."""
        if at < len(self._header) and self._header[at] and shown:
            draft.extra[self._header[at]] = text.clip(shown, 1_000)


def _usable(line: Line) -> list[Piece]:
    return read(line).heads + read(line).links


def _is_name(shown: str) -> bool:
    shown = _inline.label(shown)
    return 1 < len(shown) <= 60 and not _is_number(shown)


def _is_number(shown: str) -> bool:
    return not any(c.isalpha() for c in shown) or len(shown) <= 1
