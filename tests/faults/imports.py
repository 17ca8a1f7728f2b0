"""Can a hostile file hurt us when it is imported? Fault table, row 16: `python -m tests.faults.imports`."""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

from directory import config, plugins
from directory.errors import AidirError
from directory.service import Directory
from tests.faults.table import Cases, report

CASES = Cases()
LONGEST = 20.0  # seconds for one hostile file
MOST = 900_000_000  # bytes of memory for the whole run


def _aliases() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{other}: &{other} [{', '.join([f'*{one}'] * 9)}]")
    return "\n".join(lines)


FILES: dict[str, bytes] = {
    "yaml alias bomb": _aliases().encode(),
    "yaml of 20,000 brackets": b"[" * 20_000,
    "yaml of 20,000 braces": b"{a: " * 20_000,
    "yaml that builds an object": b"!!python/object/apply:os.system ['touch /tmp/aidir-was-here']",
    "yaml merge keys on themselves": b"a: &a {<<: *a}",
    "json of 100,000 brackets": b"[" * 100_000,
    "json of 100,000 closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "json with a huge number": b'{"resources": [{"name": "x", "stars": 1' + b"0" * 10_000 + b"}]}",
    "binary": bytes(range(256)) * 4_000,
    "nul bytes": b"# List\n\n- [a\x00b](https://github.com/a/b)\n",
    "utf-16": "# List\n\n- [a](https://github.com/a/b) - text\n".encode("utf-16"),
    "latin-1": "# Lìst\n\n- [é](https://github.com/a/b) - tèxt \xff\n".encode("latin-1"),
    "lone surrogates": "# L\n\n- [a\ud800](https://github.com/a/b) - x\n".encode("utf-8", "surrogatepass"),
    "one line of a megabyte": b"# L\n\n- " + b"[a](https://github.com/a/b) " * 36_000,
    "ten thousand nested bullets": "\n".join("  " * n + f"- b{n}" for n in range(2_000)).encode(),
    "ten thousand open tags": b"# L\n\n" + b"<div><details><table><tr><td>" * 10_000,
    "ten thousand quotes": b">" * 10_000 + b" [a](https://github.com/a/b)",
    "a table of 500 columns": b"|" + b"a|" * 500 + b"\n|" + b"-|" * 500 + b"\n" + (b"|" + b"b|" * 500 + b"\n") * 200,
    "open brackets": b"# L\n\n" + b"[" * 50_000,
    "open emphasis": b"# L\n\n" + b"*a_ " * 30_000,
    "csv with one quote": b'name,url\n"a,https://github.com/a/b\n' + b"x,y\n" * 10_000,
    "csv of 100,000 columns": b"name," * 100_000 + b"\n" + b"x," * 100_000,
    "scripts and odd schemes": (
        b"# L\n\n## RAG\n\n- [<script>alert(1)</script>](javascript:alert(1)) - x\n"
        b"- [b](data:text/html,x) - \x1b]52;c;AAAA\x07 y\n- [c](file:///etc/passwd) - z\n"
        b"- [d](https://github.com/d/d) - =cmd|' /C calc'!A0\n"
    ),
}


def _import(content: bytes, importer: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        shutil.copytree(_home(), root / "home")
        directory = Directory(config.load({"home": root / "home"}))
        before = directory.status()
        for file in ("README.md", "projects.yaml", "landscape.yml", "list.csv", "data.json", "page.txt"):
            (root / file).write_bytes(content)
        suffix = {"awesome": "README.md", "bestof": "projects.yaml", "landscape2": "landscape.yml", "csv": "list.csv",
                  "aitnt": "page.txt"}.get(importer, "data.json")  # fmt: skip
        start = time.monotonic()
        try:
            directory.import_file(importer, root / suffix)
        except AidirError:
            assert directory.status() == before, "something was written before the error"
        assert time.monotonic() - start < LONGEST
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < MOST
        with directory._catalogue() as catalogue:
            for found in catalogue.resources.all():
                assert all(link.url.startswith(("http://", "https://")) for link in found.links), found
                assert "\x1b" not in found.summary_en + found.name
                json.dumps(found).encode()
    assert not Path("/tmp/aidir-was-here").exists()


_HOMES: list[Path] = []


def _home() -> Path:
    if not _HOMES:
        home = Path(tempfile.mkdtemp()) / "home"
        Directory(config.load({"home": home})).index()
        _HOMES.append(home)
    return _HOMES[0]


for _name, _content in FILES.items():
    for _importer in plugins.names("importers"):
        CASES[f"{_importer}: {_name}"] = partial(_import, _content, _importer)


@CASES.case
def a_link_out_of_the_folder_is_not_followed() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "secret.yml").write_text("name: Secret\nwebsite_url: https://secret.example\n")
        (root / "list" / "software").mkdir(parents=True)
        (root / "list" / "software" / "a.yml").symlink_to(root / "secret.yml")
        (root / "list" / "software" / "b.yml").write_text(
            "name: B\ndescription: Something.\nwebsite_url: https://b.example\ntags: [x]\n"
        )
        shutil.copytree(_home(), root / "home")
        report = Directory(config.load({"home": root / "home"})).import_file("hecat", root / "list")
        assert report.added == ["B"]


if __name__ == "__main__":
    report(CASES)
