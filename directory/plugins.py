"""Which plugins does a package hold? Told from the file names alone; a plugin is imported when it is used."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

from directory.errors import UnknownName


def names(package: str) -> list[str]:
    """The plugins of a package, by name, in alphabetical order: its files that do not begin with `_`.

    Args:
        package: `importers`, `exporters`, `checkers`, `search` or `cli.commands`.
    """
    # Not importlib.resources: that takes as long to import as half a search.
    files = os.listdir(os.path.join(os.path.dirname(__file__), *package.split(".")))
    return sorted(name[:-3] for name in files if name.endswith(".py") and not name.startswith("_"))


def load(package: str, name: str) -> ModuleType:
    """Import one plugin.

    Raises:
        UnknownName: the package has no plugin of that name; the hint lists those it has.
    """
    known = names(package)
    if name not in known:
        raise UnknownName(f"no {package[:-1]} is called '{name}'", "there are: " + ", ".join(known))
    return import_module(f"directory.{package}.{name}")
