"""`aidir match`: which resources go with an article, and why?"""

from __future__ import annotations

import click

from directory import text
from directory.cli import option, proposal, reading, render
from directory.service import Directory


@click.command("match")
@click.argument("article", metavar="FILE|TEXT|-")
@click.option("--title", default="", help="The article's title; by default its first heading or short first line.")
@click.option("--limit", "-n", type=click.IntRange(1, 100), default=15, show_default=True, help="Resources at most.")
@click.option("--groups", "-g", type=click.IntRange(1, 20), default=4, show_default=True, help="Groups at most.")
@click.option("--explain", is_flag=True, help="Say why: words with their places, the way through the terms, shares.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the block; by default the article's.")
@click.option("--json", "how", flag_value="json", help="One JSON object, with the reasons.")
@click.option("--md", "how", flag_value="md", help="A Markdown block to paste.")
@click.option("--html", "how", flag_value="html", help="An HTML block to paste.")
@option.common
def command(
    directory: Directory,
    article: str,
    title: str,
    limit: int,
    groups: int,
    explain: bool,
    lang: str | None,
    how: str | None,
    color: str | None,
) -> int:
    """配套 Find the resources that go with an article: plain text, Markdown or HTML, Chinese or English.

    They come in groups, as terms that the article is about or that lie beside those. Nothing fits often enough: then
    it says so and ends with 1. Addresses are not fetched. HTML needs: pip install 'aidir[html]'.
    By meaning, too, not by words alone: pip install 'aidir[meaning]' and the setting meaning = true.

    \b
    Examples:
      aidir match article.md
      aidir match article.md --explain
      aidir match page.html --html > block.html
      pbpaste | aidir match - --json
    """
    given = reading.read(article)
    found = directory.match(text.clean(title) or given.title, given.body, limit=limit, groups=groups)
    terms = directory.taxonomy()
    language = lang or text.language(f"{given.title} {given.body[:2000]}")
    if how == "json":
        click.echo(render.dumps(proposal.as_json(found, terms)))
    elif found.groups:
        shown = proposal.blocks(found, terms, language, explain=explain)
        write = {"md": proposal.as_markdown, "html": proposal.as_html}.get(how or "", proposal.as_text)
        click.echo(write(shown, language))
    if not found.groups:
        click.echo("nothing in the directory fits this text (没有合适的资源)", err=True)
        return 1
    return 0
