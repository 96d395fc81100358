"""What a digital paper prints around its pages: buttons, ways to other pages, the page's name."""

from __future__ import annotations

import re

_BUTTONS = (
    "上一篇 下一篇 上一期 下一期 上一版 下一版 上一页 下一页 上一條 下一條 上一条 下一条 前一篇 后一篇 前一期 后一期 前一天 后一天 "
    "当前版 當前版 当前报章 當前報章 当前位置 當前位置 展开通版 收缩通版 通版阅读请点击 通版阅读 发布日期 发布时间 "
    "放大 缩小 縮小 默认 默認 还原 還原 字体 字體 字号 大中小 返回目录 返回目錄 返回首页 返回首頁 返回主页 返回主頁 返回版面 返回列表 "
    "返回报纸首页 版面导航 版面導航 标题导航 標題導航 版面目录 版面目錄 版面概览 往期回顾 往期查询 日期检索 全文检索 站内搜索 高级搜索 高级检索 "
    "PDF版 PDF下载 下载PDF 版面PDF 阅读PDF PDF 收藏 打印 列印 推荐 推薦 朗读 朗讀 评论 分享 纠错 更多功能 我要评论 发表评论 "
    "设为主页 設為主頁 设为首页 設為首頁 收藏本页 收藏本頁 加入收藏 您好!今天是 您好 今天是 "
    "数字报首页 数字报 電子報 电子报 电子版 电子报纸 首页 首頁 主页 本版新闻 本版文章 本版标题 本期报纸 版面列表 分享到 微信扫一扫 "
    "返回 关闭 打开 刷新 上页 下页 前页 后页 目录 朗读本文 语音播报 复制链接 点击查看 收起 展开 热点链接 头条链接 专栏 作者 来源 微信 微博 新浪微博 腾讯微博 QQ空间 朋友圈 人人网"
)
_WORD = "(?:" + "|".join(sorted(map(re.escape, _BUTTONS.split()), key=len, reverse=True)) + ")"
_BETWEEN = r"[\s\d|>:,/\\·•()\[\]【】《》«»<←→↑↓▲▼+-]"
# Nothing is given back once it is matched: some words begin with others (返回, 返回目录).
_BAR = re.compile(
    rf"(?:{_BETWEEN}*+(?>{_WORD}|(?<=\d)[年月日]))++{_BETWEEN}*+(?:[版!]{_BETWEEN}*+)?"
)
_MENU = re.compile(r"首[页頁](?:[\s|>·-]++[^\s|>·-]{1,6}+){3,40}[\s|>·.-]*+")
_WORDS = re.compile(_WORD)
_ALONE = re.compile(
    r"(?:返回|关闭|关閉|打开|刷新|展开|收起|专栏|作者|来源|收藏|打印|评论|分享|推荐|推薦|放大|目录|首页|首頁|主页|您好|今天是|朗读|字体|字号|打开|还原|默认|电子版|PDF|微信|微博|朋友圈)"
)
_LABELLED = re.compile(
    r"(?:当前位置|當前位置|当前版|當前版|当前报章|當前報章|站内搜索|发布日期|发布时间|版面|专栏)\s?:[^,。;!?]{0,30}"
    r"|第\s?[A-Z]?\d{1,4}\s?版\s?:?\s?\(\)\s?"
    r"|[您你]?(?:当前|當前|现在|現在|目前|所在)(?:所在)?的?位置\s?(?:是\s?)?[:>][^。;!?]{0,90}"
    r"|(?:版权所有|版權所有|(?:©|Copyright)\b)[^。;!?]{0,90}|[^。,;!?]{0,30}ICP[备備证證]\s?\d[^。;!?]{0,60}"
)
_EXPORTED = re.compile(r"\bcontent_\d+(?:_\d+)?\.s?html?\b|/?enpproperty\b|\bnode_\d+\.s?html?\b")


def is_navigation(text: str) -> bool:
    """Return whether plain text is nothing but the buttons and labels of a digital paper.

    One button alone is taken only where its word is no word of articles (`上一篇`).
    """
    if _EXPORTED.search(text) or _LABELLED.fullmatch(text) or _MENU.fullmatch(text):
        return True
    words = _WORDS.findall(text) if _BAR.fullmatch(text) else []
    if not words:
        return False
    return len(words) > 1 or not _ALONE.fullmatch(words[0]) or text.endswith(":")
