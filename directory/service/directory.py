"""What can be done with the directory, in one class?"""

from __future__ import annotations

from directory.service.curator import Curator
from directory.service.keeper import Keeper


class Directory(Keeper, Curator):
    """The directory in one home folder: everything that can be done with it."""
