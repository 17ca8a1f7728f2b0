"""How does text from anywhere become harmless in each format?

Whatever the catalogue holds may come from a stranger's list. Nothing that leaves may run, steer a terminal, reorder
what is read, or lead anywhere but to an http(s) address.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import urlsplit

from directory import text

_NONCHARACTER = re.compile("[\ufffe\uffff]")  # no XML document may hold these
_NO_ADDRESS = re.compile(r'[\s"<>\\^`{|}]')
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MARKUP = re.compile(r"([\\`*_\[\]<|$~])")
# At the start of a cell, and behind a semicolon: there a spreadsheet may cut that takes it for the separator.
_FORMULA = re.compile(r"(?:\A|(?<=;)) *['\"]*(?=[=+\-@＝＋－＠])")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_MOMENT = re.compile(_DAY.pattern + r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
_SPDX = re.compile(r"[A-Za-z0-9.+-]+")
# Inside strings only: JSON has these three nowhere else. So no JSON can close the <script> element it is put into.
_IN_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_MAX_STEM = 100


def prose(raw: str) -> str:
    """Text on one line without control, bidirectional and zero-width characters."""
    return _NONCHARACTER.sub("\ufffd", text.clean(raw))


def plain_markup(raw: str) -> str:
    """Text for a format whose readers run it through Markdown or HTML unescaped: tags and link targets come apart."""
    return _TAG.sub("‹", prose(raw)).replace("](", "] (").replace("]:", "] :")


def markdown(raw: str) -> str:
    """Text with everything escaped that Markdown or HTML would take for markup."""
    return _MARKUP.sub(r"\\\1", prose(raw).replace("&", "&amp;"))


def address(raw: str) -> str:
    """An absolute http(s) address; empty for anything else."""
    found = prose(raw)
    try:
        parts = urlsplit(found)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return _NO_ADDRESS.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), found) if usable else ""


def when(raw: str | None) -> str | None:
    """A day or a moment (UTC) as the catalogue writes them; None for anything else."""
    return raw if raw and (_DAY.fullmatch(raw) or _MOMENT.fullmatch(raw)) else None


def moment(raw: str | None) -> str:
    """A moment as RFC 3339 wants it; a day begins at midnight. Empty for what is neither."""
    found = when(raw) or ""
    return f"{found}T00:00:00Z" if len(found) == len("2026-11-24") else found


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: = + - @ at the start get an apostrophe)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    shown = prose("; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
    return _FORMULA.sub(lambda m: m[0] + "'", shown)


def spdx(licence: str) -> str:
    """The page of a licence at SPDX; empty when the licence is no identifier of theirs."""
    return f"https://spdx.org/licenses/{licence}.html" if _SPDX.fullmatch(licence) else ""


def stem(slug: str) -> str:
    """A slug as the name of a file. One that could lead elsewhere (`../x`) becomes a digest."""
    if _STEM.fullmatch(slug) and len(slug) <= _MAX_STEM:
        return slug
    return "x" + hashlib.sha256(slug.encode("utf-8", "replace")).hexdigest()[:16]


def dumps(value: Any) -> str:
    """JSON on one line: sorted keys, Han characters as they are, harmless inside HTML."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).translate(_IN_HTML)
