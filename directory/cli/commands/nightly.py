"""`aidir nightly`: what keeps the directory true, night by night?"""

from __future__ import annotations

from typing import Any

import click

from directory.cli import job, option
from directory.service import Directory


@click.command("nightly")
@job.selection
@job.telling
@option.common
def command(
    directory: Directory, only: tuple[str, ...], limit: int | None, since: str, color: str | None, **rest: Any
) -> int:
    """每夜 Check and refresh what is due, build the index, write the exports, report.

    What is exported stands in the settings: exports = { api = "public/api/v1", atom = "public/feed.xml" }.
    One at a time: a second one ends at once. Killed or stopped, the next one takes it up where it was. Ready-made
    files for systemd, cron and GitHub Actions lie in docs/ops/.

    \b
    Examples:
      aidir nightly
      aidir nightly --report report.md --report report.json --ping-url https://hc-ping.com/UUID
      aidir nightly --prom-file /var/lib/node_exporter/aidir.prom --fail-on dead
    """
    from directory.service.scope import Scope

    scope = Scope("nightly", only, True, limit, since)
    return job.run(directory, scope, lambda d, s, stop, dry_run: (
        d.keep(s, stop=stop, dry_run=True) if dry_run else d.nightly(s, stop=stop)
    ), **rest)  # fmt: skip
