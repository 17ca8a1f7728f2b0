"""How do the bundled seeds get into a catalogue, the first time and after an upgrade?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from directory import document, taxonomy
from directory.catalogue import Catalogue
from directory.curation.filing import Filing, Report
from directory.errors import UnreadableFile
from directory.importers import Source, SourceFile, aidir
from directory.taxonomy import Taxonomy

SOURCE = "seeds"


def read(folder: Path) -> tuple[Taxonomy, Source, str]:
    """The seeds in a folder: the taxonomy, the entry files, and a digest of both.

    Raises:
        InputError: the taxonomy or a file has not the form of seeds.
    """
    path = folder / "taxonomy.yaml"
    if not path.is_file():
        raise UnreadableFile(f"{folder} has no taxonomy.yaml", "a folder of the form of seeds/ is expected")
    raw = path.read_text("utf-8")
    files = [SourceFile(f"resources/{p.name}", p.read_text("utf-8")) for p in sorted(folder.glob("resources/*.yaml"))]
    digest = hashlib.sha256("\0".join((raw, *(f.path + f.text for f in files))).encode()).hexdigest()
    return (
        taxonomy.parse(document.load_yaml(raw, "seeds/taxonomy.yaml"), "seeds/taxonomy.yaml"),
        Source(SOURCE, tuple(files)),
        digest,
    )


def rows(folder: Path) -> tuple[Taxonomy, list[dict[str, Any]]]:
    """The seeds in a folder as plain rows, each with its file's home category first in `terms`."""
    terms, source, _ = read(folder)
    found: list[dict[str, Any]] = []
    for part in source.files:
        home = PurePosixPath(part.path).stem
        loaded = document.load_yaml(part.text, part.path)
        if not isinstance(loaded, list) or not all(isinstance(row, dict) for row in loaded):
            raise UnreadableFile(f"{part.path}: expected a list of entries")
        found += [{**row, "terms": [home, *(t for t in row.get("terms", []) if t != home)]} for row in loaded]
    return terms, found


def file(catalogue: Catalogue, folder: Path, *, at: str, progress: Callable[[int], None]) -> Report | None:
    """File the seeds unless these very seeds were filed before.

    Terms and fields that a curator changed since stay as they are; new labels of such a term are added.

    Returns:
        What was done; None when there was nothing to do.
    """
    terms, source, digest = read(folder)
    if catalogue.terms.seeds_digest() == digest:
        return None
    rows = terms.plain()
    there = set(catalogue.terms.ids())
    early = []
    for row in rows:
        catalogue.terms.put_seed(row, at=at)
        there.add(str(row["slug"]))
        if not there.issuperset((*row.get("broader", ()), *row.get("related", ()))):
            early.append(row)
    for row in early:  # they have edges to terms further down, which are there now
        catalogue.terms.put_seed(row, at=at)
    filed = taxonomy.parse(catalogue.terms.plain(), "the catalogue's terms")
    filing = Filing(catalogue, filed, origin="seeds", source=SOURCE, at=at)
    report = filing.file(aidir.read(source, filed), progress)
    catalogue.terms.note_seeds(digest, at=at)
    return report
