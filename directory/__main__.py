"""The entry: `aidir` and `python -m directory`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit.

    What a short process need not do is left out: looking for garbage while modules are imported (a long one still does,
    less often), and taking the interpreter apart at the end, one object after the other. Together that was a fifth of a
    search.
    """
    gc.set_threshold(100_000)
    from directory.cli import later

    later.postpone()
    from directory.cli.app import run

    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
