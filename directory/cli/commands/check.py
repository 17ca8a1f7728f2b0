"""`aidir check`: which links still work?"""

from __future__ import annotations

from typing import Any

import click

from directory.cli import job, option
from directory.service import Directory


@click.command("check")
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
    """检查 Look at every link: does it still work, where has it moved to?

    Repositories are asked of GitHub's API (the token is taken from GITHUB_TOKEN, GH_TOKEN or the setting
    token_file), pages are opened, 64 hosts at once and two requests to one host. One bad night makes nothing dead:
    it takes three nights of a clear "gone", or seven of any failure over two weeks. Nothing is ever deleted.
    Ctrl-C or SIGTERM ends the round after the batch in hand; the same command takes it up again.

    \b
    Exit code: 0; 1 what --fail-on asks for; 2 the network is off; 4 a token or rate limit.

    \b
    Examples:
      aidir check --due
      aidir check --only suspect --only dify
      aidir check --only github --limit 500 --report report.md --fail-on dead
    """
    from directory.service.scope import Scope

    scope = Scope("check", only, due, limit, since)
    return job.run(directory, scope, lambda d, s, stop, dry_run: d.keep(s, stop=stop, dry_run=dry_run), **rest)
