"""`aidir export`: give the directory, or a part of it, to other sites."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from directory import plugins
from directory.cli import option
from directory.errors import InputError
from directory.exporters import Language
from directory.query import Filter
from directory.service import Directory

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")


def _start(context: click.Context, parameter: click.Parameter, typed: str | None) -> int | str | None:
    if typed is None or _DAY.fullmatch(typed):
        return typed
    if typed.isascii() and typed.isdigit() and len(typed) < 18:
        return int(typed)
    raise click.BadParameter("a sequence such as 1234, or a day such as 2026-11-24", context, parameter)


@click.command("export")
@click.argument("exporter", metavar="FORMAT", type=option.Choice(plugins.names("exporters"), case_sensitive=False))
@click.option(
    "--out",
    "-o",
    metavar="DIR|FILE|-",
    default="-",
    show_default=True,
    help="Where to write; a format of several files needs a folder of its own.",
)
@click.option(
    "--lang",
    type=option.Choice(["zh", "en", "both"]),
    default="both",
    show_default=True,
    help="Language of texts for people, in lists and feeds.",
)
@click.option(
    "--site",
    metavar="URL",
    default="",
    help="Address it will be published at, for feeds; by default the setting `site`.",
)
@click.option(
    "--since",
    metavar="SEQUENCE|DAY",
    callback=_start,
    help="How far changes.json reaches back; by default the last 400 resources that changed.",
)
@option.common
@option.filters
def command(
    directory: Directory,
    exporter: str,
    out: str,
    lang: Language,
    site: str,
    since: int | str | None,
    conditions: tuple[Filter, ...],
    color: str | None,
) -> None:
    """导出 Give the directory, or what filters leave of it, to other sites.

    \b
    Formats:
      json ndjson csv sqlite       data; api: a static tree for /api/v1/ with index, changes, schemas
      jsonfeed atom                news: what is new, moved, archived, revived or trending
      awesome jsonld               a Markdown list; schema.org for search engines
      aidir hecat bestof landscape2    the forms of other directories, for importing again

    The same catalogue gives the same bytes, and only what changed is written. What consumers can
    rely on, with examples, stands in docs/export.md.

    \b
    Examples:
      aidir export api --out public/api/v1
      aidir export ndjson --category 智能体 --min-stars 1000 | jq .name
      aidir export awesome --lang zh --out README.md
    """  # fmt: skip
    if out == "-":
        _print(directory, exporter, conditions, lang, site, since)
        return
    name = plugins.load("exporters", exporter).FILE
    if name and out.endswith("/"):
        raise InputError(f"{out} is a folder", f"this format is one file: {out}{name}")
    done = directory.publish(exporter, Path(out), conditions, language=lang, site=site, since=since)
    files = f"files written {done.written}, unchanged {done.unchanged}, removed {done.removed}"
    click.echo(f"{out}: {files}; {done.bytes:,} bytes", err=True)


def _print(
    directory: Directory, exporter: str, conditions: tuple[Filter, ...], lang: Language, site: str,
    since: int | str | None,
) -> None:  # fmt: skip
    plugin = plugins.load("exporters", exporter)
    if not plugin.FILE:
        raise InputError(f"{exporter} is a folder of files", f"say where: aidir export {exporter} --out DIR")
    (file,) = directory.export(exporter, conditions, language=lang, site=site, since=since)
    if isinstance(file.content, bytes) and sys.stdout.isatty():
        raise InputError(f"{exporter} is no text", f"say where: aidir export {exporter} --out {file.path}")
    sys.stdout.buffer.write(file.data)
