"""How is a score told to people?"""

from __future__ import annotations

from collections.abc import Iterable

from directory import text
from directory.cli import terminal
from directory.search._explain import Explanation, Part


def told(explained: Iterable[Explanation]) -> str:
    """Explanations for people: a block for each hit, a line for each thing that counted."""
    return "\n\n".join("\n".join(_block(number, one)) for number, one in enumerate(explained, 1))


def _block(number: int, found: Explanation) -> list[str]:
    lines = [f"{number:>3}  {found.slug}  {found.score:.4f}", *map(_part, found.parts)]
    if found.parts:
        lines.append(f"     x {found.coordination:<9.4f} it has {found.held:.0%} of what was asked for, by weight")
    lines.append(f"     x {found.prior:<9.4f} known apart from the words: lists that name it, stars, state")
    if found.named != 1:
        lines.append(f"     x {found.named:<9.4f} a word of the query is its whole name")
    if found.near != 1:
        lines.append(f"     x {found.near:<9.4f} it is about the same, whatever words it uses")
    if found.exact:
        lines.append(f"     + {found.exact:<9.4f} the query is its name, owner/name or address")
    return lines


def _part(part: Part) -> str:
    asked = terminal.pad(text.clean(part.asked), 20)
    if not part.impact:
        return f"       {0:<9.4f} {asked} missing"
    added = part.rarity * part.impact
    return (
        f"     + {added:<9.4f} {asked} {part.how}: rarity {part.rarity:.2f} ({part.documents} have it)"
        f" x impact {part.impact:.2f}"
    )
