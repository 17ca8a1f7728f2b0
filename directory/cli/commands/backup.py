"""`aidir backup`: copy the catalogue to a file."""

from __future__ import annotations

from pathlib import Path

import click

from directory.cli import option
from directory.service import Directory


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option.common
def command(directory: Directory, file: Path, color: str | None) -> None:
    """备份 Copy the catalogue to a file, also while others write to it.

    \b
    Example:
      aidir backup aidir-2026-11-24.sqlite
    """
    directory.backup(file)
    click.echo(f"written: {file}")
