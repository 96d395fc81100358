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
        "路通了。（财务管理部）",
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
    ):
        for name in found.authors if found else ():
            assert 2 <= len(name) <= 20
            assert not any(char.isspace() or char in "，。（）" for char in name)
