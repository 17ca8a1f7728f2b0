"""What is measured: documents, queries, judgements, in the form of a folder with docs, queries.tsv and qrels."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from directory.curation.mapping import terms_of
from directory.search._document import Document
from directory.taxonomy import Taxonomy


class Asked(NamedTuple):
    """A query of the test set."""

    id: str
    kind: str
    text: str


def lines(path: Path) -> Iterator[str]:
    """The lines of a text file, packed or not; only a line feed ends one (a JSON string may hold U+2028)."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from filter(None, content.decode("utf-8").replace("\r\n", "\n").split("\n"))


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents as they are in the file."""
    return [json.loads(line) for line in lines(path)]


def queries(path: Path) -> list[Asked]:
    """The queries of a tab-separated file with a header: qid, class, lang, text."""
    rows = [line.split("\t") for line in lines(path)]
    return [Asked(row[0], row[1], row[3]) for row in rows[1:]]


def judgements(path: Path) -> dict[str, dict[str, int]]:
    """TREC qrels: query -> document -> grade."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in lines(path):
        query, _, document, grade = line.split()
        found[query][document] = int(grade)
    return dict(found)


def exclusions(path: Path | None) -> dict[str, set[str]]:
    """Documents that are dropped from a query's results (the query was made from them)."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines(path) if path else ():
        query, document = line.split()[:2]
        found[query].add(document)
    return dict(found)


def resources(rows: Iterable[dict[str, Any]], taxonomy: Taxonomy) -> Iterator[Document]:
    """The documents as an import would file them: headings become terms where they are understood, else tags."""
    mapped: dict[str, tuple[str, ...]] = {}
    for row in rows:
        terms: dict[str, None] = {}
        tags: list[str] = []
        for heading in row.get("categories") or ():
            if heading not in mapped:
                mapped[heading] = tuple(m.slug for m in terms_of(heading, taxonomy))
            terms.update(dict.fromkeys(mapped[heading]))
            if not mapped[heading]:
                tags.append(heading)
        yield Document(
            slug=row["id"],
            name=row["name"],
            names=tuple(row.get("names") or ()),
            summary_zh=row.get("description_zh") or "",
            summary_en=row.get("description_en") or "",
            url=f"https://github.com/{row['repo']}",
            repo=row["repo"],
            categories=tuple(terms)[:6],
            topics=(*(row.get("topics") or ()), *tags),
            stars=row.get("stars"),
            stars_asof=row.get("stars_asof") or "",
            cited_by=len(row.get("lists") or ()),
        )
