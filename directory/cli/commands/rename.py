"""`aidir rename`: note that a repository has another name now."""

from __future__ import annotations

from pathlib import Path

import click

from directory.cli import option
from directory.errors import UnreadableFile
from directory.service import Directory


@click.command("rename")
@click.argument("names", nargs=-1, metavar="[OLD NEW]")
@click.option("--from", "file", type=click.Path(path_type=Path), help="A file with OLD, tab, NEW on each line.")
@click.option("--evidence", default="", help="What shows it; kept in the history.")
@option.common
def command(directory: Directory, names: tuple[str, ...], file: Path | None, evidence: str, color: str | None) -> None:
    """改名 Note a repository's new name; entries under both names become one.

    \b
    Examples:
      aidir rename geekan/MetaGPT FoundationAgents/MetaGPT --evidence "GitHub redirects"
      aidir rename --from renames.tsv
    """
    pairs = [(names[0], names[1])] if len(names) == 2 else []
    if file is not None:
        pairs += _read(file)
    if not pairs or len(names) not in (0, 2):
        raise click.UsageError("give OLD and NEW, or --from FILE")
    found = directory.rename(pairs, evidence=evidence or (f"listed in {file.name}" if file else "noted by hand"))
    click.echo(", ".join(f"{number} {what}" for what, number in found.items()))


def _read(file: Path) -> list[tuple[str, str]]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"cannot read {file}: {error}") from None
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [(row[0], row[1]) for row in rows if len(row) > 1 and "/" in row[0]]
