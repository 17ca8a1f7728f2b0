"""How does the catalogue become an index, and how is the current index opened?"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import adler32, crc32

from directory import generation, plugins, segmentation, taxonomy
from directory.analysis import Analyzer
from directory.errors import IndexDamaged
from directory.generation import Generation
from directory.segmentation import Added, Segmenter
from directory.segmentation.table import Table
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.catalogue.record import ResourceRecord
    from directory.search import Backend, Document, Searcher

BACKEND = "snapshot"
_TERMS = "taxonomy.jsonl"
_WORDS = "words.json"
_SHARE = 20
"""An index is built whole when more than one in so many documents (and 100) has changed: additions cost queries."""
_HERE = os.path.dirname(os.path.realpath(__file__))
_CODE = ("analysis.py", "text.py", "indexing.py")
"""The modules beside this one that say what an index holds; all of search, segmentation and taxonomy do."""


class OpenIndex(NamedTuple):
    """The current index, ready to answer."""

    folder: Path
    searcher: Searcher
    taxonomy: Taxonomy
    analyzer: Analyzer


def fingerprint(encoder: str = "") -> str:
    """What an index depends on besides the catalogue: the code that analyses and writes, and jieba's dictionary.

    Told from file sizes and times: no version number can be forgotten, and it is cheap enough to ask on every search.

    Args:
        encoder: which one makes vectors (`meaning.installed`); empty = the index has none.
    """
    parts = [segmentation.table_name(), BACKEND, encoder]
    for folder in ("", "search", "segmentation", "taxonomy", *(["meaning"] if encoder else [])):
        with os.scandir(os.path.join(_HERE, folder)) as files:
            for file in sorted(files, key=lambda file: file.name):
                if file.name in _CODE or (folder and file.name.endswith(".py")):
                    found = file.stat()
                    parts.append(f"{file.name}:{found.st_size}:{found.st_mtime_ns}")
    told = "\n".join(parts).encode()
    return f"{crc32(told):08x}{adler32(told):08x}"


def backend(name: str = BACKEND) -> Backend:
    """The backend in use, or another one that reads what it wrote."""
    found: Backend = plugins.load("search", name)
    return found


def documents(resources: Iterable[ResourceRecord]) -> list[Document]:
    """The catalogue's resources as the index sees them."""
    return [_document(resource) for resource in resources if not (resource.hidden or resource.merged_into)]


def _document(found: ResourceRecord) -> Document:
    from directory.search._document import Document

    repository, shown = found.repository, found.shown
    return Document(
        slug=found.slug,
        name=found.name,
        names=found.names,
        kind=found.kind,
        summary_zh=found.summary_zh,
        summary_en=found.summary_en,
        url=found.url,
        repo=repository.name if repository else "",
        past_repos=tuple(p.name for p in repository.past) if repository else (),
        urls=tuple(link.url for link in found.links),
        categories=found.terms,
        topics=(*(repository.topics if repository else ()), *found.tags),
        pricing=found.pricing,
        licence=found.licence,
        stars=repository.stars if repository else None,
        stars_asof=(repository.stars_asof or "") if repository else "",
        growth=repository.growth_7 if repository else None,
        growth_30=repository.growth_30 if repository else None,
        cited_by=found.cited_by,
        state=found.state,
        updated=((repository.pushed_at or "") if repository else ""),
        added=found.added_at,
        verified=max((link.last_ok or "" for link in found.links), default=""),
        since=(shown.since or "") if shown else "",
        checked=(shown.last_checked or "") if shown else "",
        why=shown.reason if shown else "",
        archived=repository.archived if repository else False,
        id=found.id,
    )


def _words(terms: Taxonomy, found: Iterable[Document]) -> list[str]:
    """The words the segmenter must not cut: Han runs of labels, and of names that are all Han."""
    import re

    han = re.compile("[\u4e00-\u9fd5]{2,}")
    labels = [label.text for term in terms for label in term.labels]
    names = [name for document in found for name in (document.name, *document.names) if han.fullmatch(name)]
    return list(dict.fromkeys(run for raw in (*labels, *names) for run in han.findall(raw)))


def fits(changed: int, documents: int) -> bool:
    """Whether so many changes are better added than built in."""
    return changed <= max(100, documents // _SHARE)


def build(
    root: Path,
    sequence: int,
    terms: Taxonomy,
    found: list[Document],
    progress: Callable[[int], None],
    encoder: str = "",
) -> Generation:
    """Build a new generation and make it the current one. The caller holds the lock on `root`.

    Args:
        root: the index folder.
        sequence: the catalogue's sequence at which terms and documents were read.
        terms: the taxonomy.
        found: the documents.
        progress: called with the number of documents done; with vectors every document is done twice.
        encoder: which one makes the vectors by which articles are matched; empty = none are made.

    Raises:
        CatalogueError: the folder cannot be written; the old generation stays.
    """

    def fill(folder: Path) -> None:
        segmenter = Segmenter(_table(root))
        segmenter.add(_words(terms, found))
        (folder / _TERMS).write_text(terms.compiled(), "utf-8")
        (folder / _WORDS).write_text(json.dumps(segmenter.added, ensure_ascii=False), "utf-8")
        backend().build(folder, found, terms, Analyzer(segmenter), progress)
        if encoder:
            from directory.meaning import store

            store.write(folder, found, root, lambda done: progress(len(found) + done))

    with _uncollected():
        return generation.replace(root, sequence, fingerprint(encoder), fill)


def _table(root: Path) -> Table:
    """The dictionary, whole; compiled when it is missing or damaged."""
    path = root / segmentation.table_name()
    try:
        table = Table(path)
        table.verify()
    except IndexDamaged:
        for old in root.glob("jieba-*.table"):
            old.unlink()
        generation.write_atomic(path, segmentation.compile_dictionary())
        table = Table(path)
        table.verify()
    return table


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: looking for circles, of which an index has none, takes a seventh of the time."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made counts as old: it is looked through at the next whole collection, not at once.
        gc.freeze()
        gc.unfreeze()
        if wanted:
            gc.enable()


def update(root: Path, base: Generation, sequence: int, found: list[Document], changed: Iterable[int]) -> Generation:
    """Add what has changed since an index was built whole, in a new generation. The caller holds the lock on `root`.

    Args:
        root: the index folder.
        base: the current generation.
        sequence: the catalogue's sequence at which the documents were read.
        found: the resources that changed since `base.base` and can still be found.
        changed: the ids of all that changed.

    Raises:
        CatalogueError: the folder cannot be written; the old generation stays.
        IndexDamaged: the index that was to be added to cannot be read.
    """
    terms, analyzer = _terms_and_analyzer(root, base.folder)

    def fill(folder: Path) -> None:
        backend().extend(folder, found, changed, terms, analyzer)
        from directory import meaning

        if (folder / meaning.FILE).exists():
            from directory.meaning import store

            store.extend(folder, found)

    with _uncollected():
        return generation.replace(root, sequence, base.fingerprint, fill, base)


def open_index(root: Path, current: Generation, name: str = BACKEND) -> OpenIndex:
    """Open a generation.

    Args:
        root: the index folder.
        current: the generation.
        name: the backend that answers.

    Raises:
        IndexDamaged: something is missing, cut off or changed.
    """
    terms, analyzer = _terms_and_analyzer(root, current.folder)
    return OpenIndex(current.folder, backend(name).open_index(current.folder, terms, analyzer), terms, analyzer)


def _terms_and_analyzer(root: Path, folder: Path) -> tuple[Taxonomy, Analyzer]:
    try:
        terms = taxonomy.restore(generation.read(folder, _TERMS))
        added = Added(*json.loads(generation.read(folder, _WORDS)))
    except (ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(f"the index is not complete: {error}") from None
    return terms, Analyzer(Segmenter(Table(root / segmentation.table_name()), added))


def versions() -> dict[str, str]:
    """The versions of what makes up an index, for `aidir status`."""
    from importlib import metadata

    return {name: metadata.version(name) for name in ("aidir", "whoosh", "jieba")}
