"""The entry: `aidir` and `python -m directory`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit."""
    from directory.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
