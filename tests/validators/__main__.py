"""Do programs of other people accept what we export? `python -m tests.validators [NAME]`.

Exports every format from the bundled catalogue and gives it to the validator or the peer that is there for it. None of
them is a dependency; one that is not found is named, and is no failure unless AIDIR_VALIDATORS_REQUIRED is set.

    NODE_TOOLS        a folder with node_modules:
                      `npm install ajv-cli@5 ajv-formats awesome-lint@2.3 typescript schema-dts`
    PYTHON_TOOLS      a Python that has check-jsonschema and feedparser: `pip install check-jsonschema feedparser`
    BEST_OF_PYTHON    a Python that has the generator of best-of lists: `pip install best-of`
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from directory import config
from directory.exporters import Hot, HotSearch, Snapshot, api
from directory.service import Directory
from directory.service import tree as place
from tests.faults.table import Cases, report

HERE = Path(__file__).parent
SITE = "https://aidir.example/feeds"
CASES = Cases()
MISSING: dict[str, str] = {}
NODE = Path(os.environ.get("NODE_TOOLS", "."))
PYTHON = os.environ.get("PYTHON_TOOLS", sys.executable)
BEST_OF = os.environ.get("BEST_OF_PYTHON", sys.executable)
AJV = ["--spec=draft2020", "--strict=true", "--allow-union-types", "-c", "ajv-formats"]


def call(command: Iterable[object], **more: Any) -> str:
    """What a command prints; an AssertionError with its complaint when it fails."""
    done = subprocess.run([str(c) for c in command], capture_output=True, encoding="utf-8", check=False, **more)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def has_node(package: str) -> bool:
    """Whether NODE_TOOLS holds a package."""
    return (NODE / "node_modules" / package).is_dir()


def has_python(python: str, module: str) -> bool:
    """Whether an interpreter can import a module."""
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def add(name: str, needs: bool, missing: str, case: Callable[[], object]) -> None:
    """Add a case, or take down what it lacks."""
    if needs or os.environ.get("AIDIR_VALIDATORS_REQUIRED"):
        CASES[name] = case
    else:
        MISSING[name] = missing


def check_jsonschema(schema: Path, *files: Path) -> None:
    """Validate with check-jsonschema."""
    call([PYTHON, "-m", "check_jsonschema", "--schemafile", schema, *files])


def ajv(schema: Path, *files: Path) -> None:
    """Validate with ajv, which takes a schema that is not exact for an error."""
    listed = [argument for file in files for argument in ("-d", file.resolve())]
    call([NODE / "node_modules/.bin/ajv", "validate", *AJV, "-s", schema.resolve(), *listed], cwd=NODE)


def tree(folder: Path, validate: Callable[..., None]) -> None:
    """Every JSON file of a tree against the schema that its index names, and a broken one against it too."""
    rows = json.loads((folder / "index.json").read_text("utf-8"))["files"]
    groups: dict[str, list[Path]] = {"schemas/index.schema.json": [folder / "index.json"]}
    for row in rows:
        if row["schema"]:
            groups.setdefault(row["schema"], []).append(folder / row["path"])
    assert sum(map(len, groups.values())) == len(list(folder.rglob("*.json"))) - len(list(folder.glob("schemas/*")))
    for schema, files in groups.items():
        validate(folder / schema, *files)
        value = json.loads(files[0].read_text("utf-8"))
        broken = folder.parent / "broken.json"
        broken.write_text(json.dumps(value | {"schema_version": 1}), "utf-8")
        assert fails(validate, folder / schema, broken), f"{schema} lets anything through"


def fails(validate: Callable[..., object], *arguments: object) -> bool:
    """Whether a validator refuses."""
    try:
        validate(*arguments)
    except AssertionError:
        return True
    return False


def typed(file: Path) -> None:
    """Type-check JSON-LD as a program in TypeScript: a constant an item, of the type that it names."""
    dataset, listed = json.loads(file.read_text("utf-8"))["@graph"]
    items = [element["item"] for element in listed["itemListElement"]]
    lines = ['import type * as schema from "schema-dts";', f"const dataset: schema.Dataset = {json.dumps(dataset)};"]
    lines += [f"const item{n}: schema.{item['@type']} = {json.dumps(item)};" for n, item in enumerate(items)]
    elements = [{k: v for k, v in e.items() if k != "item"} for e in listed["itemListElement"]]
    rows = ", ".join(f"{{...{json.dumps(e)} as const, item: item{n}}}" for n, e in enumerate(elements))
    head = {key: value for key, value in listed.items() if key != "itemListElement"}
    lines += [f"const elements: schema.ListItem[] = [{rows}];"]
    lines += [f"const list: schema.ItemList = {{...{json.dumps(head)} as const, itemListElement: elements}};"]
    lines += ['export const graph: schema.Graph = {"@context": "https://schema.org", "@graph": [dataset, list]};']
    with tempfile.TemporaryDirectory(dir=NODE) as folder:  # beside node_modules, where types are looked for
        script = Path(folder) / "items.ts"
        script.write_text("\n".join(lines), "utf-8")
        command = [NODE / "node_modules/.bin/tsc", "--noEmit", "--strict", "--moduleResolution", "bundler",
                   "--module", "esnext", "--target", "es2022", "--types", "", script]  # fmt: skip
        call(command)
        script.write_text("\n".join(lines).replace('"name": ', '"nmae": ', 1), "utf-8")
        assert fails(call, command), "the types let anything through"


def unique_names(file: Path) -> None:
    """landscape2 refuses a name that stands twice in a subcategory."""
    for category in yaml.safe_load(file.read_text("utf-8"))["categories"]:
        for below in category["subcategories"]:
            names = [item["name"] for item in below["items"]]
            assert len(names) == len(set(names)), below["name"]


def write(folder: Path) -> None:
    """Every format, in every language where that makes a difference, and a tree with hot searches."""
    home = folder / "home"
    directory = Directory(config.load({"home": home}))
    directory.index()
    directory.rename([("langgenius/dify", "dify-labs/dify")], evidence="validators")
    for name in ("api", "hecat", "landscape2"):
        directory.publish(name, folder / name)
    for language in ("zh", "en", "both"):
        for name, file in (("awesome", "readme.md"), ("atom", "feed.xml"), ("jsonfeed", "feed.json")):
            for site in ("", SITE):
                target = folder / language / ("site" if site else "plain") / file
                directory.publish(name, target, language=language, site=site)
    for name, file in (("bestof", "projects.yaml"), ("jsonld", "resources.jsonld")):
        directory.publish(name, folder / file)
    snapshot: Snapshot = directory._snapshot((), "both", "", None)
    hot = Hot("2026-11-24", 7, (HotSearch("大模型", 12), HotSearch("no term at all", 3)))
    place.replace(folder / "api-hot", api.export(replace(snapshot, hot=hot)))


def fill(folder: Path) -> None:
    """The cases, by what is installed."""
    schema = {name: HERE / f"{name}.schema.json" for name in ("jsonfeed", "landscape2")}
    feeds = sorted(folder.glob("*/*/feed.json"))
    two = (("check-jsonschema", check_jsonschema, has_python(PYTHON, "check_jsonschema")),
           ("ajv", ajv, has_node("ajv-cli") and has_node("ajv-formats")))  # fmt: skip
    for title, validate, there in two:
        for name in ("api", "api-hot"):
            add(f"{name}: {title}", there, title, lambda n=name, v=validate: tree(folder / n, v))
        add(f"jsonfeed: {title}", there, title, lambda v=validate: v(schema["jsonfeed"], *feeds))
    land = folder / "landscape2" / "data.yml"
    add("landscape2: check-jsonschema", two[0][2], two[0][0], lambda: check_jsonschema(schema["landscape2"], land))
    add("landscape2: ajv", two[1][2], two[1][0], lambda: ajv(schema["landscape2"], land))
    add("landscape2: a name stands once", True, "", lambda: unique_names(land))
    types = has_node("schema-dts") and has_node("typescript")
    add("jsonld: schema-dts", types, "schema-dts, typescript", lambda: typed(folder / "resources.jsonld"))
    for language in ("zh", "en", "both"):
        file = folder / language / "plain" / "readme.md"
        add(f"awesome {language}: awesome-lint", has_node("awesome-lint"), "awesome-lint",
            lambda f=file: sys.stdout.write(call(["node", HERE / "lint.mjs", NODE.resolve(), f])))  # fmt: skip
    for file in sorted(folder.glob("*/*/feed.xml")):
        add(f"atom {file.parent.relative_to(folder)}: feedparser", has_python(PYTHON, "feedparser"), "feedparser",
            lambda f=file: call([PYTHON, HERE / "read_feed.py", f]))  # fmt: skip
    add("bestof: best-of", has_python(BEST_OF, "best_of"), "best-of",
        lambda: check_best_of(folder / "projects.yaml"))  # fmt: skip


def check_best_of(file: Path) -> None:
    """The peer reads the list and writes its Markdown; every project is in it."""
    said = call([BEST_OF, HERE / "read_best_of.py", file, file.with_name("best-of.md")])
    read, shown = map(int, re.findall(r"\d+", said))
    assert read == shown > 800, said


def main() -> None:
    """Export, validate, report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        fill(folder)
        for case, missing in MISSING.items():
            sys.stdout.write(f"not run: {case} (needs {missing})\n")
        wanted = sys.argv[1:]
        chosen = Cases({n: c for n, c in CASES.items() if not wanted or any(w in n for w in wanted)})
        report(chosen, "accepted")


if __name__ == "__main__":
    main()
