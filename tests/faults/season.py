"""Do three months of the real job go well? `python -m tests.faults.season [NIGHTS]` prints a row.

`months` plays the policy over 10,000 links; this plays the whole job over 100: catalogue, checkers, a GitHub and a
web on 127.0.0.1 that flake, go out and lose pages, night after night. Exits with 1 when a living link was called dead,
a death was found later than four nights after the first that counts, or a link was not seen working at the end.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.fakes.github import BAD_GATEWAY, World
from tests.fakes.home import Nights, fill, small
from tests.fakes.web import Web

EACH, FLAKY, OUTAGE, DEATHS, LATEST = 50, 0.02, 0.01, 5, 4


@dataclass
class Season:
    """What happened; `slowest` in nights after the first that could count."""

    nights: int
    outages: int = 0
    flakes: int = 0
    false_deaths: int = 0
    died: int = 0
    found: dict[str, int] = field(default_factory=dict)
    slowest: int = 0
    unseen: int = 0


def trouble(nights: Nights, dice: random.Random, pages: list[str], names: list[str]) -> int:
    """Make some links flake for a night; returns how many."""
    nights.world.errors.clear()
    nights.web.script.clear()
    flaky = [name for name in (*pages, *names) if dice.random() < FLAKY]
    for name in flaky:
        if name in pages:
            status = dice.choices((503, 500, 404), (60, 35, 5))[0]
            nights.web.script[name] = deque([(status, {})] * 4)
        else:
            node = nights.world.find(name)
            if node is not None:
                kind = dice.choice(("SERVICE_UNAVAILABLE", "NOT_FOUND"))
                nights.world.errors[node["id"]] = (kind, "a bad moment")
    return len(flaky)


def play(count: int, folder: Path, seed: int = 1) -> Season:
    """Night after night."""
    dice, world, web, season = random.Random(seed), World(), Web(), Season(count)
    with world.serve() as api, web.serve() as server:
        home = folder / "home"
        names, pages = [f"o/r{n}" for n in range(EACH)], [f"/page/{n}" for n in range(EACH)]
        nights = Nights(small(home, world.clock.now), api.url, server.url, world, web)
        for name in names:
            world.add(name)
        fill(home, [(n[2:], f"https://github.com/{n}") for n in names])
        fill(home, [(f"p{n}", f"{server.url}/page/{n}") for n in range(EACH)])
        doomed = dice.sample(names, DEATHS) + dice.sample(pages, DEATHS)
        death = {name: dice.randrange(5, count - 10) for name in doomed}
        lost: list[int] = []
        for night in range(count):
            for name in (n for n in names if death.get(n) == night):
                world.delete(name)
            season.flakes += trouble(nights, dice, pages, names)
            for page in (p for p in pages if death.get(p, count) <= night):
                web.script[page] = deque([(404, {})] * 4)
            is_out = dice.random() < OUTAGE or night == count // 2  # at least one
            world.down = BAD_GATEWAY if is_out else None
            season.outages += is_out
            # An outage: GitHub answers nothing, and the canary is as dead as everything else.
            nights.night("nightly", **({"canaries": ("http://127.0.0.1:9/",)} if is_out else {}))
            lost += [night] if is_out else []
            for name in (*names, *pages):
                slug = name[2:] if name in names else f"p{name[6:]}"
                if nights.link(slug).state != "dead" or name in season.found:
                    continue
                if night < death.get(name, count):
                    season.false_deaths += 1
                    continue
                season.found[name] = night
                late = night - death[name] + 1 - sum(death[name] <= n < night for n in lost)
                season.slowest = max(season.slowest, late)
        season.died = len(death)
        living = [n[2:] for n in names if n not in death] + [f"p{p[6:]}" for p in pages if p not in death]
        # The last night may have flaked: what was not seen within three nights was forgotten.
        recent = (world.clock.now() - timedelta(days=3)).isoformat()
        season.unseen = sum((nights.link(slug).last_ok or "") < recent for slug in living)
    return season


def main() -> None:
    """Play and print."""
    count = int(sys.argv[1]) if sys.argv[1:] else 90
    with tempfile.TemporaryDirectory() as folder:
        s = play(count, Path(folder))
    sys.stdout.write(
        f"{s.nights} nights x {2 * EACH} links, {s.flakes} flakes, {s.outages} outages: false deaths {s.false_deaths}, "
        f"deaths {s.died}, found {len(s.found)}, slowest {s.slowest} nights, unseen {s.unseen}\n"
    )
    sys.exit(bool(s.false_deaths or len(s.found) < s.died or s.slowest > LATEST or s.unseen))


if __name__ == "__main__":
    main()
