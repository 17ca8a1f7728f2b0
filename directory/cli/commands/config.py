"""`aidir config`: what is set, and where does each value come from?"""

from __future__ import annotations

import click

from directory.cli import option, render, terminal
from directory.service import Directory


@click.group("config")
def command() -> None:
    """配置 Show the settings.

    \b
    Example:
      aidir config show
    """


@command.command("show")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def show(directory: Directory, as_json: bool, color: str | None) -> None:
    """Print every setting with its value and where it came from.

    Order: flag, AIDIR_* in the environment, ./aidir.toml, the user's config.toml, default.

    \b
    Example:
      aidir config show
    """
    settings = directory.settings
    values = {name: getattr(settings, name) for name in settings.origins}
    if as_json:
        rows = {n: {"value": str(v) if n == "home" else v, "origin": settings.origins[n]} for n, v in values.items()}
        click.echo(render.dumps(rows))
        return
    for name, value in sorted(values.items()):
        click.echo(f"{terminal.pad(name, 16)}{terminal.pad(str(value), 40)}  ({settings.origins[name]})")
