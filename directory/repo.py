"""Which GitHub repository does a URL mean? Parsed here, once, for everybody."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

# First path segments on github.com that are pages of GitHub itself, not owners.
# Source: the list that lychee keeps (lychee-lib/src/types/uri/github.rs), and GitHub's documentation.
RESERVED_OWNERS = frozenset(
    "about account advisories apps blog codespaces collections contact copilot customer-stories customers dashboard "
    "discussions enterprise events explore features gist home issues join login logout marketplace mobile models new "
    "nonprofit notifications orgs organizations pricing pulls readme resources search security sessions settings "
    "showcases signup site solutions sponsors stars team teams topics trending users watching why-github".split(" ")
)

_HOSTS = frozenset({"github.com", "www.github.com", "m.github.com", "raw.githubusercontent.com"})
_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}-?\Z")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
_GLUED = re.compile(r"[^A-Za-z0-9._-].*\Z", re.DOTALL)


class RepoName(NamedTuple):
    """A repository's owner and name, as written; compare `key`, GitHub ignores case."""

    owner: str
    name: str

    @property
    def key(self) -> str:
        """`owner/name` in lower case: the same for every spelling."""
        return f"{self.owner}/{self.name}".lower()

    @property
    def url(self) -> str:
        """The repository's own page."""
        return f"https://github.com/{self.owner}/{self.name}"

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


def parse_name(text: str) -> RepoName | None:
    """`owner/name` as GitHub allows it, else None."""
    owner, slash, name = text.strip().strip("/").partition("/")
    name = name[:-4] if name.lower().endswith(".git") else name
    if not slash or owner.lower() in RESERVED_OWNERS or name in ("", ".", ".."):
        return None
    return RepoName(owner, name) if _OWNER.match(owner) and _NAME.match(name) else None


def parse(url: str) -> RepoName | None:
    """The repository that a URL leads into: its page, a deep link, a clone address, a raw file.

    Args:
        url: any text; `github.com/o/n` without a scheme and `git@github.com:o/n.git` are understood.

    Returns:
        None for profiles, gists, GitHub's own pages, other hosts and anything unreadable. Never raises.
    """
    text = url.strip()
    if text.startswith("git@github.com:"):
        text = "https://github.com/" + text.removeprefix("git@github.com:")
    if "://" not in text:
        text = "https://" + text.removeprefix("//")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme.lower().removeprefix("git+") not in ("http", "https", "git", "ssh"):
        return None
    segments = [unquote(s) for s in parts.path.split("/") if s]
    if host == "api.github.com" and segments[:1] == ["repos"]:
        segments = segments[1:]
    elif host not in _HOSTS:
        return None
    if len(segments) < 2:
        return None
    # Punctuation glued to the end of a URL in running text (`…/dify，一个`) is not part of a name.
    return parse_name(f"{segments[0]}/{_GLUED.sub('', segments[1])}")
