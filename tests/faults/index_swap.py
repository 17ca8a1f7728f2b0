"""Row 5: readers while one index takes another's place; every page is of one generation, and of no older one."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from pathlib import Path

from directory import generation, indexing, query
from directory.errors import IndexDamaged
from directory.search import Page
from directory.search._document import Document
from directory.taxonomy import parse
from tests.faults.index_home import Outcome, homes, in_child, service, sql

COUNT = 10_000
"""Queries of all readers together."""
SWAPS, READERS, PER_OPEN = 100, 3, 20
TYPED = ("大模型", "agent platform", "平台 -nothing", "stars:>10", "agnet", '"agent platform"', "category:llm", "")


def run(queries: int) -> dict[str, Outcome]:
    """Readers that open the index now and then, and one long-lived service."""
    return {"queries during swaps": _swaps(queries), "edits seen by a reader that stays": _long_lived()}


def _version(number: int) -> tuple[object, list[Document]]:
    """An index whose every part says which one it is."""
    terms = [{"slug": "llm", "zh": "大模型", "en": "LLM", "alt": {"en": [f"version{number}"]}}]
    documents = [
        Document(
            f"d{n}", f"Agent {n}", summary_zh=f"大模型平台 {n}", summary_en=f"agent platform v{number}",
            categories=("llm",), stars=(n * 7 + number) % 50, url=f"https://example.org/{n}",
        )
        for n in range(60)
    ]  # fmt: skip
    return parse(terms), documents


def _prepare(folder: Path, number: int) -> Path:
    """A complete generation to copy from."""
    root = folder / f"made-{number}"
    terms, documents = _version(number)
    with generation.locked(root):
        return indexing.build(root, number, terms, documents, lambda done: None).folder  # type: ignore[arg-type]


def _swaps(queries: int) -> Outcome:
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), Path(name) / "index"
        made = [_prepare(folder, number) for number in (0, 1)]
        root.mkdir(mode=0o700)
        shutil.copy2(next((folder / "made-0").glob("*.table")), root)

        def swap(number: int) -> None:
            def fill(target: Path) -> None:
                for path in made[number % 2].iterdir():
                    if path.name != generation.MANIFEST:
                        shutil.copy2(path, target)

            with generation.locked(root):
                generation.replace(root, number, "f", fill)

        swap(0)
        results = [folder / f"reader-{number}" for number in range(READERS)]
        children = [
            in_child(lambda path=path, n=n: _read(root, path, n, queries // READERS)) for n, path in enumerate(results)
        ]
        for number in range(1, SWAPS + 1):
            swap(number)
            time.sleep(0.05)
        (root / "stop").touch()
        for child in children:
            os.waitpid(child, 0)
        found: Outcome = {}
        for path in results:
            lines = path.read_text("utf-8").splitlines()
            found |= {f"{path.name}, query {n}": line for n, line in enumerate(lines)}
        if len(found) < queries:
            found["queries"] = f"only {len(found)} were asked"
        return found


def _read(root: Path, report: Path, seed: int, least: int) -> None:
    """Ask until the swaps are over and enough was asked; a line for each query, empty when it was right."""
    dice = random.Random(seed)
    newest = 0
    with report.open("w", encoding="utf-8") as lines:
        asked = 0
        while asked < least + PER_OPEN or not (root / "stop").exists():
            current = generation.current(root)
            try:
                opened = indexing.open_index(root, current)
            except IndexDamaged as damage:
                # Two swaps between reading the pointer and opening: the one that it named has been swept.
                gone = not current.folder.exists()
                lines.write("" if gone else f"cannot be opened: {damage}\n")
                continue
            if current.sequence < newest:
                lines.write(f"generation {current.sequence} after {newest}\n")
            newest = current.sequence
            version = current.sequence % 2
            for _ in range(PER_OPEN):
                typed = dice.choice(TYPED)
                asked += 1
                try:
                    page = opened.searcher.search(query.parse(typed))
                except IndexDamaged as damage:
                    lines.write(f"{typed}: {damage}\n")
                    continue
                except Exception as error:  # noqa: BLE001  (whatever comes out is the result)
                    lines.write(f"{typed}: {type(error).__name__} {error}\n")
                    continue
                lines.write(_mixed(page, version) + "\n")
            opened.searcher.close()


def _mixed(page: Page, version: int) -> str:
    if len(page.hits) != 10:
        return f"{page.query}: {len(page.hits)} hits"
    if any(not hit.summary_en.endswith(f"v{version}") for hit in page.hits):
        return f"{page.query}: a hit of another generation"
    wrong = any(also.startswith("version") and also != f"version{version}" for also in page.also_searched)
    return f"{page.query}: terms of another generation" if wrong else ""


def _long_lived() -> Outcome:
    """A service that stays open answers with what another process has changed and indexed."""
    found: Outcome = {}
    with homes() as another:
        home = another()
        staying = service(home)
        for number in range(10):
            name = f"Renamed{number}"
            staying.search(query.parse("agent"))
            sql(home, "UPDATE resource SET name = ? WHERE slug = (SELECT min(slug) FROM resource)", (name,))
            os.waitpid(in_child(service(home).index), 0)
            hits = staying.search(query.parse(name)).hits
            found[f"edit {number}"] = "" if hits and hits[0].name == name else "an answer from before the edit"
    return found
