"""What does a night over 10,000 repositories cost, catalogue and all? `python -m tests.benchmarks.nightly [COUNT]`.

Every night is a process of its own, as the real job is, with a clock that does not wait where pacing would; GitHub, who
takes 0.4 s a call, is played by this one. After the first night five repositories in a hundred change. Prints calls,
points, the job's CPU seconds and peak memory, and what was found; exits with 1 when a change was missed, a life called
dead, or a limit passed.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from directory.catalogue import open_catalogue
from directory.catalogue.record import ResourceRecord
from tests.fakes.clock import SimClock
from tests.fakes.github import TOKEN, World
from tests.fakes.home import fill, small
from tests.faults.tenthousand import plant

CPU, MEMORY = 30.0, 200.0
"""The limits of a night: seconds, MB."""
_JOB = """
import re, sys, time
from datetime import timedelta
from pathlib import Path
from directory import config
from directory.checkers import Options
from directory.service import Directory
from directory.service.scope import Scope
from tests.fakes.clock import START, SimClock
home, api, token, night = sys.argv[1:]
clock = SimClock(START + timedelta(days=int(night), minutes=10 * int(night)))
directory = Directory(config.load({"home": home}, {}, Path(home)), clock=clock.now)
found = directory.keep(Scope("refresh", due=True), options=Options(token=token, api=api, clock=clock))
assert (found.ending, found.looked) == ("whole", found.links), found
# Not ru_maxrss: that begins with the memory of the process that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(found.looked, time.process_time(), int(peak[1]) / 1024, clock.elapsed)
"""


@dataclass
class Night:
    """What one night cost; `waited` is the pacing's simulated time."""

    looked: int
    cpu: float
    memory: float
    waited: float
    calls: int
    confirmations: int
    points: int

    def __str__(self) -> str:
        took = self.waited + 0.4 * (self.calls + self.confirmations)
        return (
            f"{self.looked:>6} repositories  {self.calls:>4} calls + {self.confirmations:>4} confirmations  "
            f"{self.points:>4} points  {took:>5.0f} s simulated  {self.cpu:>5.1f} s CPU  {self.memory:>4.0f} MB"
        )


def plant_all(home: Path, world: World, names: list[str]) -> None:
    """A catalogue of these repositories, and their world."""
    small(home)
    for name in names:
        world.add(name)
    fill(home, [(name.partition("/")[2], f"https://github.com/{name}") for name in names])


def pass_night(home: Path, world: World, api: str, number: int) -> Night:
    """One night of the job."""
    world.log.clear()
    world.used = 0
    command = [sys.executable, "-c", _JOB, str(home), api, TOKEN, str(number)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    looked, cpu, memory, waited = map(float, done.stdout.split())
    asked = sum(path.startswith("/repo") for _, path in world.log)
    return Night(int(looked), cpu, memory, waited, world.calls, asked, world.used)


@contextmanager
def records(home: Path) -> Iterator[dict[str, ResourceRecord]]:
    """The resources by the name that their repository had at the beginning."""
    with open_catalogue(home / "catalogue.sqlite") as catalogue:
        found = {}
        for record in catalogue.resources.all():
            assert record.repository is not None
            past = record.repository.past
            found[past[0].name if past else record.repository.name] = record
        yield found


def judged(home: Path, before: dict[str, int], planted: dict[str, set[str]]) -> tuple[dict[str, int], int]:
    """How many of each kind of change the catalogue shows, and how many living ones it does not call alive."""
    with records(home) as found:
        name = {old: record.repository.name if record.repository else "" for old, record in found.items()}
        stars = {old: (record.repository.stars or 0) if record.repository else 0 for old, record in found.items()}
        state = {old: record.state for old, record in found.items()}
    seen = {
        "renamed": sum(name[n] == f"{n}-next" and state[n] == "ok" for n in planted["renamed"]),
        "deleted": sum(state[n] == "dead" for n in planted["deleted"]),
        "taken over": sum(state[n] == "replaced" and stars[n] == before[n] for n in planted["taken over"]),
        "archived": sum(state[n] == "archived" for n in planted["archived"]),
        "starred": sum(stars[n] > before[n] for n in planted["starred"]),
    }
    gone = planted["deleted"] | planted["taken over"]
    return seen, sum(s not in ("ok", "archived") for n, s in state.items() if n not in gone)


def main() -> None:
    """Four nights, and what they found."""
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    names = [f"owner{i}/repo{i}" for i in range(count)]
    world, broken = World(clock=SimClock(), latency=0.4, date=False), False
    with tempfile.TemporaryDirectory() as folder, world.serve() as server:
        home = Path(folder) / "home"
        plant_all(home, world, names)
        before = {name: world.repositories[world.names[name]]["stargazerCount"] for name in names}
        planted: dict[str, set[str]] = {}
        for number in range(4):
            if number == 1:
                planted = plant(world, random.Random(count), count)
            night = pass_night(home, world, server.url, number)
            broken |= night.cpu > CPU or night.memory > MEMORY
            sys.stdout.write(f"night {number + 1}  {night}\n")
            sys.stdout.flush()
        found, lost = judged(home, before, planted)
    for kind, those in planted.items():
        broken |= found[kind] != len(those)
        sys.stdout.write(f"  {kind:<11} planted {len(those):>4}  found {found[kind]:>4}\n")
    sys.stdout.write(f"  false deaths {lost}\n")
    sys.exit(broken or lost > 0)


if __name__ == "__main__":
    main()
