"""`aidir index`: build the search index anew."""

from __future__ import annotations

import click

from directory.cli import option
from directory.service import Directory


@click.command("index")
@option.common
def command(directory: Directory, color: str | None) -> None:
    """重建 Build the search index anew.

    This is done by itself when the catalogue has changed.

    \b
    Example:
      aidir index
    """
    built = directory.index()
    click.echo(f"{built.folder.name}: built from sequence {built.sequence} of the catalogue")
