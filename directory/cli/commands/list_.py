"""`aidir list`: which resources are in the directory?"""

from __future__ import annotations

from typing import Any

import click

from directory.cli import option
from directory.cli.answer import answer
from directory.query import Filter, Query
from directory.service.reader import Reader


@click.command("list")
@option.formats
@option.paging("stars", 50)
@click.option("--all", "everything", is_flag=True, help="No limit.")
@option.reading
@option.filters
def command(directory: Reader, conditions: tuple[Filter, ...], everything: bool, **rest: Any) -> int:
    """列出 List resources, with the filters and formats of search.

    \b
    Examples:
      aidir list --category 智能体 --sort stars
      aidir list --kind model --all --csv > models.csv
      aidir list --all --ndjson
    """
    limit = 10**9 if everything else rest["limit"]
    found = directory.search(Query("", filters=conditions, sort=rest["sort"], limit=limit))
    return answer(directory, found, **rest)
