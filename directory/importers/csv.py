"""Which resources does a table of comma-, semicolon- or tab-separated values hold?

The header decides, in English or Chinese: name, url, repo, description (or one a language), category, tags, licence,
stars. A category may be a path (`Tools > Agents`). A column of another name is kept in `extra` under it. Stars are
taken over only from a row that also says on which day they were counted; otherwise they stay in `extra`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from directory import repo, text, url
from directory.errors import UnreadableFile
from directory.importers import Entry, EntryLink, Leftover, Place, Reading, Source, SourceFile
from directory.importers._file import read_each
from directory.importers._link import to_link

if TYPE_CHECKING:
    from directory.taxonomy import Taxonomy

SUMMARY = "tables with a header (CSV, TSV; English or Chinese column names)"
FILES = ("*.csv", "*.tsv", "**/*.csv", "**/*.tsv")

_COLUMNS = {
    "name": """name title item project tool product resource 名称 名字 项目 项目名 项目名称 标题 工具 工具名称
        产品 资源 资源名称""",
    "names": "names aliases alias othernames 别名 又名 其他名称",
    "past_names": "pastnames formernames formerly oldnames 曾用名 旧名",
    "url": "url link links address href websiteurl 链接 网址 地址 项目地址 项目链接",
    "homepage": "homepage website site homepageurl official 官网 主页 网站 官方网站",
    "repository": """repo repository github repourl repositoryurl githuburl githubrepo sourcecodeurl githubid
        fullname source 仓库 仓库地址 源码 github地址 github链接 代码 开源地址""",
    "docs": "docs documentation docsurl documentationurl 文档",
    "paper": "paper arxiv paperurl 论文",
    "demo": "demo demourl 演示 体验",
    "model": "modelurl huggingface hf 模型地址 权重",
    "download": "download downloadurl 下载 下载地址",
    "summary": "description summary desc about intro abstract 描述 简介 介绍 说明 项目描述 项目介绍 项目简介 摘要",
    "summary_zh": """summaryzh descriptionzh desczh zhdescription zhsummary chinesedescription descriptioncn
        summarycn 中文简介 中文描述 中文介绍 中文说明 描述中文 简介中文""",
    "summary_en": """summaryen descriptionen descen endescription ensummary englishdescription 英文简介 英文描述
        英文介绍 描述英文 简介英文""",
    "path": "category categories path section group 分类 类别 目录 栏目",
    "labels": "tags labels topics keywords tag label terms 标签 关键词 话题 主题",
    "licence": "licence license spdx licences licenses 许可 许可证 协议 开源协议 授权",
    "stars": "stars star stargazers stargazerscount starcount githubstars 星数 星标 点赞数 star数 stars数",
    "stars_asof": "starsasof asof starsdate starsat 星数日期 统计日期",
    "stars_source": "starssource 星数来源",
    "kind": "kind type 类型 种类",
    "pricing": "pricing price 价格 定价 收费",
    "archived": "archived isarchived 已归档 归档",
    "slug": "slug id 标识",
}
_FIELD_OF = {word: name for name, words in _COLUMNS.items() for word in words.split()}
_LINKS = ("url", "repository", "homepage", "docs", "paper", "model", "demo", "download")
_MANY = re.compile(r"\s*[;；|、\n]\s*|\s*[,，]\s*")
_STEPS = re.compile(r"\s*>\s*|\s+/\s+|\s*»\s*|\s*→\s*")
_NUMBER = re.compile(r"(\d[\d,]*)(?:\.(\d+))?\s*([kKwW万]?)\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read(source: Source, taxonomy: Taxonomy) -> Reading:
    """Read every table of the source.

    Raises:
        UnreadableFile: no table has a column for the name or the address.
    """
    return read_each(source, _read_file)


def _read_file(file: SourceFile) -> Reading:
    entries: list[Entry] = []
    leftovers: list[Leftover] = []
    header: list[str] = []
    reader = csv.reader(io.StringIO(file.text, newline=""), delimiter=_delimiter(file.text))
    start = 1
    try:
        for row in reader:
            place, start = Place(file.path, start), reader.line_num + 1
            cells = [_unguarded(cell) for cell in row]
            if not any(cells):
                continue
            if not header:
                header = _checked_header(cells, file.path)
            elif entry := _Row(header, cells).entry(place):
                entries.append(entry)
            else:
                leftovers.append(Leftover(place, text.clip(" | ".join(cells), 200), "it has no name or no address"))
    except csv.Error as error:
        leftovers.append(Leftover(Place(file.path, start), "", f"the table breaks off: {error}"))
    if not header:
        raise UnreadableFile(f"{file.path}: an empty table")
    return Reading(entries=tuple(entries), leftovers=tuple(leftovers))


def _delimiter(table: str) -> str:
    """The separator that the header has most of."""
    first = table.lstrip("\r\n")[:10_000].partition("\n")[0]
    return max(",;\t|，", key=first.count)


def _unguarded(cell: str) -> str:
    # Spreadsheets run a cell that begins like a formula; exporters put a quote before it.
    cell = text.clean(cell)
    return cell[1:] if re.match(r"'[=+\-@]", cell) else cell


def _checked_header(cells: list[str], path: str) -> list[str]:
    fields = {_FIELD_OF.get(text.squash(cell)) for cell in cells}
    if not fields & {"name", "url", "repository", "homepage"}:
        raise UnreadableFile(f"{path}: no column for a name or an address", "the first line must name the columns")
    return cells


class _Row:
    """One line of a table, by field; a second column for one field is a column of its own name."""

    def __init__(self, header: list[str], cells: list[str]) -> None:
        self.extra: dict[str, object] = {}
        self._fields: dict[str, tuple[str, str]] = {}
        for number, cell in enumerate(cells):
            column = header[number] if number < len(header) and header[number] else f"column {number + 1}"
            field = _FIELD_OF.get(text.squash(column), "")
            if cell and field and field not in self._fields:
                self._fields[field] = (column, cell)
            elif cell:
                self.extra[column] = cell

    def entry(self, place: Place) -> Entry | None:
        """The entry, None without a name and without an address."""
        links = list(self._links())
        project = next((r for link in links if (r := repo.parse(link.url))), None)
        name = self._take("name") or (project.name if project else "")
        if not name or not links:
            return None
        stars, asof, origin = self._stars()
        return Entry(
            name=name,
            links=tuple(links),
            place=place,
            summaries=self._summaries(),
            path=tuple(p for p in _STEPS.split(self._take("path")) if p),
            labels=self._many("labels"),
            names=self._many("names"),
            past_names=self._many("past_names"),
            kind=self._take("kind"),
            pricing=self._take("pricing"),
            licence=self._take("licence"),
            stars=stars,
            stars_asof=asof,
            stars_source=origin,
            archived=text.squash(self._take("archived")) in ("true", "yes", "1", "y", "是"),
            slug=text.slug(self._take("slug")),
            extra=self.extra,
        )

    def _take(self, field: str) -> str:
        return self._fields.get(field, ("", ""))[1]

    def _many(self, field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(v for v in _MANY.split(self._take(field)) if v))

    def _links(self) -> Iterator[EntryLink]:
        seen: set[str] = set()
        for field in _LINKS:
            column, cell = self._fields.get(field, ("", ""))
            name = repo.parse_name(cell) if field == "repository" else None
            address = name.url if name else url.tidy(cell)
            if address is None:
                if cell:
                    self.extra[column] = cell
                continue
            if (page := url.canonical(address)) not in seen:
                seen.add(page)
                yield to_link("", address, main=True) if field == "url" else EntryLink(address, field)

    def _summaries(self) -> dict[str, str]:
        found = {language: self._take(f"summary_{language}") for language in ("zh", "en")}
        if shown := self._take("summary"):
            language = text.language(shown)
            found[language] = found[language] or shown
        return {language: shown for language, shown in found.items() if shown}

    def _stars(self) -> tuple[int | None, str, str]:
        """The stars with the day and the source they come with; none without a day."""
        day, count = _DAY.match(self._take("stars_asof")), _NUMBER.match(self._take("stars"))
        if day and count:
            factor = {"": 1, "k": 1_000}.get(count[3].lower(), 10_000)
            number = float(f"{count[1].replace(',', '')}.{count[2] or 0}")
            return round(number * factor), day[0], self._take("stars_source")
        for field in ("stars", "stars_asof", "stars_source"):
            if field in self._fields:
                column, cell = self._fields[field]
                self.extra[column] = cell
        return None, "", ""
