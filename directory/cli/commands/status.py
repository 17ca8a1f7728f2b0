"""`aidir status`: what does this home folder hold, and is it in order?"""

from __future__ import annotations

import click

from directory.cli import option, render, terminal
from directory.service import Directory


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def command(directory: Directory, as_json: bool, color: str | None) -> int:
    """状态 Show what is here and whether it is in order.

    Changes nothing.

    \b
    Example:
      aidir status
    """
    found = directory.status()
    value = found._asdict() | {"home": str(found.home)}
    value["index"] = value.pop("index_state")
    if as_json:
        click.echo(render.dumps(value))
    else:
        versions = value.pop("versions")
        for name, shown in value.items():
            click.echo(f"{terminal.pad(name.replace('_', ' '), 16)}{shown}")
        click.echo(f"{terminal.pad('versions', 16)}{', '.join(f'{n} {v}' for n, v in versions.items())}")
    return 0 if found.catalogue in ("ready", "none") and not found.index_state.startswith("damaged") else 2
