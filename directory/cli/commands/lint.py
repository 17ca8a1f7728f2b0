"""`aidir lint`: what is wrong in the catalogue or in a folder of seeds?"""

from __future__ import annotations

from pathlib import Path

import click

from directory import bundle, text
from directory.cli import option, render
from directory.service import Directory


@click.command("lint")
@click.argument("folder", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def command(directory: Directory, folder: str | None, as_json: bool, color: str | None) -> int:
    """检查 Check the catalogue, the bundled seeds, or a folder of their form.

    Looks for missing languages and terms, summaries too long or full of praise, duplicates, unknown licences, links
    without https, names that disagree with their address, unsourced stars. Exit code 1 when there is anything to mend.

    \b
    Examples:
      aidir lint
      aidir lint seeds
      aidir lint path/to/folder --json
    """
    path = Path(folder) if folder else None
    if folder == "seeds" and not (path and path.is_dir()):
        path = bundle.folder("seeds")
    number, findings = directory.lint(path)
    if as_json:
        click.echo(render.dumps({"entries": number, "findings": [f._asdict() for f in findings]}))
    else:
        for finding in findings:
            click.echo(f"{finding.slug}: {finding.rule}: {text.clean(finding.message)}")
        click.echo(f"{number} entries, {len(findings)} finding{'' if len(findings) == 1 else 's'}", err=True)
    return 1 if findings else 0
