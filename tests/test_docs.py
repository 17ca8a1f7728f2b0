"""docs/cli.md is what `--help` prints. Write it anew with `python -m tests.test_docs`."""

from __future__ import annotations

from pathlib import Path

import click

from directory.cli.app import cli

PATH = Path(__file__).resolve().parents[1] / "docs" / "cli.md"


def _commands(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    found = [(name, command)]
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for child in command.list_commands(context):
            inner = command.get_command(context, child)
            assert inner is not None
            found += _commands(inner, f"{name} {child}")
    return found


def render() -> str:
    """Every command's help, in one document."""
    parts = ["# Commands\n\nWhat `--help` prints; a test keeps this file true.\n"]
    for name, command in _commands(cli, "aidir"):
        context = click.Context(
            command, info_name=name, max_content_width=100, terminal_width=100, help_option_names=["-h", "--help"]
        )
        parts.append(f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def test_the_documentation_is_what_help_prints() -> None:
    assert PATH.read_text("utf-8") == render()


def test_every_command_has_help_with_an_example() -> None:
    for name, command in _commands(cli, "aidir"):
        assert command.help, name
        assert "xample" in command.help + str(command.epilog), name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, (name, option.name)


if __name__ == "__main__":
    PATH.write_text(render(), "utf-8")
