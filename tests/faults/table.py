"""How is a row of the fault table run by hand, by `python -m tests.faults.NAME`, and by pytest?"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable

Case = Callable[[], None]
_SLOW = 1.0


class Cases(dict[str, Case]):
    """Named cases; a case that raises has failed."""

    def case(self, function: Case) -> Case:
        """Add a function under its own name."""
        self[function.__name__.replace("_", " ")] = function
        return function


def report(cases: Cases, word: str = "survived") -> None:
    """Run all, print `survived / N` and what failed, and exit with 1 if anything did."""
    failed = []
    started = time.perf_counter()
    for name, case in cases.items():
        began = time.perf_counter()
        try:
            case()
        except Exception:  # noqa: BLE001  (whatever a case raises is its result)
            failed.append(name)
            traceback.print_exc()
        if time.perf_counter() - began > _SLOW:
            sys.stdout.write(f"{time.perf_counter() - began:5.1f} s  {name}\n")
    for name in failed:
        sys.stdout.write(f"FAILED: {name}\n")
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{word} {len(cases) - len(failed)} / {len(cases)} in {seconds:.1f} s\n")
    sys.exit(bool(failed))
