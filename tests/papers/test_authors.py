from hypothesis import given

from search.papers.pages.authors import authors_of
from search.papers.pages.line_kinds import read_lines
from search.papers.pages.split import split
from search.papers.pages.unit import Unit
from tests.papers.strategies import PAGES


def _authors(text, heads=1):
    lines = read_lines(text)
    return authors_of(lines, Unit(list(range(heads)), heads, len(lines) - 1))


def test_who_wrote_an_article_and_who_took_its_picture():
    caption = "图为山口乡的新桥。（记者 高野摄）"
    text = f"新桥通车了\n{caption}\n本报讯（记者 林小雨）昨日，新桥通车了。\n老人都来看桥。"
    assert _authors(text) == ("林小雨",)


def test_a_photographer_is_not_the_author_of_a_long_text():
    text = "新桥通车了\n" + "昨日，老人都来看山口乡的新桥。" * 40 + "\n图为新桥。高野 摄"
    assert _authors(text) == ()


def test_a_remark_below_a_byline():
    assert _authors("新桥通车了\n昨日，新桥通车了。（林小雨）\n（附图片１张）") == ("林小雨",)
    assert _authors("新桥通车了\n昨日，新桥通车了。（林小雨）\n[下转第二版]") == ("林小雨",)


def test_an_author_in_the_headline_counts_where_there_is_no_other():
    assert _authors("山中見聞（小雨自山口寄）\n山口的橋通車了。") == ("小雨",)
    assert _authors("山中見聞（小雨）\n山口的橋通車了。（林大田）") == ("林大田",)
    assert _authors("在大会上的讲话\n山口乡党委书记林小雨\n同志们，新桥通车了。", 2) == ("林小雨",)


@given(PAGES)
def test_no_page_raises(text):
    lines = read_lines(text)
    if lines:
        authors_of(lines, Unit([0], min(1, len(lines) - 1), len(lines) - 1))


def test_the_photographer_is_the_author_of_a_picture():
    (piece,) = split("山口乡的新桥通车了\n图为山口乡的新桥，昨日通车。（高野 摄）").pieces
    assert piece.authors == ("高野",)


def test_a_byline_that_two_lines_share():
    text = "山口乡的新桥通车了\n昨日，山口乡的新桥通车了，老人都来\n看桥，说路通了就好。（林小雨 何\n大田）"
    (piece,) = split(text).pieces
    assert piece.authors == ("林小雨", "何大田")


def test_names_glued_to_the_last_sentence():
    text = "山口乡的新桥通车了\n昨日，新桥通车了，一年可省十万元。林小雨 何田"
    (piece,) = split(text).pieces
    assert piece.authors == ("林小雨", "何田")


def test_an_office_under_a_headline_is_no_headline():
    text = "为新桥欢呼\n山口县革命造反兵团第一大队\n　　新桥通车了，我们欢呼。\n　　老人都来看桥。"
    (piece,) = split(text).pieces
    assert (piece.title, piece.authors) == ("为新桥欢呼", ())


def test_a_date_may_stand_between_a_headline_and_its_author():
    text = (
        "在山口乡大会上的讲话\n（一九五六年三月四日）\n林小雨\n"
        "　　同志们，新桥通车了，我们要把路修到每个村里去。\n　　谢谢大家。"
    )
    (piece,) = split(text).pieces
    assert (piece.title, piece.authors) == ("在山口乡大会上的讲话", ("林小雨",))
