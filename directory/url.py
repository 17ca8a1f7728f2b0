"""When are two addresses the same page, and what address did a sloppy list mean?"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from directory import repo
from directory.text import clean

# Query parameters that say where a reader came from, not which page is meant.
_TRACKING = re.compile(
    r"(utm_\w+|spm|spm_id_from|from|ref|ref_src|source|fbclid|gclid|mc_cid|mc_eid|share_\w+|vd_source)\Z", re.I
)
# A wrapper is a page that counts a click and sends the reader on: its path or host says so, a parameter says where to.
_WRAPPER = re.compile(r"(^|[./_-])(click|redirect|redir|jump|goto|go|out|away|link|links|l|url|exit)([./_?-]|$)", re.I)
_WRAPPED = ("target", "url", "to", "u", "q", "dest", "destination", "link", "redirect", "redirect_url", "goto")
_TRAILING = " \t\r\n\"'<>`*，。、；：！？）】》」』”’…,;"
_HOST = re.compile(r"[^\s/?#@:\[\]]+\.[^\s/?#@:\[\]]{2,}\Z")
_LIKE_HOST = re.compile(r"(?:[\w-]+\.)+[a-zA-Z]{2,}(?:[:/?#]|\Z)")


def tidy(raw: str) -> str | None:
    """The http(s) address that a piece of list text means, or None when it means none.

    Adds a missing scheme, cuts glued CJK punctuation, and unwraps click counters. The result is absolute and ASCII-safe
    in host and path (percent-encoded), but not normalised: it is the address to open and to show.
    """
    text = clean(raw).strip(_TRAILING)
    if text.startswith("//"):
        text = "https:" + text
    elif "://" not in text:
        if not _LIKE_HOST.match(text):
            return None
        text = "https://" + text
    for _ in range(3):
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return None
        if parts.scheme.lower() not in ("http", "https") or not _HOST.match(host) or parts.username:
            return None
        inner = _unwrap(host, parts.path, parts.query)
        if inner is None:
            break
        text = inner
    netloc = host if port is None else f"{host}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme.lower(), netloc, path, query, quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?")))


def _unwrap(host: str, path: str, query: str) -> str | None:
    if not query or not _WRAPPER.search(f"{host}{path}"):
        return None
    values = dict(parse_qsl(query))
    for name in _WRAPPED:
        value = values.get(name, "")
        if value.startswith(("http://", "https://")) and _host(value) not in ("", host):
            return value
    return None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def canonical(url: str) -> str:
    """The identity of an address: equal for every spelling of one page.

    A GitHub repository's page becomes `github.com/owner/name` in lower case; a deep link into it stays its own page.
    Scheme, `www.`, default port, fragment, trailing slash, tracking parameters and parameter order are dropped.

    Args:
        url: an absolute http(s) address, as `tidy` returns it.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    try:
        port = parts.port
    except ValueError:
        port = None
    path = re.sub(r"/(index\.(html?|php))?\Z", "", parts.path)
    name = repo.parse(url)
    if name is not None and host == "github.com":
        path = path.removesuffix(".git") if path.count("/") == 2 else path
        head = "/".join(path.split("/")[:3]).lower()
        path = head + path[len(head) :]
    query = urlencode(sorted(p for p in parse_qsl(parts.query) if not _TRACKING.match(p[0])))
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("", netloc, path, query, fragment)).removeprefix("//")
