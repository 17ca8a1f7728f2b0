"""What is measured on? Real documents cut or recombined to any number, and the queries asked of all engines."""

from __future__ import annotations

import pickle
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from directory.search._document import Document
from directory.taxonomy import Taxonomy
from tests.relevance import data

DATA = Path(__file__).resolve().parents[3] / "shared" / "eval"
"""Where docs.jsonl.gz and dev/queries.tsv lie unless told otherwise."""
_ASKED = ("item-", "topic-", "tax-", "xling-", "desc-")
_UNANSWERED = ("item-typo",)
"""Queries of these classes, like pinyin and homophones, the peers have no means to answer."""
_STEP = 2


class Sources(NamedTuple):
    """Documents by what they have, to take parts from."""

    zh: list[Document]
    en: list[Document]
    topics: list[Document]


def queries(folder: Path) -> list[data.Asked]:
    """Every second query, in the order of the file, of the classes that every engine can answer.

    Names, addresses, topics and keywords in both languages, and whole descriptions; a fixed sample, in the proportions
    of the file.
    """
    asked = [q for q in data.queries(folder / "dev" / "queries.tsv") if q.kind.startswith(_ASKED)]
    return [q for q in asked if q.kind not in _UNANSWERED][::_STEP]


def group(kind: str) -> str:
    """The class of a query without its language and form: `topic-zh` -> `topic`."""
    return re.match(r"(xling-)?[a-z]+", kind)[0]  # type: ignore[index]  (all begin so)


def documents(folder: Path, count: int, terms: Taxonomy) -> list[Document]:
    """So many documents, the same ones for the same number: a sample of the real ones, then recombined ones.

    What a query names comes first: who asks for a name mostly asks for something that is there.
    """
    real = sorted(data.resources(data.documents(folder / "docs.jsonl.gz"), terms), key=lambda d: d.slug)
    random.Random(8).shuffle(real)
    judged = data.judgements(folder / "dev" / "qrels.txt.gz")
    named = {d for q in queries(folder) if q.kind.startswith("item-") for d in judged.get(q.id, ())}
    real.sort(key=lambda d: d.slug not in named)
    found = [*real[:count], *_recombined(real, count - len(real))]
    return [document._replace(id=number) for number, document in enumerate(found, 1)]


def _recombined(real: Sequence[Document], count: int) -> Iterator[Document]:
    """New documents with the shape of real ones, each text put together from halves of two others."""
    sources = Sources(
        [d for d in real if d.summary_zh], [d for d in real if d.summary_en], [d for d in real if d.topics]
    )
    for number in range(max(count, 0)):
        dice = random.Random(number)
        like, named, owner = real[number % len(real)], dice.choice(real), dice.choice(real)
        name = f"{_half(named.name, 0)}{_half(dice.choice(real).name, 1)}-{number}"
        repo = f"{owner.repo.partition('/')[0]}/{name.replace(' ', '-')}"
        yield like._replace(
            slug=f"made-{number}",
            name=name,
            names=(),
            url=f"https://github.com/{repo}",
            repo=repo,
            summary_zh=_mixed([d.summary_zh for d in dice.sample(sources.zh, 2)]) if like.summary_zh else "",
            summary_en=_mixed([d.summary_en for d in dice.sample(sources.en, 2)]) if like.summary_en else "",
            topics=dice.choice(sources.topics).topics if like.topics else (),
            categories=dice.choice(real).categories,
            stars=None if like.stars is None else round(like.stars * dice.uniform(0.2, 1.2)),
            cited_by=dice.choice(real).cited_by,
        )


def _half(text: str, which: int) -> str:
    middle = (len(text) + 1) // 2
    return text[middle:] if which else text[:middle]


def _mixed(texts: Sequence[str]) -> str:
    """The first half of one text and the second of another, cut between words where there are any."""
    first, second = (t.split(" ") if " " in t else list(t) for t in texts)
    parts = first[: (len(first) + 1) // 2], second[len(second) // 2 :]
    return " ".join((" " if " " in t else "").join(part) for t, part in zip(texts, parts, strict=True))


def save(found: Sequence[Document], path: Path) -> None:
    """Write documents one by one, so that a process that measures memory need not read the JSON."""
    with path.open("wb") as file:
        for document in found:
            pickle.dump(tuple(document), file)


def load(path: Path) -> list[Document]:
    """What `save` wrote (a file of our own, in a folder of our own)."""
    found = []
    with path.open("rb") as file:
        while True:
            try:
                found.append(Document(*pickle.load(file)))
            except EOFError:
                return found
