"""Where do the figures go? Into docs/performance.md, between two marks, with the day and the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks import figures
from tests.benchmarks.figures import Table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_PACKAGES = ("jieba", "rjieba", "tantivy", "whoosh")


def write(found: Mapping[str, Sequence[Table]], page: Path = PAGE) -> None:
    """Put the figures in the place of those before."""
    before, rest = page.read_text("utf-8").split(BEGIN)
    after = rest.split(END)[1]
    tables = "\n".join(
        f"### {name}\n\n" + "\n".join(map(figures.as_markdown, tables)) for name, tables in found.items()
    )
    page.write_text(f"{before}{BEGIN}\n\n{_where()}\n\n{tables}\n{END}{after}", "utf-8")


def _where() -> str:
    load = os.getloadavg()[0]
    packages = ", ".join(filter(None, map(_version, _PACKAGES)))
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {load:.1f} at the end, SQLite {sqlite3.sqlite_version}, {packages}."
    )


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
