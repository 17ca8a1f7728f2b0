"""hot.json holds what people search for, as soon as enough of them do."""

from __future__ import annotations

import json
from pathlib import Path

from directory import config
from directory.query import parse
from directory.service import Directory
from tests.conftest import NOON


def test_searches_that_are_counted_reach_the_tree(home: Path, tmp_path: Path) -> None:
    settings = config.load({"home": home, "log_searches": True})
    directory = Directory(settings, clock=lambda: NOON)
    before = {file.path for file in directory.export("api")}
    for _ in range(5):
        directory.note_search(directory.search(parse("大模型")))
    directory.note_search(directory.search(parse("once only")))
    files = {file.path: file for file in directory.export("api")}
    assert set(files) - before == {"hot.json"}
    hot = json.loads(files["hot.json"].data)
    assert [(s["query"], s["times"]) for s in hot["searches"]] == [("大模型", 5)]
    assert hot["until"] == NOON.date().isoformat()
