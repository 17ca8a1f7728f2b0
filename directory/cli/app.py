"""Which command runs, and what does the shell get back?

Exit codes: 0 yes; 1 it ran and the answer is no (no hits); 2 an error; 4 a token or rate limit; 130 Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from directory import plugins
from directory.errors import AidirError

_SECTIONS = {
    "Find": ("search", "suggest", "match", "similar", "show", "list", "terms", "hot", "article"),
    "Curate": ("import", "add", "edit", "tag", "merge", "rename", "hide", "unhide", "review", "history", "lint"),
    "Publish": ("export",),
    "Operate": ("nightly", "check", "refresh", "index", "status", "backup", "restore", "config", "completion"),
}
EXAMPLES = """\
\b
Examples:
  aidir search 大模型                      find resources, in Chinese or English
  aidir search "fine-tuning" --json        the same for a program
  aidir match article.md                   resources that go with an article, with the reasons
  aidir show dify                          everything about one resource
  aidir list --category rag --sort stars   what is filed under a category
  aidir terms                              the categories and what else they are called
"""


def _command_names() -> list[str]:
    return sorted(name.rstrip("_") for name in plugins.names("cli.commands"))


class Commands(click.Group):
    """The commands, found by file name and imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return _command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command's module; None when there is no such file."""
        if cmd_name not in _command_names():
            return None
        suffix = "" if cmd_name.isidentifier() and cmd_name not in ("import", "list") else "_"
        found: click.Command = import_module(f"directory.cli.commands.{cmd_name}{suffix}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one gets the nearest names as a hint."""
        if args and args[0] not in _command_names() and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _command_names(), n=2, cutoff=0.5)
            hint = " or ".join(f"aidir {n}" for n in near) if near else f"aidir search {args[0]}"
            raise click.UsageError(f"there is no command '{args[0]}'; did you mean: {hint}?", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in sections, in the order in which they are needed."""
        names = _command_names()
        sections = dict(_SECTIONS)
        placed = {name for section in sections.values() for name in section}
        sections["Other"] = tuple(n for n in names if n not in placed)
        for title, listed in sections.items():
            rows = []
            for name in listed:
                found = self.get_command(ctx, name)
                if found is not None:
                    rows.append((name, found.get_short_help_str(limit=80)))
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
    epilog=EXAMPLES,
)
@click.version_option(package_name="aidir", message="aidir %(version)s")
@click.option("--home", metavar="DIR", help="Folder with the catalogue and its index. [AIDIR_HOME]")
@click.pass_context
def cli(context: click.Context, home: str | None) -> None:
    """A curated, bilingual directory of AI resources. 中英双语的 AI 资源目录。"""
    if context.invoked_subcommand is None:
        click.echo("aidir: find AI tools, models and learning material; 查找 AI 工具、模型与学习资料\n")
        click.echo(EXAMPLES.replace("\b\n", "").rstrip())
        click.echo("\nAll commands: aidir --help")


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Every error is one line on stderr, with a hint."""
    try:
        result = cli.main(args=list(arguments), prog_name="aidir", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "aidir"
        return _fail(error.format_message(), f"{command} --help", 2)
    except click.ClickException as error:
        return _fail(error.format_message(), "", 2)
    except AidirError as error:
        return _fail(str(error), error.hint, error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        # The reader has gone (`aidir list | head`): not our error. Nothing may be flushed into the pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except RecursionError:
        return _fail("the input is nested too deep", "", 2)
    except MemoryError:
        return _fail("there is not enough memory for this input", "", 2)
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), "", 2)
    return result if isinstance(result, int) else 0


def _fail(message: str, hint: str, code: int) -> int:
    from directory.text import clean, clip

    click.echo(f"aidir: {clip(clean(message), 400)}" + (f"\n  hint: {clean(hint)}" if hint else ""), err=True)
    return code
