"""What do the catalogue's own two-language summaries call a word in the other language?

Resources that are described in Chinese and in English are a small parallel corpus. Its words are paired by competitive
linking (Melamed, "Models of translational equivalence among words", 2000): the pair of a summary that goes together
best over all is linked first and leaves both words taken. A resource with one language only is then also indexed under
what its words are called in the other (docs/relevance.md has the figures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from directory import analysis
from directory.analysis import Analyzer
from directory.search import Document

_PAIRS = 8000
"""Summaries to learn from: what more of them add is measured as nothing, and learning takes a second for these."""
_SHARE = 0.1
"""A translation is kept when this share of a word's occurrences in both languages was linked to it."""
_KEPT = 2
"""Translations of a word at most (`语音`: voice, speech)."""

Lexicon = Mapping[str, Sequence[str]]
"""Token -> tokens of the other language, both ways, the most frequent first."""


def learn(documents: Iterable[Document], analyzer: Analyzer) -> Lexicon:
    """Learn from the documents that have both summaries; empty when every document has both, or few do."""
    documents = list(documents)
    if all(d.summary_zh and d.summary_en for d in documents):
        return {}
    both = islice((d for d in documents if d.summary_zh and d.summary_en), _PAIRS)
    pairs = [(_words(d.summary_zh, analyzer, han=True), _words(d.summary_en, analyzer, han=False)) for d in both]
    count = Counter(word for pair in pairs for side in pair for word in side)
    together = Counter((zh, en) for chinese, english in pairs for zh in chinese for en in english)
    # Dice's coefficient; a pair seen once says nothing.
    strength = {pair: 2 * n / (count[pair[0]] + count[pair[1]]) for pair, n in together.items() if n > 1}
    links: Counter[tuple[str, str]] = Counter()
    for chinese, english in pairs:
        candidates = ((strength[zh, en], zh, en) for zh in chinese for en in english if (zh, en) in strength)
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
    return found


def translate(document: Document, tokens: Mapping[str, Sequence[str]], lexicon: Lexicon) -> list[str]:
    """The words of a document's only summary in the other language; nothing for one that has both.

    Args:
        document: the document.
        tokens: its tokens in the fields `zh` and `en`.
        lexicon: what `learn` found.
    """
    if bool(document.summary_zh) == bool(document.summary_en):
        return []
    own = tokens["zh"] or tokens["en"]
    return list(dict.fromkeys(other for word in own for other in lexicon.get(word, ()) if other not in own))


def _words(summary: str, analyzer: Analyzer, *, han: bool) -> list[str]:
    tokens = dict.fromkeys(analyzer.texts(summary))
    return [t for t in tokens if len(t) > 1 and analysis.is_han(t) == han and not analysis.is_stopword(t)]
