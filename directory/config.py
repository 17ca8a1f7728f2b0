"""What is set, and where does each value come from? The only reader of the environment.

Order, the stronger first: a flag, AIDIR_* in the environment, ./aidir.toml, the user's config.toml, the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from directory.errors import ConfigError


class Settings(NamedTuple):
    """Everything that can be set. Frozen; read once at start."""

    home: Path
    """The folder with catalogue.sqlite and index/."""
    language: str
    """Which language comes first in what people read: zh or en."""
    log_searches: bool
    """Whether the command line counts what is searched for (hot searches)."""
    meaning: bool
    """Whether articles are also matched by meaning, where `aidir[meaning]` is installed."""
    hot_blocked: tuple[str, ...]
    """Words that keep a query out of the hot searches."""
    github_api: str
    """GitHub's API; `https://HOST/api/v3` for GitHub Enterprise."""
    token_file: str
    """A file that holds GitHub's token, for when the environment does not."""
    exports: Mapping[str, str]
    """What the nightly job exports, and where to: format -> file or folder."""
    site: str
    """The address at which the exports are published, for feeds."""
    origins: Mapping[str, str]
    """For each setting, where its value came from."""


_NAMES = ("home", "language", "log_searches", "meaning", "hot_blocked", "github_api", "token_file", "exports", "site")
_LANGUAGES = ("zh", "en")
_NOT_IN_PROJECT = ("github_api", "token_file")
"""Where the token comes from and goes to is not for whoever wrote the folder's aidir.toml to say."""


def load(flags: Mapping[str, Any], environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Collect the settings.

    Args:
        flags: values given on the command line; None = not given.
        environ: the environment; the process's own by default.
        folder: where aidir.toml is looked for; the working folder by default.

    Raises:
        ConfigError: an unknown setting, an impossible value, or a file that is not TOML.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}

    def take(found: Mapping[str, Any], origin: str) -> None:
        for name, value in found.items():
            if name not in _NAMES:
                raise ConfigError(f"{origin}: there is no setting '{name}'", "settings: " + ", ".join(_NAMES))
            values[name], origins[name] = value, origin

    project = (folder or Path()) / "aidir.toml"
    user = _user_folder("config", environ) / "config.toml"
    for file in (user, project):
        if file.is_file():
            found = _toml(file)
            odd = [name for name in _NOT_IN_PROJECT if file == project and name in found]
            if odd:
                raise ConfigError(f"{file}: {odd[0]} is not for a project to set", "set it in the user's config.toml")
            take(found, str(file))
    take({n: environ[k] for n in _NAMES if (k := f"AIDIR_{n.upper()}") in environ}, "environment")
    take({n: v for n, v in flags.items() if v is not None}, "flag")
    defaults = {
        "language": _locale(environ), "log_searches": False, "meaning": False, "hot_blocked": (),
        "github_api": "https://api.github.com", "token_file": "",
        "exports": {}, "site": "",
    }  # fmt: skip
    for name, default in defaults.items():
        if name not in values:
            values[name], origins[name] = default, "default"
    if not values.get("home"):
        values["home"], origins["home"] = _user_folder("data", environ), "default"
    return Settings(
        Path(str(values["home"])).expanduser().absolute(),
        _choice("language", values["language"], origins["language"]),
        _flag("log_searches", values["log_searches"], origins["log_searches"]),
        _flag("meaning", values["meaning"], origins["meaning"]),
        _words("hot_blocked", values["hot_blocked"], origins["hot_blocked"]),
        str(values["github_api"]),
        str(values["token_file"]),
        _table("exports", values["exports"], origins["exports"]),
        str(values["site"]),
        origins,
    )


def token(settings: Settings, environ: Mapping[str, str] | None = None) -> str:
    """GitHub's token: GITHUB_TOKEN, else GH_TOKEN, else the file; empty without one.

    It is no setting, so that nothing that shows settings can show it.

    Raises:
        ConfigError: the file cannot be read.
    """
    environ = os.environ if environ is None else environ
    found = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
    if found or not settings.token_file:
        return found.strip()
    try:
        return Path(settings.token_file).expanduser().read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise ConfigError(f"the token cannot be read from {settings.token_file}: {type(error).__name__}") from None


def step_summary(environ: Mapping[str, str] | None = None) -> str:
    """The file that GitHub Actions shows after a step; empty elsewhere."""
    return (os.environ if environ is None else environ).get("GITHUB_STEP_SUMMARY") or ""


def colour(flag: str | None, environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether to print in colour: `--color` > NO_COLOR > FORCE_COLOR > whether a terminal reads.

    Args:
        flag: `always`, `never`, or `auto`/None for the rest of the order.
        environ: the environment (https://no-color.org: set and not empty counts).
        terminal: whether the output is one.
    """
    if flag in ("always", "never"):
        return flag == "always"
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (terminal and environ.get("TERM") != "dumb")


def _toml(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: not readable as TOML: {error}") from None


def _choice(name: str, value: Any, origin: str) -> str:
    if value not in _LANGUAGES:
        raise ConfigError(f"{origin}: {name} is '{value}'", f"{name} can be " + " or ".join(_LANGUAGES))
    return str(value)


def _flag(name: str, value: Any, origin: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if str(value).lower() not in known:
        raise ConfigError(f"{origin}: {name} is '{value}'", f"{name} can be true or false")
    return known[str(value).lower()]


def _words(name: str, value: Any, origin: str) -> tuple[str, ...]:
    """A list of words; in the environment they are separated by commas."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(word, str) for word in found):
        raise ConfigError(f"{origin}: {name} is no list of words", f'{name} = ["…", "…"]')
    return tuple(word.strip() for word in found if word.strip())


def _table(name: str, value: Any, origin: str) -> Mapping[str, str]:
    """A table of texts; in the environment it is written `api=public/api/v1,atom=public/feed.xml`."""
    if isinstance(value, str):
        value = dict(part.strip().partition("=")[::2] for part in value.split(",") if part.strip())
    if not isinstance(value, Mapping) or not all(isinstance(v, str) and v for v in value.values()):
        raise ConfigError(f"{origin}: {name} is no table of names and paths", f'{name} = {{ api = "public/api/v1" }}')
    return dict(value)


def _locale(environ: Mapping[str, str]) -> str:
    """`en` when the terminal's locale is an English one, else `zh`: the directory is for readers of Chinese first."""
    chosen = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if chosen.lower().startswith("en") else "zh"


def _user_folder(kind: str, environ: Mapping[str, str]) -> Path:
    """The platform's folder for user data or configuration.

    On Unix the XDG rule is two lines; platformdirs, which knows the others, takes longer to import than a search.
    """
    if os.name == "posix" and os.uname().sysname != "Darwin":
        default = {"data": ".local/share", "config": ".config"}[kind]
        base = environ.get(f"XDG_{kind.upper()}_HOME") or ""
        return Path(base if base.startswith("/") else Path(environ.get("HOME") or "~").expanduser() / default) / "aidir"
    import platformdirs

    folders = {"data": platformdirs.user_data_path, "config": platformdirs.user_config_path}
    return folders[kind]("aidir", appauthor=False)
