"""Names of people as printed in a credit, put back together from what OCR left."""

from __future__ import annotations

import re

HAN = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U000323af"
"""Han characters for a regular expression class, the Extension planes included."""

_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭"
    "萧蕭肖蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅付钟鍾姜崔谭譚廖范範汪陆陸金石戴贾賈韦韋夏"
    "邱丘方侯邹鄒熊孟秦白江阎閻闫薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戚莫孔向汤湯温溫康施"
    "牛樊葛邢安齐齊乔喬易伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關兰蘭焦俞左柳甘祝包宁寧尚符舒阮柯纪紀"
    "梅童凌毕畢单單季裴霍涂塗成苗谷盛曲翁冉骆駱蓝藍路游辛靳欧管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽时時"
    "穆农農司卓古吉缪繆简簡车車项項连連芦蘆麦麥褚娄婁窦竇戴岑景党黨宫宮费費卜冷晏席卫衛米柏宗瞿桂全佟应應臧"
    "闵閔苟邬鄔边邊卞姬师師和仇栾欒隋商刁沙荣榮巫寇桑郎甄丛叢仲虞敖巩鞏明佘池查麻苑迟遲邝鄺官封谈談匡鞠惠荆荊"
    "乐樂冀郁胥南班储儲原栗燕楚鄢劳勞谌諶奚皮粟冼蔺藺楼樓盘盤满滿闻聞位厉厲仝区區郜海阚闞花权權强強帅帥屠豆朴"
    "盖蓋练練廉禹井祖漆巴丰豐支卿国國狄平计計索宣晋晉相初门門云雲容敬来來扈晁芮都普阙闕浦戈伏鹿薄邸雍辜羊阿"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DOUBLE_SURNAMES = _set(
    "欧阳 歐陽 上官 司马 司馬 诸葛 諸葛 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 "
    "夏侯 轩辕 軒轅 端木 百里 东郭 東郭 南宫 南宮 闻人 聞人 申屠 太史 独孤 獨孤"
)
# Words that begin as a name does and stand where names stand.
_NOT_NAMES = _set(
    "左一 左二 左三 左四 右一 右二 前排 后排 全文 全国 国家 中国 安全 高清 和平 方言 平方 向前 方向 时间 单位 "
    "万元 成立 成员 公司 关于 查看 应急 平均 平装 明年 金额 计划 国内 国外 国际 海外 海内 包括 连载 简称 简讯 簡訊 简介 簡介 "
    "高级 安装 宣传 车站 交通 时年 关键 武汉 云南 黄河 长江 沈阳 江苏 江西 安徽 宁夏 甘肃 吉林 温州 兰州 "
    "图片 资料 资料片 本报 记者 报道 综合 整理 供图 提供 摄影 文图 图文 文字 编辑 编译 编者 译者 作者 笔者 "
    "明日 平时 应用 管理 农业 施工 万人 余人 古代 明代 金代 商代 贺电 任命 任免 相关 连续 满分 单选 章节"
)


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in `text`, a list of names with nothing else in it.

    Names are parted by spaces or 、，；／ and so on. A space also stands inside names, put
    there by OCR (`周 雨荷`) or to give `周 雨` the width of three characters: a character
    alone joins its neighbour. Four or more characters in a row are parted where each part
    begins with a surname. What cannot be a name (an office, a word) is left out.
    """
    names: list[str] = []
    for chunk in re.split(r"[、,，;；/／&|和与與及]+", _mask_names(text)):
        names.extend(_join_split_names(chunk.split()))
    return tuple(dict.fromkeys(part for name in names for part in _part(name.translate(_UNMASK))))


# 和 is a conjunction between names but also the end of a given name (志和): only one with
# two characters or more on both sides can be the conjunction, and those are left to _part.
_UNMASK = {0xE000: "和", 0xE001: "与", 0xE002: "及"}


def _mask_names(text: str) -> str:
    """Hide 和, 与, 及 where they do not stand alone between spaces."""
    for code, char in _UNMASK.items():
        text = re.sub(rf"(?<=[^\s、,，]){char}|{char}(?=[^\s、,，])", chr(code), text)
    return text


def is_name(text: str) -> bool:
    """Return whether `text` is surely a name, with no role word beside it: it has a surname."""
    return (
        text not in _NOT_NAMES
        and bool(re.fullmatch(rf"[{HAN}]{{2,4}}", text))
        and (text[:2] in _DOUBLE_SURNAMES or (text[0] in _SURNAMES and len(text) <= 3))
    )


def _join_split_names(parts: list[str]) -> list[str]:
    """Join each character that stands alone with the neighbour it belongs to."""
    names: list[str] = []
    alone = ""
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else ""
        if alone:
            names.append(alone + part)
            alone = ""
        elif len(part) > 1:
            names.append(part)
        elif names and len(names[-1]) == 2 and (part not in _SURNAMES or not following):
            names[-1] += part
        elif following:
            alone = part
    # Three characters set apart: 周 雨 荷 gave 周雨 and 荷, joined above.
    return names


def _part(name: str) -> list[str]:
    """Return the names in a run of characters without a space; none if it is no name."""
    if "·" in name or "•" in name or "・" in name:
        return [name] if re.fullmatch(rf"[{HAN}·•・]{{3,20}}", name) else []
    if name in _NOT_NAMES or not re.fullmatch(rf"[{HAN}]{{2,9}}", name):
        return []
    if len(name) <= 3 or (name[:2] in _DOUBLE_SURNAMES and len(name) == 4):
        return [name]
    for first in (3, 2):
        head, rest = name[:first], name[first:]
        if is_name(head) and len(rest) >= 2 and is_name(rest[:2]):
            tail = _part(rest)
            if tail and all(map(is_name, tail)):
                return [head, *tail]
    return [name] if len(name) == 4 else []
