"""What can go wrong, and what the process says and returns when it does.

    AidirError                 exit 2
    ├── InputError             what the user gave cannot be used
    │   ├── UnreadableFile     a file is missing, binary, too large or cut off
    │   └── UnknownName        a category, slug or format that does not exist
    ├── ConfigError            a setting is unknown or has an impossible value
    ├── CatalogueError         the catalogue cannot be opened, read or written
    │   └── CatalogueBusy      another process holds the write lock
    ├── IndexDamaged           the index is missing, stale or unreadable; rebuilt by itself
    └── LimitError             exit 4: a token is missing or a rate limit is used up

Every error is one line for a person (`str(error)`) plus an optional hint that says what to do next.
"""

from __future__ import annotations


class AidirError(Exception):
    """The root: a message in one line, a hint, and the exit code the command ends with.

    Args:
        message: what is wrong, in one line.
        hint: what the user can do about it, in one line; may be empty.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(AidirError):
    """What the user gave cannot be used."""


class UnreadableFile(InputError):
    """A file is missing, binary, too large or cut off."""


class UnknownName(InputError):
    """A category, slug or format that does not exist."""


class ConfigError(AidirError):
    """A setting is unknown or has an impossible value."""


class CatalogueError(AidirError):
    """The catalogue cannot be opened, read or written."""


class CatalogueBusy(CatalogueError):
    """Another process holds the write lock."""


class IndexDamaged(AidirError):
    """The index is missing, stale or unreadable. It is disposable: the caller rebuilds it."""


class LimitError(AidirError):
    """A token is missing or a rate limit is used up."""

    exit_code = 4
