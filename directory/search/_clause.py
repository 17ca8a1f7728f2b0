"""Which documents have a clause of a query, and how much are they about it?

Works on whole postings of any Reader. The compiled snapshot keeps what this gives for single words and for labels, so
that both ways of answering rest on the same numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Protocol

from directory.search._plan import Clause

Scores = dict[int, float]
"""Document -> impact."""


class Lists(Protocol):
    """What has postings: a Reader, or postings that are not written yet."""

    def postings(self, channel: str, token: str) -> Iterable[tuple[int, float]]:
        """The documents that have a token in a channel, and how much they are about it."""
        ...


def scores(reader: Lists, clause: Clause) -> Scores:
    """The impact of a clause on every document that has it: its best literal alternative, plus its concept."""
    found = literal(reader, clause)
    add_concept(found, reader, clause)
    # In single precision, as impacts are stored: a list that was compiled before gives the very same score.
    return dict(zip(found, array("f", found.values()), strict=True))


def add_concept(found: Scores, reader: Lists, clause: Clause) -> None:
    """Add the impact of a clause's concept."""
    if clause.concept:
        for number, impact in reader.postings("concept", clause.concept):
            found[number] = found.get(number, 0.0) + impact


def literal(reader: Lists, clause: Clause) -> Scores:
    """The impact of the best literal alternative on every document that has one."""
    best: Scores = {}
    for tokens, channel, weight in clause.literal:
        found = together(reader, tokens, channel)
        if channel == "gram":  # each pair that a document has is worth 1
            found = dict.fromkeys(found, weight * len(tokens))
        elif weight != 1:
            found = {number: weight * impact for number, impact in found.items()}
        fewer, best = sorted((best, found), key=len)
        for number, worth in fewer.items():
            if worth > best.get(number, 0.0):
                best[number] = worth
    return best


def together(reader: Lists, tokens: tuple[str, ...], channel: str, *, guesses: bool = True) -> Scores:
    """The documents that have all the tokens, with the sum of their impacts.

    Args:
        reader: the open index.
        tokens: what must occur.
        channel: `text` or `gram`.
        guesses: whether a token that is only guessed by translation counts as written.
    """
    parts = sorted((_token(reader, token, channel, guesses=guesses) for token in tokens), key=len)
    found = parts[0] if parts else {}
    for part in parts[1:]:
        found = {number: impact + part[number] for number, impact in found.items() if number in part}
    return found


def _token(reader: Lists, token: str, channel: str, *, guesses: bool) -> Scores:
    found = dict(reader.postings("guess", token)) if channel == "text" and guesses else {}
    found.update(reader.postings(channel, token))
    return found
