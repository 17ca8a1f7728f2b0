"""What does a page itself say: a challenge for robots, or "not found" with a friendly status?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_SCRIPT = re.compile(r"<(script|style|template|svg|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W\d_]+")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_NOT_FOUND = re.compile(
    r"\b404\b|not found|page (?:doesn|does no|can|is missing)|找不到|不存在|未找到|無法找到", re.IGNORECASE
)
_CHALLENGE = re.compile(
    rb"<title>Just a moment|cf-browser-verification|_cf_chl_opt|/cdn-cgi/challenge-platform|captcha-delivery\.com"
    rb"|Attention Required! \| Cloudflare|px-captcha|_Incapsula_Resource|aws-waf-token",
    re.IGNORECASE,
)
_ROOT = re.compile(
    r"/?(?:index\.\w+|home)?/?|/(?:en|zh|ja|jp|ko|kr|de|fr|es|pt|it|ru|nl|pl|tr|vi|th|id|ar|cn|tw|us)(?:[-_][A-Za-z]{2,4})?/?"
)
_SHELL = 40  # words; a page with fewer draws itself in the browser and tells us nothing
_ALIKE = 0.9


def is_challenge(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this is a check for robots rather than an answer."""
    if headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action") in ("challenge", "captcha"):
        return True
    return status in (202, 403, 405, 429, 503) and _CHALLENGE.search(body) is not None


def is_root(url: str) -> bool:
    """Whether an address is a site's front page (or one of its languages'), not a page inside it."""
    parts = urlsplit(url)
    return _ROOT.fullmatch(parts.path) is not None and not parts.query


def lands_on_front(start: str, final: str) -> bool:
    """Whether a deep link ended on the front page of its own site: what many sites do instead of saying 404."""
    return not is_root(start) and is_root(final) and _site(start) == _site(final)


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def same_page(page: bytes, other: bytes) -> bool:
    """Whether two pages say the same, apart from addresses and numbers.

    An empty shell that scripts fill says nothing, unless its title admits that nothing was found.
    """
    text, twin = page.decode("utf-8", "replace"), other.decode("utf-8", "replace")
    title = _title(text)
    if title == _title(twin) and _NOT_FOUND.search(title):
        return True
    words, others = _words(text), _words(twin)
    if min(len(words), len(others)) < _SHELL:
        return False
    return len(words & others) >= _ALIKE * len(words | others)


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return " ".join(found[1].split()) if found else ""


def _words(text: str) -> set[tuple[str, int]]:
    """Every word of the visible text with its place among its equals: a multiset that sets can compare."""
    counts: dict[str, int] = {}
    words = set()
    for word in _WORD.findall(_TAG.sub(" ", _SCRIPT.sub(" ", text))):
        counts[word] = counts.get(word, 0) + 1
        words.add((word, counts[word]))
    return words
