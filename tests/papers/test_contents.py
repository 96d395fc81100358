"""Lists of headlines that stand on the same page are no articles."""

from __future__ import annotations

from search.papers.pages.split import Page, split

ARTICLES = (
    "## 木桥换了新桥面",
    "本报讯（记者 林小雨）山口乡的木桥昨天换了桥面，老人都来看。",
    "## 湖边的早晨有人打拳",
    "本报讯（记者 何田）湖边的早晨，有人在打太极。",
    "## 雪后第一班车坐满了",
    "本报讯（记者 高野）雪后的班车坐满了人，又加开了两班。",
)
ENTRIES = ("1.木桥换了新桥面；", "2.湖边的早晨有人打拳；", "3.雪后第一班车坐满了。")


def read(*lines: str) -> Page:
    return split("\n\n".join(lines), markdown=True)


def titles(page: Page) -> list[str]:
    return [piece.title for piece in page.pieces]


def test_a_table_of_contents_is_furniture() -> None:
    page = read("## 今天的内容", *ENTRIES, *ARTICLES)
    assert titles(page) == ["木桥换了新桥面", "湖边的早晨有人打拳", "雪后第一班车坐满了"]
    assert [line for _, line in page.furniture] == ["## 今天的内容", *ENTRIES]


def test_a_list_of_what_is_not_on_the_page_is_text() -> None:
    page = read("## 今天的内容", *ENTRIES[:2], "3.另一页上的事情。", *ARTICLES)
    assert titles(page)[0] == "今天的内容"
    long = "这一段是正文，不是目录，" * 5
    assert titles(read("## 今天的内容", *ENTRIES, long, *ARTICLES))[0] == "今天的内容"


def test_a_poem_repeats_its_own_headline() -> None:
    poem = ("## 木桥换了新桥面", *["木桥换了新桥面"] * 4, "老人都来看")
    page = read(*poem, *ARTICLES[2:])
    assert titles(page)[0] == "木桥换了新桥面"
    assert not page.furniture


def test_a_list_beside_the_article_of_a_digital_paper_is_furniture() -> None:
    entries = "· 木桥换了新桥面\n· 湖边的早晨有人打拳"
    bar = "上一篇 下一篇 放大 缩小 默认"
    text = "　　本报讯（记者 林小雨）山口乡的木桥昨天换了桥面，老人都来看。"
    before = split(f"{entries}\n{bar}\n木桥换了新桥面\n{text}")
    after = split(f"木桥换了新桥面\n{text}\n{bar}\n{entries.replace('· ', '')}\n{bar}")
    assert titles(before) == titles(after) == ["木桥换了新桥面"]
    assert all("打拳" not in piece.body for piece in (*before.pieces, *after.pieces))


def test_a_heading_is_a_group_by_what_stands_below_it() -> None:
    """Two articles below one heading are enough, and three below another change nothing."""
    lower = [line.replace("##", "###") for line in ARTICLES]
    page = read("## 乡里", *lower[:4], "## 县里", *lower)
    assert len(page.pieces) == 5
    assert [line for _, line in page.furniture] == ["## 乡里", "## 县里"]


def test_a_headline_over_a_subtitle_and_subheadings_is_no_group() -> None:
    page = read(
        *ARTICLES[:2],
        "## 粮站里来了画家",
        "### 他们住到了秋天",
        "四个画家住进了粮站，老人每天去看。",
        "### 画了四十张画",
        "画里有木桥，也有湖。",
    )
    assert titles(page) == ["木桥换了新桥面", "粮站里来了画家 他们住到了秋天"]


def test_numbered_headings_are_chapters_and_no_groups() -> None:
    page = read(
        "# 山口乡这一年",
        "## 一、修桥",
        "### 桥墩",
        "桥墩是石头的。",
        "### 桥面",
        "桥面是木头的。",
    )
    assert "一、修桥" in "".join(titles(page))
