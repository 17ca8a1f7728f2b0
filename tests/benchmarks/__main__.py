"""How fast is it, beside what a user would pick instead? `python -m tests.benchmarks NAME [--docs N] [--json]`.

    cold     a whole process: `aidir search` beside bare Python, the sqlite3 shell and naive scripts
    warm     a query in a running process: text in, ten highlighted rows out
    index    CPU seconds and memory of building an index, by stage
    update   CPU seconds after a hundred documents have changed
    segment  cutting Chinese into words
    page     all of them at all sizes, written into docs/performance.md
    export   the exporters (python -m tests.benchmarks.export [COUNT])

All contestants of a benchmark take turns in one run, so the ratios mean something on a busy machine; absolute times do
not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.benchmarks import corpus, figures
from tests.benchmarks.figures import Options, Table

NAMES = ("cold", "warm", "index", "update", "segment")
ROUNDS = {"cold": 20, "warm": 5, "index": 3, "update": 3, "segment": 5}
SIZES = (1_000, 10_000, 100_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=(*NAMES, "page", "export"))
    parser.add_argument("--docs", type=int, nargs="+", metavar="N", help="how many documents; several: a table each")
    parser.add_argument("--rounds", type=int, metavar="R", help=f"how often: {ROUNDS}")
    parser.add_argument("--data", type=Path, default=corpus.DATA, help="where docs.jsonl.gz and dev/queries.tsv lie")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep here what is built, for the next run")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    chosen = parser.parse_args(arguments)
    if chosen.name == "export":
        return subprocess.call([sys.executable, "-m", "tests.benchmarks.export", *map(str, chosen.docs or ())])
    if not (chosen.data / "docs.jsonl.gz").is_file():
        parser.error(f"there are no documents in {chosen.data}; name their folder with --data")
    names = NAMES if chosen.name == "page" else (chosen.name,)
    sizes = chosen.docs or (SIZES if chosen.name == "page" else (1_000,))
    with tempfile.TemporaryDirectory() as temporary:
        work = (chosen.work or Path(temporary)).resolve()
        found = {
            name: [
                table for docs in sizes for table in _measure(name, Options(docs, chosen.rounds or ROUNDS[name],
                                                                             chosen.data, work))
            ]
            for name in names
        }  # fmt: skip
    if chosen.json:
        plain = {name: [table._asdict() for table in tables] for name, tables in found.items()}
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
    elif chosen.name == "page":
        from tests.benchmarks import page

        page.write(found)
    else:
        for tables in found.values():
            sys.stdout.write("\n".join(map(figures.as_text, tables)))
    return 0


def _measure(name: str, options: Options) -> list[Table]:
    sys.stderr.write(f"{name}, {options.docs:,} documents ...\n")
    tables: list[Table] = import_module(f"tests.benchmarks.{name}").measure(options)
    return tables


if __name__ == "__main__":
    sys.exit(main())
