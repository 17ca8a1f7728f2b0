"""`aidir suggest`: what could the beginning of a query become?"""

from __future__ import annotations

import click

from directory import text
from directory.cli import option, render
from directory.service.reader import Reader


@click.command("suggest")
@click.argument("prefix")
@click.option("--limit", "-n", type=click.IntRange(1, 100), default=10, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@option.reading
def command(directory: Reader, prefix: str, limit: int, as_json: bool, color: str | None) -> int:
    """联想 Suggest keywords and resources that begin with PREFIX (Chinese, English or pinyin).

    \b
    Examples:
      aidir suggest lang
      aidir suggest 智
      aidir suggest damo --json
    """
    found = directory.suggest(prefix, limit)
    if as_json:
        click.echo(render.dumps([s._asdict() for s in found]))
    else:
        for one in found:
            click.echo("\t".join(text.clean(part) for part in one))
    return 0 if found else 1
