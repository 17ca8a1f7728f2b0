"""`aidir merge`: make one resource of two."""

from __future__ import annotations

import click

from directory.cli import option
from directory.service import Directory


@click.command("merge")
@click.argument("slug", shell_complete=option.complete_slug)
@click.argument("into", shell_complete=option.complete_slug)
@option.common
def command(directory: Directory, slug: str, into: str, color: str | None) -> None:
    """合并 Make one resource a part of another; its names, links and history stay.

    \b
    Example:
      aidir merge phidata agno
    """
    directory.merge(slug, into)
    click.echo(f"{slug} is part of {into} now")
