"""`aidir article`: which articles are kept, and which resources go with them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from directory import text
from directory.cli import option, proposal, reading, render
from directory.errors import UnknownName
from directory.service import Directory

if TYPE_CHECKING:
    from directory.catalogue.record import ArticleRecord


@click.group("article")
def command() -> None:
    """文章 Keep articles with the resources that go with them.

    \b
    Examples:
      aidir article add article.md --source "…" --url https://example.org/1
      aidir article list
      aidir article show 1
    """


@command.command("add")
@click.argument("article", metavar="FILE|TEXT|-")
@click.option("--title", default="", help="By default its first heading or short first line.")
@click.option("--source", default="", help="Who published it.")
@click.option("--author", default="", help="Who wrote it.")
@click.option("--published", default="", metavar="DATE", help="When, as 2026-11-24 or 2026-11-24T12:00.")
@click.option("--url", "address", default="", help="Where.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def add(
    directory: Directory,
    article: str,
    title: str,
    source: str,
    author: str,
    published: str,
    address: str,
    as_json: bool,
    color: str | None,
) -> None:
    """Keep an article and match it; the same text again changes nothing.

    \b
    Example:
      aidir article add page.html --source "机器之心" --published 2026-11-24
    """
    given = reading.read(article)
    found, new = directory.add_article(
        title or given.title,
        given.body,
        source=source,
        author=author or given.author,
        published=published or given.published,
        address=address,
    )
    if as_json:
        click.echo(render.dumps(article_json(found)))
        return
    click.echo(f"{found.id}\t{text.clean(found.title)}\t{len(found.matches)} resources")
    click.echo("added" if new else "it is kept already", err=True)


@command.command("list")
@click.option("--limit", "-n", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, without texts.")
@option.common
def list_(directory: Directory, limit: int, as_json: bool, color: str | None) -> int:
    """List the articles, the newest first.

    \b
    Example:
      aidir article list --json
    """
    return _listed(directory.articles()[:limit], as_json=as_json)


@command.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", "-n", type=click.IntRange(1), default=10, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, without texts.")
@option.common
def search(directory: Directory, query: tuple[str, ...], limit: int, as_json: bool, color: str | None) -> int:
    """Find articles by words of their title or text.

    \b
    Example:
      aidir article search 大模型 功耗
    """
    return _listed(directory.search_articles(" ".join(query), limit), as_json=as_json)


@command.command("show")
@click.argument("number", type=int)
@click.option("--text", "whole", is_flag=True, help="The whole text, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with text and reasons.")
@option.common
def show(directory: Directory, number: int, whole: bool, as_json: bool, color: str | None) -> None:
    """Show an article with what a page matched to it and what the engine did.

    \b
    Examples:
      aidir article show 1
      aidir article show 1 --json
    """
    found = directory.article(number)
    if as_json:
        click.echo(render.dumps(article_json(found, whole=True)))
        return
    click.echo(text.clean(found.title))
    facts = (found.source, found.author, found.published, f"{found.clicks} clicks" if found.clicks is not None else "")
    click.echo("  " + "  ".join(text.clean(f) for f in (*facts, found.url) if f))
    if whole:
        click.echo("")
        for line in found.body.splitlines():
            click.echo(text.clean(line))
    names = {}
    for slug in dict.fromkeys(m.resource for m in found.matches):
        try:
            names[slug] = directory.show(slug)[0]
        except UnknownName:
            continue  # hidden since: its slug is shown
    click.echo("")
    language = text.language(found.title + found.body[:2000])
    shown = proposal.stored(found, directory.taxonomy(), language, names)
    click.echo(shown or "nothing in the directory fits it (没有合适的资源)")


@command.command("match")
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them, not only those older than the catalogue.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def match(directory: Directory, numbers: tuple[int, ...], everything: bool, as_json: bool, color: str | None) -> None:
    """Match articles again: those named, or those that have not been since the catalogue changed.

    The nightly job does this, too.

    \b
    Examples:
      aidir article match
      aidir article match 1 2
    """
    wanted = list(numbers) or ([a.id for a in directory.articles()] if everything else None)
    for number in numbers:
        directory.article(number)
    found = directory.rematch(wanted)
    if as_json:
        click.echo(render.dumps(found._asdict()))
        return
    click.echo(f"{found.matched} matched, {found.changed} changed, {found.nothing} that nothing fits")


def _listed(found: list[ArticleRecord], *, as_json: bool) -> int:
    if as_json:
        click.echo(render.dumps([article_json(a) for a in found]))
    else:
        for one in found:
            clicks = "" if one.clicks is None else str(one.clicks)
            resources = len({m.resource for m in one.matches})
            row = (str(one.id), one.published[:10], clicks, str(resources), one.title, one.source, one.url)
            click.echo("\t".join(text.clean(part) for part in row))
    return 0 if found else 1


def article_json(found: ArticleRecord, *, whole: bool = False) -> dict[str, Any]:
    """An article as JSON data; its text and the reasons only where asked for."""
    value = found._asdict()
    value["matches"] = [m._asdict() for m in found.matches]
    if not whole:
        del value["body"]
        for match in value["matches"]:
            del match["evidence"]
    return value
