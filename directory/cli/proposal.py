"""How are the resources of an article told: as on the page, as Markdown or HTML to paste, as JSON, with the reasons?"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from directory import text
from directory.cli import render
from directory.taxonomy import Taxonomy

if TYPE_CHECKING:
    from directory.catalogue.record import ArticleRecord, ResourceRecord
    from directory.match import Evidence, Matched, Proposal

HEAD = {
    "zh": ("资源拓展", "根据文章内容匹配的资源"),
    "en": ("Resources", "Resources that go with this text"),
}
_ADDRESS = {"zh": "项目地址", "en": "Address"}
_KINDS = {"project": "项目", "model": "模型", "dataset": "数据集", "tool": "工具", "course": "课程", "site": "网站"}


class Line(NamedTuple):
    """A resource as it is shown."""

    name: str
    tag: str
    summary: str
    url: str
    reasons: tuple[str, ...]


class Block(NamedTuple):
    """A group as it is shown."""

    name: str
    reason: str
    lines: tuple[Line, ...]


def blocks(found: Proposal, terms: Taxonomy, language: str, *, explain: bool) -> list[Block]:
    """The groups of a proposal, in a language."""
    return [
        Block(
            _name(group.slug, terms, language),
            " ".join(group.path) if explain else "",
            tuple(_line(match, terms, language, explain=explain) for match in group.matches),
        )
        for group in found.groups
    ]


def _name(slug: str, terms: Taxonomy, language: str) -> str:
    return text.clean(terms.terms[slug].name(language)) if slug in terms.terms else slug


def _line(match: Matched, terms: Taxonomy, language: str, *, explain: bool) -> Line:
    hit = match.hit
    reasons = tuple(_reason(e, terms, language) for e in match.evidence) if explain else ()
    return Line(
        text.clean(hit.name),
        _tag(hit.pricing, hit.kind, language),
        text.clean(render.summaries(hit, language)[0]),
        text.clean(hit.url),
        reasons,
    )


def _tag(pricing: str, kind: str, language: str) -> str:
    if language == "zh":
        return pricing or _KINDS.get(kind, kind)
    return render.pricing(pricing) or kind


def _reason(evidence: Evidence, terms: Taxonomy, language: str) -> str:
    places = ", ".join(f"{t.where} {t.start}-{t.end}" for t in evidence.triggers)
    path = " ".join(_name(step, terms, language) if step in terms.terms else step for step in evidence.path)
    more = f" (x{evidence.times})" if evidence.times > 1 else ""
    return text.clean(f"{evidence.share:4.0%} {evidence.kind}: {path}{more}" + (f" @ {places}" if places else ""))


def as_text(found: Iterable[Block], language: str) -> str:
    """As on the page: number, group, 【tag】name and summary, address."""
    title, note = HEAD[language]
    parts = [f"{title}\n{note}"]
    for number, block in enumerate(found, 1):
        parts.append(f"{number}\n{block.name}" + (f"\n    ({block.reason})" if block.reason else ""))
        for line in block.lines:
            reasons = "".join(f"\n    {reason}" for reason in line.reasons)
            parts.append(f"【{line.tag}】{line.name}：{line.summary}\n{_ADDRESS[language]}:{line.url}{reasons}")
    return "\n\n".join(parts)


def as_markdown(found: Iterable[Block], language: str) -> str:
    """A block to paste into a Markdown page; nothing in it is live."""
    title, note = HEAD[language]
    parts = [f"## {title}\n\n{note}"]
    for number, block in enumerate(found, 1):
        items = [
            f"- **【{render.escape(line.tag)}】[{render.escape(line.name)}]({render.address(line.url)})** "
            f"{render.escape(line.summary)}" + "".join(f"\n  - {render.escape(r)}" for r in line.reasons)
            for line in block.lines
        ]
        parts.append(f"### {number}. {render.escape(block.name)}\n\n" + "\n".join(items))
    return "\n\n".join(parts)


def as_html(found: Iterable[Block], language: str) -> str:
    """A block to paste into an HTML page: no script, no style, everything escaped."""
    title, note = HEAD[language]
    parts = [f'<section class="aidir-resources" lang="{language}">', f"<h2>{title}</h2>", f"<p>{note}</p>", "<ol>"]
    for block in found:
        parts += [f"<li><h3>{escape(block.name)}</h3>", "<ul>"]
        for line in block.lines:
            link = f'<a href="{escape(line.url)}" rel="noopener">{escape(line.name)}</a>'
            reasons = "".join(f"<br><small>{escape(reason)}</small>" for reason in line.reasons)
            parts.append(f"<li>【{escape(line.tag)}】{link} {escape(line.summary)}{reasons}</li>")
        parts.append("</ul></li>")
    return "\n".join([*parts, "</ol>", "</section>"])


def as_json(found: Proposal, terms: Taxonomy) -> dict[str, Any]:
    """A proposal as JSON data, always with its reasons."""
    return {
        "title": found.title,
        "fit": found.fit,
        "groups": [
            {
                "slug": group.slug,
                "names": {n: _name(group.slug, terms, n) for n in ("zh", "en")},
                "edge": group.edge,
                "path": list(group.path),
                "score": group.score,
                "resources": [matched_json(match) for match in group.matches],
            }
            for group in found.groups
        ],
    }


def matched_json(match: Matched) -> dict[str, Any]:
    """A matched resource as JSON data."""
    hit = match.hit
    shown = ("slug", "name", "kind", "summary_zh", "summary_en", "url", "pricing", "licence", "stars", "state")
    return {
        **{name: getattr(hit, name) for name in shown},
        "score": match.score,
        "evidence": [e._asdict() | {"triggers": [t._asdict() for t in e.triggers]} for e in match.evidence],
    }


def stored(found: ArticleRecord, terms: Taxonomy, language: str, names: dict[str, ResourceRecord]) -> str:
    """The matches kept with an article: what a page matched, and what the engine did."""
    parts = []
    for origin in dict.fromkeys(m.origin for m in found.matches):
        matches = [m for m in found.matches if m.origin == origin]
        by = "the page" if origin == "page" else f"the engine, method {matches[0].version}"
        lines = [f"matched by {by}:"]
        group = ""
        for match in matches:
            if match.group != group:
                group = match.group
                lines.append(f"  {match.group_position}  {_name(group, terms, language)}")
            resource = names.get(match.resource)
            shown = f"{resource.name}  {resource.url}" if resource else match.resource
            lines.append(f"     【{match.pricing or '-'}】{text.clean(shown)}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
