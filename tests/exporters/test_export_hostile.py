"""Nothing in an export is live, whatever stands in the catalogue (tests/faults/export.py has the payloads)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import plugins
from directory.document import dump_yaml
from directory.exporters import _safe
from directory.service import Directory
from tests.exporters.conftest import read_tree
from tests.faults.export import CASES, is_dead_markup


@pytest.mark.parametrize("name", plugins.names("exporters"))
def test_no_payload_is_live(name: str) -> None:
    cases = [case for title, case in CASES.items() if title.startswith(f"{name}: ")]
    assert len(cases) > 40
    for case in cases:
        case()


def test_a_hostile_slug_names_no_file_elsewhere(directory: Directory, tmp_path: Path) -> None:
    rows = [{"slug": "../../../evil", "name": "Evil", "links": {"homepage": "https://evil.example"}}]
    (tmp_path / "a.yaml").write_text(dump_yaml(rows))
    directory.import_file("aidir", tmp_path / "a.yaml")
    for name in ("api", "hecat"):
        directory.publish(name, tmp_path / "deep" / "down" / name)
        files = [p for p, text in read_tree(tmp_path / "deep" / "down" / name).items() if b"evil.example" in text]
        assert files
        assert all(".." not in p for p in files)
    assert not [p for p in tmp_path.rglob("*evil*") if p.is_file()]


@given(st.text(alphabet=st.sampled_from("<>[]()!&;:/\\`*_|#='\"{}%@ \n\tajsx漢\u202e\x1b"), max_size=40))
def test_markdown_of_any_text_is_text(raw: str) -> None:
    is_dead_markup(f"- [{_safe.markdown(raw)}](https://x.example) - {_safe.markdown(raw)}\n")
    is_dead_markup(f"- {_safe.plain_markup(raw)}\n")


@given(st.text(max_size=60))
def test_an_address_is_http_or_nothing(raw: str) -> None:
    for found in (_safe.address(raw), _safe.address("https://a.example/" + raw)):
        assert not found or found.startswith(("http://", "https://"))
        assert not set(' "<>\\`\n\t\x00') & set(found)


@given(st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}\Z") | st.text(max_size=120))
def test_a_stem_is_a_file_name(slug: str) -> None:
    found = _safe.stem(slug)
    assert re.fullmatch(r"[a-z0-9-]{1,100}", found)
    assert _safe.stem(found) == found
