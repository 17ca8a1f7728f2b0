"""`aidir show`: what is known about one resource?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from directory import text
from directory.cli import option, render, terminal
from directory.service.reader import Reader

if TYPE_CHECKING:
    from directory.catalogue.record import ArticleRecord, LinkRecord, ResourceRecord


@click.command("show")
@click.argument("slug", shell_complete=option.complete_slug)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.reading
def command(directory: Reader, slug: str, as_json: bool, color: str | None) -> None:
    """详情 Show everything about one resource.

    It is found by its slug, a name, owner/name or an address.

    \b
    Examples:
      aidir show dify
      aidir show langgenius/dify --json
    """
    found, articles = directory.show(slug)
    if as_json:
        click.echo(render.dumps(record_json(found, articles)))
        return
    import os

    from directory import config

    colour = config.colour(color, os.environ, terminal=sys.stdout.isatty())
    terms = directory.taxonomy().terms
    title = click.style(text.clean(found.name), bold=True, fg="cyan") if colour else text.clean(found.name)
    click.echo(title + (f"  ({', '.join(map(text.clean, found.names))})" if found.names else ""), color=colour)
    for summary in (found.summary_zh, found.summary_en):
        if summary:
            click.echo("\n".join(terminal.wrap(text.clean(summary), terminal.width(), "  ")))
    click.echo("")
    for label, value in _facts(found, articles):
        for line, shown in enumerate(value):
            lead = f"  {terminal.pad(label if not line else '', 18)}"
            click.echo(terminal.beside(lead, text.clean(shown), terminal.width()))
    shown_terms = [f"{terms[s].name('zh')} / {terms[s].name('en')}" for s in found.terms if s in terms]
    for line, name in enumerate(shown_terms):
        click.echo(f"  {terminal.pad('' if line else '分类 categories', 18)}{text.clean(name)}")


def _facts(found: ResourceRecord, articles: list[ArticleRecord]) -> list[tuple[str, list[str]]]:
    rows: list[tuple[str, list[str]]] = [("slug", [found.slug]), ("类型 kind", [found.kind])]
    if found.pricing:
        rows.append(("标签 pricing", [found.pricing]))
    if found.licence:
        rows.append(("许可证 licence", [found.licence]))
    repository = found.repository
    if repository is not None:
        rows.append(("仓库 repository", [repository.name + (" (archived)" if repository.archived else "")]))
        if repository.past:
            rows.append(("曾用名 formerly", [f"{p.name}  (noted {p.noted_at[:10]})" for p in repository.past]))
        if repository.stars is not None:
            facts = f"{repository.stars:,} on {repository.stars_asof}, from {repository.stars_source}"
            rows.append(("星标 stars", [facts]))
            grown = [(repository.growth_7, 7), (repository.growth_30, 30)]
            rows.append(("增长 growth", [", ".join(f"{_gain(gain)} in {days} days" for gain, days in grown)]))
    rows.append(("链接 links", [line for link in found.links for line in _link(link)]))
    if found.tags:
        rows.append(("未归类 tags", list(found.tags)))
    if articles:
        rows.append(("文章 articles", [f"{a.title} ({a.source or 'unknown'}, {a.published[:10]})" for a in articles]))
    return rows


def _gain(stars: int | None) -> str:
    return "unknown" if stars is None else f"{stars:+,}"


def _link(link: LinkRecord) -> list[str]:
    """The address, and below it what its history says; nothing for one that was never looked at."""
    lines = [f"{link.role:<11}{link.url}"]
    if link.state == "new" and link.last_checked is None:
        return lines
    told = [f"{link.state} since {link.since[:10]}" if link.since else link.state]
    told += [f"last ok {link.last_ok[:10]}"] if link.last_ok else ["never seen working"]
    told += [f"looked at {link.last_checked[:10]}"] if link.last_checked else []
    return [*lines, f"{'':<11}{', '.join(told)}" + (f": {link.reason}" if link.reason else "")]


def record_json(found: ResourceRecord, articles: list[ArticleRecord]) -> dict[str, Any]:
    """A resource as JSON data."""
    value = found._asdict()
    del value["id"]
    value["url"], value["state"] = found.url, found.state
    value["links"] = [link._asdict() for link in found.links]
    value["provenance"] = {field: source._asdict() for field, source in found.provenance.items()}
    if found.repository is not None:
        value["repository"] = found.repository._asdict() | {"past": [p._asdict() for p in found.repository.past]}
    value["articles"] = [
        {
            "title": a.title,
            "source": a.source,
            "author": a.author,
            "published": a.published,
            "url": a.url,
            "groups": [m.group for m in a.matches if m.resource == found.slug],
        }
        for a in articles
    ]
    return value
