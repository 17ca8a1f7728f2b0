"""What can be done with the directory? Each use case is one method of `Directory`.

The only place that puts parts together. Imports stand inside the methods on purpose: a search must not pay for what an
import needs (tests/test_structure.py).

    directory all of it in one class
    home      the folder: catalogue, index, locks, transactions
    reader    search, show, history, terms, status
    curator   import, add, edit, merge, review, lint, backup
    matchmaker match a text, articles and their matches, what is like a resource
    publisher export to other sites (`tree` puts the files in place)
    keeper    check, refresh, nightly (`scope`: which links; `round`: one run; `finding`, `facts`: what it changes;
              `report`, `notice`: how it is told)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from directory.service.directory import Directory
    from directory.service.home import Talk
    from directory.service.reader import Status

__all__ = ["Directory", "Status", "Talk"]
_HOMES = {"Directory": "directory", "Status": "reader", "Talk": "home"}


def __getattr__(name: str) -> Any:
    """Import what is asked for: `Directory` needs every use case, a search only `reader`."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"directory.service.{_HOMES[name]}"), name)
