"""The author of a web page is a person: sites write their own name there, or the editor's."""

import pytest

from search.papers.readers.html.web_authors import people, signed

SITE = ("青岚网", "青岚日报")


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("沈砚秋", ("沈砚秋",)),
        ("沈砚秋 鲁长汀", ("沈砚秋", "鲁长汀")),
        ("记者 沈砚秋 通讯员 鲁长汀", ("沈砚秋", "鲁长汀")),
        ("记者：沈砚秋 责任编辑：王安", ("沈砚秋",)),
        ("本报全媒体记者 沈砚秋/文 鲁长汀/图", ("沈砚秋",)),
        ("阿不都·热合曼", ("阿不都·热合曼",)),
        ("Lin Xiaoyu", ("Lin Xiaoyu",)),
        ("By Lin Xiaoyu and Gao Ye", ("Lin Xiaoyu", "Gao Ye")),
        # Whose page it is, who put it there, nobody.
        ("青岚网", ()),
        ("青岚日报", ()),
        ("《青岚日报》", ()),
        ("望澜新闻网", ()),
        ("望澜发布", ()),
        ("望澜县融媒体中心", ()),
        ("责任编辑：王安", ()),
        ("编辑 王安", ()),
        ("来源：青岚日报 沈砚秋", ()),
        ("admin", ()),
        ("Qinglan Daily", ()),
        ("qinglan.example.cn", ()),
        ("小编", ()),
        ("佚名", ()),
        ("综合", ()),
        ("https://www.example.cn/author/1", ()),
        ("", ()),
    ],
)
def test_people(field, names):
    assert people([field], known=SITE) == names


def test_a_pen_name_counts_where_the_page_shows_it_as_the_authors():
    assert signed("拾穗", known=SITE) == ("拾穗",)
    assert people(["拾穗"], known=SITE) == ()
    for nobody in ("青岚网", "望澜在线", "佚名", "青岚日报"):
        assert signed(nobody, known=SITE) == ()


def test_a_site_that_has_the_name_of_a_person_wrote_nothing():
    assert people(["白鹿原"], known=()) == ("白鹿原",)
    assert people(["白鹿原"], known=("《白鹿原》",)) == ()
    assert signed("拾穗", known=("拾穗",)) == ()


def test_a_field_as_long_as_a_text_names_nobody():
    names = "沈砚秋、鲁长汀、"
    assert people([names]) == ("沈砚秋", "鲁长汀")
    assert people([names * 13]) == ()


@pytest.mark.parametrize("address", ["u/沈砚秋", "/沈砚秋", "https://www.example.cn/u/ 沈砚秋"])
def test_an_address_is_no_name(address):
    assert people([address]) == ()


@pytest.mark.parametrize("office", ["安综合", "康中心", "华新闻", "安在线"])
def test_an_office_that_begins_with_a_surname_is_no_person(office):
    assert people([office]) == ()
