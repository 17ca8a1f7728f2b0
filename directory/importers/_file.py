"""How does an importer read a source of several files without one bad file costing the others?"""

from __future__ import annotations

import re
from collections.abc import Callable

from directory.document import Value, load_yaml
from directory.errors import UnreadableFile
from directory.importers import Leftover, Place, Reading, Source, SourceFile

_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_CHARACTERS = 32_000_000
MAX_MISSES = 100
"""Of values that do not stand in a file as they are (escaped, folded): each costs a search to the file's end."""


def read_each(source: Source, read: Callable[[SourceFile], Reading]) -> Reading:
    """Read every file and put the readings together.

    A file that cannot be read is a leftover, unless none can.

    Raises:
        UnreadableFile: the source has no file, or none of its files is of this form.
    """
    readings: list[Reading] = []
    leftovers: list[Leftover] = []
    error: UnreadableFile | None = None
    for file in source.files:
        try:
            readings.append(read(checked(file)))
        except UnreadableFile as caught:
            error = error or caught
            leftovers.append(Leftover(Place(file.path), "", str(caught)))
    if not readings:
        raise error or UnreadableFile(f"{source.name}: no file to read")
    return Reading(
        tuple(e for r in readings for e in r.entries),
        tuple(a for r in readings for a in r.articles),
        tuple(k for r in readings for k in r.keywords),
        tuple(o for r in readings for o in r.leftovers) + tuple(leftovers),
    )


def load(file: SourceFile) -> Value:
    """The data of a YAML file."""
    return load_yaml(file.text, file.path)


def texts(value: object) -> list[str]:
    """The strings in a value of a data file: of a list those it holds, of a string itself."""
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | int | float) and not isinstance(v, bool) and str(v).strip()]


class Lines:
    """Finds the lines of values that stand in a file in the order in which they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._misses = 0

    def find(self, value: str) -> int:
        """The line on which the value stands next, counted from 1; 0 when it does not stand there as it is."""
        if not value or self._misses > MAX_MISSES:
            return 0
        found = self._text.find(value, self._at)
        if found < 0:
            self._misses += 1
            return 0
        self._line += self._text.count("\n", self._at, found)
        self._at = found
        return self._line


def checked(file: SourceFile) -> SourceFile:
    """The file with its text as it can be written again: without byte order mark and lone surrogates.

    Raises:
        UnreadableFile: it is too large, or no text.
    """
    if len(file.text) > MAX_CHARACTERS:
        raise UnreadableFile(f"{file.path}: larger than {MAX_CHARACTERS // 1_000_000} million characters")
    if "\0" in file.text:
        raise UnreadableFile(f"{file.path}: binary, not text")
    return SourceFile(file.path, _SURROGATE.sub("\ufffd", file.text).removeprefix("\ufeff"))
