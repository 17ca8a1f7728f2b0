"""`aidir refresh`: what does GitHub say of the repositories now?"""

from __future__ import annotations

from typing import Any

import click

from directory.cli import job, option
from directory.service import Directory


@click.command("refresh")
@job.selection
@job.due
@job.telling
@option.common
def command(
    directory: Directory,
    only: tuple[str, ...],
    limit: int | None,
    since: str,
    due: bool,
    color: str | None,
    **rest: Any,
) -> int:
    """刷新 Ask GitHub for stars, names, topics, licences and archive flags.

    Fifty repositories a call, one call a second. Without a token GitHub answers 60 requests an hour: what was asked
    longest ago goes first, and the report says how long a full round takes. A star count that falls to 0 or by more
    than half is believed when a second night agrees.

    \b
    Examples:
      aidir refresh
      aidir refresh --only dify --json
      aidir refresh --since 2026-11-24 --limit 1000
    """
    from directory.service.scope import Scope

    scope = Scope("refresh", only, due, limit, since)
    return job.run(directory, scope, lambda d, s, stop, dry_run: d.keep(s, stop=stop, dry_run=dry_run), **rest)
