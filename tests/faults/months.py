"""Three months of nights: who is called dead, and how soon? `python -m tests.faults.months` prints a table."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from directory.verdict import LinkState, State, Status, is_due, judge, tally, trip

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
FLAKES = [Status.TIMEOUT] * 60 + [Status.SERVER_ERROR] * 25 + [Status.CONNECTION] * 10 + [Status.GONE] * 5


@dataclass(frozen=True)
class Seen:
    status: Status
    at: datetime
    why: str = "x"


@dataclass
class Months:
    """What three months brought; `slowest` in nights after the first that could count."""

    false_deaths: int = 0
    died: int = 0
    found: int = 0
    slowest: int = 0
    frozen: int = 0
    outages: int = 0


def three_months(
    seed: int,
    links: int = 1500,
    nights: int = 90,
    flaky: float = 0.02,
    outage: float = 0.01,
    flakes: Sequence[Status] = FLAKES,
) -> Months:
    """Every link is looked at when due; a share flakes each night; in an outage all fail; one in fifty really dies."""
    dice = random.Random(seed)
    states = [LinkState() for _ in range(links)]
    death = {link: dice.randrange(5, nights - 10) for link in range(0, links, 50)}
    result = Months(died=len(death))
    lost_nights: list[int] = []
    for night in range(nights):
        at = START + timedelta(days=night, minutes=dice.uniform(-20, 20))
        is_out = dice.random() < outage
        seen = {}
        for link in range(links):
            if not is_due(states[link], at):
                continue
            if is_out:
                status = dice.choice([Status.NO_SUCH_HOST, Status.TIMEOUT])
            elif night >= death.get(link, nights):
                status = Status.GONE
            else:
                status = dice.choice(flakes) if dice.random() < flaky else Status.OK
            seen[link] = Seen(status, at + timedelta(seconds=link / 10))
        result.outages += is_out
        if trip(tally((states[link], probe) for link, probe in seen.items())):
            lost_nights.append(night)
            continue
        for link, probe in seen.items():
            judgement = judge(states[link], probe)
            states[link] = judgement.state
            if judgement.transition is None or judgement.transition.after is not State.DEAD:
                continue
            if night < death.get(link, nights):
                result.false_deaths += 1
                continue
            result.found += 1
            lost = sum(death[link] <= n < night for n in lost_nights)
            result.slowest = max(result.slowest, night - death[link] + 1 - lost)
    result.frozen = len(lost_nights)
    return result


def main() -> None:
    """A table: the plan's months, then harder ones."""
    rows: list[tuple[str, dict[str, object]]] = [(f"2 % flaky, 1 % outages, seed {s}", {"seed": s}) for s in range(5)]
    rows.append(("5 % flaky, 5 % outages", {"seed": 5, "flaky": 0.05, "outage": 0.05}))
    rows.append(("2 % flaky, every flake a 404", {"seed": 6, "flakes": [Status.GONE]}))
    sys.stdout.write(f"{'90 nights x 10,000 links':<34}{'false deaths':>13}{'deaths':>8}{'found':>7}{'slowest':>9}")
    sys.stdout.write(f"{'outages':>9}{'frozen':>8}\n")
    for title, settings in rows:
        m = three_months(links=10_000, **settings)  # type: ignore[arg-type]
        sys.stdout.write(f"{title:<34}{m.false_deaths:>13}{m.died:>8}{m.found:>7}{m.slowest:>9}")
        sys.stdout.write(f"{m.outages:>9}{m.frozen:>8}\n")


if __name__ == "__main__":
    main()
