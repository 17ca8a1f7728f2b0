"""`aidir edit`: change what is said about a resource."""

from __future__ import annotations

import click

from directory import document
from directory.cli import option
from directory.errors import InputError
from directory.models import LINK_ROLES
from directory.service import Directory

_FORM = """\
# Edit and save; an empty or unchanged file changes nothing. Lines that begin with # are left out.
# kind: project, model, dataset, tool, course, site    pricing: 开源免费, 开放权重, 免费, 免费增值, 付费
# terms: the home category first (see: aidir terms)
"""


@click.command("edit")
@click.argument("slug", shell_complete=option.complete_slug)
@option.fields
@click.option("--link", "links", multiple=True, type=(click.Choice(LINK_ROLES), str), metavar="ROLE URL",
              help="Add an address with its role; may be repeated.")  # fmt: skip
@option.common
def command(
    directory: Directory, slug: str, values: dict[str, object], links: tuple[tuple[str, str], ...], color: str | None
) -> None:
    """编辑 Change a resource by options, or in $EDITOR when none is given.

    No later import overwrites what you set here.

    \b
    Examples:
      aidir edit dify --summary-en "..." --licence Apache-2.0
      aidir edit dify
    """
    if not values and not links:
        values = _in_editor(directory, slug)
    changed = directory.edit(slug, values, [(address, role) for role, address in links])
    click.echo(f"{slug}: {'changed ' + ', '.join(changed) if changed else 'nothing changed'}")


def _in_editor(directory: Directory, slug: str) -> dict[str, object]:
    before = directory.editable(slug)
    saved = click.edit(_FORM + document.dump_yaml(before), extension=".yaml")
    if saved is None or not saved.strip():
        return {}
    after = document.load_yaml(saved, "the edited text")
    if not isinstance(after, dict):
        raise InputError("the edited text is not a list of fields", "nothing was changed")
    return {str(k): v for k, v in after.items() if before.get(k) != v}
