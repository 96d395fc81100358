"""Headlines that the habits of a page tell, and what stays under one headline."""

from __future__ import annotations

import pytest

from search.papers.pages.split import Page, split

BRIDGE = (
    "望澜桥的维修工程昨天下午完工，桥面重新铺了沥青，两侧的栏杆换成了铸铁的。附近的居民说，"
    "夜里过桥再也不用绕道了。"
)
TEA = (
    "青岚山的春茶比去年早开采了六天，茶农们清早就上了山，傍晚把鲜叶送到合作社。今年的收购价"
    "每公斤高出四元。"
)
SCHOOL = "岱溪小学的新操场铺好了草皮，孩子们第一次在上面跑步。体育老师周启明说，雨天也不再泥泞。"
FERRY = "苍浦渡口的末班船推迟到晚上九点，夜里下班的工人可以坐船回家。票价和白天一样，仍是两元。"


def wrapped(*paragraphs: str, width: int = 18, indent: str = "　　") -> str:
    """Return paragraphs as columns have them: hard lines, two characters in."""
    rows = []
    for paragraph in paragraphs:
        text = indent + paragraph
        rows += [text[at : at + width] for at in range(0, len(text), width)]
    return "\n".join(rows)


def titles(page: Page) -> list[str]:
    return [piece.title for piece in page.pieces]


@pytest.mark.parametrize("head", ["全县茶叶开采时间较往年提前近一周整", "春茶开采"])
def test_a_line_at_the_edge_below_the_end_of_a_paragraph_is_a_headline(head: str) -> None:
    """However full the line is: nothing else tells the first of these."""
    page = f"桥面通车\n{wrapped(BRIDGE, SCHOOL)}\n{head}\n{wrapped(TEA, FERRY)}"
    found = split(page)
    assert titles(found) == ["桥面通车", head]
    assert "九点" in found.pieces[1].body
    assert "草皮" in found.pieces[0].body


def test_a_line_at_the_edge_where_nothing_is_set_off_is_none() -> None:
    """The last lines of paragraphs stand at the edge too, and a page may indent by accident."""
    plain = wrapped(BRIDGE, SCHOOL, TEA, FERRY, indent="")
    assert len(split(f"桥面通车\n{plain}").pieces) == 1


def test_what_goes_on_from_a_full_line_is_no_headline() -> None:
    text = "大家都说这座桥修得又快又好，真是为群众办了一件实实在在的好事！"
    page = f"桥面通车\n{wrapped(BRIDGE, text, SCHOOL, TEA, width=15)}"
    assert titles(split(page)) == ["桥面通车"]


def test_an_exclamation_that_is_set_off_is_a_paragraph() -> None:
    page = f"告全县青年书\n{wrapped(BRIDGE, SCHOOL, '不获全胜，决不收兵！', TEA, FERRY)}"
    assert titles(split(page)) == ["告全县青年书"]


def test_a_line_of_parts_is_a_headline_where_text_has_no_spaces() -> None:
    head = "全縣春茶開採 較去年早六日 收購價亦提高"
    page = f"望瀾橋通車 居民稱便\n{wrapped(BRIDGE, indent='')}\n{head}\n{wrapped(TEA, indent='')}"
    assert titles(split(page)) == ["望瀾橋通車 居民稱便", head]


def test_a_line_of_parts_is_text_where_text_has_spaces() -> None:
    """As in what a program read that parts words."""
    spaced = "\n".join(f"{FERRY[at : at + 6]} {FERRY[at + 6 : at + 13]}" for at in range(0, 39, 13))
    page = f"渡口推迟末班船\n{spaced}。\n夜里下班的 工人可以坐\n船回家 票价和白天一样。"
    assert len(split(page).pieces) == 1


def test_a_line_without_an_end_between_two_paragraphs_is_a_headline() -> None:
    head = "望澜县建成第三座村级电商服务站"
    found = split(f"春茶开采\n\n{TEA[:-1]}\n\n{head}\n\n{SCHOOL}")
    assert titles(found) == ["春茶开采", head]


def test_reports_of_several_agencies_stay_under_their_headline() -> None:
    page = (
        "三国外长谈青岚会议 各方态度积极\n"
        "据新华社莫斯科１２月３０日电　俄外长今天说，青岚会议的各项安排已经谈妥。\n"
        "新华社波恩１２月３０日电　德外长对青岚会议的态度积极，三国之间没有分歧。\n"
        "另据新华社巴黎１２月３０日电　当地报纸用整版篇幅登载了会议的照片。\n"
        "渡口推迟末班船\n"
        f"本报苍浦１２月３０日电　{FERRY}\n"
        f"本报岱溪１２月３０日电　{SCHOOL}\n"
    )
    found = split(page)
    assert titles(found)[:2] == ["三国外长谈青岚会议 各方态度积极", "渡口推迟末班船"]
    assert "整版" in found.pieces[0].body
    assert len(found.pieces) == 3, "a report on something else has no headline"


def test_a_caption_under_the_headline_does_not_take_it() -> None:
    page = (
        "望澜县举行春茶开采仪式\n"
        "　　望澜县的茶农和客人一起参加了春茶开采仪式。（本报记者沈以宁摄）\n"
        f"　　本报望澜３月２日讯记者陆望舒报道：{TEA}\n"
        "渡口推迟末班船\n"
        f"　　本报苍浦３月２日讯　{FERRY}\n"
    )
    found = split(page)
    assert titles(found) == ["望澜县举行春茶开采仪式", "渡口推迟末班船"]
    assert "陆望舒" in found.pieces[0].authors


def test_labels_and_headlines_of_one_measure_are_of_one_article() -> None:
    labelled = (
        f"今年水利四件事\n本报讯（记者 沈以宁）{BRIDGE}\n"
        f"【清淤】\n{TEA}\n【加固】\n{SCHOOL}\n【换闸】\n{FERRY}\n"
    )
    assert titles(split(labelled)) == ["今年水利四件事"]
    measured = (
        f"# 岱溪养羊三招制胜\n\n{BRIDGE}\n\n# 规模化养殖，集约生产增效益\n\n{TEA}\n\n"
        f"# 标准化养殖，提升品质涨身价\n\n{SCHOOL}\n\n# 产业化经营，背靠大树好乘凉\n\n{FERRY}\n"
    )
    assert titles(split(measured, markdown=True)) == ["岱溪养羊三招制胜"]


def test_a_feature_with_a_subtitle_has_sections_without_a_byline() -> None:
    page = (
        f"把渠水引上山\n——记岱溪村的三代修渠人\n{wrapped(BRIDGE, TEA)}\n"
        f"头一锤\n{wrapped(SCHOOL, FERRY)}\n"
    )
    assert titles(split(page)) == ["把渠水引上山 ——记岱溪村的三代修渠人"]


@pytest.mark.parametrize(
    ("head", "closing"),
    [("农民乐队为群众义演（图片）", ""), ("渡口添了新船", "（本报记者 沈以宁摄）")],
)
def test_a_picture_is_no_section_of_the_article_above(head: str, closing: str) -> None:
    column = wrapped(f"本报讯（记者 陆望舒）{TEA}", BRIDGE, width=16, indent="")
    below = wrapped(FERRY + closing, width=16, indent="")
    assert titles(split(f"春茶开采\n{column}\n{head}\n{below}")) == ["春茶开采", head]


@pytest.mark.parametrize("head", ["致读者", "天气预报", "要闻简讯"])
def test_notices_and_briefs_are_no_sections_and_have_none(head: str) -> None:
    page = (
        f"春茶开采\n本报讯（记者 陆望舒）{TEA}\n{head}\n本报讯　{BRIDGE}\n渡口推迟末班船\n{FERRY}\n"
    )
    assert titles(split(page)) == ["春茶开采", head, "渡口推迟末班船"]


def test_a_headline_set_two_characters_a_line() -> None:
    """Also the second, above which the text ends in a comma, as before 1949."""
    page = (
        "外使\n抵達\n望瀾\n（望瀾京城廿六日電）鄰邦外使\n今晨到此、午後轉往青嵐、\n"
        "法青\n進行\n談話\n（青嵐廿六日海通電）法部長今日\n與青使會談、\n"
    )
    assert titles(split(page)) == ["外使抵達望瀾", "法青進行談話"]


def test_a_dateline_whose_bracket_closes_on_the_next_line() -> None:
    page = (
        "各方調停\n（望瀾廿六日電）\n昨日各方會商、\n以求早日解决、\n而免再生變化、\n"
        "渡輪被扣\n我方抗議\n（青嵐廿六日路\n透電）昨日被扣\n之渡輪、今日仍\n未開釋、\n"
    )
    assert titles(split(page)) == ["各方調停", "渡輪被扣 我方抗議"]


def test_a_subheading_within_a_sentence() -> None:
    page = (
        "各方調停\n（望瀾廿六日電）\n各方若能合作、\n難題不久可解、\n惟在\n相當期間\n"
        "能出面調停者、\n祇有鄰邦而已、\n青嵐會議\n以資解决糾紛、\n各國必將反對、\n"
    )
    assert titles(split(page)) == ["各方調停"]


def test_points_between_a_headline_and_its_text_are_of_the_article() -> None:
    points = ("清淤护岸保安全", "加固堤防防洪水", "更换水闸节用水", "栽种护坡护水土")
    page = "\n\n".join(["今年水利四件事", *points, BRIDGE, TEA])
    found = split(page)
    assert titles(found) == ["今年水利四件事"]
    assert all(point in found.pieces[0].body for point in points)


def test_lines_set_in_the_middle_of_the_column_are_a_headline() -> None:
    page = f"【难忘岁月】\n\n{'　' * 12}苍浦渡的灯\n\n{'　' * 14}·陆望舒·\n\n{wrapped(TEA, FERRY, width=30)}"
    (piece,) = split(page).pieces
    assert piece.title == "【难忘岁月】 苍浦渡的灯"
    assert piece.authors == ("陆望舒",)


def test_headlines_in_parts_are_of_articles_where_most_are_in_traditional_script() -> None:
    page = (
        "各方調停 今日會商\n【路透社望瀾五日電】各方代表今日會商，以求早日解決，至晚未散。\n"
        "渡輪被扣 我方抗議\n昨日被扣之渡輪，今日仍未開釋，當局已向對方提出抗議，要求放還。\n"
    )
    assert titles(split(page)) == ["各方調停 今日會商", "渡輪被扣 我方抗議"]


@pytest.mark.parametrize(
    "page",
    [
        "新华社讯　记者报道，\n<br>\n渡口推迟\n末班船\n本报苍浦３月２日讯　客人来了。\n",
        "新华社讯　记者报道，\n<br>\n图为会场\n【简讯】\n---\n",
        "　　客人来了，茶也来了。\n# #\n（上接第一版）\n的\n# #\n",
    ],
)
def test_lines_of_markdown_without_a_character_of_text_are_read(page: str) -> None:
    for markdown in (False, True):
        found = split(page, markdown=markdown)
        text = "\n".join([*(piece.body for piece in found.pieces), str(found.furniture)])
        assert all(line.strip() in text for line in page.split("\n")[:1])
