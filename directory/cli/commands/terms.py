"""`aidir terms`: which categories are there, and what else are they called?"""

from __future__ import annotations

import click

from directory import text
from directory.cli import option, render, terminal
from directory.query import Query
from directory.service import Directory
from directory.taxonomy import Taxonomy, Term


class Terms(click.Group):
    """`terms` alone lists, `terms LABEL` shows one, `terms add|alias|move|merge` changes them."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What is no subcommand is a label."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group("terms", cls=Terms, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
@click.pass_context
def command(context: click.Context, directory: Directory, as_json: bool, color: str | None) -> None:
    """分类 List the categories as a tree, or show one with its aliases.

    \b
    Examples:
      aidir terms
      aidir terms 大模型
      aidir terms add speech-llm --zh 语音大模型 --en "Speech LLM" --broader speech
      aidir terms alias rag 检索生成
      aidir terms merge gpt-4 into chatgpt
    """
    if context.invoked_subcommand is not None:
        return
    terms = directory.taxonomy()
    counts = _counts(directory)
    if as_json:
        rows = [row | {"resources": counts[row["slug"]]} for row in terms.plain()]
        click.echo(render.dumps({"total": len(rows), "terms": rows}))
        return
    for root in terms:
        if not root.broader:
            _tree(terms, root, counts, 0)


@command.command("show")
@click.argument("label")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@option.common
def show(directory: Directory, label: str, as_json: bool, color: str | None) -> None:
    """Show one category: its labels, what lies above and below, how many resources.

    \b
    Example:
      aidir terms show 智能体
    """
    _one(directory.taxonomy(), directory.term(label), _counts(directory), as_json=as_json)


@command.command("add")
@click.argument("slug")
@click.option("--zh", required=True, help="Preferred label in Chinese.")
@click.option("--en", required=True, help="Preferred label in English.")
@click.option("--alias", multiple=True, help="Another label; may be repeated.")
@click.option("--broader", multiple=True, metavar="TERM", help="A term above it; may be repeated.")
@option.common
def add(
    directory: Directory, slug: str, zh: str, en: str, alias: tuple[str, ...], broader: tuple[str, ...],
    color: str | None,
) -> None:  # fmt: skip
    """Add a category.

    \b
    Example:
      aidir terms add speech-llm --zh 语音大模型 --en "Speech LLM" --broader speech
    """
    directory.put_term(slug, {"zh": zh, "en": en, "alias": alias, "broader": broader or None}, new=True)
    click.echo(f"added {slug}")


@command.command("alias")
@click.argument("term")
@click.argument("labels", nargs=-1, required=True)
@option.common
def alias(directory: Directory, term: str, labels: tuple[str, ...], color: str | None) -> None:
    """Give a category more names; a search for any of them finds it.

    \b
    Example:
      aidir terms alias rag 检索生成 "retrieval augmentation"
    """
    changed = directory.put_term(term, {"alias": labels}, new=False)
    click.echo(f"{'added to' if changed else 'nothing new for'} {term}: {', '.join(labels)}")


@command.command("move")
@click.argument("term")
@click.option("--broader", multiple=True, required=True, metavar="TERM", help="The terms above it from now on.")
@option.common
def move(directory: Directory, term: str, broader: tuple[str, ...], color: str | None) -> None:
    """Put a category under other ones.

    \b
    Example:
      aidir terms move mcp --broader agent
    """
    changed = directory.put_term(term, {"broader": broader}, new=False)
    click.echo(f"{term} {'is now' if changed else 'was already'} under {', '.join(broader)}")


@command.command("merge")
@click.argument("term")
@click.argument("words", nargs=-1, required=True)
@option.common
def merge(directory: Directory, term: str, words: tuple[str, ...], color: str | None) -> None:
    """Make one category a part of another: its labels become aliases, its resources are re-filed.

    \b
    Example:
      aidir terms merge gpt-4 into chatgpt
    """
    target = words[-1]
    if len(words) > 2 or (len(words) == 2 and words[0] != "into"):
        raise click.UsageError("write: aidir terms merge TERM into OTHER")
    moved = directory.merge_terms(term, target)
    click.echo(f"{term} is part of {target} now; {moved} resources were re-filed")


def _counts(directory: Directory) -> dict[str, int]:
    everything = directory.search(Query("", limit=0)).facets["category"]
    return dict.fromkeys(directory.taxonomy().terms, 0) | {value.value: value.total for value in everything}


def _tree(terms: Taxonomy, term: Term, counts: dict[str, int], depth: int) -> None:
    label = text.clean(term.name("zh"))
    if term.name("en") != term.name("zh"):
        label += f" {text.clean(term.name('en'))}"
    room = min(56, terminal.width() - max(map(len, terms.terms)) - 8)
    shown = terminal.wrap(label, room - 2 * depth, "")[0]  # what does not fit is left out
    click.echo(f"{terminal.pad('  ' * depth + shown, room)} {counts[term.slug]:>5}  {term.slug}")
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
            click.echo(terminal.beside(f"  {terminal.pad(label, 20)}", text.clean(value), terminal.width()))
