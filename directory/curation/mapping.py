"""Which terms does a foreign heading or tag mean, how sure is that, and why?

The labels are matched as in search (folded, aliases, both languages). A heading such as `微调 Fine-Tuning`,
`3. AI Agents (智能体)` or `LLM Evaluation Tools` names terms in full or in part: it is cut into parts, and the share of
a part that labels explain is its score.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from directory import text
from directory.taxonomy import Taxonomy

THRESHOLD = 0.5
"""At least half of a heading must be explained, over its parts; below, it stays as a tag for a curator."""

# These stand in many headings and say little there; they count only when nothing more specific does.
_GENERIC = frozenset(
    {"tool", "platform", "framework", "application", "development", "model", "research", "artificial-intelligence",
     "algorithm", "training"}
)  # fmt: skip
_NUMBERING = re.compile(
    r"^\W*(?:\d+(?:\.\d+)*(?:[.)、．]|(?![\dA-Za-z]))|[一二三四五六七八九十]+[、.．]|第.{1,3}[章节篇])\s*"
)
_PARTS = re.compile(r"\s*(?:[/|｜、，,;；:：·&()（）【】\[\]]|\s[-–—]+\s|\band\b|和|与|及)\s*")
# Words that only say that a heading is a heading.
_FILLER = re.compile(
    r"\b(?:open[- ]?source|awesome|other|others|misc|projects?|list|resources?|related|based|for|of|the|with|in|to|"
    r"top|general|toolkits?|useful|popular|best|more|tools?|librar(?:y|ies)|packages?|frameworks?)\b"
    r"|开源|相关|其他|其它|项目|资源|列表|工具|合集|汇总|类"
)


class Mapped(NamedTuple):
    """A term that a heading means: the share of the heading that says so, and the words that do."""

    slug: str
    score: float
    why: str


def terms_of(heading: str, taxonomy: Taxonomy) -> list[Mapped]:
    """The terms a heading means, the surest first; empty when less than half of it is understood."""
    folded = text.fold(_NUMBERING.sub("", heading))
    whole = taxonomy.resolve(heading) or taxonomy.resolve(folded)
    if whole is not None:
        return [Mapped(whole.slug, 1.0, f"'{folded}' is a label")]
    found: dict[str, Mapped] = {}
    understood = []
    for part in (p for p in _PARTS.split(folded) if _size(p)):
        term = taxonomy.resolve(part)
        if term is not None:
            found.setdefault(term.slug, Mapped(term.slug, 0.9, f"'{part}' is a label"))
            understood.append(1.0)
            continue
        mentions = [m for m in taxonomy.find(part) if not m.hidden]
        inside = sum(_size(part[m.start : m.end]) for m in mentions)
        understood.append(min(inside / max(_size(_FILLER.sub(" ", part)), 1), 1.0))
        for mention in mentions:
            words = part[mention.start : mention.end]
            score = round(0.8 * understood[-1], 2)
            found.setdefault(mention.slug, Mapped(mention.slug, score, f"'{words}' stands in it"))
    if not found or sum(understood) < THRESHOLD * len(understood):
        return []
    specific = [m for m in found.values() if m.slug not in _GENERIC]
    return sorted(specific or found.values(), key=lambda m: -m.score)


def _size(words: str) -> int:
    """How much there is to understand: a Han character says as much as two or three Latin letters."""
    return sum(2 if text.has_han(c) else 1 for c in words if c.isalnum())
