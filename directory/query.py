"""What did the user ask for? Text -> Query. Never raises on odd input: what is no syntax is words, with a note.

大模型 agent            words
"检索增强"              a phrase
-论文  -"white paper"   exclusions
category:rag  kind:model  pricing:开源免费  license:mit  lang:zh  state:ok  stars:>1000  updated:>2026-01-01   filters
#rag                    the same as category:rag
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from directory import text

MAX_LENGTH = 256
"""Characters of a query that are looked at (a 100,000-character word costs any engine seconds)."""

Sort = Literal["relevance", "stars", "growth", "updated", "added", "name"]
SORTS: tuple[Sort, ...] = ("relevance", "stars", "growth", "updated", "added", "name")

# The filters and the other names people use for them.
FIELDS = {
    "category": "category", "cat": "category", "term": "category", "tag": "category", "分类": "category",
    "kind": "kind", "type": "kind", "类型": "kind",
    "pricing": "pricing", "price": "pricing", "标签": "pricing",
    "license": "licence", "licence": "licence", "许可证": "licence",
    "lang": "lang", "language": "lang", "语言": "lang",
    "state": "state", "状态": "state",
    "stars": "stars", "star": "stars", "星数": "stars",
    "updated": "updated", "更新": "updated",
}  # fmt: skip

Comparison = Literal["=", ">", ">=", "<", "<="]


class Filter(NamedTuple):
    """A condition on a field; several values of one field are alternatives, several fields must all hold."""

    field: str
    comparison: Comparison
    value: str


class Query(NamedTuple):
    """What is asked for, before any word is looked up."""

    typed: str
    """The query as typed, cleaned and capped: what the answer repeats."""
    words: str = ""
    """The free text, without phrases, exclusions and filters."""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: Sort = "relevance"
    exact: bool = False
    """Whether aliases are left alone."""
    limit: int = 10
    offset: int = 0
    counted: bool = True
    """Whether the total and the facets are wanted; the first hits alone are found without looking at the others."""
    notes: tuple[str, ...] = ()
    """What was not understood as the user may have meant it, one sentence each."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for (filters alone list everything they let through)."""
        return not (self.words or self.phrases)


_PIECE = re.compile(
    r"""(?P<minus>-?)(?:
        "(?P<phrase>[^"]*)"
      | (?P<field>[^\W\d_]+):(?P<value>"[^"]+"|[^\s"]+)
      | \#(?P<tag>[^\s"\#]+)
      | (?P<word>[^\s"]+|")
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("“”„‟«»「」『』＂：＃", '""""""""""":#')
# Compiled when a query has a filter.
_COMPARED = r"(?s)(>=|<=|>|<|=|≥|≤)?(.*)"
_NUMBER = r"(\d+(?:\.\d+)?)([kKwW万]?)\Z"
_DATE = r"\d{4}(-\d{2}){0,2}\Z"
_SIGNS: dict[str | None, Comparison] = {
    None: "=", "=": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "≥": ">=", "≤": "<=",
}  # fmt: skip
_SCALE = {"": 1, "k": 1_000, "w": 10_000, "万": 10_000}


def parse(typed: str, *, sort: Sort = "relevance", exact: bool = False, limit: int = 10, offset: int = 0) -> Query:
    """Read what a user typed.

    Args:
        typed: any text.
        sort: the order of the hits.
        exact: search for the words as typed, not for their aliases.
        limit: how many hits to return; at least 0.
        offset: how many hits to skip.
    """
    notes: list[str] = []
    cleaned = text.clean(typed)
    if len(cleaned) > MAX_LENGTH:
        notes.append(f"only the first {MAX_LENGTH} characters were searched")
        cleaned = cleaned[:MAX_LENGTH]
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    filters: list[Filter] = []
    for match in _PIECE.finditer(cleaned.translate(_QUOTES)):
        if match["word"] == '"' or (match["phrase"] is not None and not match["phrase"].strip()):
            continue
        if match["phrase"] is not None:
            (excluded if match["minus"] else phrases).append(match["phrase"].strip())
        elif match["tag"] is not None and not match["minus"]:
            filters.append(Filter("category", "=", match["tag"]))
        elif match["field"] is not None and not match["minus"] and match["value"][:2] != "//":
            _filter(match["field"], match["value"].strip('"'), words, filters, notes)
        elif match["minus"] and len(match[0]) > 1:
            excluded.append(match[0][1:].strip('"'))
        elif match[0] != "-":
            words.append(match[0])
    return Query(
        typed=cleaned,
        words=" ".join(words),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        filters=tuple(filters),
        sort=sort,
        exact=exact,
        limit=limit,
        offset=offset,
        notes=tuple(notes),
    )


def _filter(name: str, value: str, words: list[str], filters: list[Filter], notes: list[str]) -> None:
    field = FIELDS.get(text.fold(name))
    if field is None:
        notes.append(f"there is no filter '{name}:'; searched for the words instead")
        words.append(f"{name} {value}")
        return
    found = re.match(_COMPARED, value)
    sign, rest = found.groups() if found else (None, value)
    comparison = _SIGNS[sign]
    if field == "stars":
        number = re.match(_NUMBER, text.fold(rest))
        if number is None:
            notes.append(f"'{name}:{value}' needs a number, as in stars:>1000; ignored")
            return
        rest = str(int(float(number[1]) * _SCALE[number[2]]))
        comparison = ">=" if sign is None else comparison
    elif field == "updated":
        if not re.match(_DATE, rest):
            notes.append(f"'{name}:{value}' needs a date, as in updated:>2026-01-01; ignored")
            return
        comparison = ">=" if sign is None else comparison
    elif sign is not None:
        notes.append(f"'{name}:' cannot be compared with '{sign}'; taken as equal")
        comparison = "="
    if rest:
        filters.append(Filter(field, comparison, rest))
