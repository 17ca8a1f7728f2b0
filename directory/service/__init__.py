"""What can be done with the directory? Each use case is one method of `Directory`.

The only place that puts parts together. Imports stand inside the methods on purpose: a search must not pay for what an
import needs (tests/test_structure.py).

    home      the folder: catalogue, index, locks, transactions
    reader    search, show, history, terms, status
    curator   import, add, edit, merge, review, lint, backup
    matchmaker match a text, articles and their matches, what is like a resource
    publisher export to other sites (`tree` puts the files in place)
    keeper    check, refresh, nightly (`scope`: which links; `round`: one run; `finding`, `facts`: what it changes;
              `report`, `notice`: how it is told)
"""

from __future__ import annotations

from directory.service.curator import Curator
from directory.service.home import Talk
from directory.service.keeper import Keeper
from directory.service.reader import Status

__all__ = ["Directory", "Status", "Talk"]


class Directory(Keeper, Curator):
    """The directory in one home folder: everything that can be done with it."""
