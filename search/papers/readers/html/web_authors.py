"""Who wrote a web page: people only. Sites fill the field with their own name, or the editor's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from search.papers.pages.names import HAN, is_name, may_be_name, split_names
from search.papers.pages.printed import plain

_MAX = 100
"""Characters of the longest field that names authors."""

# An editor has written nothing; what stands behind the word is no author's name.
_EDITED = re.compile(
    r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|审核|審核|审校|校对|校對|监制|監製|来源|來源|编审|值班主任)[\s:/].*"
)
_ROLE = re.compile(
    r"(?:本[报報刊网網台])?(?:全媒体|全媒體|融媒体|融媒|首席|见习|見習|实习|實習|特约|特約|驻地)?"
    r"(?:记者|記者|通讯员|通訊員|特派员|作者|撰稿人?|撰文|采写|文/图|文|图|圖|摄影|攝影|供稿|by|By|BY)(?=[\s:/|])[\s:/|]*"
)
_PHOTOGRAPHED = re.compile(rf"[{HAN}]{{2,4}}\s?/\s?[图圖摄攝]影?")
_WROTE = re.compile(r"/\s?文(?![^\s/])")
_LATIN = re.compile(r"[A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*){1,3}")
_NO_PERSON = re.compile(
    r"(?i)\b(?:news|daily|post|times|editor|editorial|admin|press|media|online|network|staff|agency|desk|web|china|xinhua|team)\b"
)
_OFFICE = re.compile(
    "网|網|在线|在線|新闻|新聞|日报|日報|晚报|晚報|融媒|编辑|編輯|小编|小編|管理员|管理員|佚名|匿名|综合|綜合|官方|发布|發布|客户端|公众号|"
    "集团|集團|公司|中心|委员会|电视|電視|广播|廣播|频道|頻道|传媒|傳媒|头条|頭條|来源|來源|未知|资讯|資訊"
)


def people(values: Iterable[str], *, known: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Return the people named in fields for authors, each once; `known` are the site and the paper.

    A name has a surname, or dots between its parts, or two words or more in Latin letters.
    """
    others = {_squeezed(name) for name in known if name}
    found = (name for value in values for name in _people(value) if _squeezed(name) not in others)
    return tuple(dict.fromkeys(found))


def signed(text: str, *, known: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Return who is named behind the word for an author: a pen name will do, a site will not."""
    found = people([text], known=known)
    if found:
        return found
    word = re.split(r"[\s、,，]", text.strip())[0]
    others = {_squeezed(name) for name in known if name}
    pen = may_be_name(word) and not _OFFICE.search(word) and _squeezed(word) not in others
    return (word,) if pen else ()


def _people(value: str) -> Iterator[str]:
    if len(value) > _MAX:
        return
    text = _WROTE.sub(" ", _PHOTOGRAPHED.sub(" ", _EDITED.sub("", plain(value))))
    text = _ROLE.sub(" ", f"{text} ").strip()
    if "/" in text:  # the address of an author's page
        return
    if not re.search(rf"[{HAN}]", text):
        for part in re.split(r"[,;&|]| and ", text):
            if _LATIN.fullmatch(part.strip()) and not _NO_PERSON.search(part):
                yield part.strip()
        return
    for name in split_names(text):
        dotted = "·" in name or "•" in name or "・" in name
        if (dotted or is_name(name)) and not _OFFICE.search(name):
            yield name


def _squeezed(text: str) -> str:
    return re.sub(r"[\s《》]", "", text).lower()
