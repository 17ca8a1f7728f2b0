"""Which part of GitHub's GraphQL schema do our queries need? `python -m tests.fakes.trim_schema FULL > github.graphql`

FULL is `schema.graphql` of @octokit/graphql-schema (MIT). What is kept is kept word for word: the fields our
queries select with all their arguments, and the types these name; everything else goes, and so do descriptions.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    TypeDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    print_ast,
    validate,
    visit,
)
from graphql.language import (
    FieldDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
)

from directory.checkers._graphql import ALIVE, BY_ID, by_name

QUERIES = (ALIVE, BY_ID, by_name(2))


class _Used(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.fields: dict[str, set[str]] = defaultdict(set)

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._info.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self.fields[parent.name].add(node.name.value)


class _Named(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.names.add(node.name.value)


def used_fields(schema: GraphQLSchema) -> dict[str, set[str]]:
    """The fields our queries select, by type; raises AssertionError when a query is not valid."""
    info = TypeInfo(schema)
    used = _Used(info)
    for text in QUERIES:
        document = parse(text)
        errors = validate(schema, document)
        assert not errors, errors
        visit(document, TypeInfoVisitor(info, used))
    return used.fields


class _Strip(Visitor):
    def enter(self, node: Node, *_: object) -> Node | None:
        empty = {"description": None, "directives": ()}
        change = {name: value for name, value in empty.items() if getattr(node, name, None)}
        return replace(node, **change) if change else None


def bare(node: Node) -> Node:
    """A definition without descriptions and directives."""
    stripped: Node = visit(node, _Strip())
    return stripped


def trim(full: str) -> str:
    """The trimmed schema's text."""
    document = parse(full)
    wanted = used_fields(build_schema(full, assume_valid=True))
    wanted["Node"].add("id")  # the interface that `nodes(ids:)` answers with
    definitions = {d.name.value: d for d in document.definitions if isinstance(d, TypeDefinitionNode)}
    kept: dict[str, Node] = {}
    open_names = list(wanted)
    while open_names:
        name = open_names.pop()
        if name in kept or name not in definitions:
            continue
        node = bare(definitions[name])
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            node = replace(
                node,
                fields=tuple(f for f in node.fields or () if f.name.value in wanted[name]),
                interfaces=tuple(i for i in node.interfaces or () if wanted.get(i.name.value, {""}) <= wanted[name]),
            )
            if not node.fields:
                continue
        kept[name] = node
        named = _Named()
        visit(node, named)
        open_names.extend(sorted(named.names))
    return "\n\n".join(print_ast(kept[name]) for name in sorted(kept)) + "\n"


def members(text: str) -> dict[str, str]:
    """Every type and field of a schema with its printed form, to compare two of them by."""
    found: dict[str, str] = {}
    document: DocumentNode = parse(text)
    for node in document.definitions:
        if not isinstance(node, TypeDefinitionNode):
            continue
        fields = getattr(node, "fields", None) or ()
        inputs = isinstance(node, InputObjectTypeDefinitionNode)
        found[node.name.value] = node.kind if fields and not inputs else print_ast(bare(node))
        for field in fields:
            if isinstance(field, FieldDefinitionNode | InputValueDefinitionNode):
                found[f"{node.name.value}.{field.name.value}"] = print_ast(bare(field))
    return found


if __name__ == "__main__":
    sys.stdout.write(trim(Path(sys.argv[1]).read_text("utf-8")))
