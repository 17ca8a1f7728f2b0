"""Which words do lists use for a field, for a link that is only called `link`, for a section that lists nothing?"""

from __future__ import annotations

import re
from functools import lru_cache

from directory import text

# Roles are those of EntryLink; "" is an address whose role only its host tells.
_ROLES = {
    "repository": """github git repo repos repository source sourcecode code codes opensource gitee gitlab 源码
        源代码 代码 代码实现 代码仓库 仓库 开源 开源地址 开源代码 项目代码 项目仓库 项目源码 仓库地址 代码地址
        源码地址 代码链接 github地址 github链接 github仓库 githubrepo githubrepository githublink githuburl
        repourl repolink repositoryurl sourceurl codelink officialcode codeurl opensourced github项目""",
    "homepage": """website site web homepage home webpage project projectpage official officialsite
        officialwebsite projecthomepage projectwebsite websiteurl homepageurl visit product 官网 官方网站 官方
        官网地址 官网链接 网站 网站地址 主页 首页 项目主页 项目官网 官方主页 产品 访问""",
    "docs": """doc docs document documents documentation wiki readme manual guide reference handbook 文档
        官方文档 使用文档 中文文档 使用指南 使用说明 手册 项目文档 开发文档 帮助文档""",
    "paper": """paper papers pdf arxiv abs preprint publication openreview acl 论文 论文地址 论文链接 paper地址
        技术报告 文献""",
    "demo": """demo demos playground tryit trynow livedemo onlinedemo space spaces colab 演示 在线演示 体验
        在线体验 体验地址 试用 试用申请 试用地址 演示地址 项目体验 在线试用 demo地址 预览 demo体验""",
    "model": """model models weight weights checkpoint checkpoints huggingface hf modelscope modelzoo
        pretrainedmodel 模型 模型地址 模型权重 权重 模型下载 模型链接 魔搭 hf地址 huggingface地址""",
    "download": "download downloads release releases install 下载 下载地址 下载链接 安装",
    "": """link links url address linkurl addr 地址 链接 网址 项目地址 项目链接 链接地址 传送门 项目 入口""",
}
_FIELDS = {
    "description": """description desc about summary intro introduction overview brief abstract tagline detail
        details 简介 描述 介绍 说明 项目描述 项目介绍 项目简介 推荐理由 概述 简述 功能描述 用途 一句话介绍 摘要
        功能介绍 备注 what 中文简介 英文简介""",
    "labels": """tag tags label labels category categories topic topics keyword keywords type types field domain
        area 标签 项目标签 项目分类 分类 类别 类型 关键词 领域 主题 方向 应用领域""",
    "licence": "license licence licenses licences 许可 许可证 协议 开源协议 开源许可 授权 许可协议",
    "stars": """star stars githubstars starcount stargazers stargazerscount 点赞数 点赞 星数 星标 star数 stars数
        收藏数 星级""",
    "name": """name names project projectname title repositoryname reponame tool toolname library package
        framework software app application resource item product productname server dataset datasetname
        modelname agent 库 名称 项目 项目名 项目名称 资源 资源名称 工具 工具名称 名字 标题 软件 大模型 模型名称
        应用 产品 产品名称 平台 框架 数据集 数据集名称 repository repo model 模型 paper 论文 papers publication
        书名 课程 网站 网站名称 公司名称""",
    "number": "no num number index id rank ranking 序号 编号 排名 号 icon logo 图标 date year 日期 时间 年份",
}
# Words that make up the text of a link which only says what kind of page it leads to ("Official code", "中文博客").
_GENERIC = frozenset(
    """github git gitee gitlab repo repos repository code codes source sources official unofficial website site
        web home homepage page pages project link links url here demo demos online live try it now paper papers
        pdf arxiv abs blog blogs post article announcement doc docs document documentation wiki readme model
        models weight weights checkpoint checkpoints huggingface hugging face hf modelscope dataset datasets
        data video videos tutorial tutorials colab notebook notebooks discord twitter slack telegram youtube
        bilibili reddit linkedin medium mastodon facebook instagram wechat qq download downloads install
        installation visit view more info details read the see click this store opensource opensourced
        implementation pytorch tensorflow tf jax slides bib bibtex license issues author authors tweet news faq
        guide api space spaces playground leaderboard poster supp supplementary supplement report technical
        release releases preview original english chinese en zh cn ja en version full text publication site
        discussion discussions forum chat community interview thread review press website launch show hn
        producthunt hackernews crunchbase pypi conda npm maven docker dockerhub hub cran crates nuget plugin
        extension addon app play google chrome firefox edge vscode ios android x www com org to of for on our us
        all open in and prev previous next back 上一期 下一期 上一篇 下一篇 上一页 下一页 返回 官 网 官网 官方 网站
        网址 主页 首页 项目 地址 链接 源码 源代码 代码 仓库 开源 论文 文档 使用 文章 博客 视频 教程 演示 在线
        体验 试用 申请 下载 模型 权重 数据集 数据 详情 介绍 查看 点击 这里 此处 传送门 访问 更多 原文 报告 技术
        新闻 公告 说明 指南 预览 平台 入口 版 中文 英文 日文 知乎 公众号 记录 最新 进展 镜像 备份 讨论 解读 笔记
        实现 版本 产品 应用 官方网站 帮助 手册 简体中文 繁体中文 繁體中文 日本語 站 微信 微博 推特 小红书 社区
        论坛 交流 主站 国内 备用 客户端 商店 安装 与 和 及 的 仓 页 访谈 专访 资料 推文 直播 回放 录像 课件
        幻灯片 课程 主 复现 解析""".split()
)
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]+|[0-9]+")
_PARTS = re.compile("(?:" + "|".join(sorted((w for w in _GENERIC if text.has_han(w)), key=len, reverse=True)) + r")+\Z")
_CITED = re.compile(
    r"(?:arxiv|paper|icml|iclr|neurips|nips|cvpr|iccv|eccv|acl|emnlp|naacl|aaai|kdd|www)\W*[\d' ./v-]*\Z"
)
_NO_CONTENT = frozenset(
    """contents tableofcontents tableofcontent toc contributors contributor contributing contribute
        howtocontribute contribution contributions contributionguidelines guidelines license licence copyright
        starhistory stargazers stargazersovertime starchart sponsors sponsor oursponsors sponsorship backers
        supporters donate donation donations contact contactus citation cite citing bibtex changelog maintainers
        codeofconduct disclaimer 目录 贡献 贡献者 贡献者列表 如何贡献 参与贡献 贡献指南 许可 许可证 协议 版权
        版权声明 开源协议 star历史 star趋势 星标历史 赞助 赞助商 赞助者 捐赠 打赏 联系 联系我们 联系方式
        联系作者 交流群
        技术交流 加群 引用 更新日志 关注我们 公众号 维护者 免责声明 声明 微信公众号 微信群 交流""".split()
)
_ASIDE = frozenset(
    """note notes nb via see seealso cf ref refs reference references related credit credits thanks update updates
        edit tip tips warning 注 注意 备注 参考 参考资料 参见 另见 引用 引自 来源 出处 相关 相关项目 提示 更新 致谢
        感谢""".split()
)
_REVEAL = re.compile(
    r"(?:click|show|view|expand|see|more|read|toggle|open|others?\b|点击|展开|查看|更多|详情|显示|details?\Z)", re.I
)

ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()}
FIELD_OF = {word: name for name, words in _FIELDS.items() if name not in ("name", "number") for word in words.split()}
_COLUMN_OF = {word: name for name, words in _FIELDS.items() for word in words.split()}


@lru_cache(maxsize=20_000)
def is_generic(shown: str) -> bool:
    """Whether a link's text only says what kind of page it leads to, or nothing at all."""
    folded = text.fold(shown)
    if len(folded) > 40:
        return False
    words = _WORD.findall(folded)
    if _CITED.match(folded) or all(word.isdigit() for word in words):
        return True
    known = [len(word) > 1 and (word in _GENERIC or _PARTS.match(word) is not None) for word in words]
    return any(known) and all(k or len(word) == 1 or word.isdigit() for k, word in zip(known, words, strict=True))


def is_aside(shown: str) -> bool:
    """Whether a word only introduces a remark (`注：`, `see also:`)."""
    return text.squash(shown) in _ASIDE


def role_word(shown: str) -> str | None:
    """The link role that a text names: `""` for a mere `link`, None for no such word."""
    key = text.squash(shown)
    if key in ROLE_OF:
        return ROLE_OF[key]
    return next((ROLE_OF[word] for word in _WORD.findall(text.fold(shown)) if ROLE_OF.get(word)), None)


def field_word(shown: str) -> str | None:
    """What a key (`简介`, `项目地址`) introduces: a field's name, `link`, or None where it is no known key."""
    key = text.squash(shown)
    if key in FIELD_OF:
        return FIELD_OF[key]
    if key.endswith(("说明", "简介", "介绍", "描述")):
        return "description"
    return "link" if key in ROLE_OF or (is_generic(shown) and not key.isdigit() and key) else None


def field_heading(heading: str) -> str | None:
    """What the section of a heading tells of the entry it stands in; stricter than `field_word`."""
    key = text.squash(heading)
    return FIELD_OF.get(key) or ("link" if key in ROLE_OF else None)


def column(header: str) -> str:
    """What a table's column holds: a field's name, `name`, `number`, `link`, or an empty string."""
    for wording in (header, *wordings(header)):
        key = text.squash(wording)
        if key in _COLUMN_OF:
            return _COLUMN_OF[key]
        if key in ROLE_OF or (key and is_generic(wording)):
            return "link"
    return ""


def lists_nothing(heading: str) -> bool:
    """Whether a heading's own section holds no resources: contents, contributors, sponsors, licence, star history."""
    return any(text.squash(wording) in _NO_CONTENT for wording in (heading, *wordings(heading)))


def only_reveals(summary: str) -> bool:
    """Whether a `<summary>` is no category, but says that something can be unfolded."""
    return _REVEAL.match(summary) is not None


_PARENTHESES = re.compile(r"[(（]([^()（）]+)[)）]")
_SIDES = re.compile(r"\s*[|｜/／•·]\s*|\s[-–—]+\s")
_HAN_FIRST = re.compile(r"([^A-Za-z]*[\u3400-\u9fff][^A-Za-z]*?)\s+([A-Za-z][^\u3400-\u9fff]*)\Z")
_LATIN_FIRST = re.compile(r"([^\u3400-\u9fff]*[A-Za-z][^\u3400-\u9fff]*?)\s+([\u3400-\u9fff].*)\Z")


def wordings(heading: str) -> tuple[str, ...]:
    """The Chinese and the English wording of a bilingual heading (`微调 Fine-Tuning`); none where it has but one."""
    if len(heading) > 200 or not text.has_han(heading) or not re.search(r"[A-Za-z]", heading):
        return ()
    parts = _SIDES.split(heading)
    if len(parts) == 2 and text.has_han(parts[0]) != text.has_han(parts[1]):
        parts = [inner for part in parts for inner in wordings(part) or (part,)]
    elif inner := _PARENTHESES.search(heading):
        parts = [heading.replace(inner[0], " "), inner[1]]
    elif match := _HAN_FIRST.match(heading) or _LATIN_FIRST.match(heading):
        parts = [match[1], match[2]]
    else:
        return ()
    return tuple(p for p in (text.clean(part) for part in parts) if p)
