"""What do the catalogue's own two-language summaries call a word in the other language?

Resources that are described in Chinese and in English are a small parallel corpus. Its words are paired by competitive
linking (Melamed, "Models of translational equivalence among words", 2000): the pair of a summary that goes together
best over all is linked first and leaves both words taken. A dictionary (`_dictionary`) adds what they do not know. A
resource is then also indexed under what its words are called in the other language: two summaries of one thing seldom
say the same, and a query says it in a third way (docs/relevance.md has the figures).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from directory import analysis
from directory.analysis import Analyzer, Cut
from directory.search import _dictionary
from directory.search._document import Document

_PAIRS = 4000
"""Summaries to learn from: more of them change the figures by chance only (docs/relevance.md), and cost memory."""
_SHARE = 0.1
"""A translation is kept when this share of a word's occurrences in both languages was linked to it."""
_KEPT = 2
"""Translations of a word at most (`语音`: voice, speech)."""

Lexicon = Mapping[str, Sequence[str]]
"""Token -> tokens of the other language, both ways, the most frequent first."""


def learn(documents: Sequence[Document], analyzer: Analyzer, known: dict[str, Cut]) -> Lexicon:
    """Learn from the documents that have both summaries, and ask the dictionary for the rest.

    Args:
        documents: those that will be indexed.
        analyzer: cuts summaries into tokens.
        known: filled with the summaries that were cut, so that nobody has to do it again.
    """
    both = islice((d for d in documents if d.summary_zh and d.summary_en), _PAIRS)
    pairs = []
    for d in both:
        known[d.summary_zh], known[d.summary_en] = analyzer.cut(d.summary_zh), analyzer.cut(d.summary_en)
        pairs.append((_words(known[d.summary_zh].tokens, han=True), _words(known[d.summary_en].tokens, han=False)))
    count = Counter(word for pair in pairs for side in pair for word in side)
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for chinese, english in pairs:
        often = [en for en in english if count[en] > 1]
        for zh in chinese:
            if count[zh] > 1:
                together[zh].update(often)
    # Dice's coefficient; a pair seen once says nothing.
    strength = {
        zh: {en: 2 * n / (count[zh] + count[en]) for en, n in found.items() if n > 1} for zh, found in together.items()
    }
    links: Counter[tuple[str, str]] = Counter()
    for chinese, english in pairs:
        rows = ((zh, strength[zh]) for zh in chinese if zh in strength)
        candidates = ((row[en], zh, en) for zh, row in rows if row for en in english if en in row)
        taken: set[str] = set()
        for _, zh, en in sorted(candidates, reverse=True):
            if zh not in taken and en not in taken:
                taken |= {zh, en}
                links[zh, en] += 1
    found: dict[str, list[str]] = {}
    for (zh, en), n in links.most_common():
        for word, other in ((zh, en), (en, zh)):
            if n > 1 and n >= _SHARE * count[word] and len(found.setdefault(word, [])) < _KEPT:
                found[word].append(other)
    _dictionary.fill(found, documents, _KEPT)
    return found


def translate(tokens: Mapping[str, Sequence[str]], lexicon: Lexicon) -> list[str]:
    """What a document's words are called in the other language, where it does not say so itself.

    Args:
        tokens: its tokens in the fields `zh`, `en` and `topics`.
        lexicon: what `learn` found.
    """
    own = dict.fromkeys((*tokens["zh"], *tokens["en"], *tokens["topics"]))
    others = [other for word in own if word in lexicon for other in lexicon[word]]
    return [other for other in dict.fromkeys(others) if other not in own]


def _words(tokens: Iterable[str], *, han: bool) -> list[str]:
    wanted = (t for t in dict.fromkeys(tokens) if len(t) > 1 and analysis.is_han(t) == han)
    return [t for t in wanted if not analysis.is_stopword(t)]
