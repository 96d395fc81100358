import time

import pytest
from hypothesis import given

from search.papers.pages import byline
from search.papers.pages.names import split_names
from tests.papers.strategies import CHINESE


@pytest.mark.parametrize(
    ("text", "authors", "dateline"),
    [
        ("本报讯(记者 林小雨 通讯员 周大川)近日", "林小雨 周大川", True),
        ("本报山口讯（记者 林小雨 何田 通讯员 周大川 高野）近日", "林小雨 何田 周大川 高野", True),
        ("本报讯(记者 林小雨 通讯员 周 大川)近日", "林小雨 周大川", True),
        ("本报讯（记者 林小雨\n\n通讯员 周大\n川）近日", "林小雨 周大川", True),
        ("　　本报讯（特约记者 林小雨 实习记者 欧阳小川）近日", "林小雨 欧阳小川", True),
        ("本報訊（記者 陳大文 通訊員 陸小川）近日", "陳大文 陸小川", True),
        ("本 报 讯 ( 记 者 林 小 雨 )近日", "林小雨", True),
        ("晚报讯（通讯员 气象局 周大川）近日", "周大川", True),
        ("本报讯（林小雨 何田）近日", "林小雨 何田", True),
        ("新华社北京８月２日电（记者林小雨、何田）", "林小雨 何田", True),
        ("（本报记者 林小雨）近日", "林小雨", False),
        ("(记者 𠮷野 李㐂)近日", "𠮷野 李㐂", False),
        ("本报记者 林小雨 报道 近日", "林小雨", True),
        ("（本报记者林小雨专访）近日", "林小雨", False),
        ("本报讯（记者 阿依努尔·买买提）近日", "阿依努尔·买买提", True),
        ("本报讯　近日", "", True),
    ],
)
def test_bylines_that_open_an_article(text, authors, dateline):
    found = byline.opening(text)
    assert found is not None
    assert (" ".join(found.authors), found.dateline) == (authors, dateline)
    assert text[found.end :].strip() in {"近日", ""}


@pytest.mark.parametrize(
    "text",
    [
        "记者从山口乡获悉，",
        "（试行）第一条",
        "区长（挂职）高野说",
        "近日，本报记者到山口乡",
        "通讯员培训班昨日开班",
    ],
)
def test_ordinary_beginnings_are_no_bylines(text):
    assert byline.opening(text) is None


@pytest.mark.parametrize(
    ("line", "authors", "photo"),
    [
        ("记者 林小雨", "林小雨", False),
        ("■记者 林小雨 摄", "林小雨", True),
        ("林小雨 摄", "林小雨", True),
        ("记者 林小雨摄影报道", "林小雨", False),
        ("本报记者 林小雨、何田", "林小雨 何田", False),
        ("首席记者　林小雨　通讯员　周大川", "林小雨 周大川", False),
        ("晚报记者　林小雨", "林小雨", False),
        ("记者：林小雨", "林小雨", False),
        ("（林小雨）", "林小雨", False),
        ("文/林小雨 图/何田", "林小雨 何田", False),
        ("记者 林小雨 文/图", "林小雨", False),
        ("供图：林小雨", "林小雨", True),
        ("山口 宣传科 林 雨 摄", "林雨", True),
        ("（戚 亮　何 田）", "戚亮 何田", False),
        ("本版图片 林小雨 摄", "林小雨", True),
        ("□ 林小雨", "林小雨", False),
        ("记者 林 小 雨", "林小雨", False),
        ("记者 何 田 林小雨", "何田 林小雨", False),
        ("记者 林小雨　2019-07-05", "林小雨", False),
        ("·林小雨·", "林小雨", False),
        ("·本报记者　何　田·", "何田", False),
    ],
)
def test_bylines_on_a_line_of_their_own(line, authors, photo):
    found = byline.alone(line)
    assert found is not None
    assert (" ".join(found.authors), found.photo) == (authors, photo)


@pytest.mark.parametrize(
    "line",
    [
        "记者节",
        "记者走基层",
        "摄影展开幕",
        "图片报道",
        "通讯员培训班开班",
        "本报评论员",
        "一路高歌",
        "（试行）",
        "",
    ],
)
def test_headlines_are_no_bylines(line):
    assert byline.alone(line) is None


@pytest.mark.parametrize(
    ("text", "authors", "photo"),
    [
        ("路通了。（林小雨）", "林小雨", False),
        ("路通了。(林小雨 何田)", "林小雨 何田", False),
        ("路通了。（林场 何田）", "何田", False),
        ("路通了。（通讯员 林小雨 何田）", "林小雨 何田", False),
        ("路通了。 记者 林小雨摄", "林小雨", True),
        ("路通了。林小雨 摄", "林小雨", True),
        ("“路通了。”（林小雨 摄）", "林小雨", True),
        ("图为第一班车。 林小雨/摄", "林小雨", True),
        ("路通了。 记者 林小雨", "林小雨", False),
    ],
)
def test_bylines_that_close_an_article(text, authors, photo):
    found = byline.closing(text)
    assert found is not None
    assert (" ".join(found.authors), found.photo) == (authors, photo)
    assert text[: found.start].rstrip()[-1] in "。”"


@pytest.mark.parametrize(
    "text",
    [
        "路通了。（试行）",
        "路通了。（见图）",
        "路通了。（左二）",
        "乡长（挂职）",
        "山口乡（以下简称乡里）",
        "他这样告诉记者",
        "他说（林小雨）",
        "县卫生院全体医生合影。（完）",
    ],
)
def test_ordinary_brackets_name_no_authors(text):
    assert byline.closing(text) is None


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("路通了。（财务管理部）", False),
        ("路通了。（区委改革办）", False),
        ("路通了。（本报评论员）", False),
        ("路通了！（新华社山口1月1日电）", True),
        ("路通了。（据新华社电）", True),
        ("路通了。（原载《山城日报》）", False),
        ("路通了。（中央社）", True),
    ],
)
def test_datelines_and_offices_close_an_article_and_name_no_authors(text, dateline):
    found = byline.closing(text)
    assert found is not None
    assert (found.authors, found.dateline, found.start) == ((), dateline, 4)


@pytest.mark.parametrize(
    ("line", "authors"),
    [("林小雨", "林小雨"), ("县中学　林小雨", "林小雨"), ("山口中心小学五年级　何 田", "何田")],
)
def test_signatures(line, authors):
    found = byline.signed(line)
    assert found is not None
    assert " ".join(found.authors) == authors


@pytest.mark.parametrize("line", ["雪后第一班车", "山路十八弯 春风送到家", "县中学"])
def test_headlines_are_no_signatures(line):
    assert byline.signed(line) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("林小雨、何田；高野", "林小雨 何田 高野"),
        ("周 雨荷", "周雨荷"),
        ("周 雨 荷", "周雨荷"),
        ("林小 雨", "林小雨"),
        ("林小雨何田", "林小雨 何田"),
        ("欧阳小川", "欧阳小川"),
        ("林小雨 林小雨", "林小雨"),
        ("李志和 何田", "李志和 何田"),
    ],
)
def test_names(text, names):
    assert " ".join(split_names(text)) == names


@given(CHINESE)
def test_no_text_raises_and_every_author_is_a_name(text):
    for found in (
        byline.opening(text),
        byline.alone(text),
        byline.closing(text),
        byline.signed(text),
        byline.ending(text),
        byline.organisation(text),
    ):
        for name in found.authors if found else ():
            assert 2 <= len(name) <= 20
            assert not any(char.isspace() or char in "，。（）" for char in name)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("据新华社山口1月1日电（记者 林小雨）近日", "林小雨"),
        ("据新华社山口1月1日 电 （记者 林小雨）近日", "林小雨"),
        ("据新华社山口1月1日电记者 林小雨 何田近日", "林小雨 何田"),
        ("路透社山口一日电 近日", ""),
        ("〔中央社山口五日電〕近日", ""),
        ("【山口專電】近日", ""),
        ("〔本報訊〕近日", ""),
        ("本报专电 近日", ""),
        ("合众国际社山口1日电 近日", ""),
        ("山口二日同盟電 近日", ""),
        ("本报讯（通讯页 林小雨 何田）近日", "林小雨 何田"),
        ("本报讯（记老林小雨）近日", "林小雨"),
        ("本报讯（记者林小雨通讯何大田）近日", "林小雨 何大田"),
        ("本报讯（记者 林小雨 通讯员 何大田近日", "林小雨 何大田"),
        ("本报讯记者林小雨近日", "林小雨"),
        (
            "本报山口1月1日讯中央电视台记者林小雨，新华社记者何田、高野报道：近日",
            "林小雨 何田 高野",
        ),
        ("【环球网报道 记者 林小雨】近日", "林小雨"),
        ("《山城日报》山口9日专电 近日", ""),
        ("山城网记者 林小雨 通讯员 何田 岭口报道 近日", "林小雨 何田"),
        ("本报讯（山青报·山青网记者 林小雨）近日", "林小雨"),
        ("本报讯（何大田记者 林小雨）近日", "何大田 林小雨"),
    ],
)
def test_datelines_of_agencies_and_credits_that_ocr_damaged(text, authors):
    found = byline.opening(text)
    assert found is not None
    assert (" ".join(found.authors), found.dateline or text[0] == "【") == (authors, True)
    assert text[found.end :].strip("： ") == "近日"


@pytest.mark.parametrize(
    "text",
    [
        "本报将于明日刊登短讯",
        "本报记者近日从山口乡得知，用电",
        "山口乡十日全乡停电",
        "通讯员培训班",
        "中央社会主义学院昨日开学，电",
        "（新华社山口1月1日电）",
    ],
)
def test_words_that_begin_as_datelines_do(text):
    found = byline.opening(text)
    assert found is None or not found.authors
    assert found is None


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("收入十万元。林小雨", "林小雨"),
        ("路通了。林小雨 何田 高野", "林小雨 何田 高野"),
        ("路通了。林小雨何大田", "林小雨 何大田"),
        ("增产15%林小雨", "林小雨"),
        ("路通了。春玉", "春玉"),
        ("路通了。（子孟）", "子孟"),
        ("路通了。县委办 林小雨", "林小雨"),
        ("路通了。 （本报记者 林小雨", "林小雨"),
        ("路通了。山口新闻记者 林小雨", "林小雨"),
        ("路通了。山口报记者 林小雨校对 何田", "林小雨"),
        ("路通了。记者 林小雨编辑 何大田流程编辑 高野", "林小雨"),
        ("路通了。林小雨 橘小川", "林小雨 橘小川"),
    ],
)
def test_names_after_the_last_sentence(text, authors):
    found = byline.ending(text)
    assert found is not None
    assert " ".join(found.authors) == authors
    assert text[: found.start].rstrip()[-1] in "。%"


@pytest.mark.parametrize(
    "text",
    [
        "收入十万元",
        "收入。万元",
        "路通了。近日",
        "路通了。（完）",
        "路通了。（见图）",
        "路通了。县中学",
        "路通了。于近日",
        "增产15%以上",
        "路通了。成都市",
        "路通了。他说",
    ],
)
def test_words_after_the_last_sentence_are_no_names(text):
    found = byline.ending(text)
    assert found is None or not found.authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("记者林小雨）", "林小雨"),
        ("本报记者林小雨通讯员何大田", "林小雨 何大田"),
        ("王大川 本推记者林小雨", "王大川 林小雨"),
        ("王大川本报记者林小雨", "王大川 林小雨"),
        ("撰文/林小雨（山口学生会前主席）", "林小雨"),
    ],
)
def test_damaged_bylines_on_a_line_of_their_own(line, authors):
    found = byline.alone(line)
    assert found is not None
    assert " ".join(found.authors) == authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("雪中的山（子明）", "子明"),
        ("雪中的山（林小雨）", "林小雨"),
        ("山中見聞（小雨自山口寄）", "小雨"),
        ("雪中的山 · 林小雨", "林小雨"),
        ("小山傳林小雨", "林小雨"),
        ("雪中的山 文/林小雨", "林小雨"),
        ("雪中的山（上）", ""),
        ("山口乡条例（试行）", ""),
        ("山口乡的春天（组图）", ""),
        ("雪后 时尚", ""),
        ("走进山口 高速", ""),
    ],
)
def test_authors_in_a_headline(line, authors):
    assert " ".join(byline.headlined(line)) == authors


@pytest.mark.parametrize(
    "line", ["首都中学红卫兵纠察队东城分队", "本报编辑部", "山口县革命委员会", "本报评论员"]
)
def test_offices_that_sign(line):
    found = byline.organisation(line)
    assert found is not None
    assert found.authors == ()


@pytest.mark.parametrize("line", ["山口县成立革命委员会", "致山口公社红卫兵", "山口的春天"])
def test_headlines_are_no_offices(line):
    assert byline.organisation(line) is None


@pytest.mark.parametrize(
    ("line", "author"),
    [("首都中学红旗学校战士林小雨", "林小雨"), ("山口县委书记 何田", "何田")],
)
def test_a_name_behind_a_rank(line, author):
    found = byline.signed(line)
    assert found is not None
    assert found.authors == (author,)


def test_a_headline_about_somebody_is_no_signature():
    assert byline.signed("访山口县红旗公社女书记林小雨") is None


@pytest.mark.parametrize(
    "of", ["王", "记 者 ", "\u3000", "（", "。王", "王·", "本报", "电", "编辑 王"]
)
def test_the_time_a_text_takes_does_not_grow_faster_than_it(of):
    text = of * 100_000
    started = time.perf_counter()
    for read in (byline.opening, byline.alone, byline.closing, byline.ending, byline.signed):
        read(text)
        read("本报讯" + text)
    byline.headlined(text)
    byline.organisation(text)
    assert time.perf_counter() - started < 2


def test_an_author_from_abroad():
    assert byline.signed("（菲律宾）许念慈").authors == ("许念慈",)
    assert byline.signed("[美] 高野").authors == ("高野",)
    assert byline.signed("（二）许念慈") is None
    assert byline.signed("（附图）木桥") is None


def test_a_pen_name_of_two_characters_is_spread_behind_a_mark():
    assert byline.alone("□风　铃").authors == ("风铃",)
    assert byline.alone("□现场") is None
    assert byline.alone("（风　铃）") is None
