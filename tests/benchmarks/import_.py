"""What does it cost to pour a list in? `python -m tests.benchmarks.import_ [FILE ...]`.

Imports each Markdown file given and a made-up list of 10,000 entries into fresh homes, each twice. Every import is a
process of its own; prints wall and CPU seconds, peak memory, what was added, and exits with 1 beyond the limits. The
limits are for an otherwise idle machine, so the CPU seconds are what is judged.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from directory import config
from directory.service import Directory

FILE, MADE_UP, MEMORY = 5.0, 60.0, 300.0
"""The limits: seconds for a file, seconds for the made-up list, MB."""
ENTRIES = 10_000
_MEASURE = """
import re, sys, time
from directory.cli.app import run
code = run(sys.argv[1:])
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(time.process_time(), int(peak[1]) / 1024)
sys.exit(code)
"""


def made_up() -> str:
    """A list of as many headings, bullets and tags as large lists have."""
    lines = ["# Awesome made-up things\n"]
    for number in range(ENTRIES):
        if number % 50 == 0:
            lines.append(f"\n## {('RAG', 'Agents 智能体', 'Speech', f'Shelf {number}')[number // 50 % 4]}\n")
        lines.append(
            f"- [Thing {number}](https://github.com/owner{number % 700}/thing-{number}) - Does thing {number} for "
            f"people who need it. [Docs](https://thing{number}.example/docs) `MIT` `Python`"
        )
    return "\n".join(lines) + "\n"


def bring(home: Path, file: Path) -> tuple[float, float, float, str]:
    """Wall and CPU seconds, peak memory in MB, and the report's line on resources."""
    command = [sys.executable, "-c", _MEASURE, "import", "awesome", str(file), "--home", str(home)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    wall = time.monotonic() - began
    *report, numbers = done.stdout.strip().splitlines()
    cpu, memory = map(float, numbers.split())
    return wall, cpu, memory, next((line for line in report if "added" in line), "").strip()


def main() -> None:
    """Measure and print."""
    broken = False
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "made-up.md").write_text(made_up(), "utf-8")
        for file in (*map(Path, sys.argv[1:]), root / "made-up.md"):
            home = root / f"home-{file.stem}"
            Directory(config.load({"home": home})).index()
            limit = MADE_UP if file.parent == root else FILE
            for step in ("first", "again"):
                wall, cpu, memory, said = bring(home, file)
                broken |= cpu > limit or memory > MEMORY
                figures = f"{wall:5.1f} s, {cpu:5.1f} s CPU (limit {limit:.0f})  {memory:4.0f} MB"
                sys.stdout.write(f"{file.name} {step}: {figures}  {said}\n")
    sys.exit(broken)


if __name__ == "__main__":
    main()
