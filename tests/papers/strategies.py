"""Text for property tests: Chinese as it stands in papers, rare characters included."""

from __future__ import annotations

from hypothesis import strategies as st

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
RARE = st.sampled_from("㐂䶮𠮷𬱟〇")
MARKS = st.sampled_from("，。、；：？！“”《》（）—…　 \n1234567890Aaz")
CHINESE = st.text(st.one_of(HAN, HAN, HAN, RARE, MARKS), max_size=200)

_LINES = st.sampled_from(
    [
        "",
        "",
        "山城日报",
        "2021年3月4日 星期四 总第88期",
        "本报讯（记者 甲乙）昨日，山里下了雪。",
        "本报山口讯(通讯员 王 小明)近日，路通了",
        "记者 李四光",
        "■王小明 摄",
        "雪后第一班车",
        "——山口乡纪事",
        "　　老人说，路通了，人就回来了。",
        "会上要求，各村要把路扫干净，",
        "再把账算清楚。（王小明）",
        "# 山口周刊",
        "## 第一条路",
        "---",
        "http://www.example.com/",
        "第2版 要闻",
        "风坐过",
    ]
)
PAGES = st.lists(st.one_of(_LINES, CHINESE), max_size=30).map("\n".join)
