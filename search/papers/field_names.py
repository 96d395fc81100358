"""By what names records, front matter and lists of papers call the fields of an article.

The Chinese ones are those of exports (databases of newspapers, catalogues of libraries, content
systems, spreadsheets made by hand). Of several columns for one field the first in its row that
holds something is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.analysis.fold import fold

_NAMES = {
    "id": "id key doc_id docid record_id uuid 编号 记录号 文献号 文章编号 唯一标识",
    "title": "title headline 标题 题名 题目 篇名 主标题 正题名 文章标题 文章题目 新闻标题 文献题名 篇目",
    "body": "body text content fulltext full_text article_body 正文 内容 全文 文章内容 新闻内容 正文内容 文本 文章正文 全文内容",
    "date": "date 见报日期 出版日期 报纸日期 刊登日期 刊载日期 刊发日期 发表日期 发布日期 日期 出版时间 发表时间 发布时间 刊登时间"
    " 时间 出报日期 pub_date publish_date published_date date_published publication_date issue_date pubdate published"
    " published_at publish_time pub_time pubtime publishdate 年月日",
    "paper": "paper newspaper newspaper_name 报刊名称 报纸名称 报纸 报刊 报名 报刊名 报纸名 刊名 来源 source 媒体 媒体名称 来源媒体"
    " 文献来源 来源报纸 来源名称 出处 出版物 出版物名称 publication media 载体",
    "authors": "authors author byline creator 作者 责任者 记者 著者 第一责任者 主要责任者 撰稿人 署名 作者姓名 文章作者 writer",
    "section": "section 版面 栏目 版名 版面名称 版面名 专栏 栏目名称 column",
    "page": "page 版次 版号 版面号 版次号 版 页码 版页 版次/卷期 page_no page_number pageno page_num",
    "issue": "issue 期号 期次 总期号 总期数 期数 刊期 期 issue_no issue_number issueno",
    "edition": "edition 版别 版本",
    "url": "url link href 网址 链接 原文链接 原文地址 文章链接 連結 页面链接",
}  # fmt: skip
"""Written in simplified characters: names are compared folded."""

FIELDS = tuple(_NAMES)


_LONGEST = 100
"""Characters of a column's name that may be a field's."""


def field_of(name: str) -> tuple[str, int] | None:
    """Return the field that a column of this name holds, and its rank; None for none.

    Letters count without case, Chinese in either script, without spaces and marks between words.

    >>> field_of("Pub Date"), field_of("題名"), field_of("views")
    (('date', 16), ('title', 3), None)
    """
    return _field_of(name) if len(name) <= _LONGEST else None


@lru_cache(maxsize=512)  # the same names come in every record
def _field_of(name: str) -> tuple[str, int] | None:
    return _places().get(plain_name(name))


def plain_name(name: str) -> str:
    """Return the name of a column as it is compared."""
    return re.sub(r"[\s_:.\-]", "", fold(name))


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[str, int]]:
    return {
        plain_name(name): (field, rank)
        for field, names in _NAMES.items()
        for rank, name in reversed(list(enumerate(names.split())))
    }
