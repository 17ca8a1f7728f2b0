"""`aidir add`: put a resource into the directory by hand."""

from __future__ import annotations

import click

from directory.cli import option
from directory.service import Directory


@click.command("add")
@click.argument("address", metavar="URL")
@option.fields
@option.common
def command(directory: Directory, address: str, values: dict[str, object], color: str | None) -> None:
    """添加 Add a resource by its address; what you say of it is never overwritten.

    \b
    Example:
      aidir add https://github.com/langgenius/dify --term rag --summary-zh "…" --summary-en "…"
    """
    click.echo(f"added {directory.add(address, values)}")
