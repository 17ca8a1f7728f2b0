"""What does a link lead to, and whose is it?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from directory import repo, text
from directory.importers import EntryLink
from directory.importers._inline import Piece
from directory.importers._vocabulary import is_generic, role_word

_PAPER = re.compile(
    r"(?:^|\.)(?:arxiv\.org|openreview\.net|aclanthology\.org|doi\.org|semanticscholar\.org|biorxiv\.org"
    r"|proceedings\.mlr\.press|proceedings\.neurips\.cc|papers\.nips\.cc|openaccess\.thecvf\.com|dl\.acm\.org"
    r"|paperswithcode\.com|ssrn\.com)\Z"
)
_README = re.compile(r"(?:blob/[^/]+/readme[\w.-]*|tree/(?:main|master))?/?\Z", re.I)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico)\Z", re.I)
_BADGE_HOST = re.compile(
    r"(?:^|\.)(?:shields\.io|badgen\.net|badge\.fury\.io|star-history\.com|contrib\.rocks|starchart\.cc|forthebadge\.com"
    r"|awesome\.re|visitor-badge\.\w+|trendshift\.io|repobeats\.axiom\.co|img\.youtube\.com)\Z"
)
_COMMUNITY = re.compile(
    r"/(?:stargazers|issues(?:/new.*)?|pulls|forks|network.*|watchers|graphs/.*|sponsors|actions.*|blob/[^/]+/contributing.*)/?\Z",
    re.I,
)


_UPKEEP = re.compile(
    r"(?:blob|tree)/[^/]+/?(?:[^/]*\.md)?\Z|(?:issues|pulls?|discussions|wiki|releases|labels)\b", re.I
)


def leads_to_content(address: str) -> bool:
    """Whether an address can be a resource: no badge, picture, star chart or page of a repository's upkeep."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if _BADGE_HOST.search(host) or _PICTURE.search(parts.path):
        return False
    if host == "github.com" and parts.path.startswith(("/search", "/topics/")):
        return False
    return repo.parse(address) is None or _COMMUNITY.search(parts.path) is None


def repo_key(address: str) -> str:
    """`owner/name` in lower case of the repository an address leads into; empty for any other."""
    found = repo.parse(address)
    return found.key if found else ""


def to_link(piece_text: str, address: str, main: bool = False) -> EntryLink:
    """An entry's link with its role, from the host, the path and the word that shows it.

    Args:
        piece_text: the text that shows the link; its word decides where the host does not.
        address: as `url.tidy` returns it.
        main: this is the link the entry is listed with: a page of no special kind is the homepage then.
    """
    parts = urlsplit(address)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path
    if name := repo.parse(address):
        return _repository_link(name, path, address)
    role = (role_word(piece_text) or "") if is_generic(piece_text) and host != "github.com" else ""
    if _PAPER.search(host) or (path.endswith(".pdf") and role != "docs"):
        role = "paper"
    elif host in ("huggingface.co", "hf.co", "modelscope.cn", "modelscope.com", "hf-mirror.com"):
        role = _hub_role(path) or role
    elif host.startswith("docs.") or host.endswith((".readthedocs.io", ".gitbook.io")) or path.startswith("/docs/"):
        role = role if role and not main else "docs"
    elif role == "repository" and not main and host not in ("gitee.com", "gitlab.com", "bitbucket.org", "codeberg.org"):
        role = "page"
    return EntryLink(address, role or ("homepage" if main else "page"))


def _repository_link(name: repo.RepoName, path: str, address: str) -> EntryLink:
    below = path.strip("/").split("/", 2)[2:]
    if not below or _README.match(below[0]):
        # `…/blob/main/README_zh.md` is what the repository's own page shows.
        fragment = urlsplit(address).fragment
        return EntryLink(name.url if not fragment or fragment.lower() == "readme" else address, "repository")
    if below[0].startswith("wiki") or "/docs/" in path:
        return EntryLink(address, "docs")
    return EntryLink(address, "download" if below[0].startswith("releases") else "page")


def _hub_role(path: str) -> str:
    first, _, rest = path.strip("/").partition("/")
    if first in ("spaces", "studios"):
        return "demo"
    if first == "papers":
        return "paper"
    if first in ("docs", "learn", "blog", "datasets", "collections", "posts", "join"):
        return "docs" if first in ("docs", "learn") else "page"
    return "model" if rest else ""


def resembles(one: str, other: str) -> bool:
    """Whether two names are spellings of one: equal, or one inside the other, letters and digits only."""
    a, b = text.squash(one), text.squash(other)
    shorter, longer = sorted((a, b), key=len)
    return a == b if len(shorter) < 3 else shorter in longer


def is_own(piece: Piece, own: str) -> bool:
    """Whether a link leads to the list itself: its page, a section of it, its guidelines, the next page.

    Args:
        own: `owner/name` of the list in lower case; empty when it is unknown.
    """
    if not own or repo_key(piece.url) != own:
        return False
    below = urlsplit(piece.url).path.strip("/").split("/", 2)[2:]
    return not below or is_generic(piece.text) or _UPKEEP.match(below[0]) is not None
