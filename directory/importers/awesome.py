"""Which resources does a Markdown list hold?

Any list: bullets, numbered paragraphs, tables, headings that are entries, `<details>`, HTML. An entry's first link is
the one it is listed with. Its `path` is the way down through headings, bullets and summaries that are categories, as
written but for numbers and picture characters; two headings that say the same in English and Chinese are one element
(`Agents / 智能体`). `labels` holds each wording of a bilingual element by itself, then the entry's own tags. Stars are
kept as written in `extra["stars"]`: a list does not say when it counted them. A repository that only the text of
another entry names is an entry without description, unless the list has it elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from directory import repo, text
from directory.errors import UnreadableFile
from directory.importers import Entry, Leftover, Place, Reading, Source, SourceFile
from directory.importers._draft import Draft
from directory.importers._file import read_each
from directory.importers._judge import has_links
from directory.importers._link import repo_key
from directory.importers._markup import parse
from directory.importers._outline import Block, Section, outline
from directory.importers._vocabulary import wordings
from directory.importers._walk import Path, Walker

if TYPE_CHECKING:
    from directory.taxonomy import Taxonomy

SUMMARY = "Markdown lists (awesome lists), with tables and HTML"
FILES = ("README*.md", "readme*.md", "*.md", "**/*.md")

MAX_CHARACTERS = 4_000_000
"""Of one file. The longest list known has 311,000; the slowest text found takes 13 seconds a million."""


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read a list's files. The source's name, where it is `owner/name`, tells which links lead to the list itself.

    Raises:
        UnreadableFile: no file of the source is text.
    """
    named = repo.parse_name(source.name)
    return read_each(source, lambda file: _read_file(file, named.key if named else ""))


def _read_file(file: SourceFile, own: str) -> Reading:
    if len(file.text) > MAX_CHARACTERS:
        raise UnreadableFile(f"{file.path}: larger than {MAX_CHARACTERS // 1_000_000} million characters")
    root, capped = parse(file.text)
    blocks = outline(root)
    walker = Walker(own)
    walker.walk(_without_title(blocks), ())
    left = [(number, text.clean(beginning), "too long to read") for number, beginning in capped] + walker.left
    return Reading(
        tuple(_entries(walker.found, file.path)),
        leftovers=tuple(Leftover(Place(file.path, number), shown, reason) for number, shown, reason in left),
    )


def _without_title(blocks: list[Block]) -> Iterator[Block]:
    """A page's title is no category: the only first-rank heading with links under it, if categories stand there too."""
    titles = [b for b in blocks if isinstance(b, Section) and b.level == 1 and has_links(b.blocks)]
    for block in blocks:
        if titles == [block] and isinstance(block, Section) and any(isinstance(b, Section) for b in block.blocks):
            yield from block.blocks
        else:
            yield block


def _entries(found: Iterable[tuple[Draft, Path]], file: str) -> Iterator[Entry]:
    """The entries; a repository that is only mentioned is one where the list has it nowhere else."""
    found = list(found)
    known = {repo_key(link.url) for draft, _ in found if not draft.mention for link in draft.links}
    for draft, path in found:
        if draft.mention:
            if draft.repo in known:
                continue
            known.add(draft.repo)
        if draft.name and draft.links:
            yield draft.finish(path, [w for element in path for w in wordings(element)], file)
