"""How does one record of a data file become an entry without losing a field?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from directory import repo, text, url
from directory.importers import EntryLink
from directory.importers._file import texts


class Record:
    """A mapping whose fields are taken one by one; what is left is `extra`.

    A field is only taken when the entry holds it unchanged: an address that had to be mended, or a value of an
    unexpected type, stays in `extra` as written, so that an exporter can write the record back.
    """

    def __init__(self, data: Mapping[Any, Any]) -> None:
        self.extra: dict[str, object] = {str(key): value for key, value in data.items()}
        self.links: list[EntryLink] = []

    def take(self, key: str) -> str:
        """The text of a field; empty where there is none."""
        value = self.extra.get(key)
        if not isinstance(value, str) or not (shown := text.clean(value)):
            return ""
        if shown == value:
            del self.extra[key]
        return shown

    def take_list(self, key: str) -> tuple[str, ...]:
        """The texts of a list field."""
        value = self.extra.get(key)
        found = tuple(text.clean(v) for v in texts(value))
        if isinstance(value, list) and list(found) == value:
            del self.extra[key]
        return found

    def take_flag(self, key: str) -> bool:
        """A yes or no; no where there is none."""
        return self.extra.pop(key) is True if isinstance(self.extra.get(key), bool) else False

    def take_link(self, key: str, role: str) -> None:
        """An address, as a link of a role."""
        value = self.extra.get(key)
        address = url.tidy(value) if isinstance(value, str) else None
        if address is None:
            return
        self.links.append(EntryLink(address, role))
        if address == value:
            del self.extra[key]

    def take_repository(self, key: str) -> None:
        """`owner/name` on GitHub, as a repository link."""
        value = self.extra.get(key)
        name = repo.parse_name(value) if isinstance(value, str) else None
        if name is None:
            return
        self.links.append(EntryLink(name.url, "repository"))
        if str(name) == value:
            del self.extra[key]


def summary(shown: str) -> dict[str, str]:
    """A description under its language; empty where there is none."""
    return {text.language(shown): shown} if shown else {}


def mappings(value: object) -> Iterable[dict[Any, Any]]:
    """The mappings in a list; nothing where it is no list."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
