"""`aidir history`: what happened to a resource?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from directory import text
from directory.cli import option, render, terminal
from directory.service import Directory

if TYPE_CHECKING:
    from directory.catalogue.record import LinkHistory


@click.command("history")
@click.argument("slug", shell_complete=option.complete_slug)
@click.option("--links", is_flag=True, help="What was seen of its links instead, and when their states changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def command(directory: Directory, slug: str, links: bool, as_json: bool, color: str | None) -> None:
    """历史 Show what happened to a resource: every change, who made it and when.

    \b
    Examples:
      aidir history dify
      aidir history dify --links
    """
    if links:
        _links(directory.link_history(slug), slug, as_json=as_json)
        return
    events = directory.history(slug)
    if as_json:
        click.echo(render.dumps({"slug": slug, "events": [e._asdict() for e in events]}))
        return
    for event in events:
        detail = "; ".join(f"{k}: {text.clip(text.clean(str(v)), 60)}" for k, v in event.detail.items() if v)
        click.echo(terminal.beside(f"{event.at}  {event.actor:<10} {event.action:<18} ", detail, terminal.width()))


def _links(found: list[LinkHistory], slug: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(render.dumps({"slug": slug, "links": [one._asdict() for one in found]}))
        return
    for one in found:
        seen = "" if not one.times else f"until {one.until}, {one.times} times" if one.times > 1 else "once"
        parts = (one.at, text.clean(one.url), text.clean(one.what), seen, text.clip(text.clean(one.why), 80))
        click.echo("  ".join(part for part in parts if part))
