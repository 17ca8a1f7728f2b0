"""How do terms look as plain data, the form of seeds/taxonomy.yaml, and how are they read from it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from directory import text
from directory.errors import InputError
from directory.taxonomy import Label, Term


def plain(term: Term) -> dict[str, Any]:
    """A term as plain data."""
    row: dict[str, Any] = {"slug": term.slug}
    row.update({n.language: n.text for n in term.labels if n.kind == "pref"})
    alternatives: dict[str, list[str]] = {}
    for label in term.labels:
        if label.kind == "alt":
            alternatives.setdefault(label.language, []).append(label.text)
    hidden = [n.text for n in term.labels if n.kind == "hidden"]
    rest = {"alt": alternatives, "hidden": hidden, "broader": list(term.broader), "related": list(term.related)}
    return row | {key: value for key, value in rest.items() if value}


def terms(rows: Any, name: str) -> dict[str, Term]:
    """The terms that plain data describes, by slug; `directory.taxonomy.parse` says how and what is refused."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise InputError(f"{name}: expected a list of terms")
    found = []
    for number, row in enumerate(rows, 1):
        slug = row.get("slug")
        if not isinstance(slug, str) or text.slug(slug) != slug:
            raise InputError(f"{name}: item {number} has no kebab-case slug")
        unknown = set(row) - {"slug", "zh", "en", "alt", "hidden", "broader", "related"}
        if unknown:
            raise InputError(f"{name}: term '{slug}' has an unknown key '{sorted(unknown)[0]}'")
        found.append(_term(slug, row, name))
    return _checked(found)


def _checked(terms: Iterable[Term]) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for term in terms:
        if term.slug in found:
            raise InputError(f"term '{term.slug}' stands twice in the taxonomy")
        found[term.slug] = term
    for term in found.values():
        for other in (*term.broader, *term.related):
            if other not in found:
                raise InputError(f"term '{term.slug}' points to '{other}', which does not exist")
    return found


def _term(slug: str, row: Mapping[str, Any], name: str) -> Term:
    labels = [Label(str(row[language]), language, "pref") for language in ("zh", "en") if row.get(language)]
    if not labels:
        raise InputError(f"{name}: term '{slug}' has no label")
    alternatives = row.get("alt") or {}
    if not isinstance(alternatives, Mapping):
        raise InputError(f"{name}: 'alt' of term '{slug}' is not a mapping from language to labels")
    for language, texts in alternatives.items():
        labels += [Label(str(t), str(language), "alt") for t in _strings(texts, slug, name)]
    labels += [
        Label(str(t), "zh" if text.has_han(str(t)) else "en", "hidden") for t in _strings(row.get("hidden"), slug, name)
    ]
    return Term(
        slug,
        tuple(labels),
        tuple(_strings(row.get("broader"), slug, name)),
        tuple(_strings(row.get("related"), slug, name)),
    )


def _strings(value: Any, slug: str, name: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(v, str | int | float) for v in value):
        raise InputError(f"{name}: term '{slug}' needs a list of strings")
    return [str(v) for v in value]
