"""How do standard modules that click imports and a search never uses wait until they are asked for?

`inspect` is half of what importing click costs in modules (it brings ast, dis and tokenize), and click asks it for
one function: `cleandoc`, on one-line help texts. `ipaddress` comes with urllib.parse, for addresses in brackets.
importlib.util.LazyLoader does not help: up to Python 3.11 a second `import` of the module makes it load.
"""

from __future__ import annotations

import sys
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


def postpone() -> None:
    """Let `inspect` and `ipaddress` wait, unless they are there already."""
    for stand_in in (_Inspect("inspect"), _Later("ipaddress")):
        sys.modules.setdefault(stand_in.__name__, stand_in)
