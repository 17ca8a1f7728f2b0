"""How does an entry come together from its line and the lines below it?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from directory import repo, text, url
from directory.importers import Entry, EntryLink, Place, _inline
from directory.importers._inline import Piece
from directory.importers._link import is_own, repo_key, resembles, to_link
from directory.importers._statement import Statement, split_name
from directory.importers._vocabulary import field_word, is_generic, role_word

SUMMARY_LENGTH = 1_000
MAX_LINKS = MAX_TEXTS = 40
"""Of one entry. More is a list that was not recognised as such."""
_SIDES = re.compile(r"\s+[|｜]\s+|\s*｜\s*")
_BRACKETED = re.compile(r"[(（][^()（）]{1,30}[)）]?\Z")
_PREDICATE = re.compile(r"\s*(?:是|is |are )")
_NEEDS = re.compile(r"(?:\b(?:by|from|of|on|in|with|for|via|the|using) |[由在用从]\s?)\Z", re.I)
_LISTED = re.compile(r"[,，、;；|\[\]]+|\s{2,}")


@dataclass(slots=True)
class Draft:
    """An entry in the making.

    `described` is what stands under a key like `简介`; where there is such, the unkeyed `texts` are something else.
    `mention`: only another entry's text led to it.
    """

    name: str
    number: int
    links: list[EntryLink] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    licence: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    mention: bool = False
    _pages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._pages.update(url.canonical(link.url) for link in self.links)

    @property
    def repo(self) -> str:
        """`owner/name` of the repository it is listed with, or that its links hold; empty when none."""
        return next((key for link in self.links if (key := repo_key(link.url))), "")

    def has(self, address: str) -> bool:
        """Whether an address leads to one of its pages or into its repository."""
        return url.canonical(address) in self._pages or (self.repo != "" and repo_key(address) == self.repo)

    def count_stars(self, shown: str) -> None:
        """Keep the number of stars that a text states."""
        if count := _inline.stars(shown):
            self.extra["stars"] = count

    def rename(self, title: str) -> None:
        """Take the name from a heading; what that says beyond the name describes where nothing else does."""
        self.name, beyond = split_name(title, next((n.url for n in self.links if repo_key(n.url)), self.links[0].url))
        if not self.texts:
            self.add_text(beyond)

    def add_link(self, link: EntryLink) -> None:
        """Take a link over, each page once; a section of the repository's own page (`#install`) is that page."""
        if link.role == "repository" and any(known.role == "repository" for known in self.links) and self.has(link.url):
            return
        page = url.canonical(link.url)
        if page not in self._pages and len(self.links) < MAX_LINKS:
            self._pages.add(page)
            self.links.append(link)

    def add_text(self, shown: str) -> None:
        """Take a description over, each once."""
        shown = _inline.prose(shown)
        if text.squash(shown) == text.squash(self.name):
            return
        if shown and not is_generic(shown) and shown not in self.texts and len(self.texts) < MAX_TEXTS:
            self.texts.append(shown)

    def finish(self, path: tuple[str, ...], labels: Iterable[str], file: str) -> Entry:
        """The entry under its headings."""
        return Entry(
            name=self.name,
            links=tuple(self.links),
            place=Place(file, self.number),
            summaries=summaries(self.described or self.texts),
            path=path,
            labels=tuple(dict.fromkeys([*labels, *self.labels])),
            licence=self.licence,
            extra=self.extra,
        )


def summaries(texts: Iterable[str]) -> dict[str, str]:
    """Descriptions by language; one that says the same twice (`English | 中文`) gives both."""
    found: dict[str, list[str]] = {}
    for shown in texts:
        parts = _SIDES.split(shown)
        if len({text.language(part) for part in parts}) < 2:
            parts = [shown]
        for part in parts:
            if part := _inline.prose(part):
                found.setdefault(text.language(part), []).append(part)
    return {language: text.clip(" ".join(parts), SUMMARY_LENGTH) for language, parts in found.items()}


class Drafter:
    """Turns statements into drafts.

    Args:
        own: the list's own `owner/name` in lower case, whose pages are no entries; empty when it is unknown.
    """

    def __init__(self, own: str) -> None:
        self._own = own

    def begin(self, said: Statement) -> list[Draft]:
        """The drafts a line begins: what it lists first, then the repositories it only mentions."""
        if said.kind == "entry":
            drafts = [self._head(piece, said) for piece in said.heads if not is_own(piece, self._own)]
        elif said.kind == "named":
            drafts = self._named(said)
        else:
            drafts = []
        for draft in drafts:
            draft.labels += said.labels
            draft.licence = said.licence
            if stars := _inline.stars("".join(p.text for p in said.pieces)):
                draft.extra.setdefault("stars", stars)
        if not drafts:
            return self.mentions(said)
        own_words = _inline.prose(words(p for p in said.pieces if not p.url))
        shared = words(said.pieces) if own_words or said.kind == "named" else ""
        if _BRACKETED.match(own_words):  # `[Name](…) (Java)`: a tag, no description
            shared = ""
            drafts[0].labels += split_labels(own_words.strip("()（） "))
        for draft in drafts:
            draft.add_text(f"{draft.name} {shared.lstrip()}" if _PREDICATE.match(shared) else shared)
        return drafts + self._attach(drafts[0], said)

    def _head(self, piece: Piece, said: Statement) -> Draft:
        name, beyond = split_name(piece.text, piece.url)
        draft = Draft(name, said.number, [to_link(piece.text, piece.url, main=True)])
        if stars := _inline.stars(piece.text):
            draft.extra["stars"] = stars
        draft.add_text(beyond)
        return draft

    def _named(self, said: Statement) -> list[Draft]:
        mine = [p for p in said.links if self._belongs(p, said)]
        if not mine:
            return []
        primary = next((p for p in mine if repo_key(p.url)), mine[0])
        shown = next(
            (p for p in mine if not is_generic(p.text) and repo_key(p.url) == repo_key(primary.url) != ""), None
        )
        name, beyond = split_name(said.name, primary.url)
        draft = Draft(name, said.number)
        if shown and resembles(shown.text, repo_key(shown.url).partition("/")[2]) and not resembles(name, shown.text):
            # `Chat client: [chatbox](…)`: the link has the name, the words before it say what it is.
            draft.name, beyond = split_name(shown.text, shown.url)[0], name
        draft.add_link(to_link(primary.text, primary.url, main=True))
        draft.add_text(beyond)
        return [draft]

    def _belongs(self, piece: Piece, said: Statement) -> bool:
        if is_own(piece, self._own):
            return False
        if is_generic(piece.text) or _inline.is_address(piece) or resembles(piece.text, said.name):
            return True
        return len(said.links) == 1 or to_link("", piece.url).role in ("paper", "model")

    def _attach(self, draft: Draft, said: Statement) -> list[Draft]:
        """Give a draft the further links of its line; a repository of another name becomes a mention."""
        mentions: list[Draft] = []
        for piece in said.links:
            key = repo_key(piece.url)
            bare = _inline.is_address(piece) and not draft.links
            plain = bare or not piece.text.strip() or is_generic(piece.text)
            if is_own(piece, self._own):
                continue
            if key and key != draft.repo and not (plain and not draft.repo):
                if plain or (not draft.repo and resembles(piece.text, draft.name)):
                    link = to_link(piece.text, piece.url)
                    draft.add_link(link if not draft.repo else EntryLink(link.url, "page"))
                else:
                    mentions += self._mention(piece, said.number)
            elif key or plain or _inline.is_address(piece) or resembles(piece.text, draft.name):
                draft.add_link(to_link(piece.text, piece.url))
            elif (link := to_link("", piece.url)).role in ("paper", "model"):
                draft.add_link(link)
        return mentions

    def add(self, draft: Draft, said: Statement) -> list[Draft]:
        """Take over what a line below an entry tells of it; what it tells of other repositories comes back."""
        if said.heads:
            said = replace(said, pieces=(*said.heads, *said.pieces), heads=[])
        what = field_word(said.key) if said.kind == "field" else ""
        shown = words(said.pieces)
        if what == "labels":
            draft.labels += split_labels("".join(f"|{p.text}|" if p.code else p.text for p in said.pieces))
        elif what == "licence":
            draft.licence = draft.licence or text.clip(text.clean(shown), 60)
        elif what == "stars":
            shown = "".join(p.text for p in said.pieces)
            draft.extra["stars"] = _inline.stars(shown) or text.clip(text.clean(shown), 60)
        elif what == "link" and said.links:
            return self._attach_named(draft, said)
        else:
            if what == "description":
                draft.described += [t for t in [_inline.prose(shown)] if t and len(draft.described) < MAX_TEXTS]
            else:
                draft.add_text(shown if said.kind != "named" else f"{said.name}: {shown}")
            return self._attach(draft, said)
        return []

    def _attach_named(self, draft: Draft, said: Statement) -> list[Draft]:
        """Links under a key: it says what they are, unless it only says that they are links."""
        for piece in said.links:
            if is_own(piece, self._own):
                continue
            link = to_link(said.key if role_word(said.key) else piece.text, piece.url, main=not draft.links)
            if link.role == "repository" and draft.repo not in ("", repo_key(piece.url)):
                link = EntryLink(link.url, "page")
            draft.add_link(link)
        return []

    def mentions(self, said: Statement) -> list[Draft]:
        """The repositories that running text names."""
        return [m for piece in (*said.heads, *said.links) for m in self._mention(piece, said.number)]

    def _mention(self, piece: Piece, number: int) -> list[Draft]:
        found = repo.parse(piece.url)
        if found is None or is_own(piece, self._own):
            return []
        name = _inline.label(piece.text)
        if not name or is_generic(name) or _inline.is_address(piece) or len(name) > 60:
            name = found.name
        return [
            Draft(split_name(name, piece.url)[0], number, [to_link(piece.text, piece.url, main=True)], mention=True)
        ]


def words(pieces: Iterable[Piece]) -> str:
    """What pieces say in prose: links that are mere `code` or addresses say nothing, unless the sentence needs them
    (`a course by [Hugging Face](…)`)."""
    said = ""
    for piece in pieces:
        if not piece.url or not (is_generic(piece.text) or _inline.is_address(piece)) or _NEEDS.search(said[-12:]):
            said += piece.text
    return said


def split_labels(shown: str) -> list[str]:
    """The tags of `[a] [b]`, `a, b`, `a、b`."""
    return [t for t in (_inline.label(part).lstrip("#") for part in _LISTED.split(shown)) if 1 < len(t) <= 40]
