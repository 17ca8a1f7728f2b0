"""How are figures taken and printed? Interleaved, as medians and ratios, as a table or as JSON."""

from __future__ import annotations

import gc
import math
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

Value = float | int | str
Task = TypeVar("Task")
Ask = Callable[[str], object]


class Options(NamedTuple):
    """What every benchmark is told."""

    docs: int
    rounds: int
    data: Path
    work: Path
    """Where what is built is kept."""


class Table(NamedTuple):
    """Figures that belong together: a line for each contestant, a value for each column."""

    title: str
    lines: Mapping[str, Mapping[str, Value]]
    notes: tuple[str, ...] = ()


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def interleaved(
    contestants: Mapping[str, Callable[[Task], object]],
    tasks: Sequence[Task],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[list[float]]]:
    """Seconds of each contestant, each round, each task; all do a task before anybody does the next.

    The order changes with every task, and not in turn but at random (always the same), so that no contestant finds the
    processor's caches mostly as the same other one left them.

    Args:
        contestants: what each does with a task.
        tasks: in the order in which they are done.
        rounds: how often all of them are done.
        clock: the wall's by default; `time.thread_time` where nothing waits, so that other processes do not count.
    """
    names, dice = list(contestants), random.Random(0)
    times: dict[str, list[list[float]]] = {name: [[] for _ in range(rounds)] for name in names}
    for turn in range(rounds):
        gc.collect()
        for task in tasks:
            for name in dice.sample(names, len(names)):
                do = contestants[name]
                began = clock()
                do(task)
                times[name][turn].append(clock() - began)
    return times


def calibrate() -> float:
    """CPU seconds of a fixed loop in Python: how fast this machine is just now, and how much that changes."""
    began = time.process_time()
    found: dict[str, int] = {}
    for number in range(400_000):
        key = str(number % 5_000)
        found[key] = found.get(key, 0) + len(key)
    return time.process_time() - began


def memory(which: str) -> float:
    """A line of /proc/self/status in MB: VmHWM (the peak), VmRSS, RssAnon (without files); NaN where there is none."""
    try:
        found = re.search(rf"{which}:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    except OSError:
        found = None
    return int(found[1]) / 1024 if found else math.nan


def forget_peak() -> None:
    """Let VmHWM begin anew from what is in use."""
    gc.collect()
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def as_text(table: Table) -> str:
    """For a terminal."""
    columns = list(dict.fromkeys(c for line in table.lines.values() for c in line))
    cells = [["", *columns]] + [[n, *(_shown(line.get(c, "")) for c in columns)] for n, line in table.lines.items()]
    widths = [max(len(row[n]) for row in cells) for n in range(len(columns) + 1)]
    rows = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in cells]
    return "\n".join((table.title, *(f"  {row}" for row in rows), *(f"  {note}" for note in table.notes))) + "\n"


def as_markdown(table: Table) -> str:
    """For docs/performance.md."""
    columns = list(dict.fromkeys(c for line in table.lines.values() for c in line))
    rows = [["", *columns], ["---"] + ["---:"] * len(columns)]
    rows += [[name, *(_shown(line.get(c, "")) for c in columns)] for name, line in table.lines.items()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    notes = [f"- {note}" for note in table.notes]
    return "\n".join((f"**{table.title}**", "", *lines, *(["", *notes] if notes else []))) + "\n"


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"
