"""Does feedparser read a feed without complaint? `python read_feed.py FILE`; needs nothing of ours."""

import re
import sys

import feedparser

found = feedparser.parse(sys.argv[1])
assert found.bozo is False or found.bozo == 0, found.bozo_exception
assert found.version == "atom10", found.version
assert found.feed.title, found.feed
assert found.feed.id, found.feed
assert len(found.entries) > 50, len(found.entries)
assert len({entry.id for entry in found.entries}) == len(found.entries)
for entry in found.entries:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.updated), entry.updated  # RFC 4287, 3.3
    assert entry.updated_parsed, entry
    assert entry.link.startswith(("http://", "https://")), entry
    assert entry.title, entry
    assert entry.summary, entry
sys.stdout.write(f"{len(found.entries)} entries\n")
