"""`aidir similar`: what is like a resource?"""

from __future__ import annotations

import click

from directory import text
from directory.cli import option, proposal, render
from directory.service import Directory


@click.command("similar")
@click.argument("slug", shell_complete=option.complete_slug)
@click.option("--limit", "-n", type=click.IntRange(1, 100), default=10, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, with what is shared.")
@option.common
def command(directory: Directory, slug: str, limit: int, as_json: bool, color: str | None) -> int:
    """相似 List what is like a resource, with the terms and words they share.

    \b
    Examples:
      aidir similar dify
      aidir similar infiniflow/ragflow --json
    """
    found = directory.similar(slug, limit)
    if as_json:
        click.echo(render.dumps([proposal.matched_json(match) for match in found]))
    else:
        for match in found:
            shared = ", ".join(e.what for e in match.evidence)
            row = (match.hit.slug, match.hit.name, f"{match.score:.2f}", match.hit.url, shared)
            click.echo("\t".join(text.clean(part) for part in row))
    return 0 if found else 1
