"""Whether what stands under a heading is a section of the article above it, or another article."""

from __future__ import annotations

from search.papers.pages.split import split

TOWN = "本报讯（记者 林小雨）山口乡的木桥昨天换了桥面，老人都来看。"
LAKE = "本报讯（记者 何田）湖边的早晨，有人在打太极。"


def titles(*lines: str, **options: bool) -> list[str]:
    return [piece.title for piece in split("\n\n".join(lines), **options).pieces]


def test_one_heading_below_a_short_dispatch_is_that_of_another_article() -> None:
    page = ("木桥换了新桥面", TOWN, "同学会聚餐", "粮站的同学定在星期天中午见面，会费一元。")
    assert titles(*page) == ["木桥换了新桥面", "同学会聚餐"]
    assert titles(*page, "湖边的早晨", LAKE) == ["木桥换了新桥面", "同学会聚餐", "湖边的早晨"]


def test_several_headings_below_a_short_dispatch_are_its_sections() -> None:
    page = (
        "木桥换了新桥面",
        TOWN,
        "师傅天不亮就来了",
        "修车的师傅带了二十块木板，一块一块钉上去，钉到中午。",
        "孩子们在等第一班车",
        "放学的时候下起了雨，大家都站在粮站的屋檐下面。",
        "湖边的早晨",
        LAKE,
    )
    assert titles(*page) == ["木桥换了新桥面", "湖边的早晨"]


def test_items_with_marks_are_a_column_of_briefs() -> None:
    page = (
        "木桥换了新桥面",
        "本报记者 林小雨",
        "山口乡的木桥昨天换了桥面，老人都来看，说木桥比他们都大两岁。",
        "乡里的事",
        "▲粮站空了十年，昨天住进了四个画家。",
        "▲雪后第一班车坐满了人。",
    )
    assert titles(*page) == ["木桥换了新桥面", "乡里的事"]
    assert titles(*(line.replace("▲", "") for line in page)) == ["木桥换了新桥面"]


def test_spaces_in_the_word_for_briefs_do_not_hide_it() -> None:
    page = ("夜班", "本报记者 林小雨", "七床的老人睡不着。", "通　知", "定于星期天开会。")
    assert titles(*page) == ["夜班", "通　知"]


def test_a_numbered_heading_is_a_section_below_a_lower_number_alone() -> None:
    first = ("老人的话", "老人说桥比他大两岁，他每天都要从桥上走一回。")
    one, three = ("（一）桥墩", "桥墩是石头的。"), ("（三）退位的诏书", "这是另外一件事。")
    assert titles(*first, *three) == ["老人的话", "（三）退位的诏书"]
    assert titles(*first, *one, *three) == ["老人的话"]


def test_headings_are_of_one_level_by_those_that_head_something() -> None:
    """The levels of a subtitle, and of the name of a section of the paper, are none of them."""
    page = (
        "# 直播间里卖山货",
        "## 笋干卖到了海边",
        "本报记者 林小雨",
        "晚上八点，山口乡的直播准时开始，老人都来看。",
        "# 从前卖不掉",
        "两年前，笋干堆在粮站里。",
        "# 现在不够卖",
        "粮站里坐满了装箱子的人。",
        "# 湖边的早晨",
        LAKE,
    )
    assert titles(*page, markdown=True) == ["直播间里卖山货 笋干卖到了海边", "湖边的早晨"]


def test_a_picture_may_stand_between_a_headline_and_its_dateline() -> None:
    page = (
        "# 湖边的早晨",
        LAKE,
        "# 木桥换了新桥面",
        "师傅在钉木板。",
        "高野 新华社发",
        TOWN,
        "# 雪后第一班车",
        "本报讯（记者 何田）雪后的班车坐满了人。",
    )
    assert titles(*page, markdown=True) == ["湖边的早晨", "木桥换了新桥面", "雪后第一班车"]


def test_a_further_dispatch_is_of_the_report_above_though_that_has_no_headline() -> None:
    more = "另据本报讯（记者 高野）木桥的栏杆下个月也要换。"
    pieces = split(f"{TOWN}\n\n{more}\n\n湖边的早晨\n\n{LAKE}").pieces
    assert [more in piece.body for piece in pieces] == [True, False]
