"""`aidir restore`: put a backup in the catalogue's place."""

from __future__ import annotations

from pathlib import Path

import click

from directory.cli import option
from directory.service import Directory


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option.common
def command(directory: Directory, file: Path, color: str | None) -> None:
    """还原 Put a backup in the catalogue's place; the present one is kept beside it.

    \b
    Example:
      aidir restore aidir-2026-11-24.sqlite
    """
    kept = directory.restore(file)
    click.echo(f"restored from {file}" + (f"; the catalogue before lies in {kept.name}" if kept else ""))
