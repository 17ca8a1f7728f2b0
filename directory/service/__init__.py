"""What can be done with the directory? Each use case is one method of `Directory`.

The only place that puts parts together. Imports stand inside the methods on purpose: a search must not pay for what an
import needs (tests/test_structure.py).

    home      the folder: catalogue, index, locks, transactions
    reader    search, show, history, terms, status
    curator   import, add, edit, merge, review, lint, backup
"""

from __future__ import annotations

from directory.service.curator import Curator
from directory.service.home import Talk
from directory.service.reader import Reader, Status

__all__ = ["Directory", "Status", "Talk"]


class Directory(Reader, Curator):
    """The directory in one home folder: everything that can be done with it."""
