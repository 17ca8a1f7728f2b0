"""How do standard modules that click imports and a search never uses wait until they are asked for?

`inspect` is half of what importing click costs in modules (it brings ast, dis and tokenize), and click asks it for
one function: `cleandoc`, on one-line help texts. `platform` comes with uuid, which click has for an option type, to be
asked for the system's name. `ipaddress` comes with urllib.parse, for addresses in brackets, and that with pathlib, for
`Path.as_uri`. `gettext` would look for a translation of click's messages, which has none, with `locale`.
importlib.util.LazyLoader does not help: up to Python 3.11 a second `import` of the module makes it load.

`datetime` and `uuid` give click a class each for two types of options. No command here has such an option
(tests/test_structure.py), so stand-ins with such classes are there while click is imported, and not after.
"""

from __future__ import annotations

import os
import sys
import urllib
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands in for a module; becomes it with the first attribute that somebody asks for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system looks for __path__ and the like
            raise AttributeError(name)
        return getattr(self._real(), name)

    def _real(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        real = import_module(self.__name__)
        self.__dict__.update(real.__dict__)
        return real


class _Inspect(_Later):
    def cleandoc(self, text: str) -> str:
        """What `inspect.cleandoc` makes of one line, without it."""
        if "\n" in text or "\t" in text:
            return str(self._real().cleandoc(text))
        return text.lstrip(" ")


class _Platform(_Later):
    def system(self) -> str:
        """What `platform.system` says on Unix, without it."""
        return os.uname().sysname if hasattr(os, "uname") else str(self._real().system())


class _Gettext(_Later):
    def gettext(self, message: str) -> str:
        """The message as it is written."""
        return message

    def ngettext(self, one: str, several: str, number: int) -> str:
        """The form of an English message that goes with a number."""
        return one if number == 1 else several


class _Parse(_Later):
    def quote_from_bytes(self, *given: Any) -> str:
        """What `urllib.parse.quote_from_bytes` says: pathlib takes the function when it is imported."""
        return str(self._real().quote_from_bytes(*given))


class _OfClick(_Later):
    class datetime:
        """In the place of `datetime.datetime`."""

    class UUID:
        """In the place of `uuid.UUID`."""


def postpone() -> None:
    """Let the modules wait that are not there already, and import click."""
    for stand_in in (_Inspect("inspect"), _Platform("platform"), _Later("ipaddress"), _Gettext("gettext")):
        sys.modules.setdefault(stand_in.__name__, stand_in)
    if "urllib.parse" not in sys.modules:
        sys.modules["urllib.parse"] = urllib.__dict__["parse"] = _Parse("urllib.parse")
    types = [_OfClick(name) for name in ("datetime", "uuid") if name not in sys.modules]
    sys.modules.update((stand_in.__name__, stand_in) for stand_in in types)
    import click  # noqa: F401

    for stand_in in types:
        if sys.modules[stand_in.__name__] is stand_in:
            del sys.modules[stand_in.__name__]
