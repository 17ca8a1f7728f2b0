"""Which tokens does a text have? One Analyzer, the same when indexing and when searching.

A text is simplified (width, traditional Chinese), then split wherever the script changes: Han runs are cut into words
by the segmenter; Latin and digit runs become words. `GPT-4`, `gpt4` and `GPT 4` share tokens because a compound also
gives its parts and its squashed form: gpt, 4, gpt4. CamelCase gives its humps: AutoGPT -> autogpt, auto, gpt.

Token kinds:
    word   a Han word or a Latin word or number as written
    part   a piece of a Latin compound, or a shorter word inside a Han word
    whole  a Latin compound without its separators
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from directory import text
from directory.segmentation import Segmenter

Kind = Literal["word", "part", "whole"]

# Words joined by single separators. `C++`, `C#`, `.NET` stay whole. `_runs` takes Han out of it: a pattern that names
# the Han characters takes two milliseconds to compile, which every search would have to wait for.
_COMPOUND = re.compile(r"[^\W_]+(?:\+\+|#)?(?:[-_.·'/&][^\W_]+)*")
_LETTERS = re.compile(r"\d+|[^\W\d_]+")
# Runs of capitals, capitalised words, lower-case words; digits and other letters are `pieces`' business.
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SEPARATORS = re.compile(r"[-_.·'/&]+")
_JOINTS = "-_.·'/&"


def _runs(simplified: str) -> Iterator[tuple[int, str, bool]]:
    """Where a run begins, the run, and whether it is of Han; else it is a compound of Latin or other letters."""
    match = _COMPOUND.search(simplified)
    while match:
        run, start = match[0], match.start()
        han = not run.isascii() and text.is_han(run[0])
        if not (run.isascii() or "\u4e00" <= min(run) <= max(run) <= "\u9fff"):
            run = "".join(next(groupby(run, text.is_han))[1])
        yield start, run if han else run.rstrip(_JOINTS), han
        match = _COMPOUND.search(simplified, start + len(run))


class Token(NamedTuple):
    """A token and where it stood: a half-open span in the simplified text (`text.simplify`)."""

    text: str
    start: int
    end: int
    kind: Kind


class Cut(NamedTuple):
    """The texts of a text's tokens, and its unbroken runs of Han characters."""

    tokens: list[str]
    runs: list[str]


def is_han(token: str) -> bool:
    """Whether a token is of Han characters (a token is never mixed)."""
    return text.has_han(token[:1])


def grams(run: str) -> list[str]:
    """The overlapping pairs of characters of a Han word; itself when it is one character."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


# The most common words of a question or a description; they say nothing about a resource. English ones as `stem` leaves
# them. Single characters: what a segmenter leaves over (类ChatGPT, 一键式), never what a short query is about; those
# that say nothing among the 420 most often left over in 22,780 Chinese descriptions.
_STOP = frozenset(
    "a an the of and or for to in on with by from is are be as at it its this that your you we our can using us used "
    "use based via into not all any more than how what which their they them one also has have will was were been "
    "about some but such within without various let most other others many much so if then there here when where "
    "while who both each few own same too very just only now do does did should would could may might must across "
    "after again along among around because before being between during further over out through under until up upon "
    "why i my etc et al provid offer support allow enabl "
    "的 了 和 是 在 与 及 等 可以 一个 一种 一款 该 这个 这 个 对 为 中 用 用于 进行 通过 使用 基于 "
    "并 或 以及 能 能够 让 将 其 有 它 你 我 们 我们 不 到 地 得 从 被 由 以 之 而 也 都 就 于 "
    "或者 旨在 提供 支持 一套 包含 包括 此 其中 而且 并且 如 例如 等等 没有 就是 还是 但是 因为 所以 如果 只需 需要 "
    "项目 系统 实现 功能 功能强大 强大 方便 帮助 领域 相关 "
    "各种 多种 一些 这些 那些 任何 所有 主要 如何 怎么 什么 哪些 "
    "类 式 款 种 上 中 下 里 内 后 前 时 来 去 做 想 会 更 最 很 每 各 项 号 些 那 还 又 再 但 只 要".split()
) | frozenset(
    "一二两三几半第零多少全整大小高低新快极太至即约近远仅才刚未曾常已既却则若且均皆另某别同因所把被使按向往跟像叫给"
    "他她您们人者本该每吧吗呢么啊啦哦啥可能应需得受请易无非仍除含成化性型级层版点度间位次件条份篇首套张段步台倍句亿万"
    "专端般直便当过着起完出好"
)
# What kind of thing is wanted: said of most resources, and left out by most that are meant.
_KINDS = frozenset(
    "app application framework library model open open-source opensource package platform project service software "
    "solution source tool toolkit website "
    "工具 工具包 工具箱 框架 开发 开源 平台 应用 模型 软件 程序 库 服务 方案 产品 网站".split()
)
_VOWELS = frozenset("aeiouy")


def is_stopword(token: str) -> bool:
    """Whether a token says nothing by itself."""
    return token in _STOP or stem(token) in _STOP


def is_kind(word: str) -> bool:
    """Whether a word only says what kind of thing is wanted (微调框架, a tool for OCR)."""
    return word in _KINDS or (word.endswith("s") and word[:-1] in _KINDS)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """An English word without plural, -ing and -ed, the same for query and document; other words as they are.

    A light stemmer (after Harman's S-stemmer) found as much as Porter's on 613 queries and maims fewer names.
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        rest = word[: -len(suffix)]
        if len(word) > 4 and word.endswith(suffix) and len(rest) > 2 and _VOWELS & set(rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def pieces(compound: str) -> list[str]:
    """The folded parts of a Latin compound, cut at separators and where letters meet digits: GPT-4o -> gpt, 4, o."""
    if compound.endswith(("+", "#")):
        return [compound.casefold()]
    return [m[0].casefold() for part in _SEPARATORS.split(compound) for m in _LETTERS.finditer(part)]


def humps(compound: str) -> list[str]:
    """The folded humps of CamelCase (AutoGPT -> auto, gpt), when there are several and none is a single letter."""
    found = [m[0].casefold() for m in _HUMP.finditer(compound)]
    return found if len(found) > 1 and all(len(hump) > 1 for hump in found) else []


class Analyzer:
    """Text in, tokens out.

    Args:
        segmenter: cuts Han runs.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter

    def forget(self) -> None:
        """Let go of what is remembered of the texts so far: 30 MB after a hundred thousand."""
        self._segmenter.forget()
        for remembered in (stem, _form_texts):
            remembered.cache_clear()
        text.forget()

    def tokens(self, raw: str) -> Iterator[Token]:
        """Every token of a text, parts and wholes too: what is indexed."""
        for start, run, han in _runs(text.simplify(raw)):
            if not han:
                for form, kind in _forms(run):
                    yield Token(form, start, start + len(run), kind)
                continue
            for word in self._segmenter.cut(run):
                yield Token(word, start, start + len(word), "word")
                for part, offset in self._segmenter.inner(word):
                    yield Token(part, start + offset, start + offset + len(part), "part")
                start += len(word)

    def cut(self, raw: str) -> Cut:
        """The texts of `tokens` and the `runs`, for those who need no places: indexing spends its time here."""
        found: list[str] = []
        runs: list[str] = []
        for _, run, han in _runs(text.simplify(raw)):
            if not han:
                found += _form_texts(run)
                continue
            runs.append(run)
            for word in self._segmenter.cut(run):
                found.append(word)
                if len(word) > 2:
                    found += [part for part, _ in self._segmenter.inner(word)]
        return Cut(found, runs)

    def texts(self, raw: str) -> list[str]:
        """The texts of `tokens`."""
        return self.cut(raw).tokens

    def words(self, raw: str) -> list[Token]:
        """The words alone, one for each stretch of text, in order: what a query asks for."""
        found: list[Token] = []
        for start, run, han in _runs(text.simplify(raw)):
            if not han:
                found.append(Token(_forms(run)[0][0], start, start + len(run), "word"))
                continue
            for word in self._segmenter.cut(run):
                end = start + len(word)
                found.append(Token(word, start, end, "word"))
                start = end
        return found

    def runs(self, raw: str) -> list[str]:
        """The unbroken runs of Han characters, for `grams`."""
        return [run for _, run, han in _runs(text.simplify(raw)) if han]


@lru_cache(maxsize=16384)
def _form_texts(written: str) -> tuple[str, ...]:
    return tuple(form for form, _ in _forms(written))


def _forms(written: str) -> tuple[tuple[str, Kind], ...]:
    """What a Latin compound is indexed as: itself, without its separators, and its pieces and humps."""
    folded = written.casefold()
    if written.isascii() and written.isalpha() and (written[1:].islower() or written.isupper()):
        return ((stem(folded), "word"),)  # most words: nothing to take apart
    found: list[tuple[str, Kind]] = [(stem(folded), "word")]
    parts = pieces(written)
    whole = "".join(parts)
    if len(parts) > 1 and whole != folded:
        found.append((whole, "whole"))
    found += [(stem(part), "part") for part in (*(parts if len(parts) > 1 else ()), *humps(written))]
    return tuple(found)
