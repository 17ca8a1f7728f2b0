"""Which options do check, refresh and nightly share, and how is a round told on the command line?"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import click

from directory import config
from directory.cli import option, render
from directory.errors import AidirError
from directory.service import Directory

if TYPE_CHECKING:
    from directory.service.report import FailOn, Report
    from directory.service.scope import Scope

Function = option.Function
Work = Callable[[Directory, "Scope", Callable[[], bool], bool], "Report"]
"""Does the round: directory, scope, stop, dry run."""


def _day(context: click.Context, parameter: click.Parameter, typed: str | None) -> str:
    from directory.service.keeper import since

    try:
        return since(typed) if typed else ""
    except ValueError:
        raise click.BadParameter("a day such as 2026-11-24", context, parameter) from None


def selection(function: Function) -> Function:
    """The options that choose links."""
    decorators = [
        click.option("--only", multiple=True, metavar="WHAT",
                     help="Only github or http, a state (suspect, dead, ...), or a resource's slug; repeatable."),
        click.option("--limit", "-n", type=click.IntRange(min=1), metavar="N",
                     help="At most N links, those looked at longest ago."),
        click.option("--since", metavar="DAY", callback=_day, help="Only links not looked at since this day (UTC)."),
    ]  # fmt: skip
    return _apply(function, decorators)


def due(function: Function) -> Function:
    """`--due`, for the jobs that look at everything by default."""
    told = "Only what is due: every night, the dead weekly, then monthly."
    return _apply(function, [click.option("--due", is_flag=True, help=told)])


def telling(function: Function) -> Function:
    """The options that say how the round is told."""
    file = click.Path(dir_okay=False, path_type=Path)
    decorators = [
        click.option("--fail-on", type=click.Choice(["dead", "errors"]),
                     help="Exit with 1 when a link looked at is dead, or when any failed."),
        click.option("--dry-run", is_flag=True, help="Look and report; change nothing."),
        click.option("--json", "as_json", is_flag=True, help="The report as one JSON object."),
        click.option("--report", "reports", multiple=True, type=file, metavar="FILE",
                     help="Write the report: JSON to FILE.json, Markdown to any other name; repeatable."),
        click.option("--ping-url", default="", metavar="URL",
                     help="Ask this address when it went well, URL/fail when not."),
        click.option("--prom-file", type=file, metavar="FILE", help="Write metrics for Prometheus (textfile)."),
    ]  # fmt: skip
    return _apply(function, decorators)


def _apply(function: Function, decorators: Sequence[Callable[[Function], Function]]) -> Function:
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


@contextmanager
def stopping() -> Iterator[list[int]]:
    """SIGTERM and the first Ctrl-C end the round after the batch in hand; a second Ctrl-C ends it at once.

    Yields a list that holds the signals that came.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if number == signal.SIGINT and came.count(number) > 1:
            raise KeyboardInterrupt
        click.echo("aidir: stopping after the batch in hand", err=True)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(directory: Directory, scope: Scope, work: Work, **options: Any) -> int:
    """Do a round and tell how it went.

    Args:
        directory: the service.
        scope: which links.
        work: does it.
        options: those of `telling`.

    Returns:
        The exit code: see `Report.exit_code`; 130 after Ctrl-C.
    """
    import time

    from directory.service.notice import Notices

    fail_on = cast("FailOn | None", options["fail_on"])
    notices = Notices(options["reports"], config.step_summary(), options["prom_file"], options["ping_url"])
    notices.check()
    say = lambda line: click.echo(f"aidir: {line}", err=True)  # noqa: E731
    with stopping() as came:
        try:
            found = work(directory, scope, lambda: bool(came), options["dry_run"])
        except AidirError as error:
            notices.ping(f"{scope.job}: {error}", well=False, say=say)
            raise
    _show(found, as_json=options["as_json"])
    notices.tell(found, fail_on=fail_on, now=time.time(), say=say)
    return 130 if signal.SIGINT in came else found.exit_code(fail_on)


def _show(found: Report, *, as_json: bool) -> None:
    from directory.service import report
    from directory.text import clean

    if as_json:
        click.echo(render.dumps(report.plain(found)))
    else:
        for line in report.lines(found):
            click.echo(line.expandtabs(10) if sys.stdout.isatty() else line)
    for end in found.ends:
        click.echo(f"aidir: {clean(end.checker)}: {clean(end.reason)}", err=True)
        if end.hint:
            click.echo(f"  hint: {clean(end.hint)}", err=True)
    click.echo(f"aidir: {report.summary(found)}", err=True)
