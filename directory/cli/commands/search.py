"""`aidir search`: which resources answer a query?"""

from __future__ import annotations

from typing import Any

import click

from directory import query as queries
from directory import text
from directory.cli import option
from directory.cli.answer import answer
from directory.query import Filter
from directory.service.reader import Reader


@click.command("search")
@click.argument("query", nargs=-1, required=True, shell_complete=option.complete_query)
@option.formats
@option.paging("relevance", 10)
@click.option("--exact", is_flag=True, help="Search for the words as typed, not for their aliases.")
@click.option("--explain", is_flag=True, help="Say how the score of each hit came about.")
@option.reading
@option.filters
def command(
    directory: Reader, query: tuple[str, ...], conditions: tuple[Filter, ...], exact: bool, explain: bool, **rest: Any
) -> int:
    """搜索 Find resources by any words: Chinese, English, names, owner/name, a URL.

    \b
    Examples:
      aidir search 大模型
      aidir search "vector database" --sort stars --limit 5
      aidir search 'category:rag stars:>1000 -论文'
      aidir search 智能体 --json

    In the query: "a phrase", -without, category:rag, kind:model, license:mit, stars:>1000, updated:>2026-01-01, #tag.
    """
    asked = queries.parse(" ".join(query), sort=rest["sort"], exact=exact, limit=rest["limit"])
    asked = asked._replace(filters=(*asked.filters, *conditions))
    found = directory.search(asked)
    directory.note_search(found)
    if text.is_beginning(asked.words) and not option.chosen_format():
        suggested = ", ".join(dict.fromkeys(text.clean(s.text) for s in directory.suggest(asked.words, 8)))
        if suggested:
            click.echo(f"suggestions: {suggested}", err=True)
    return answer(directory, found, explained=directory.explain(asked, found) if explain else (), **rest)
