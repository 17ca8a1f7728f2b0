"""`aidir review`: what waits for a curator, and what becomes of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from directory import text
from directory.cli import option, render
from directory.service import Directory

if TYPE_CHECKING:
    from directory.catalogue.record import ProposalRecord

KINDS = ("new", "change", "rename", "merge", "dead", "move", "duplicate")


@click.group("review", invoke_without_command=True)
@click.option("--kind", type=click.Choice(KINDS), help="Only this kind.")
@click.option("--state", type=click.Choice(["open", "accepted", "rejected", "all"]), default="open", show_default=True,
              help="Only in this state.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
@click.pass_context
def command(
    context: click.Context, directory: Directory, kind: str | None, state: str, as_json: bool, color: str | None
) -> int:
    """审阅 List the proposed changes; accept or reject them.

    \b
    Examples:
      aidir review
      aidir review show 3
      aidir review accept 3 4
      aidir review reject --kind new
    """
    if context.invoked_subcommand is not None:
        return 0
    found = directory.proposals(state="" if state == "all" else state, kind=kind or "")
    if as_json:
        click.echo(render.dumps({"total": len(found), "proposals": [p._asdict() for p in found]}))
    for proposal in () if as_json else found:
        click.echo(_line(proposal))
    if not found and not as_json:
        click.echo("nothing waits for review", err=True)
    return 0 if found else 1


def _line(proposal: ProposalRecord) -> str:
    change = proposal.change
    what = {
        "change": f"{proposal.field}: {change.get('to')}",
        "new": f"{change.get('name')} {change.get('links')}",
        "rename": f"{change.get('from')} -> {change.get('to')}",
        "move": f"{change.get('from')} -> {change.get('to')}",
        "dead": f"{change.get('url')} ({change.get('state')})",
    }.get(proposal.kind, render.dumps(change, indent=None))
    state = "" if proposal.state == "open" else f" [{proposal.state}]"
    return (
        f"{proposal.id:>5}  {proposal.kind:<9} {proposal.resource or '-':<24} {text.clip(text.clean(what), 90)}{state}"
    )


@command.command("show")
@click.argument("number", type=int)
@option.common
def show(directory: Directory, number: int, color: str | None) -> int:
    """Show one proposal with its evidence.

    \b
    Example:
      aidir review show 3
    """
    found = [p for p in directory.proposals(state="") if p.id == number]
    for proposal in found:
        click.echo(render.dumps(proposal._asdict()))
    if not found:
        click.echo(f"no proposal has the number {number}", err=True)
    return 0 if found else 1


def _decider(name: str, done: str) -> Any:
    @command.command(name)
    @click.argument("numbers", type=int, nargs=-1)
    @click.option("--kind", type=click.Choice(KINDS), help="All open ones of this kind.")
    @option.common
    def decide(directory: Directory, numbers: tuple[int, ...], kind: str | None, color: str | None) -> None:
        chosen = [*numbers, *(p.id for p in (directory.proposals(kind=kind) if kind else ()) if p.id not in numbers)]
        if not chosen:
            raise click.UsageError("give the numbers of proposals, or --kind")
        decided = directory.decide(chosen, accept=name == "accept")
        click.echo(f"{len(decided)} {done}")

    decide.help = f"""{name.capitalize()} proposals, by number or all of a kind; either all are {done} or none.

    \b
    Example:
      aidir review {name} 3 4
    """
    return decide


accept = _decider("accept", "accepted")
reject = _decider("reject", "rejected")
