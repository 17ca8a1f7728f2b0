"""Where are the files that come with the program? In the wheel under `_data`, in a checkout at its root."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The bundled folder `seeds` or `migrations`: an editable install has no `_data`, so the checkout serves."""
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
