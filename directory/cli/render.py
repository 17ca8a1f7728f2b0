"""How does a page of hits look in each format? Text from the catalogue is cleaned here, at the edge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from directory import text
from directory.cli import terminal
from directory.search import Hit, Page
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.search import Explanation

COLUMNS = (
    "slug",
    "name",
    "kind",
    "stars",
    "pricing",
    "licence",
    "state",
    "categories",
    "url",
    "summary_zh",
    "summary_en",
)
"""The columns of CSV; tab-separated output has the first, second, fourth, url and one summary."""

_PRICING_EN = {
    "开源免费": "open source",
    "开放权重": "open weights",
    "免费": "free",
    "免费增值": "freemium",
    "付费": "paid",
}


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as JSON data."""
    return hit._asdict()


def page_json(page: Page) -> dict[str, Any]:
    """A page as JSON data."""
    found = page._asdict()
    found["hits"] = [hit_json(hit) for hit in page.hits]
    found["facets"] = {
        name: [{"value": v.value, "count": v.total} for v in values] for name, values in page.facets.items()
    }
    return found


def plain(found: Explanation) -> dict[str, Any]:
    """An explanation as JSON data."""
    return found._asdict() | {"parts": [part._asdict() for part in found.parts]}


def dumps(value: Any, *, indent: int | None = 2) -> str:
    """JSON with Han characters unescaped."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def laid_out(members: dict[str, Any]) -> str:
    """A JSON object with a line for each member and for each element of its lists.

    With an indent json leaves its C encoder, and writing ten hits takes as long as finding them.
    """
    lines = []
    for name, value in members.items():
        shown = dumps(value, indent=None)
        if value and isinstance(value, list | tuple):
            shown = "[\n    " + ",\n    ".join(dumps(one, indent=None) for one in value) + "\n  ]"
        lines.append(f"  {dumps(name, indent=None)}: {shown}")
    return "{\n" + ",\n".join(lines) + "\n}"


def csv_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: = + - @ TAB CR at the start get an apostrophe)."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    shown = text.clean("" if value is None else str(value))
    return "'" + shown if shown.startswith(("=", "+", "-", "@", "\t", "\r")) and not isinstance(value, int) else shown


def csv_text(rows: Iterable[dict[str, Any]], columns: Iterable[str]) -> str:
    """Rows as CSV with a header."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row[c]) for c in columns])
    return buffer.getvalue().rstrip("\n")


def markdown_item(hit: Hit) -> str:
    """A hit as a Markdown list item; what Markdown or HTML could take for markup is escaped."""
    summaries = " ".join(s for s in (hit.summary_zh, hit.summary_en) if s)
    return f"- [{escape(hit.name)}]({address(hit.url)}) - {escape(summaries)}"


def address(raw: str) -> str:
    """An address that cannot end its Markdown link early."""
    return text.clean(raw).replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def pricing(label: str) -> str:
    """A pricing label in English."""
    return _PRICING_EN.get(label, label)


def escape(raw: str) -> str:
    """Text in which Markdown and HTML find no markup."""
    shown = text.clean(raw)
    for character in "\\`*_[]<>|":
        shown = shown.replace(character, "\\" + character)
    return shown


def page(found: Page, how: str, *, terms: Callable[[], Taxonomy], lang: str, colour: bool, is_terminal: bool) -> str:
    """A page in a format.

    Args:
        found: the page.
        how: json, ndjson, csv, md, url, or empty for a table on a terminal and tab-separated text elsewhere.
        terms: gives the categories, whose names a table shows.
        lang: zh, en or both: which summaries the table shows.
        colour: whether to colour the table.
        is_terminal: whether a person reads.
    """
    hits = found.hits
    if how == "json":
        return laid_out(page_json(found))
    if how == "ndjson":
        return "\n".join(dumps(hit_json(h), indent=None) for h in hits)
    if how == "csv":
        return csv_text((h._asdict() for h in hits), COLUMNS)
    if how == "md":
        return "\n".join(markdown_item(h) for h in hits)
    if how == "url":
        return "\n".join(text.clean(h.url) for h in hits)
    if is_terminal or colour:
        return table(hits, terms=terms(), lang=lang, colour=colour)
    return "\n".join(_tabbed(h, lang) for h in hits)


def _tabbed(hit: Hit, lang: str) -> str:
    stars = "" if hit.stars is None else str(hit.stars)
    return "\t".join(text.clean(v) for v in (hit.slug, hit.name, stars, hit.url, *summaries(hit, lang)))


def summaries(hit: Hit, lang: str) -> list[str]:
    """The summaries to show: in the language asked for, or the other one where that is missing."""
    if lang == "both":
        return [s for s in (hit.summary_zh, hit.summary_en) if s]
    first, second = (hit.summary_zh, hit.summary_en) if lang == "zh" else (hit.summary_en, hit.summary_zh)
    return [first or second]


def stars(number: int | None) -> str:
    """A star count for people: 153154 -> ★ 153k."""
    if number is None:
        return ""
    if number < 1000:
        return f"★ {number}"
    return f"★ {number / 1000:.1f}k" if number < 10_000 else f"★ {number // 1000}k"


def table(hits: Iterable[Hit], *, terms: Taxonomy, lang: str, colour: bool) -> str:
    """Hits for people: a line of facts, the summary, the address."""
    columns = terminal.width()
    blocks = []
    for number, hit in enumerate(hits, 1):
        name = click.style(text.clean(hit.name), bold=True, fg="cyan") if colour else text.clean(hit.name)
        facts = [name, *_facts(hit, terms, "en" if lang == "en" else "zh")]
        lines = [f"{number:>3}  " + "  ".join(f for f in facts if f)]
        for summary in summaries(hit, lang):
            lines += terminal.wrap(text.clean(summary), columns, "     ")
        address = text.clean(hit.url)
        lines.append("     " + (click.style(address, underline=True) if colour else address))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _facts(hit: Hit, terms: Taxonomy, lang: str) -> list[str]:
    home = terms.terms.get(hit.categories[0]) if hit.categories else None
    shown_pricing = pricing(hit.pricing) if lang == "en" else hit.pricing
    state = "" if hit.state in ("new", "ok") else f"[{hit.state}]"
    shown = [
        stars(hit.stars),
        f"【{shown_pricing}】" if shown_pricing and lang == "zh" else shown_pricing,
        home.name(lang) if home else "",
    ]
    return [text.clean(s) for s in (*shown, state)]
