"""`aidir import`: what does a page or somebody's list hold, and what of it is new?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from directory import plugins, text
from directory.cli import option, render
from directory.service import Directory

if TYPE_CHECKING:
    from directory.curation.filing import Report

_SHOWN = 20


@click.command("import")
@click.argument("importer", type=option.Choice(plugins.names("importers")))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen and change nothing.")
@click.option("--propose", is_flag=True, help="File new resources as proposals for review instead of adding them.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@option.common
def command(
    directory: Directory, importer: str, path: Path, dry_run: bool, propose: bool, as_json: bool, color: str | None
) -> None:
    """导入 Read a page or list and file what it holds.

    A second import changes nothing.
    What a curator has set is never overwritten: it becomes a proposal for review.

    \b
    Examples:
      aidir import aitnt page.txt
      aidir import awesome README.md --dry-run
    """
    report = directory.import_file(importer, path, dry_run=dry_run, propose=propose)
    if as_json:
        click.echo(render.dumps(report_json(report)))
        return
    _print(report)


def report_json(report: Report) -> dict[str, object]:
    """A report as JSON data."""
    return {
        "source": report.source,
        "dry_run": report.dry_run,
        "added": report.added,
        "changed": report.changed,
        "found": report.found,
        "articles": report.articles,
        "articles_changed": report.articles_changed,
        "keywords": [{"text": k.text, "term": k.term} for k in report.keywords],
        "mapped": {
            heading: [{"term": m.slug, "score": m.score, "why": m.why} for m in found]
            for heading, found in report.mapped.items()
        },
        "unmapped": dict(report.unmapped.most_common()),
        "proposals": report.proposals,
        "leftovers": [
            {"path": n.place.path, "line": n.place.line, "text": n.text, "reason": n.reason} for n in report.leftovers
        ],
    }


def _print(report: Report) -> None:
    would = "would be " if report.dry_run else ""
    click.echo(f"{report.source}")
    click.echo(f"  resources   {len(report.added)} {would}added, {len(report.changed)} changed, {report.found} found")
    if report.articles:
        click.echo(f"  articles    {len(report.articles)} read, {report.articles_changed} {would}new or changed")
    if report.keywords:
        terms = len({k.term for k in report.keywords})
        strings = sum(len(k.text.split()) for k in report.keywords)
        click.echo(f"  keywords    {len(report.keywords)} ({strings} strings) resolve to {terms} terms")
    if report.mapped:
        click.echo(f"  headings    {len(report.mapped)} mapped to terms (how and why: --json)")
    if report.unmapped:
        top = ", ".join(f"{text.clean(t)} ({n})" for t, n in report.unmapped.most_common(8))
        click.echo(f"  unmapped    {len(report.unmapped)} headings and tags: {top}")
    if report.proposals:
        click.echo(f"  proposals   {report.proposals} wait for review")
    for name in report.added[:_SHOWN]:
        click.echo(f"  + {text.clean(name)}")
    if len(report.added) > _SHOWN:
        click.echo(f"  + … and {len(report.added) - _SHOWN} more")
    for left in report.leftovers[:_SHOWN]:
        click.echo(f"  ? {left.place.path}:{left.place.line}: {text.clean(left.text)}: {left.reason}", err=True)
    if len(report.leftovers) > _SHOWN:
        click.echo(f"  ? … and {len(report.leftovers) - _SHOWN} more (all with --json)", err=True)
