"""What did the user hand over: a file, a text, or what comes through the pipe?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from directory import text
from directory.errors import InputError, UnreadableFile

if TYPE_CHECKING:
    from directory.match.plain import Plain

_LONGEST_PATH = 1000


def read(given: str) -> Plain:
    """Read a file, `-` (standard input) or the text itself; notes go to stderr.

    Raises:
        UnreadableFile: there is no such file, or it is not text.
        InputError: it is an address, or HTML without the package that reads it.
    """
    from directory.match import plain

    if given == "-":
        found = plain.read(sys.stdin.buffer.read(plain.MAX_BYTES + 1))
    elif (path := _path(given)) is not None:
        try:
            with path.open("rb") as file:
                found = plain.read(file.read(plain.MAX_BYTES + 1), path.name)
        except OSError as error:
            raise UnreadableFile(f"cannot read {path}: {error.strerror}", "is the path right?") from None
    else:
        found = plain.read(given.encode(errors="replace"))
    for note in found.notes:
        click.echo(f"note: {note}", err=True)
    return found


def _path(given: str) -> Path | None:
    """The path that is meant, if one is: what has blanks or Han characters and names no file is a text."""
    if len(given) < _LONGEST_PATH and "\n" not in given and "\0" not in given:
        path = Path(given)
        if path.exists():
            return path
        if given.startswith(("http://", "https://")) and " " not in given:
            raise InputError("addresses are not fetched", "save the page and give the file, or pipe its text in: -")
        if not text.has_han(given) and " " not in given and ("/" in given or "." in given[1:]):
            raise UnreadableFile(f"there is no file {given}", "give a file, a text in quotes, or - for standard input")
    return None
