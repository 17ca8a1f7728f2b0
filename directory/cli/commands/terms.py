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
    """List the categories as a tree, or show one with its aliases. 关键词与分类。

    \b
    Examples:
      aidir terms
      aidir terms 大模型
      aidir terms --json
    """
    terms = directory.taxonomy()
    counts = {
        slug: directory.search(Query("", filters=(_in(slug),), limit=0)).total
        for slug in ([directory.term(label).slug] if label else terms.terms)
    }
    if as_json:
        chosen = [terms.terms[slug] for slug in counts]
        rows = [row | {"resources": counts[row["slug"]]} for row in Taxonomy.plain(terms) if row["slug"] in counts]
        click.echo(render.dumps({"total": len(chosen), "terms": rows}))
    elif label:
        _one(terms, directory.term(label), counts)
    else:
        roots = [t for t in terms if not t.broader]
        for root in roots:
            _tree(terms, root, counts, 0)


def _in(slug: str):  # type: ignore[no-untyped-def]
    from directory.query import Filter

    return Filter("category", "=", slug)


def _tree(terms: Taxonomy, term: Term, counts: dict[str, int], depth: int) -> None:
    label = f"{'  ' * depth}{term.name('zh')}"
    if term.name("en") != term.name("zh"):
        label += f" {term.name('en')}"
    click.echo(f"{terminal.pad(text.clean(label), 52)} {counts[term.slug]:>5}  {term.slug}")
    for slug in terms.narrower(term.slug):
        if depth < 6:
            _tree(terms, terms.terms[slug], counts, depth + 1)


def _one(terms: Taxonomy, term: Term, counts: dict[str, int]) -> None:
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
