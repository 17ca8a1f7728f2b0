"""`aidir unhide`: put a hidden resource back."""

from __future__ import annotations

import click

from directory.cli import option
from directory.service import Directory


@click.command("unhide")
@click.argument("slug", shell_complete=option.complete_slug)
@option.common
def command(directory: Directory, slug: str, color: str | None) -> None:
    """恢复 Put a hidden resource back.

    \b
    Example:
      aidir unhide dify
    """
    changed = directory.hide(slug, hidden=False)
    click.echo(f"{slug} {'is now' if changed else 'was already'} visible")
