"""What does it cost to export a large catalogue? `python -m tests.benchmarks.export [COUNT]`.

Builds a catalogue of COUNT resources (10,000), exports the tree of `api`, exports it again, lets one in a hundred
change overnight and exports that. Each export is a process of its own; prints CPU seconds, peak memory, bytes, and
exits with 1 beyond the limits.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from directory import config
from directory.catalogue import open_catalogue
from directory.catalogue.record import Draft
from directory.service import Directory

CPU, MEMORY, CHANGES = 20.0, 300.0, 100_000
"""The limits: seconds, MB, bytes of changes.json after a night."""
NOON, MORNING = datetime(2026, 11, 24, 12, tzinfo=UTC), "2026-11-25T03:00:00Z"
_MEASURE = """
import re, sys, time
from directory.cli.app import run
code = run(sys.argv[1:])
# Not ru_maxrss: that begins with the memory of the process that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(time.process_time(), int(peak[1]) / 1024)
sys.exit(code)
"""


def fill(home: Path, count: int) -> None:
    """A catalogue with the bundled resources and made-up ones, up to `count`, as rich as the bundled ones."""
    with open_catalogue(home / "catalogue.sqlite", write=True) as catalogue:
        models = catalogue.resources.all()
        for number in range(count - len(models)):
            like = models[number % len(models)]
            links = ((f"https://github.com/owner{number}/project{number}", "repository"),
                     (f"https://project{number}.example", "homepage"))  # fmt: skip
            draft = Draft(f"{like.name} {number}", links, like.kind, like.names, like.summary_zh, like.summary_en,
                          like.pricing, like.licence, like.terms, stars=number, stars_asof="2026-11-24",
                          stars_source="api")  # fmt: skip
            catalogue.resources.add(draft, origin="import", source="benchmark", at="2026-11-24T12:00:00Z")


def night(home: Path, share: float) -> int:
    """Let a share of the resources change; returns how many."""
    dice = random.Random(1)
    with open_catalogue(home / "catalogue.sqlite", write=True) as catalogue:
        found = catalogue.resources.all()
        chosen = dice.sample(found, round(len(found) * share))
        for record in chosen:
            summary = record.summary_en + " Changed."
            catalogue.resources.set_field(record.id, "summary_en", summary, origin="github", source="night", at=MORNING)
    return len(chosen)


def export(home: Path, target: Path, *more: str) -> tuple[float, float, str]:
    """CPU seconds, peak memory in MB, and what the command said."""
    command = [sys.executable, "-c", _MEASURE, "export", "api", "--out", str(target), "--home", str(home), *more]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    cpu, memory = done.stdout.split()
    return float(cpu), float(memory), done.stderr.strip().splitlines()[-1].partition(": ")[2]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    with tempfile.TemporaryDirectory() as folder:
        home, target = Path(folder) / "home", Path(folder) / "v1"
        Directory(config.load({"home": home}), clock=lambda: NOON).index()
        fill(home, count)
        broken = False
        for step in ("first export", "again, unchanged", "after a night"):
            changed = night(home, 0.01) if step == "after a night" else 0
            cpu, memory, said = export(home, target)
            broken |= cpu > CPU or memory > MEMORY
            sys.stdout.write(f"{step:<17} {cpu:5.1f} s CPU  {memory:4.0f} MB  {said}\n")
        for name, more in (("default", ()), ("since that day", ("--since", MORNING[:10]))):
            export(home, target, *more)
            size = (target / "changes.json").stat().st_size
            broken |= size > CHANGES
            sys.stdout.write(f"changes.json, {name}: {size:,} bytes ({changed} resources changed)\n")
    sys.exit(broken)


if __name__ == "__main__":
    main()
