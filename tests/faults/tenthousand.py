"""Does one night over 10,000 repositories find all that changed? `python -m tests.faults.tenthousand [COUNT]`.

Five in a hundred change: renames (some old names reused), deletions, takeovers, archivings, star counts. Prints calls,
points, the client's CPU time and memory, and what was found; exits with 1 when a change was missed or a life called
dead.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from dataclasses import dataclass, field

from directory.checkers import Options, Probe, Status, Target, github
from directory.crawl import Crawl, Installed
from directory.verdict import ALIVE, LinkState, State, judge
from tests.fakes.github import TOKEN, World
from tests.faults.github import known


@dataclass
class Report:
    """What the nights cost and found."""

    calls: int = 0
    confirmations: int = 0
    points: int = 0
    cpu: float = 0.0
    simulated: float = 0.0
    memory_mb: float = 0.0
    planted: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    false_deaths: int = 0


def night(world: World, targets: list[Target], api: str, report: Report) -> dict[int | str, Probe]:
    """One run, measured from the first call to the last."""
    options = Options(token=TOKEN, api=api, clock=world.clock)
    run = Crawl({"github": Installed(github.claims, github.checker(options))}, clock=world.clock)
    world.log.clear()
    points, cpu, began = world.used, time.thread_time(), world.clock.elapsed
    probes = {p.key: p for batch in run.run(targets) for p in batch.probes}
    assert run.endings == {}, run.endings
    report.calls = world.calls
    report.confirmations = sum(path.startswith("/repo") for _, path in world.log)
    report.points = world.used - points
    report.cpu = time.thread_time() - cpu
    report.simulated = world.clock.elapsed - began
    return probes


def plant(world: World, dice: random.Random, count: int) -> dict[str, set[str]]:
    """Change five repositories in a hundred; the names as our ledger has them, by what happened."""
    names = dice.sample([f"owner{i}/repo{i}" for i in range(count)], count // 20)
    share = len(names) // 5
    kinds = ("renamed", "deleted", "taken over", "archived", "starred")
    planted = {kind: set(names[n * share : (n + 1) * share]) for n, kind in enumerate(kinds)}
    for number, name in enumerate(sorted(planted["renamed"])):
        world.rename(name, name + "-next")
        if number % 5 == 0:
            world.add(name, stargazerCount=1)  # somebody moves in under the old name
    for name in planted["deleted"]:
        world.delete(name)
    for name in planted["taken over"]:
        world.delete(name)
        world.add(name, stargazerCount=1)
    for name in planted["archived"]:
        world.repositories[world.names[name]]["isArchived"] = True
    for name in planted["starred"]:
        world.repositories[world.names[name]]["stargazerCount"] += dice.randrange(1, 500)
    return planted


def nights(count: int) -> Report:
    """A first night, the changes, a measured second night, and two more for the dead."""
    world, report, dice = World(latency=0.4, limit=5000), Report(), random.Random(count)
    ledger = {name: world.add(name) for name in (f"owner{i}/repo{i}" for i in range(count))}
    before = {name: node["stargazerCount"] for name, node in ledger.items()}
    targets = [known(dict(node), name) for name, node in ledger.items()]
    states = {name: LinkState() for name in ledger}
    with world.serve() as server:

        def pass_night() -> dict[int | str, Probe]:
            probes = night(world, targets, server.url, report)
            for name in ledger:
                states[name] = judge(states[name], probes[name]).state
            world.clock.advance(86_400)
            return probes

        pass_night()
        assert {s.state for s in states.values()} == {State.OK}
        planted = plant(world, dice, count)
        probes = pass_night()
        measured = (report.calls, report.confirmations, report.points, report.cpu, report.simulated)
        pass_night()
        pass_night()
    report.calls, report.confirmations, report.points, report.cpu, report.simulated = measured
    report.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    status = {name: probe.status for name, probe in probes.items()}
    stars = {name: p.repository.stars for name, p in probes.items() if p.repository}
    report.planted = {kind: len(names) for kind, names in planted.items()}
    report.found = {
        "renamed": sum(
            status[n] is Status.MOVED and probes[n].location == f"https://github.com/{n}-next"
            for n in planted["renamed"]
        ),
        "deleted": sum(states[n].state is State.DEAD for n in planted["deleted"]),
        "taken over": sum(states[n].state is State.REPLACED and n not in stars for n in planted["taken over"]),
        "archived": sum(status[n] is Status.ARCHIVED for n in planted["archived"]),
        "starred": sum(stars[n] > before[n] for n in planted["starred"]),
    }
    gone = planted["deleted"] | planted["taken over"]
    report.false_deaths = sum(states[n].state not in ALIVE for n in ledger if n not in gone)
    return report


def main() -> None:
    """Print the report."""
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    report = nights(count)
    sys.stdout.write(
        f"{count} repositories: {report.calls} calls + {report.confirmations} confirmations, {report.points} points, "
        f"{report.simulated:.0f} s simulated, client CPU {report.cpu:.1f} s, "
        f"memory {report.memory_mb:.0f} MB (with the fake)\n"
    )
    for kind, planted in report.planted.items():
        sys.stdout.write(f"  {kind:<11} planted {planted:>4}  found {report.found[kind]:>4}\n")
    sys.stdout.write(f"  false deaths {report.false_deaths}\n")
    sys.exit(report.planted != report.found or report.false_deaths > 0)


if __name__ == "__main__":
    main()
