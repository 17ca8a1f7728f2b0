"""Does the index survive? Fault table, rows 1, 2, 5 and 7: `python -m tests.faults.index [ROW[:COUNT] ...]`.

`1:20` does with 20 kills, `2:3` with 3 flipped bits a file, `5:1000` with 1,000 queries, `7:200` with 200 edits. Each
row prints `survived / N`: kills during a build at random moments and before every operation on a file; damage to each
file; readers during swaps; edits of every kind, with and without the program's knowledge.
"""

from __future__ import annotations

import sys
from importlib import import_module

ROWS = {"1": "index_kill", "2": "index_damage", "5": "index_swap", "7": "index_stale"}


def main() -> None:
    """Run the rows that are named, or all; exits with 1 when anything did not survive."""
    chosen = sys.argv[1:] or list(ROWS)
    failed = []
    for chosen_row in chosen:
        row, _, count = chosen_row.partition(":")
        module = import_module(f"tests.faults.{ROWS[row]}")
        outcomes = module.run(int(count) if count else module.COUNT)
        for name, found in outcomes.items():
            lost = [f"{case}: {why}" for case, why in found.items() if why]
            failed += lost
            sys.stdout.write(f"row {row}, {name}: survived {len(found) - len(lost)} / {len(found)}\n")
            for line in lost[:10]:
                sys.stdout.write(f"    FAILED {line}\n")
            sys.stdout.flush()
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
