"""Datelines and offices: what stands where an author would, and names none.

An article begins with the paper or agency, the place and the day it is sent from (本报讯,
据新华社北京1月1日电, 〔中央社重慶五日電〕), or ends with them in brackets, or with the office
or the paper it comes from.
"""

from __future__ import annotations

import re

from search.papers.pages.names import HAN

MARKS = "■●◎□▲★◆○◇▌|△▼◢※"
"""Marks that stand before a byline or a dateline."""

_MAX_SOURCE = 40
"""Characters of the longest source named at the end."""

OPENERS = r"（(\[【〔［"
CLOSERS = r"）)\]】〕］"

_NOT_WORDS = r"(?![将將于於在从從对對为為是的向把被由就已也])"
_PLACE = rf"(?:{_NOT_WORDS}[{HAN}、·0-9０-９]\s{{0,2}})"
# 电话, 讯息 and 通讯员 are words.
_WIRE = (
    r"(?:(?<!通)[讯訊](?![息问問号號飞飛])|(?<=通)[讯訊](?![员員录錄设設器社簿工公网網技卫衛息])"
    r"|[电電](?![话話影视視力脑腦器子台臺信网網商站价價梯动動车車费費量线線源缆纜流压壓池灯燈机機焊"
    r"码碼竞競游波厂廠气氣器讯訊]|报(?!道)|報(?!導|道)))"
)
AGENCY = (
    r"(?:新[华華]\s?社|中新[社网網]|中[国國]新[闻聞][社网網]|中央社|中通社|朝中社|人民[网網]|央[视視]|路透社?|合[众眾衆](?:[国國][际際])?社"
    r"|[联聯]合社|美[联聯](?:[国國][际際])?社|法新社|德新社|塔斯社|俄[通塔新]社|共同社|[时時]事社|同盟社|[电電]通社"
    r"|海通社|哈瓦斯社?|安莎社|埃菲社|[国國]民社|[国國]新社|[国國][际際]社|[国國][闻聞]社|[韩韓][联聯]社|拉美社|南通社)"
)
"""Agencies, as a pattern."""

_OTHER_AGENCY = (
    rf"(?:[{HAN}]{{1,8}}?(?:社|日[报報]|晚[报報]|[时時][报報]|[网網])|《[{HAN}]{{2,8}}》)"
)
_SPEAKS = r"(?!\s?[记記]\s?者|[评評][论論])"
_DAY = r"[0-9０-９一二三四五六七八九十廿卅元正〇○]{1,4}\s{0,2}[日号號]\s{0,2}"
_SENT = rf"(?:合[众眾衆]|路透|同盟|哈瓦斯|塔斯|中央|国民|國民|[专專特急快航])?\s?{_WIRE}"
_WITH_ROLE = rf"\s{{0,3}}[（(]\s{{0,3}}[{HAN}]{{0,6}}\s?(?:[记記]\s?者|通\s?[讯訊]|特\s?[约約])"

DATELINE = re.compile(
    rf"\s*(?:[{MARKS}]\s*)?[{OPENERS}]?\s*[另又]?[据據]?\s?(?:"
    rf"本\s?[报報刊台臺网網市埠港]\s?{_SPEAKS}(?:{_PLACE}{{0,8}}?|{_PLACE}{{1,16}}?{_DAY}){_SENT}"
    rf"|{AGENCY}\s{{0,2}}{_SPEAKS}{_PLACE}{{0,20}}?{_WIRE}"
    rf"|{_OTHER_AGENCY}\s{{0,2}}{_SPEAKS}(?:{_PLACE}{{0,16}}?{_DAY}{_SENT}|[{HAN}]{{0,8}}[讯訊电電](?={_WITH_ROLE}))"
    rf"|[{HAN}]{{2,6}}?\s?{_DAY}{_SENT}"  # 重慶五日電
    rf"|{AGENCY}[{HAN}]{{0,2}}消息\s?(?:[{OPENERS}][{HAN}·《》]{{2,12}}[{CLOSERS}])?(?=\s?[：:，,])"
    rf"|[{HAN}]{{0,8}}[讯訊](?={_WITH_ROLE})"
    rf"|(?<=[{OPENERS}])\s*{_PLACE}{{1,22}}?{_WIRE}(?=\s?[{CLOSERS}])"  # 〔重慶電〕
    rf")\s*[{CLOSERS}]?"
)
"""A dateline at the start of a text."""

_CLOSING = re.compile(
    rf"\s*[据據]?\s?(?:{AGENCY}|本\s?[报報刊]|{_OTHER_AGENCY})\s{{0,2}}{_PLACE}{{0,24}}?"
    rf"(?:{_SENT}|供稿|稿|{_DAY})\s*"
)
_AGENCY_ALONE = re.compile(AGENCY)
_TAKEN_FROM = re.compile(
    rf"[据據]\s?(?:{AGENCY}|《[{HAN}]{{2,8}}》)[电電讯訊]?|本[报報]综合(?:消息|[报報]道)?"
)
_SENT_PICTURE = re.compile(rf"(?P<name>[{HAN}]{{2,4}}|)\s{{0,3}}[摄攝]?\s{{0,3}}{AGENCY}\s?[发發]")
_SOURCE = re.compile(
    r"(?:原?[载載刊]于?[《「]|转载|轉載|摘自|摘编自|选自|選自|[据據].{0,20}[报報电電讯訊])"
)
_HOUSE = re.compile(
    r"本[报報刊](?:特[约約])?(?:[评評][论論][员員]|[编編][辑輯]部|[编編]者|[资資]料室)|编者|編者"
)
_WRITING_OFFICES = (
    "编辑部|編輯部|编委会|編委會|委员会|委員會|司令部|总部|總部|[纠糾]察[队隊]|[战戰][斗鬥鬭][队隊组組团團]|[红紅][卫衛]兵"
    "|兵[团團]|[联聯][络絡]站|革委[会會]|宣[传傳]部|[办辦]公室|[总總支分大][队隊]|[评評][论論][员員]|[写寫]作[组組]"
    "|[报報]道[组組]|[报報][导導][组組]|通[讯訊][组組]|[调調]查[组組]|[学學协協][会會]|研究[所院]"
)
_OFFICE = re.compile(
    rf"[{HAN}、]{{2,26}}(?:{_WRITING_OFFICES}|改革[办辦]|委[办辦]?|[厅廳局部会會处處科]|中心|公司|[集财]团|[学學]校|[大中小][学學]|[学學]院)"
)
_ORGANISATION = re.compile(rf"([{HAN}、—\s]{{2,24}})(?:{_WRITING_OFFICES})")
_DOES = re.compile(
    r"[的了是在将將把被让讓为為与與和向对對给給致赴访訪求抓促推建设設创創开開召举舉成获獲动動助保迎见見说說看问問想要有无無不]"
)


def closing(text: str) -> bool | None:
    """Tell what the last brackets hold: a dateline (true), an office or a source (false).

    Anything else is None.
    """
    text = text.strip()
    if _CLOSING.fullmatch(text) or _AGENCY_ALONE.fullmatch(text):
        return True
    if office(text) or _HOUSE.fullmatch(text) or (len(text) <= _MAX_SOURCE and _SOURCE.match(text)):
        return False
    return None


def office(text: str) -> bool:
    """Return whether a text is the name of an office, a company or a school, and nothing it does."""
    return _OFFICE.fullmatch(text.strip()) is not None and not _DOES.search(text)


def taken_from(text: str) -> bool:
    """Return whether a line is the agency or the paper that a text was taken from (`据新华社`)."""
    return _TAKEN_FROM.fullmatch(text.strip().strip("（()）—- ")) is not None


def sent_picture(text: str) -> str | None:
    """Return who took a picture that an agency sent (`甲乙 新华社发`), "" if nobody; else None."""
    found = _SENT_PICTURE.fullmatch(text.strip().strip("（()）"))
    return found["name"] if found else None


def organisation(text: str) -> bool:
    """Return whether a line is the name of an office and of nothing it does.

    Only its place, under a headline or below the text, can tell it from a headline.
    """
    text = text.strip().strip("（()）—- ")
    if _HOUSE.fullmatch(text):
        return True
    found = _ORGANISATION.fullmatch(text)
    return found is not None and not _DOES.search(found[1])
