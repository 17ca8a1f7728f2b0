"""How much of the real lists does the `awesome` importer capture? `python -m tests.capture [LISTS_DIR]`.

For each Markdown list: the repositories it links outside prose, how many of them are links of an entry, the entries and
the leftovers. `--sample N --seed S` prints N random entries for judging by eye; `--missing` what was not captured.

"Linked outside prose" is counted without the importer's parser: every distinct GitHub repository that a regular
expression finds in the raw text, after click wrappers (`?target=https://…`) are undone, except
- addresses of pictures and badges (`src=…`, `![…](…)`, shields.io, star-history, contrib.rocks, raw files, `/assets/`),
- the list's own repository (its folder is called `owner__name`),
- what stands in a comment or a fenced block of code,
- what occurs only in flowing prose: a paragraph of more than 200 characters around its links, none of whose lines
  begins like a list item, a numbered entry, a table row, a heading, a bold or bracketed name, a link, or HTML.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from urllib.parse import unquote

from directory import repo
from directory.importers import Entry, Reading, Source, SourceFile, awesome
from directory.taxonomy import Taxonomy

LISTS = Path(__file__).resolve().parents[2] / "shared" / "lists"

_REPOSITORY = re.compile(
    r"(?<![\w.])(?:www\.)?github\.com/([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+)([^\s)\]>\"'，。；、）】》|]*)", re.I
)
_PICTURE = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|\bsrc(?:set)?\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)"
    r"|https?://(?:img\.shields\.io|api\.star-history\.com|(?:www\.)?star-history\.com|contrib\.rocks|raw\.githubusercontent\.com)[^\s)\"'>]*",
    re.I,
)
_BEGINS = re.compile(r"\s*(?:[-*+•>|#<【\[]|\*\*|\d+[.、)）]|\[)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|https?://\S+")


def linked(raw: str, own: str) -> dict[str, str]:
    """The repositories linked outside prose: `owner/name` in lower case -> the line it was first seen in."""
    raw = re.sub(r"<!--.*?-->|^(```|~~~).*?^\1", "", raw, flags=re.S | re.M)
    raw = re.sub(r"https?://[^\s)\]]*?[?&](?:target|url|to)=(https?(?::|%3A)[^\s)&\]]+)", lambda m: unquote(m[1]), raw)
    found: dict[str, str] = {}
    for paragraph in re.split(r"\n\s*\n", raw):
        plain = _LINK.sub(lambda m: m[1] or "", paragraph)
        if len(plain) > 200 and not any(_BEGINS.match(line) for line in paragraph.splitlines()):
            continue
        for line in paragraph.splitlines():
            for match in _REPOSITORY.finditer(_PICTURE.sub(" ", line)):
                name = repo.parse_name(match[1].rstrip("."))
                if name and name.key != own and "/assets/" not in match[2]:
                    found.setdefault(name.key, line.strip())
    return found


def captured(entries: tuple[Entry, ...]) -> set[str]:
    """The repositories that entries link to."""
    return {name.key for entry in entries for link in entry.links if (name := repo.parse(link.url))}


def lists(folder: Path) -> Iterator[tuple[str, Source]]:
    """The Markdown lists of a folder: each subfolder `owner__name` and its files."""
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        files = tuple(
            SourceFile(str(f.relative_to(place)), f.read_text(encoding="utf-8", errors="replace"))
            for f in sorted(place.rglob("*.md"))
        )
        if files:
            yield place.name, Source(place.name.replace("__", "/", 1), files)


def show(entry: Entry, source: str) -> str:
    """An entry as a block of text for judging."""
    rows = [f"{entry.name}   [{source} {entry.place.path}:{entry.place.line}]"]
    rows += [f"    path    {' > '.join(entry.path)}   labels {list(entry.labels)}"]
    rows += [f"    {link.role:<11} {link.url}" for link in entry.links]
    rows += [f"    {language}      {summary[:300]}" for language, summary in entry.summaries.items()]
    if entry.licence or entry.extra:
        rows.append(f"    licence {entry.licence!r} extra {entry.extra}")
    return "\n".join(rows)


def main(arguments: list[str]) -> None:
    """Print the table, or a sample."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=LISTS)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missing", action="store_true")
    options = parser.parse_args(arguments)
    pool: list[tuple[str, Entry]] = []
    total_linked = total_captured = total_entries = total_left = 0
    print(f"{'list':44} {'linked':>7} {'captured':>8} {'%':>6} {'entries':>7} {'leftovers':>9} {'seconds':>7}")
    for name, source in lists(options.folder):
        start = perf_counter()
        reading: Reading = awesome.read(source, Taxonomy({}))
        seconds = perf_counter() - start
        wanted = linked("\n\n".join(f.text for f in source.files), source.name.lower())
        got = wanted.keys() & captured(reading.entries)
        share = 100 * len(got) / len(wanted) if wanted else 100.0
        row = (len(wanted), len(got), share, len(reading.entries), len(reading.leftovers), seconds)
        print("{:44} {:7} {:8} {:6.1f} {:7} {:9} {:7.2f}".format(name, *row))
        total_linked, total_captured = total_linked + len(wanted), total_captured + len(got)
        total_entries, total_left = total_entries + len(reading.entries), total_left + len(reading.leftovers)
        pool += [(name, entry) for entry in reading.entries]
        if options.missing:
            for key in sorted(wanted.keys() - got):
                print(f"    {key}: {wanted[key][:200]}")
    share = 100 * total_captured / max(total_linked, 1)
    print(f"{'total':44} {total_linked:7} {total_captured:8} {share:6.1f} {total_entries:7} {total_left:9}")
    for name, entry in random.Random(options.seed).sample(pool, min(options.sample, len(pool))):
        print("\n" + show(entry, name))


if __name__ == "__main__":
    main(sys.argv[1:])
