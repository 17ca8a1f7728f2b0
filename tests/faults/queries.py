"""Does any query break the search or stop it? `python -m tests.faults.queries [COUNT] [SEED]`.

COUNT (100,000) queries are asked of the bundled catalogue: any characters, pieces of its own texts cut, joined and
misspelt, syntax that does not close, long repetitions, all options. Prints how many raised, and how long they took (of
this process's own time: other work on the machine does not count). Exits with 1 when one raised, or beyond the limit.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from directory import config, query
from directory.service import Directory

LIMIT = 0.100
"""Seconds: 999 of 1,000 queries are answered within it."""
_SYNTAX = (
    *'"“”-#:：/\\*?~^()[]',
    *("stars:>", "stars:<=1k", "updated:>2026-01", "category:", "category:rag", "kind:model", "lang:zh", "state:dead"),
    *("license:mit", "pricing:", "http://", "https://github.com/", " AND ", " OR ", " NOT "),
    *("\x00", "\u200b", "\u202e", "\ud800", "\n", "\t", "\u3000"),
)


class Asker:
    """Makes up queries.

    Args:
        dice: where chance comes from.
        texts: names and summaries to take pieces of.
    """

    def __init__(self, dice: random.Random, texts: list[str]) -> None:
        self._dice = dice
        self._texts = texts
        self._ways: list[tuple[str, Callable[[], str]]] = [
            ("characters", self._characters),
            ("piece", self._piece),
            ("pieces", lambda: " ".join(self._piece() for _ in range(dice.randint(2, 12)))),
            ("misspelt", self._misspelt),
            ("syntax", self._soup),
            ("long", lambda: self._piece()[: dice.randint(1, 9)] * dice.randint(20, 400)),
            ("shuffled", lambda: "".join(dice.sample(text := self._text(), len(text)))),
            ("whole", self._text),
        ]

    def make(self) -> tuple[str, str]:
        """How it was made, and a query."""
        name, way = self._dice.choice(self._ways)
        return name, way()

    def _text(self) -> str:
        return self._dice.choice(self._texts) or "agent"

    def _piece(self) -> str:
        text = self._text()
        start = self._dice.randrange(len(text))
        return text[start : start + self._dice.randint(1, 14)]

    def _characters(self) -> str:
        dice = self._dice
        ranges = ((0, 0x7F), (0x80, 0x24FF), (0x2500, 0x33FF), (0x4E00, 0x9FFF), (0xF900, 0xFFFF), (0x1F000, 0x2FFFF))
        low, high = dice.choice(ranges)
        return "".join(chr(dice.randint(low, high)) for _ in range(dice.randint(0, 60)))

    def _misspelt(self) -> str:
        dice, text = self._dice, list(self._piece())
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(text) + 1)
            text[at : at + dice.randint(0, 1)] = [dice.choice("abcdefghijklmnopqrstuvwxyz的智能模型训练框架微调")]
        return "".join(text)

    def _soup(self) -> str:
        dice = self._dice
        return "".join(dice.choice((dice.choice(_SYNTAX), self._piece())) for _ in range(dice.randint(1, 14)))


def main(count: int = 100_000, seed: int = 1) -> int:
    """Ask, print, judge."""
    dice = random.Random(seed)
    took: list[tuple[float, str]] = []
    raised: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        directory = Directory(config.load({"home": Path(folder) / "home"}))
        hits = directory.search(query.parse("", limit=100_000)).hits
        asker = Asker(dice, [text for h in hits for text in (h.name, h.summary_zh, h.summary_en, h.url) if text])
        for _ in range(count):
            how, typed = asker.make()
            sort, exact, limit = dice.choice(query.SORTS), dice.random() < 0.2, dice.choice((0, 1, 10, 50))
            start = time.process_time()
            try:
                found = directory.search(query.parse(typed, sort=sort, exact=exact, limit=limit))
                if dice.random() < 0.1:
                    directory.suggest(typed)
                wrong = "" if len(found.hits) <= min(limit, found.total) else "more hits than there are"
            except Exception as error:  # noqa: BLE001  (that none is raised is what is measured)
                wrong = f"{type(error).__name__}: {error}"
                sys.stderr.write(f"{typed!r} {sort} {exact} {limit}\n{traceback.format_exc()}\n")
            took.append((time.process_time() - start, f"{how}: {typed[:80]!r}"))
            if wrong:
                raised[wrong] += 1
    took.sort()
    p = {share: took[min(len(took) - 1, int(len(took) * share))][0] for share in (0.5, 0.99, 0.999)}
    print(f"{count} queries, seed {seed}: {sum(raised.values())} raised {dict(raised) or ''}")
    shares = ", ".join(f"p{100 * share:g} {1000 * seconds:.2f}" for share, seconds in p.items())
    print(f"milliseconds: {shares}, most {1000 * took[-1][0]:.1f}")
    for seconds, what in took[-5:]:
        print(f"    {1000 * seconds:.1f}  {what}")
    return 1 if raised or p[0.999] > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
