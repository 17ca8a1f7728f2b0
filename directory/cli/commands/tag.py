"""`aidir tag`: file a resource under categories."""

from __future__ import annotations

import click

from directory.cli import option
from directory.service import Directory


@click.command("tag")
@click.argument("slug", shell_complete=option.complete_slug)
@click.argument("terms", nargs=-1)
@click.option("--remove", multiple=True, metavar="TERM", help="Take it out of this category; may be repeated.")
@click.option("--home-term", metavar="TERM", help="Make this its home category.")
@option.common
def command(
    directory: Directory,
    slug: str,
    terms: tuple[str, ...],
    remove: tuple[str, ...],
    home_term: str | None,
    color: str | None,
) -> None:
    """归类 File a resource under more categories, fewer, or another home category.

    \b
    Example:
      aidir tag dify 知识库 --remove platform --home-term rag
    """
    click.echo(f"{slug}: {', '.join(directory.tag(slug, terms, remove, home_term))}")
