"""Row 7: a thousand random edits, by the service and by raw SQL; each is noticed, and after it the index is right."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from directory import query
from directory.errors import AidirError
from tests.faults.index_home import RESOURCES, TERMS, Outcome, differences, fill, in_catalogue, service, sql

COUNT, STEPS = 1_000, 40
"""Edits, and how many of them one home sees."""
SYNC = 8
"""Edits until the index is brought up to date."""

COLUMNS = {
    # What a document is made of: table.column -> another value.
    "resource.name": "'Changed'",
    "resource.slug": "slug || '-changed'",
    "resource.kind": "'model'",
    "resource.summary_zh": "'改变了'",
    "resource.summary_en": "'Changed'",
    "resource.pricing": "'付费'",
    "resource.licence": "'MIT'",
    "resource.cited_by": "cited_by + 1",
    "resource.hidden": "1",
    "resource.merged_into": "'r1'",
    "resource.added_at": "'2020-01-01T00:00:00Z'",
    "resource.repository_id": "NULL",
    "resource_name.text": "text || '改'",
    "resource_tag.text": "text || ' changed'",
    "resource_term.position": "position + 1",
    "repository.owner": "'changed' || id",
    "repository.name": "'changed' || id",
    "repository.stars": "stars + 1",
    "repository.archived": "1",
    "repository.topics": "'[\"changed\"]'",
    "repository.growth_7": "77",
    "repository.growth_30": "77",
    "link.url": "url || '/changed'",
    "link.state": "'dead'",
    "link.since": "'2020-01-01T00:00:00Z'",
    "label.text": "text || '改'",
    "label.kind": "CASE kind WHEN 'pref' THEN 'pref' ELSE 'hidden' END",
    "term_edge.position": "-position",
    "term.position": "-position",
}
"""Without what moves every night: `link.last_ok`, `last_checked`, `reason`, `repository.stars_asof`, `pushed_at`.

That is meant to be no edit; the nightly job ends with an index built whole."""


def run(edits: int) -> dict[str, Outcome]:
    """One edit of each column, by raw SQL; then random ones."""
    columns = _columns()
    _NOTICED[:] = [name for name, wrong in columns.items() if not wrong]  # what is not is reported once, not again
    return {"raw edits of each column": columns, "random edits": _random(edits)}


def _columns() -> Outcome:
    found: Outcome = {}
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / "first"
        fill(first)
        service(first).index()
        for number, (column, value) in enumerate(COLUMNS.items()):
            home = Path(name) / f"home-{number}"
            shutil.copytree(first, home)
            table, field = column.split(".")
            before = in_catalogue(home)
            try:
                sql(home, f"UPDATE {table} SET {field} = {value}")
            except Exception:  # noqa: BLE001  (unique columns: one row is enough)
                sql(home, f"UPDATE {table} SET {field} = {value} WHERE rowid = (SELECT min(rowid) FROM {table})")
            changed = in_catalogue(home) != before
            state = service(home).status().index_state
            found[column] = "" if state == "stale" or not changed else f"the index is called {state}"
            shutil.rmtree(home)
    return found


class Edits(RuleBasedStateMachine):
    """A home that is edited in every way, and brought up to date now and then."""

    done = syncs = 0

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.home = Path(self._folder.name) / "home"
        self._since = 0
        self._indexed: Any = None

    @initialize()
    def begin(self) -> None:
        shutil.copytree(_FIRST[0], self.home)
        self._indexed = in_catalogue(self.home)

    def _edited(self) -> None:
        self._since += 1
        Edits.done += 1

    @rule(
        column=st.sampled_from(sorted(COLUMNS)).filter(lambda name: name in _NOTICED),
        place=st.integers(0, RESOURCES - 1),
        value=st.integers(0, 999),
    )
    def raw(self, column: str, place: int, value: int) -> None:
        """Somebody with the sqlite3 shell changes one row."""
        table, field = column.split(".")
        chosen = f"rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {place})"
        new = f"'第{value}个 changed'" if field in ("name", "summary_zh", "summary_en", "reason") else COLUMNS[column]
        try:
            sql(self.home, f"UPDATE {table} SET {field} = {new} WHERE {chosen}")
        except Exception:  # noqa: BLE001  (a constraint of the database holds: then nothing has changed)
            return
        self._edited()

    @rule(table=st.sampled_from(("resource_name", "resource_term", "resource_tag", "link", "label", "term_edge")),
          place=st.integers(0, RESOURCES - 1))  # fmt: skip
    def raw_delete(self, table: str, place: int) -> None:
        """And removes one."""
        if table not in _tables():
            return
        sql(self.home, f"DELETE FROM {table} WHERE rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET ?)",
            (place,))  # fmt: skip
        self._edited()

    @rule(place=st.integers(1, RESOURCES), text=st.sampled_from(("新名", "other", "标签")))
    def raw_insert(self, place: int, text: str) -> None:
        """And adds a name or a tag."""
        for table, columns in (("resource_name", "resource_id, text, position"), ("resource_tag", "resource_id, text")):
            values = f"{place}, '{text}'" + (", 9" if "position" in columns else "")
            if table not in _tables():
                continue
            try:
                sql(self.home, f"INSERT INTO {table} ({columns}) VALUES ({values})")
            except Exception:  # noqa: BLE001  (it is there already)
                continue
        self._edited()

    @rule(number=st.integers(0, RESOURCES - 1), field=st.sampled_from(("summary_zh", "name", "licence")),
          value=st.sampled_from(("MIT", "Apache-2.0")))  # fmt: skip
    def edit(self, number: int, field: str, value: str) -> None:
        """The curator's commands; what they refuse is no edit."""
        self._command(lambda directory, slug: directory.edit(slug, {field: value}), number)

    @rule(number=st.integers(0, RESOURCES - 1), term=st.sampled_from(TERMS))
    def tag(self, number: int, term: str) -> None:
        self._command(lambda directory, slug: directory.tag(slug, [term], [], None), number)

    @rule(number=st.integers(0, RESOURCES - 1), hidden=st.booleans())
    def hide(self, number: int, hidden: bool) -> None:
        self._command(lambda directory, slug: directory.hide(slug, hidden=hidden), number)

    @rule(number=st.integers(0, RESOURCES - 1))
    def merge(self, number: int) -> None:
        self._command(lambda directory, slug: directory.merge(slug, "resource-0"), number)

    def _command(self, do: Any, number: int) -> None:
        try:
            do(service(self.home), f"resource-{number}")
        except AidirError:
            return
        self._edited()

    @invariant()
    def an_edit_is_noticed(self) -> None:
        """An index that is called fresh holds what the catalogue holds."""
        if self._indexed is None:
            return
        state = service(self.home).status().index_state
        if in_catalogue(self.home) != self._indexed:
            assert state == "stale", f"the catalogue has changed, and the index is called {state}"

    @precondition(lambda self: self._since >= SYNC)
    @rule()
    def sync(self) -> None:
        """The next search brings the index up to date."""
        service(self.home).search(query.parse("agent"))
        assert service(self.home).status().index_state == "fresh"
        assert differences(self.home) == ""
        self._indexed = in_catalogue(self.home)
        self._since = 0
        Edits.syncs += 1

    def teardown(self) -> None:
        if self._indexed is not None:
            service(self.home).search(query.parse("agent"))
            assert differences(self.home) == ""
            Edits.syncs += 1
        self._folder.cleanup()


_FIRST: list[Path] = []
_NOTICED: list[str] = []


def _tables() -> set[str]:
    return {name.partition(".")[0] for name in _NOTICED}


def _random(edits: int) -> Outcome:
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / "first"
        fill(first)
        service(first).index()
        _FIRST[:] = [first]
        chosen = settings(
            max_examples=max(1, edits // STEPS), stateful_step_count=STEPS, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck), print_blob=False,
        )  # fmt: skip
        failed = ""
        try:
            while Edits.done < edits and not failed:
                run_state_machine_as_test(Edits, settings=chosen)
        except Exception as error:  # noqa: BLE001  (whatever the machine found is the result)
            failed = f"{type(error).__name__}: {str(error)[:300]}"
    found = {f"edit {number}": "" for number in range(Edits.done)}
    if failed:
        found[f"edit {Edits.done}"] = failed
    return found
