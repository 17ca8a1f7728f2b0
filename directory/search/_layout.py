"""How does a compiled index lie in its file? What the writer (`_compile`) and the reader (`_compiled`) agree on.

`directory.mapped` is around it: magic, version, length, checksums. All integers are little-endian, every section begins
at a multiple of eight.

    head      JSON, the length of it in the first 8 bytes: {"count": documents, "first": number of the first,
              "concepts": how many there are,
              "sections": {name: [start, end]}, "facets": {field: {value: start in bitmaps}}}
    slots     u32 each: where in `lists` a key's entry is, in units of eight bytes, + 1; 0 = empty; a power of two of
              them. A key's slot is its CRC-32 modulo the slots; collisions go to the next one.
    lists     for each key an ENTRY, then the key in UTF-8, then zeros up to a multiple of eight; then its list:
              documents (u32 each), impacts (f32 each); when there are more than TOP of them, the places in the list
              (u32 each) of the TOP best by prior x impact, best first; when there are at least `dense(count)`, a bitmap
              of the documents
    priors    f64 each
    stars     i64 each, -1 = unknown
    orders    u32 each, for each of SORTS: the documents in that order
    bitmaps   the documents with each value of each facet, and with each state
    places    u64 each: where each part of `texts` begins, and where the last ends
    profiles  for each document a byte for each concept: how much it is about that (`_senses`)
    texts     two parts for each document: its row (JSON); its folded texts and what is shown of it, in `join`'s form

A key is a channel's letter and a token:

    t g c k   text, guess, concept, key (`_fields.CHANNELS`), as they were given
    p         gram: a pair of characters
    m         the sense of a word or concept (`_senses`): concepts by number in the place of documents
    =         a clause of a query (`signature`): a word with its pairs of characters and guesses, or a label with its
              concept; only where that differs from the list of the word alone
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from directory.query import Sort
from directory.search._plan import Clause

MAGIC = b"aidirSN5"
ENTRY = struct.Struct("<IIfHH")
"""Documents, of them with a literal hit, highest impact, length of the key, zero."""
LETTERS = {"text": "t", "guess": "g", "gram": "p", "concept": "c", "key": "k", "sense": "m"}
TOP = 256
"""Best documents of a list that are written down: enough for a page, the second look and some filters."""
SORTS: tuple[Sort, ...] = ("stars", "growth", "updated", "added", "name")
FACETS = ("category", "kind", "pricing", "licence", "state")
FILTERS = (*FACETS, "lang")
UNKEPT = ("score", "highlights")
"""Fields of a Hit that belong to an answer, not to a document."""


def dense(count: int) -> int:
    """From how many documents on a list has a bitmap: where it is not much larger than the list itself."""
    return max(TOP, count // 200)


def bitmap_bytes(count: int) -> int:
    """The size of a bitmap."""
    return (count + 63) // 64 * 8


def signature(clause: Clause) -> str:
    """The key of a clause's list: equal for clauses that mean the same lists."""
    parts = ["=" + clause.concept]
    for tokens, channel, weight in clause.literal:
        parts.append(f"{LETTERS[channel]}{weight:g} {' '.join(tokens)}")
    return "\0".join(parts)


def join(values: Iterable[str]) -> bytes:
    """Strings as one: they hold no unit separators, which no text of a catalogue has a use for."""
    return "\x1f".join(value.replace("\x1f", " ") for value in values).encode("utf-8", "surrogatepass")


def split(joined: bytes) -> list[str]:
    """What `join` joined."""
    return joined.decode("utf-8", "surrogatepass").split("\x1f")
