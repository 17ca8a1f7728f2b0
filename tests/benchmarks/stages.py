"""What does each stage of building an index cost? CPU seconds and memory, in a process of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

STAGES = {
    "jieba's dictionary": ("directory.segmentation", "compile_dictionary"),
    "words of our own": ("directory.indexing", "_words"),
    "lexicon, CC-CEDICT": ("directory.search._lexicon", "learn"),
    "segmentation, impacts, postings": ("directory.search._postings", "gather"),
    "senses, profiles": ("directory.search._senses", "learn"),
    "Whoosh": ("directory.search._record", "_write"),
    "spelling": ("directory.search._repair", "collect"),
    "compiled index": ("directory.search._compile", "compile_index"),
}
"""The functions whose time is taken. One that is not there any more is an error: then this list must follow."""
REST = "order, terms, checksums, fsync"
WHOLE = "all"


def timed(spent: dict[str, float]) -> None:
    """Let every stage note the CPU seconds that it takes from now on in this process."""
    for name, (module, function) in STAGES.items():
        found = import_module(module)
        setattr(found, function, _noting(name, getattr(found, function), spent))


def _noting(name: str, do: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    @wraps(do)
    def noting(*arguments: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return do(*arguments, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - began

    return noting


def answer_of(do: Callable[..., None], *arguments: object) -> Any:
    """What a function sends that runs in a fresh process; it gets the connection to send by as its last argument."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=do, args=(*arguments, there))
    process.start()
    there.close()
    try:
        found = here.recv()
    except EOFError:
        process.join()
        sys.exit(f"{do.__name__} ended with {process.exitcode} and no figures")
    process.join()
    return found


Answer = Connection
