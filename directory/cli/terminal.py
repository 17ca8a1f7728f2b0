"""What can the terminal show, and what is the user told while something runs?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from directory.service.home import Talk


class TerminalTalk(Talk):
    """Talks on stderr; progress is shown on a terminal only, and only when a task takes longer than half a second."""

    def say(self, line: str) -> None:
        """One line."""
        click.echo(f"aidir: {line}", err=True)

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A counter on one line, rewritten ten times a second at most."""
        if not sys.stderr.isatty():
            yield lambda done: None
            return
        start = shown = time.monotonic()

        def tick(done: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - start > 0.5 and now - shown > 0.1:
                shown = now
                click.echo(f"\r{what}: {done}" + (f"/{total}" if total else "") + "\x1b[K", nl=False, err=True)

        try:
            yield tick
        finally:
            if shown != start:
                click.echo("\r\x1b[K", nl=False, err=True)


def width() -> int:
    """Columns of the terminal, between 40 and 120."""
    import shutil

    return min(max(shutil.get_terminal_size((100, 24)).columns, 40), 120)


_HANGING = "，。、；：！？）】》”’,.;:!?)]"
"""What stands at the end of a line rather than at the start of the next; room is kept for one."""


def wrap(text: str, columns: int, indent: str) -> list[str]:
    """Break text into lines by display width: a Han character takes two columns and may end a line anywhere."""
    from wcwidth import wcwidth

    lines: list[str] = []
    line, used, last_space = "", 0, -1
    room = columns - len(indent) - 2
    for character in text:
        size = max(wcwidth(character), 0)
        if used + size > room + (2 if character in _HANGING else 0):
            if last_space > 0 and character != " " and line[last_space + 1 :].isascii():
                lines.append(line[:last_space])
                line = line[last_space + 1 :]
            else:
                lines.append(line)
                line = ""
            used, last_space = sum(max(wcwidth(c), 0) for c in line), -1
        if character == " ":
            if not line:
                continue
            last_space = len(line)
        line += character
        used += size
    return [indent + found.rstrip() for found in (*lines, line) if found]


def beside(lead: str, text: str, columns: int) -> str:
    """Text behind a lead, its further lines under its first. An address, and what no terminal shows, stays one line."""
    if "://" in text or not sys.stdout.isatty():
        return lead + text
    from wcwidth import wcswidth

    indent = " " * max(wcswidth(lead), 0)
    return lead + "\n".join(wrap(text, columns, indent)).removeprefix(indent)


def pad(text: str, columns: int) -> str:
    """Text filled up with spaces to a display width."""
    from wcwidth import wcswidth

    return text + " " * max(columns - max(wcswidth(text), 0), 0)
