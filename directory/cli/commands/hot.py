"""`aidir hot`: what do many people search for, and what of it is not there?"""

from __future__ import annotations

import click

from directory import tally, text
from directory.cli import option, render
from directory.service import Directory


@click.command("hot")
@click.option("--days", type=click.Choice(["7", "30"]), default="7", show_default=True, help="How far back.")
@click.option("--missing", is_flag=True, help="What nothing was found for: what the directory lacks.")
@click.option(
    "--minimum", type=click.IntRange(1), metavar="N",
    help=f"Leave out what was searched for less often; by default {tally.MINIMUM}, with --missing 1.",
)  # fmt: skip
@click.option("--limit", "-n", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@option.common
def command(
    directory: Directory,
    days: str,
    missing: bool,
    minimum: int | None,
    limit: int,
    as_json: bool,
    color: str | None,
) -> int:
    """热门 List what is searched for most; recent days count more.

    Searches are counted only where the settings say so (log_searches = true, AIDIR_LOG_SEARCHES=1): the folded query
    and the day, nobody's address. Words that keep a query out: hot_blocked = ["…"], AIDIR_HOT_BLOCKED=…,…

    \b
    Examples:
      aidir hot
      aidir hot --days 30 --json
      aidir hot --missing
    """
    least = minimum or (1 if missing else tally.MINIMUM)
    found = directory.hot(int(days), minimum=least, missing=missing)[:limit]
    if as_json:
        click.echo(render.dumps([h._asdict() for h in found]))
    else:
        for one in found:
            click.echo(f"{text.clean(one.query)}\t{one.missing if missing else one.times}")
    if not found:
        click.echo("nothing has been searched for often enough", err=True)
        if not directory.settings.log_searches:
            click.echo(
                "  hint: searches are not counted; turn it on with AIDIR_LOG_SEARCHES=1 or log_searches = true",
                err=True,
            )
    return 0 if found else 1
