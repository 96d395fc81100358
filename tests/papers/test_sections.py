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


def test_the_name_of_a_column_may_stand_over_the_author() -> None:
    page = (
        "聚焦木桥边",
        "本报记者 林小雨",
        "山口乡修成新桥老人天天来看",
        "山口乡的木桥昨天换了桥面，老人都来看，说木桥比他们都大两岁。",
    )
    assert titles(*page) == ["聚焦木桥边 山口乡修成新桥老人天天来看"]
    assert titles(page[0], page[1], "师傅来了", page[3]) == ["聚焦木桥边"]


def test_a_caption_takes_no_headline_of_the_article_below() -> None:
    page = (
        "湖边的早晨",
        LAKE,
        "师傅在钉木板，孩子们在等第一班车。 本报记者 高野 摄",
        "画家住进粮站要赔偿木板",
        "乡里的规定",
        "画家住进粮站的，弄坏了木板要赔偿，木板一块两元。",
    )
    assert titles(*page)[-1] == "画家住进粮站要赔偿木板 乡里的规定"


def test_a_line_that_says_where_a_text_is_from_ends_it() -> None:
    pieces = split(
        "木桥换了新桥面\n\n山口乡的木桥昨天换了桥面，老人都来看。\n\n　　　　　　据新华社\n\n"
        "雪后的班车坐满了人，又加开了两班，老人也都坐上了车。"
    ).pieces
    assert [piece.title for piece in pieces] == [
        "木桥换了新桥面",
        "雪后的班车坐满了人，又加开了两班，老人也都坐上了车",
    ]
    assert pieces[0].authors == ()


def test_a_caption_of_two_paragraphs_below_the_author_is_no_part_of_the_article() -> None:
    pieces = split(
        "木桥换了新桥面\n\n山口乡的木桥昨天换了桥面，老人都来看。\n\n本报记者 林小雨\n\n"
        "十二月八日，粮站里的画家在画湖。\n\n画家是九月来的，住到了秋天。\n\n何田 高野 摄"
    ).pieces
    assert [piece.authors for piece in pieces] == [("林小雨",), ("何田", "高野")]


def test_a_reader_who_asks_is_not_the_author_of_the_answer() -> None:
    letter = (
        "读者来信\n车站应该有雨棚\n编辑同志：\n车站里堆着化肥，落雨就要受损失。\n　　读者　燕兆丰\n"
    )
    assert [piece.authors for piece in split(letter).pieces] == [("燕兆丰",)]
    answer = letter + "答：雨棚的事，站里已经知道了，下个月就搭起来。\n"
    assert [piece.authors for piece in split(answer).pieces] == [()]


def test_verse_in_an_article_is_no_headline_where_headlines_are_not_set_off() -> None:
    more = "画家今年七十岁，每天早晨都要到湖边去看一回水，再回来画画。" * 2
    page = (
        "访粮站里的画家",
        "本报记者 林小雨",
        f"　　门上贴着一副对联，画家说是他自己写的，写得不好，请不要笑他。{more}",
        "　　老桥已换新桥面",
        "　　旧友重逢老友家",
        f"　　他从粮站里走出来，扶着手杖，走得很慢，一直走到了湖边。{more}",
        f"　　他说木桥比他大两岁。{more}",
        "湖边的早晨",
        f"　　{LAKE}{more}",
    )
    pieces = split("\n".join(page)).pieces
    assert [piece.title for piece in pieces] == ["访粮站里的画家", "湖边的早晨"]
