"""The examples of docs/export.md, run as they stand there against an exported tree on 127.0.0.1."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from directory import config
from directory.service import Directory
from tests.conftest import NOON, ROOT

DOCS = ROOT / "docs" / "export.md"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
Example = Callable[[str, str], str]


def example(language: str, containing: str, address: str) -> str:
    """The code block of the document that holds a text, with the address of our server in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = [b for b in blocks if containing in b]
    assert "https://example.org/api/v1" in found
    return found.replace("https://example.org", address)


@pytest.fixture
def site(directory: Directory, served: tuple[str, Path]) -> str:
    """The address of a server with the tree of the bundled catalogue at /api/v1/."""
    address, root = served
    directory.publish("api", root / "api" / "v1")
    return address


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="needs curl and jq")
def test_curl_and_jq(site: str, tmp_path: Path) -> None:
    def shell() -> list[str]:
        script = "set -euo pipefail\n" + example("sh", "curl", site)
        command = ["bash", "-c", script]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True, timeout=30)
        return done.stdout.splitlines()

    first = shell()
    assert len(first) == 6
    name, stars, url = first[0].split("\t")
    assert (bool(name), int(stars) > 1000, url[:8]) == (True, True, "https://")
    assert re.fullmatch(r"\d+ [a-z0-9-]+", first[3])
    before = (tmp_path / "changes.json").stat().st_mtime_ns
    assert shell() == first
    assert (tmp_path / "changes.json").stat().st_mtime_ns == before  # 304: curl leaves the file alone


def test_a_python_copy_follows(
    site: str, directory: Directory, home: Path, served: tuple[str, Path], tmp_path: Path
) -> None:
    root = served[1] / "api" / "v1"

    def follow() -> dict[str, object]:
        code = example("python", "import httpx", site)
        command = [sys.executable, "-c", code]
        subprocess.run(command, cwd=tmp_path, check=True, timeout=30, env={**os.environ, "PYTHONPATH": str(ROOT)})
        copy = json.loads((tmp_path / "aidir-copy.json").read_text("utf-8"))
        published = json.loads((root / "resources.json").read_text("utf-8"))["resources"]
        assert copy["resources"] == {r["slug"]: r for r in published}
        resources: dict[str, object] = copy["resources"]
        return resources

    follow()
    tomorrow = Directory(config.load({"home": home}), clock=lambda: NOON + timedelta(days=1))
    tomorrow.edit("dify", {"summary_en": "Something else."})
    tomorrow.hide("ollama", hidden=True)
    tomorrow.merge("flowise", "langflow")
    tomorrow.publish("api", root)
    found = follow()
    assert {"ollama", "flowise"} & found.keys() == set()
    file = tmp_path / "aidir-copy.json"
    before = file.stat().st_mtime_ns
    follow()
    assert file.stat().st_mtime_ns == before  # 304: nothing was read
    copy = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(copy | {"sequence": copy["sequence"] + 999, "etag": "", "resources": {}}), "utf-8")
    follow()  # a catalogue restored from a backup counts from an earlier number: everything is read anew


def test_unchanged_files_answer_304_after_another_export(
    site: str, directory: Directory, served: tuple[str, Path]
) -> None:
    def get(path: str, etag: str = "") -> httpx.Response:
        return httpx.get(f"{site}/api/v1/{path}", headers={"If-None-Match": etag} if etag else {}, trust_env=False)

    paths = ("resources/dify.json", "resources/ollama.json", "terms.json", "index.json", "changes.json")
    etags = {path: get(path).headers["ETag"] for path in paths}
    directory.publish("api", served[1] / "api" / "v1")
    assert {path: get(path, etags[path]).status_code for path in paths} == dict.fromkeys(paths, 304)
    directory.edit("dify", {"summary_en": "Something else."})
    directory.publish("api", served[1] / "api" / "v1")
    assert {path: get(path, etags[path]).status_code for path in paths} == {
        "resources/dify.json": 200,
        "resources/ollama.json": 304,
        "terms.json": 304,
        "index.json": 200,
        "changes.json": 200,
    }


def page(site: str, language: str) -> str:
    style = "body{font:16px/1.5 sans-serif;max-width:40em;margin:2em auto}"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>A page</title><style>{style}</style>'
        f"<h1>A page about Dify</h1>{example('html', 'aidir-related', site)}</html>"
    )


def test_the_widget_is_twenty_lines() -> None:
    script = re.search(r"<script>\n(.*?)</script>", example("html", "aidir-related", "x"), re.DOTALL)
    assert script is not None
    assert len(script[1].splitlines()) <= 20
    assert "innerHTML" not in script[1]


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed here")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_widget_in_a_browser(site: str, served: tuple[str, Path], tmp_path: Path, language: str) -> None:
    assert CHROMIUM is not None
    (served[1] / "page.html").write_text(page(site, language), "utf-8")
    # Another name for the same host: to the browser the page comes from another site than the tree.
    address = site.replace("127.0.0.1", "localhost") + "/page.html"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
               "--virtual-time-budget=5000", "--window-size=800,900"]  # fmt: skip
    done = subprocess.run([*command, "--dump-dom", address], capture_output=True, encoding="utf-8", timeout=60)
    lists = re.findall(r"<ul>(.*?)</ul>", done.stdout, re.DOTALL)
    assert len(lists) == 2, done.stdout
    tree = served[1] / "api" / "v1"
    for shown, term in zip(lists, ("rag", "vector-database"), strict=True):
        names = re.findall(r'<li><a href="https?://[^"]+">([^<]+)</a> [^<]{5,}', shown)
        resources = json.loads((tree / "terms" / f"{term}.json").read_text("utf-8"))["resources"]
        expected = sorted((r for r in resources if r["slug"] != "dify"), key=lambda r: -(r["stars"] or 0))
        assert names == [r["name"] for r in expected[:5]]
        assert bool(re.search("[\u4e00-\u9fff]{4}", shown)) == (language == "zh")
    if folder := os.environ.get("AIDIR_SCREENSHOTS"):
        picture = Path(folder) / f"widget-{language}.png"
        subprocess.run([*command, f"--screenshot={picture}", address], capture_output=True, check=True, timeout=60)
