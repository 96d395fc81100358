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
    "盖蓋练練廉禹井祖漆巴丰豐支卿国國狄平计計索宣晋晉相初门門云雲容敬扈晁芮都普阙闕浦戈伏鹿薄邸雍辜羊阿"
    "裘常昝贲賁诸諸钮鈕嵇滑荀於麴邴糜松乌烏弓牧隗宓蓬郗仰秋伊暴钭鈄戎束幸韶蓟薊印宿怀懷邰鄂咸赖賴籍阴陰莘贡貢"
    "逄堵宰郦酈璩濮寿壽郏郟庾暨衡步沃蔚夔厍那毋乜养養蒯竺逯桓酆湛贝貝茅杭洪羿汲富翦巢郇尧堯励勵占恽惲庹旷曠昌"
    "檀笪綦羌苍蒼茆茹菅萨薩赫逢鄞雒靖尉揭禤禚缑緱腾騰苻荔褟谯譙钦欽铁鐵隽雋颉頡颛顓骞騫鬲鲜鮮岱忻亢仉佴凤鳳元"
    "扶鱼魚银銀闭閉淳澹操锺邹晏芈钊危亓迭闾粘逑佀侴厐茌苪"
)
"""The Hundred Surnames and those of a census of today, but for some that are mostly words
(从 后 红 水 山 双 广 空 …): beside a role they need not be known."""


_WORDY = frozenset("银銀元秋富养養占寿壽幸扶操步束鱼魚那阴陰暴印牧弓仰贡貢")
"""Surnames that begin more words of two characters than names."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DOUBLE_SURNAMES = _set(
    "欧阳 歐陽 上官 司马 司馬 诸葛 諸葛 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 "
    "夏侯 轩辕 軒轅 端木 百里 东郭 東郭 南宫 南宮 闻人 聞人 申屠 太史 独孤 獨孤"
)
# Words that begin as a name does and stand where names stand.
_NOT_NAMES = _set(
    "南都 参考 作品 整理 剪辑 北京 上海 天津 重庆 重慶 广州 廣州 深圳 返回搜狐 查看更多 责任编辑 祝贺 致信 返回 制作 男子 女子 原标题 左一 左二 左三 左四 右一 右二 前排 后排 全文 全国 国家 中国 安全 高清 和平 方言 平方 向前 方向 时间 单位 "
    "关键词 关键字 關鍵詞 万元 成立 成员 公司 关于 查看 应急 平均 平装 明年 金额 计划 国内 国外 国际 海外 海内 包括 连载 简称 简讯 簡訊 简介 簡介 "
    "高级 安装 宣传 关键 时年 图片 资料 资料片 本报 记者 报道 综合 整理 供图 提供 摄影 文图 图文 文字 编辑 编译 编者 译者 作者 笔者 "
    "明日 平时 应用 管理 农业 施工 万人 余人 古代 明代 金代 商代 贺电 任命 任免 相关 连续 满分 单选 章节 时评 时事 时政 时讯 "
    "时尚 时代 时期 时刻 时值 时下 时隔 连日 连日来 连年 连夜 明天 当时 计生 计时 宣布 宣言 宣判 平安 平台 平价 和谐 和解 全部 全体 "
    "全面 全程 全市 全省 全县 全區 全文完 强调 强化 强势 国庆 国庆节 国有 国企 国防 国民 國民 國際 國家 农民 農民 农村 農村 农历 农忙 "
    "农友 车辆 车间 车祸 关注 关心 关系 易于 高度 高温 高考 高校 高速 方面 方可 方法 方案 万亩 万吨 万户 万斤 万里 万一 白天 黄金 "
    "金融 金秋 石油 花园 马上 牛年 龙年 马年 虎年 江山 江河 江南 江北 江淮 海关 海军 海上 海洋 文化 文明 文件 文摘 文艺 文章 文稿 "
    "华人 华北 华东 华南 华中 华侨 常年 常委 常务 常常 常见 常识 养殖 养老 养护 养生 富裕 富民 幸福 幸运 银行 铁路 鐵路 那么 那天 "
    "那些 那里 那時 那时 元旦 元月 元宵 元首 印度 印发 印象 占地 占比 秋季 秋天 秋收 秋冬 洪水 暴雨 暴力 步行 操作 束缚 扶贫 扶持 "
    "诸多 诸位 鱼类 凤凰 贡献 仰望 松花 支持 支部 支援 支撑 计算 相比 相信 相片 相同 容易 敬请 敬告 来源 来信 来自 来稿 来电 来函 來函 "
    "來電 云集 应当 应该 解决 解放 解读 解析 解释 单独 包装 项目 权威 权益 毛利 常规 路透 路线 平衡 丰富 豐收 花絮 花边 安排 "
    "安定 安居 谈话 談話 谈判 通讯 双方 车队 易拉 沙龙 席间 党员 黨員 党委 党政 党中央 黨中央 官方 官兵 师生 師生 师范 武装 武器 "
    "武力 区域 区级 阿里 普通 普查 普及 都市 都会 门前 门口 练习 强国 满意 满足 位于 原因 原来 原载 原載 原文 原则 原著 原题 班子 "
    "储蓄 劳动 勞動 劳模 管制 管委 温暖 温馨 康复 施行 施政 安静 成功 成果 成就 成本 成交 成绩 成绩单 成年 成长 成熟 成为 成效 "
    "古今 古典 司法 司机 司令 商业 商业街 商品 商务 商量 商家 商讯 商战 郎中 仲裁 明确 明显 明星 明白 封面 封锁 冷静 冷眼看 "
    "宗教 宗旨 柏油 应对 应邀 于是 於是 于此 於此 于今 余年 余万 余元 余名 余种 许多 許多 许可 向来 甘愿 龙头 严格 严肃 严禁 严重 "
    "严打 易地 白条 江水 沙尘 沙漠 边境 边防 边疆 边区 華僑 華北 華東 華南 華中 國慶 國軍 國府 國貨 時事 時局 時評 時論 萬元 萬人 "
    # Places.
    "武汉 武漢 武昌 云南 雲南 黄河 黃河 长江 沈阳 瀋陽 江苏 江蘇 江西 安徽 宁夏 甘肃 甘肅 吉林 温州 溫州 兰州 蘭州 湛江 常州 常德 常熟 "
    "寿光 富阳 铁岭 银川 杭州 洪湖 松江 张家口 張家口 张家界 石家庄 石家莊 马鞍山 马来西亚 连云港 景德镇 贵州 包头 苏州 蘇州 苏联 "
    "蘇聯 郑州 鄭州 徐州 柳州 梅州 黄石 黄山 黄冈 黄浦 黄岛 万州 万县 宁波 寧波 宁德 安庆 安慶 安阳 安康 安顺 阳江 阳泉 汉中 韶关 江门 江阴 江都 "
    "成都 成都市 金华 金山 金昌 华山 乐山 乐清 濮阳 邢台 单县 房山 平谷 怀柔 顺义 阳朔 丰台 石景山 钱塘 余杭 萧山 海宁 海口 海南 海淀 "
    "雷州 贺州 钦州 台北 南昌 南京 南宁 南通 南阳 齐鲁 安溪 温泉 高雄 严州 麻城 盘锦 鲁迅 蒙古 鲁西 鲁南 蓝田 甘孜 阿坝 昌平 "
    "伊朗 伊拉克 伊犁 乌鲁木 印尼 巴黎 巴西 巴基斯 英国 古巴 柏林 华沙 华盛顿 索马里 阿富汗 阿拉伯 朝鲜 荷兰 黎巴嫩 柬埔寨 安哥拉 "
    "日内瓦 麦加 牛津 柏木 朴茨 古城 古田 郎溪 莫斯科 利物浦 费城 安理会 乔治 安南 易水 都江堰 葛洲坝 阿根廷 万宁 万象 万隆"
)
# How no given name ends, but an office or a place does; and what no name holds.
_NO_END = frozenset(
    "办辦网網报報社局厅廳县縣省市院校厂廠部署所处處室队隊村乡鄉店站区區摄攝们們等称稱说說"
)
_NOT_IN_NAMES = frozenset("的了是我你您他她它们們这這吗嗎呢把被很没沒到")


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
        and may_be_name(text)
        and (text[:2] in _DOUBLE_SURNAMES or (text[0] in _SURNAMES and len(text) <= 3))
        and not (len(text) == 2 and text[0] in _WORDY)
        and not _AS_OF.fullmatch(text)
    )


def may_be_name(text: str) -> bool:
    """Return whether `text` is as long as a name, and holds and ends with nothing but that."""
    return (
        bool(_SHORT.fullmatch(text))
        and text not in _NOT_NAMES
        and text[-1] not in _NO_END
        and not _SECTION.fullmatch(text)
        and not _NOT_IN_NAMES.intersection(text)
    )


def is_pen_name(text: str) -> bool:
    """Return whether a word that stands where an author does may be one, without a surname."""
    return bool(_PEN_NAME.fullmatch(text)) and may_be_name(text) and text not in _GENRES


# No word that begins a sentence, counts, or says what a text is; no office.
_PEN_NAME = re.compile(
    r"(?![近日目此因但而同另今昨明据據其这這那如并並对對在从從为為由以当當到可只也还還已不有没他她它我你与與及又再更最就才都"
    r"第每各某该該本未待见見附左右上下前后後图圖新中全若虽雖所一二三四五六七八九十])"
    rf"[{HAN}]{{1,2}}[{HAN}](?<![年月日元完续續图圖表等者中上下后後前时時里裡内內外载載稿版电電讯訊说說道着了之乎也矣哉"
    r"台局院部社校办委队所镇区组馆会处科系班团行司館廠隊辦學学诗詩词詞曲歌画畫剧劇篇章节節首则則题題点點事论論评評记記选選])"
)
_GENRES = _set(
    "推广 试行 試行 暂行 草案 修订 修正 征求 摘要 通知 公告 启事 啟事 通告 散文 杂文 雜文 杂谈 雜談 随笔 隨筆 小品 小说 小說 特写 特寫 速写 速寫 通讯 消息 报告 报道 "
    "访谈 寓言 童话 童話 故事 漫画 木刻 摄影 相声 相聲 快板 连环 笑话 谜语 资料 史料 讲话 演讲 答复 来信 译文 连续 节录 草稿 初稿 定稿 大意 片断 "
    "片段 代序 序言 后记 短剧 独幕 摄像 剪纸 书法 国画 油画 篆刻 组照 外一 综合 推广 特稿 广告 廣告 声明 聲明 更正 增刊 特刊 专刊 專刊 号外 號外"
)
_SHORT = re.compile(rf"[{HAN}]{{2,4}}")
_DOTTED = re.compile(rf"[{HAN}]+(?:[·•・][{HAN}]+)+")
_SECTION = re.compile("..?[传傳技务務财財保医醫教政卫衛生内外]科")  # 宣传科
_AS_OF = re.compile("[于於](?:[近今昨日前当當][日天年前]|[本上去][月周年])")


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
        return [name] if len(name) <= 20 and _DOTTED.fullmatch(name) else []
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
