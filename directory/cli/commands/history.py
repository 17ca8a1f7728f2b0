"""`aidir history`: what happened to a resource?"""

from __future__ import annotations

import click

from directory import text
from directory.cli import option, render, terminal
from directory.service import Directory


@click.command("history")
@click.argument("slug", shell_complete=option.complete_slug)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def command(directory: Directory, slug: str, as_json: bool, color: str | None) -> None:
    """历史 Show what happened to a resource: every change, who made it and when.

    \b
    Example:
      aidir history dify
    """
    events = directory.history(slug)
    if as_json:
        click.echo(render.dumps({"slug": slug, "events": [e._asdict() for e in events]}))
        return
    for event in events:
        detail = "; ".join(f"{k}: {text.clip(text.clean(str(v)), 60)}" for k, v in event.detail.items() if v)
        click.echo(terminal.beside(f"{event.at}  {event.actor:<10} {event.action:<18} ", detail, terminal.width()))
