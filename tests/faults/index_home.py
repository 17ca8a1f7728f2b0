"""What do the faults of the index happen to? A home of forty resources, and how its answers are compared."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from directory import bundle, catalogue, config, generation, indexing, query, taxonomy
from directory.catalogue.record import Draft
from directory.curation import seeds
from directory.search import Hit, Page, _fields
from directory.search._document import Document
from directory.service import Directory
from tests.fakes.home import small

RESOURCES = 40
AT = "2026-11-24T12:00:00Z"
TERMS = ("large-language-model", "rag", "agent", "text-to-image", "fine-tuning")
TYPED = ("大模型", "agent 平台", '"检索 增强"', "resourec", "stars:>10", "category:rag", "modle", "zhinengti", "r7")
Outcome = dict[str, str]
"""Case -> what went wrong; empty = it survived."""


def service(home: Path) -> Directory:
    """The directory of a home, as a process that has just started has it."""
    return Directory(config.load({"home": home}, {}, home))


@contextmanager
def homes() -> Iterator[Callable[[], Path]]:
    """Gives copies of a home with a fresh index; each copy takes the place of the one before."""
    with TemporaryDirectory() as name:
        first, copy = Path(name) / "first", Path(name) / "copy"
        fill(first)
        service(first).index()

        def another() -> Path:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(first, copy)
            return copy

        yield another


def fill(home: Path) -> None:
    """A catalogue of made-up resources over a part of the bundled taxonomy."""
    small(home)
    with catalogue.open_catalogue(home / "catalogue.sqlite", write=True) as found:
        rows = seeds.read(bundle.folder("seeds"))[0].plain()
        for _ in range(2):  # edges may lead to terms further down
            for row in rows:
                found.terms.put_seed(row, at=AT)
        for number in range(RESOURCES):
            draft = Draft(
                f"Resource {number}",
                ((f"https://github.com/owner{number % 7}/r{number}", "repository"),),
                "project",
                (f"资源{number}",),
                f"第{number}个大模型平台,检索增强与智能体,{'开源' if number % 3 else '微调'}",
                f"Resource number {number}: an agent platform with retrieval",
                terms=(TERMS[number % len(TERMS)],),
                tags=("tagged",) if number % 4 == 0 else (),
                stars=number * 3,
                stars_asof="2026-11-24",
                stars_source="api",
            )
            found.resources.add(draft, origin="import", source="fault", at=AT)


def sql(home: Path, statement: str, values: tuple[object, ...] = ()) -> None:
    """Change the catalogue as somebody with the sqlite3 shell does."""
    with closing(sqlite3.connect(home / "catalogue.sqlite", timeout=10)) as connection, connection:
        connection.execute(statement, values)


def pages(directory: Directory) -> list[Page]:
    """The answers to queries of every kind."""
    return [directory.search(query.parse(typed)) for typed in TYPED]


def in_catalogue(home: Path) -> tuple[list[Document], object]:
    """What the index must hold: the catalogue's documents by slug, and its terms."""
    with catalogue.open_catalogue(home / "catalogue.sqlite") as found:
        terms = taxonomy.parse(found.terms.plain(), "terms")
        return sorted(indexing.documents(found.resources.all()), key=lambda d: d.slug), terms.plain()


def in_index(home: Path) -> tuple[list[tuple[Hit, object, str]], object]:
    """What the index holds, by slug."""
    root = home / "index"
    opened = indexing.open_index(root, generation.current(root))
    reader = opened.searcher.reader
    numbers = [n for n in range(len(reader.rows)) if n not in reader.deleted]
    held = [(reader.hit(n), reader.rows[n], reader.folded(n)) for n in numbers]
    return sorted(held, key=lambda h: h[0].slug), opened.taxonomy.plain()


def differences(home: Path) -> str:
    """Where the index is not what the catalogue says; empty when it is."""
    documents, terms = in_catalogue(home)
    held, held_terms = in_index(home)
    parsed = taxonomy.parse(terms, "terms")
    expected = [(_fields.hit(d), _fields.row(d, parsed), _fields.folded(d)) for d in documents]
    if terms != held_terms:
        return "the terms differ"
    if [e[0].slug for e in expected] != [h[0].slug for h in held]:
        return "the resources differ"
    wrong = [e[0].slug for e, h in zip(expected, held, strict=True) if e != h]
    return f"{', '.join(wrong[:5])} differ" if wrong else ""


def in_child(do: Callable[[], object]) -> int:
    """Start a process that does something and ends; gives its id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    _end(do)


def _end(do: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        do()
        code = 0
    except BaseException:  # noqa: BLE001  (whatever it is, this process must not go on as the parent)
        traceback.print_exc()
    finally:
        os._exit(code)
