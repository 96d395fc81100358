import pytest
from hypothesis import given

from search.papers.pages.continuation import continued_from, continued_on, marker
from search.papers.pages.split import split
from tests.papers.strategies import CHINESE


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("上接一版", "1"),
        ("上接第1版", "1"),
        ("（上接A01版）", "A1"),
        ("（上接第一版）会议要求，", "1"),
        ("▶▶上接第十二版", "12"),
        ("（紧接第2版）", "2"),
        ("（文接一版）", "1"),
        ("接第一版", "1"),
        ("（上接第一版《路通了》）", "1"),
        ("上接第０３版", "3"),
        ("（續第二版）", "2"),
    ],
)
def test_where_an_article_began(text, page):
    assert continued_from(text) == page
    assert continued_on("路通了。" + text) is None


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("路通了。（下转第三版）", "3"),
        ("路通了。 下转3版", "3"),
        ("（下轉第三版）", "3"),
        ("路通了。（轉第四版）", "4"),
        ("路通了。（下转A05版）", "A5"),
        ("下转第十一版", "11"),
    ],
)
def test_where_an_article_goes_on(text, page):
    assert continued_on(text) == page
    assert continued_from(text) is None


@pytest.mark.parametrize(
    "text",
    ["他把报纸转给第三版的编辑", "接一版稿子要三天", "上接天线", "第三版", "接到三版来电", ""],
)
def test_ordinary_text_goes_on_nowhere(text):
    assert marker(text) is None
    assert continued_on(text) is None


@given(CHINESE)
def test_nothing_raises(text):
    for found in (continued_from(text), continued_on(text)):
        assert found is None or found.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").isdecimal()


def test_a_continued_article_has_the_headline_that_is_printed():
    blocks = [
        "先修一座桥",
        "本报讯（记者 林小雨）山口乡的木桥昨天换了桥面，桥墩还是老的。（下转第3版）",
        "（上接第一版）会议要求，各村要把路上的雪扫干净，学校门口要撒盐。",
        "《粮站里来了画家》（上接A02版）",
        "画家们在粮站里住到秋天，画了四十张画，都送给了村里。",
    ]
    bridge, meeting, painters = split("\n\n".join(blocks)).pieces
    assert (bridge.continued_from, bridge.continued_on) == (None, "3")
    assert (meeting.title, meeting.continued_from) == (
        "会议要求，各村要把路上的雪扫干净，学校门口要撒盐",
        "1",
    )
    assert meeting.body.startswith("（上接第一版）")
    assert (painters.title, painters.continued_from) == ("《粮站里来了画家》", "A2")


def test_a_marker_above_the_headline_belongs_to_it():
    text = "上接一版\n\n粮站里来了画家\n\n画家们在粮站里住到秋天，画了四十张画，都送给了村里。"
    (piece,) = split(text).pieces
    assert (piece.title, piece.continued_from, piece.line) == ("粮站里来了画家", "1", 1)
