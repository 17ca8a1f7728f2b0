"""Which options do several commands share?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from directory import config
from directory.cli.terminal import TerminalTalk
from directory.query import SORTS, Comparison, Filter
from directory.service.reader import Reader

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Function: TypeAlias = Callable[..., Any]
"""A command's function."""

FORMATS = ("json", "ndjson", "csv", "md", "url")


class Choice(click.Choice[str]):
    """One of several words; for any other the nearest ones are named."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """What there is, and what was perhaps meant."""
        from difflib import get_close_matches

        words = [str(c) for c in self.choices]
        near = get_close_matches(str(value).lower(), words, n=2, cutoff=0.5)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        return f"'{value}' is not one of {', '.join(words)}{meant}"


def _apply(function: Function, *decorators: Callable[[Function], Function]) -> Function:
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


def _become(wrapped: Function, function: Function) -> None:
    """Give a wrapper the command's name and help, and the options click has collected on it so far."""
    wrapped.__doc__, wrapped.__name__ = function.__doc__, function.__name__
    wrapped.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]


def common(function: Function) -> Function:
    """`--home` and `--color`, which every command takes; the command gets `directory` and `color`."""
    from directory.service import Directory

    return _opening(Directory, function)


def reading(function: Function) -> Function:
    """The same for a command that only reads: it does not wait for the rest of the service to be imported."""
    return _opening(Reader, function)


def _opening(kind: type[Reader], function: Function) -> Function:
    def wrapped(home: str | None, color: str | None, **rest: Any) -> Any:
        settings = config.load({"home": home or click.get_current_context().find_root().params.get("home")})
        return function(directory=kind(settings, talk=TerminalTalk()), color=color, **rest)

    _become(wrapped, function)
    return _apply(
        wrapped,
        click.option("--home", metavar="DIR", help="Folder with the catalogue and its index. [AIDIR_HOME]"),
        click.option("--color", type=Choice(["auto", "always", "never"]), help="When to print in colour."),
    )


def _choose(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        name = str(parameter.name).removeprefix("as_")
        chosen = context.meta.setdefault("aidir.format", name)
        if chosen != name:
            raise click.UsageError(f"--{chosen} and --{name} exclude each other", context)


def formats(function: Function) -> Function:
    """The output formats; the command asks `chosen_format`."""
    helps = {
        "json": "One JSON object.",
        "ndjson": "One JSON object a line.",
        "csv": "Comma-separated, with a header; opens safely in a spreadsheet.",
        "md": "A Markdown list.",
        "url": "One address a line.",
    }
    decorators = [
        click.option(f"--{n}", f"as_{n}", is_flag=True, expose_value=False, callback=_choose, help=helps[n])
        for n in FORMATS
    ]
    return _apply(function, *decorators)


def chosen_format() -> str:
    """The format the user chose; empty = a table on a terminal, tab-separated otherwise."""
    return str(click.get_current_context().meta.get("aidir.format", ""))


def _complete_category(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    terms = Reader(config.load({})).taxonomy()
    return [
        CompletionItem(t.slug, help=t.name("zh"))
        for t in terms
        if t.slug.startswith(typed.lower()) or t.name("zh").startswith(typed)
    ]


def complete_slug(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Slugs of resources, for the shell."""
    from click.shell_completion import CompletionItem

    from directory.query import Query

    hits = Reader(config.load({})).search(Query("", limit=100_000, sort="name")).hits
    return [CompletionItem(h.slug, help=h.name) for h in hits if h.slug.startswith(typed.lower())][:200]


def complete_query(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """What a query may become, for the shell."""
    from click.shell_completion import CompletionItem

    found = Reader(config.load({})).suggest(typed, 20)
    return [CompletionItem(s.text, help=s.slug) for s in found if s.text.lower().startswith(typed.lower())]


def filters(function: Function) -> Function:
    """The filters that search and list share; the command gets them as `conditions`."""

    def wrapped(
        category: tuple[str, ...], kind: tuple[str, ...], licence: tuple[str, ...], state: tuple[str, ...],
        min_stars: int | None, directory: Reader, **rest: Any,
    ) -> Any:  # fmt: skip
        pairs: list[tuple[str, Comparison, str]] = [("category", "=", directory.term(c).slug) for c in category]
        pairs += [("kind", "=", k) for k in kind]
        pairs += [("licence", "=", n) for n in licence]
        pairs += [("state", "=", s) for s in state]
        if min_stars is not None:
            pairs.append(("stars", ">=", str(min_stars)))
        return function(conditions=tuple(Filter(*pair) for pair in pairs), directory=directory, **rest)

    _become(wrapped, function)
    return _apply(
        wrapped,
        click.option("--category", "-c", multiple=True, metavar="T", shell_complete=_complete_category,
                     help="Only this category, by slug or any label (rag, 智能体); may be repeated."),
        click.option("--kind", "-k", multiple=True, type=Choice(
            ["project", "model", "dataset", "tool", "course", "site"]), help="Only this kind; may be repeated."),
        click.option("--licence", "--license", multiple=True, metavar="SPDX", help="Only this licence."),
        click.option("--state", multiple=True, type=Choice(
            ["new", "ok", "moved", "archived", "blocked", "suspect", "dead", "legal", "replaced", "ignored"]),
            help="Only links in this state; dead ones are shown only when asked for."),
        click.option("--min-stars", type=click.IntRange(min=0), metavar="N", help="Only with at least N stars."),
    )  # fmt: skip


def paging(default_sort: str, default_limit: int) -> Callable[[Function], Function]:
    """`--sort`, `--limit` and `--lang`."""

    def decorate(function: Function) -> Function:
        return _apply(
            function,
            click.option(
                "--sort", type=Choice(SORTS), default=default_sort, show_default=True, help="Order of the hits."
            ),
            click.option(
                "--limit", "-n", type=click.IntRange(min=0), default=default_limit, show_default=True, metavar="N",
                help="At most N hits.",
            ),
            click.option("--lang", type=Choice(["zh", "en", "both"]),
                         help="Language of the summaries in the table; by default the query's."),
        )  # fmt: skip

    return decorate


def fields(function: Function) -> Function:
    """The fields of a resource as options; the command gets those given as `values`."""
    names = ("name", "kind", "summary_zh", "summary_en", "pricing", "licence", "term", "alias")

    def wrapped(**given: Any) -> Any:
        values = {n: given.pop(n) for n in names}
        chosen = {n: v for n, v in values.items() if v not in (None, ())}
        for option, field in (("term", "terms"), ("alias", "names")):
            if option in chosen:
                chosen[field] = list(chosen.pop(option))
        return function(values=chosen, **given)

    _become(wrapped, function)
    return _apply(
        wrapped,
        click.option("--name", help="As the project writes it."),
        click.option("--kind", help="project, model, dataset, tool, course or site."),
        click.option("--summary-zh", help="One or two sentences in Chinese: what it is, who it is for."),
        click.option("--summary-en", help="The same in English."),
        click.option("--pricing", help="开源免费, 开放权重, 免费, 免费增值 or 付费."),
        click.option("--licence", "--license", help="SPDX identifier."),
        click.option("--term", multiple=True, metavar="TERM", help="Category, the home one first; may be repeated."),
        click.option("--alias", multiple=True, help="Another name; may be repeated."),
    )
