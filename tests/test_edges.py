"""The list of edge cases names rows and tests that exist; `python -m tests.faults.edges` runs them."""

from __future__ import annotations

import ast

import pytest

from tests.faults.edges import EDGES, ROOT, ROWS


@pytest.mark.parametrize("case", EDGES)
def test_an_edge_case_is_provoked_somewhere(case: str) -> None:
    assert EDGES[case]
    for name in EDGES[case]:
        if name.startswith("tests/"):
            file, _, function = name.partition("::")
            found = ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
            assert function in {node.name for node in found if isinstance(node, ast.FunctionDef)}, name
        else:
            module, _, row = name.partition(": ")
            assert row in ROWS[module], name
