"""`aidir hide`: take a resource out of search, lists and exports; nothing is deleted."""

from __future__ import annotations

import click

from directory.cli import option
from directory.service import Directory


@click.command("hide")
@click.argument("slug", shell_complete=option.complete_slug)
@option.common
def command(directory: Directory, slug: str, color: str | None) -> None:
    """隐藏 Take a resource out of search, lists and exports; nothing is deleted.

    \b
    Example:
      aidir hide dify
    """
    changed = directory.hide(slug, hidden=True)
    click.echo(f"{slug} {'is now' if changed else 'was already'} hidden")
