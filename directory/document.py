"""How is a YAML or JSON file read without it being able to hurt us, and written so that people can read it?"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import yaml

from directory.errors import UnreadableFile

Value: TypeAlias = Any
"""What YAML and JSON hold: None, bool, int, float, str, and lists and string-keyed dicts of them."""

MAX_BYTES = 32_000_000
MAX_DEPTH = 60
MAX_ALIASES = 200
MAX_NODES = 4_000_000

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: type[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Plain(_Loader):  # type: ignore[misc]  # the C one where there is one
    """The safe loader without dates: `2024-04-07` stays the text that stands in the file."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}


class _Readable(_Dumper):  # type: ignore[misc]
    """Writes lists indented below their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _guard(text: str, name: str) -> None:
    # Measured (facts on hostile YAML): 236 bytes of nested aliases grow to 28 MB, 20,000 '[' overflow the stack. The
    # event stream costs neither: aliases are not followed, nesting is only counted; how much each anchor stands for is
    # added up instead.
    depth = aliases = 0
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            open_nodes.append((event.anchor, 1))
            if depth > MAX_DEPTH:
                raise UnreadableFile(f"{name}: nested deeper than {MAX_DEPTH} levels")
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            anchor, size = open_nodes.pop()
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            anchor, size = None, sizes.get(event.anchor or "", 1)
            if aliases > MAX_ALIASES:
                raise UnreadableFile(f"{name}: more than {MAX_ALIASES} YAML aliases")
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size = event.anchor, 1
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        above, total = open_nodes[-1]
        open_nodes[-1] = (above, total + size)
        if total + size > MAX_NODES:
            raise UnreadableFile(f"{name}: its aliases unfold to more than {MAX_NODES:,} values")


def _nesting(text: str) -> int:
    """An upper bound for the nesting depth of flow collections, counted in one pass over the brackets."""
    deepest = depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(depth - 1, 0)
    return deepest


def load_yaml(text: str, name: str) -> Value:
    """Read one YAML document: plain data only, no tags that build objects, dates stay text.

    Args:
        text: the document.
        name: what to call it in an error.

    Raises:
        UnreadableFile: not YAML, or beyond the caps on size, nesting and aliases.
    """
    if len(text) > MAX_BYTES:
        raise UnreadableFile(f"{name}: larger than {MAX_BYTES // 1_000_000} MB")
    if _nesting(text) > 1000:  # libyaml itself recurses; brackets in prose never come near this
        raise UnreadableFile(f"{name}: nested deeper than {MAX_DEPTH} levels")
    try:
        if "*" in text or _nesting(text) > MAX_DEPTH:
            _guard(text, name)
        return yaml.load(text, Loader=_Plain)  # noqa: S506  (a subclass of the safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise UnreadableFile(f"{name}: {problem}{where}") from None
    except (RecursionError, ValueError) as error:
        raise UnreadableFile(f"{name}: {error}") from None


def dump_yaml(value: Value) -> str:
    """Write YAML in the order given, Han characters unescaped, one item to a line."""
    text: str = yaml.dump(value, Dumper=_Readable, allow_unicode=True, sort_keys=False, width=4096)
    return text


def load_json(text: str, name: str) -> Value:
    """Read one JSON document.

    Raises:
        UnreadableFile: not JSON, too large, or nested too deep.
    """
    if len(text) > 4 * MAX_BYTES:
        raise UnreadableFile(f"{name}: larger than {4 * MAX_BYTES // 1_000_000} MB")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"{name}: not JSON: {error.msg} (line {error.lineno})") from None
    except RecursionError:
        raise UnreadableFile(f"{name}: nested too deep") from None
    except ValueError as error:  # a number of more digits than Python converts
        raise UnreadableFile(f"{name}: {error}") from None


def dump_json(value: Value) -> str:
    """Write JSON that is the same for equal values: sorted keys, two spaces, Han characters unescaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
