"""Which resources does an article call by a name, a past name, or an address?"""

from __future__ import annotations

import re
from typing import NamedTuple

from directory import analysis, repo, text, url
from directory.match import weights
from directory.match.article import Article, Span
from directory.match.source import Source

_ADDRESS = re.compile(r"https?://[^\s<>\"'）)】」》，。；]+|(?:www\.)?github\.com/[\w.-]+/[\w.-]+", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9]*(?:[-_.+·][A-Za-z0-9+]+)*")
_MAX_WORDS = 3
"""Words of one name (`Stable Diffusion WebUI`)."""
_MAX_ADDRESSES = 500


class Mention(NamedTuple):
    """A resource that the article names."""

    number: int
    kind: str
    """`name` or `address`."""
    what: str
    weight: float
    places: tuple[Span, ...]


def find(article: Article, source: Source) -> dict[int, Mention]:
    """The resources that are named, by document number; each with its strongest mention."""
    found: dict[int, Mention] = {}
    for mention in (*_addresses(article, source), *_names(article, source)):
        known = found.get(mention.number)
        if known is None or mention.weight > known.weight:
            found[mention.number] = mention
    return found


def _addresses(article: Article, source: Source) -> list[Mention]:
    found = []
    for match in list(_ADDRESS.finditer(article.text))[:_MAX_ADDRESSES]:
        written = match[0].rstrip(".,;:!?")
        name = repo.parse(written if "://" in written else f"https://{written}")
        keys = [f"repo:{name.owner}/{name.name}".lower()] if name else []
        tidied = url.tidy(written) if "://" in written else None
        if tidied:
            keys.append(f"url:{url.canonical(tidied)}")
        for number in dict.fromkeys(n for key in keys for n in source.having("key", key)):
            span = (match.start(), match.start() + len(written))
            weight = weights.ADDRESS * article.weight((span[0],))
            found.append(Mention(number, "address", written, weight, (span,)))
    return found


def _names(article: Article, source: Source) -> list[Mention]:
    places: dict[str, list[Span]] = {}
    for span, squashed in _candidates(article):
        places.setdefault(squashed, []).append(span)
    found = []
    for squashed, spans in places.items():
        numbers = source.having("key", f"name:{squashed}")
        if not numbers:
            continue
        # A name that several share means the best known of them.
        number = max(numbers, key=lambda n: (source.prior(n), -n))
        written = article.text[slice(*spans[0])]
        sure = _certainty(written, squashed, number, source)
        if sure > 0:
            found.append(
                Mention(
                    number, "name", written, weights.NAME * sure * article.weight(s for s, _ in spans), tuple(spans)
                )
            )
    return found


def _candidates(article: Article) -> list[tuple[Span, str]]:
    """Whatever could be a name: one to three Latin words in a row, and Han words, with their identity."""
    found: list[tuple[Span, str]] = []
    words = [m.span() for m in _LATIN.finditer(article.text)]
    for place, (start, first) in enumerate(words):
        before = first
        for begins, end in words[place : place + _MAX_WORDS]:
            if end - start > weights.LONGEST_NAME or (end != first and article.text[before:begins] != " "):
                break
            before = end
            squashed = text.squash(article.folded[start:end])
            if len(squashed) > 1 and not squashed.isdigit():
                found.append(((start, end), squashed))
    found += [
        ((start, start + len(w)), w) for w, places in article.words.items() if analysis.is_han(w) for start in places
    ]
    return found


def _certainty(written: str, squashed: str, number: int, source: Source) -> float:
    """How sure it is that a name is meant and not a word: 0 to 1.

    A word that stands in many descriptions is a word (`language`, `stream`, `平台`), unless it is written as a name is.
    """
    if squashed in weights.NO_NAMES or (len(squashed) < 3 and not analysis.is_han(squashed)):
        return 0.0
    tokens = {squashed, *(analysis.stem(part) for part in analysis.pieces(written))}
    common = max(len(source.postings("text", token)) for token in tokens) if len(tokens) < 3 else 0
    rare = source.idf(common) / source.idf(1)
    if analysis.is_han(squashed):
        return rare if len(squashed) > 2 else 0.0  # two characters are more often a word (月饼) than a name
    as_a_name = any(c.isupper() or c.isdigit() for c in written[1:]) or (written[:1].isupper() and len(squashed) > 3)
    if not as_a_name and rare < weights.RARE_NAME:
        return 0.0
    return rare if as_a_name else rare * 0.5
