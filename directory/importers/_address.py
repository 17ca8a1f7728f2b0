"""Which address does a piece of a file mean, whatever it holds?"""

from __future__ import annotations

from directory import text, url


def read(raw: str) -> str | None:
    """The http(s) address, None when it means none: `url.tidy` for text that nobody has looked at yet."""
    try:
        return url.tidy(text.clean(raw))
    except ValueError:  # a wrapped address that is none, e.g. `?target=http://[`
        return None
