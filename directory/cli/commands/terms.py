"""`aidir terms`: which categories are there, and what else are they called?"""

from __future__ import annotations

import click

from directory import text
from directory.cli import option, render, terminal
from directory.query import Query
from directory.service import Directory
from directory.taxonomy import Taxonomy, Term


@click.command("terms")
@click.argument("label", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def command(directory: Directory, label: str | None, as_json: bool, color: str | None) -> None:
    """分类 List the categories as a tree, or show one with its aliases.

    \b
    Examples:
      aidir terms
      aidir terms 大模型
      aidir terms --json
    """
    terms = directory.taxonomy()
    everything = directory.search(Query("", limit=0)).facets["category"]
    counts = dict.fromkeys(terms.terms, 0) | {value.value: value.total for value in everything}
    if label:
        _one(terms, directory.term(label), counts, as_json=as_json)
    elif as_json:
        rows = [row | {"resources": counts[row["slug"]]} for row in terms.plain()]
        click.echo(render.dumps({"total": len(rows), "terms": rows}))
    else:
        for root in terms:
            if not root.broader:
                _tree(terms, root, counts, 0)


def _tree(terms: Taxonomy, term: Term, counts: dict[str, int], depth: int) -> None:
    label = text.clean(term.name("zh"))
    if term.name("en") != term.name("zh"):
        label += f" {text.clean(term.name('en'))}"
    click.echo(f"{terminal.pad('  ' * depth + label, 56)} {counts[term.slug]:>5}  {term.slug}")
    for slug in terms.narrower(term.slug):
        if depth < 6:
            _tree(terms, terms.terms[slug], counts, depth + 1)


def _one(terms: Taxonomy, term: Term, counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        row = next(row for row in terms.plain() if row["slug"] == term.slug)
        click.echo(render.dumps(row | {"narrower": terms.narrower(term.slug), "resources": counts[term.slug]}))
        return
    click.echo(f"{term.name('zh')} / {term.name('en')}  ({term.slug})")
    rows = [
        ("别名 also called", ", ".join(term.aliases())),
        ("上位 broader", ", ".join(terms.terms[s].name("zh") for s in term.broader)),
        ("下位 narrower", ", ".join(terms.terms[s].name("zh") for s in terms.narrower(term.slug))),
        ("相关 related", ", ".join(terms.terms[s].name("zh") for s in term.related)),
        ("资源 resources", str(counts[term.slug])),
    ]
    for label, value in rows:
        if value:
            click.echo(f"  {terminal.pad(label, 20)}{text.clean(value)}")
