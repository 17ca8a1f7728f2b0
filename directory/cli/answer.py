"""How is a page of hits told? What is said about it goes to stderr, the hits to stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from directory import config, text
from directory.cli import option, render, terminal
from directory.search import Page
from directory.service.reader import Reader

if TYPE_CHECKING:
    from directory.search import Explanation


def answer(
    directory: Reader,
    found: Page,
    *,
    color: str | None,
    lang: str | None,
    explained: Sequence[Explanation] = (),
    **_rest: Any,
) -> int:
    """Print a page: what is said about it on stderr, the hits on stdout; 1 when there are none.

    Explanations are data in JSON and talk otherwise.
    """
    how = option.chosen_format()
    is_terminal = sys.stdout.isatty()
    if not how:
        _introduce(found)
    else:
        for note in found.notes:
            click.echo(f"note: {text.clean(note)}", err=True)
    language = lang or ("zh" if text.has_han(found.query) else directory.settings.language)
    colour = config.colour(color, os.environ, terminal=is_terminal)
    if explained and how == "json":
        shown = render.laid_out(render.page_json(found) | {"explanations": [render.plain(one) for one in explained]})
    else:
        shown = render.page(
            found, how, terms=directory.taxonomy, lang=language, colour=colour and not how, is_terminal=is_terminal
        )
    if shown:
        click.echo(shown, color=colour)
    if explained and how != "json":
        from directory.cli import explain

        click.echo("\n" + explain.told(explained), err=True)
    return 0 if found.total else 1


def _introduce(found: Page) -> None:
    what = f" for {found.query}" if found.query else ""
    if not found.total:
        click.echo(f"nothing found{what}", err=True)
        click.echo("  hint: try fewer or other words; the categories are listed by: aidir terms", err=True)
    else:
        shown = f"{len(found.hits)} of " if len(found.hits) < found.total else ""
        click.echo(f"{shown}{found.total} result{'s' if found.total > 1 else ''}{what}", err=True)
    if found.also_searched:
        words = ", ".join(text.clean(a) for a in found.also_searched[:8])
        click.echo(terminal.beside("also searched: ", words, terminal.width()), err=True)
    for note in found.notes:
        click.echo(f"note: {text.clean(note)}", err=True)
    click.echo("", err=True)
