"""`aidir completion`: what does the shell need to complete commands, categories and names?"""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName aidir -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:COMP_WORDS = $commandAst.ToString()
    $env:COMP_CWORD = $wordToComplete
    $env:_AIDIR_COMPLETE = 'fish_complete'
    aidir | ForEach-Object {
        $fields = ($_ -split ',', 2)[1] -split "`t", 2
        $tip = if ($fields.Count -gt 1 -and $fields[1]) { $fields[1] } else { $fields[0] }
        [System.Management.Automation.CompletionResult]::new($fields[0], $fields[0], 'ParameterValue', $tip)
    }
    Remove-Item Env:_AIDIR_COMPLETE, Env:COMP_WORDS, Env:COMP_CWORD
}
"""


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """补全 Print the completion script for a shell.

    \b
    Examples:
      eval "$(aidir completion bash)"
      aidir completion fish > ~/.config/fish/completions/aidir.fish
    """
    if shell == "powershell":
        click.echo(_POWERSHELL, nl=False)
        return
    kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    root = context.find_root().command
    click.echo(kinds[shell](root, {}, "aidir", "_AIDIR_COMPLETE").source())
