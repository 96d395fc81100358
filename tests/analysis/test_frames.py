"""Notices of one frame are told apart by names and numbers; copies are left what they are."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.frames import LONGEST, MARGIN, Text, anchors, one_article, replaced, trimmed
from search.analysis.minhash import keys, same_text, signature
from tests.analysis.test_minhash import COMMON
from tests.conftest import examples

NAMES = ("周小满", "林一舟", "沈青禾", "郑望川", "何秋亭", "欧阳澜")
PLACES = ("青石县", "澜溪市", "望澜镇", "北山乡", "柳湾区", "石桥镇")
MISREAD = "己末日曰人入土士千干戍戌天夭口囗大太"


def obituary(name: str, place: str, age: str = "七十三") -> str:
    return (
        f"澜溪文史馆讣告。原{place}中学教员、地方志编纂组成员{name}同志因病医治无效,不幸逝世,"
        f"享年{age}岁。{name}同志早年参加革命工作,长期从事教育事业,为人正直,作风朴实,联系群众,"
        f"深受师生敬重。遵照本人遗愿,丧事从简,不举行遗体告别仪式。{name}同志安息吧。"
        "治丧小组谨告,亲友如有唁函,请寄文史馆转治丧小组收,届时不另行通知,敬请谅解。"
    )


def auction(place: str, number: str, area: str, price: str, day: str) -> str:
    return (
        "受澜溪中级法院委托,青岚拍卖行定于本月公开拍卖下列房产,欢迎有意者前来登记竞买。"
        f"标的坐落于{place}解放路{number}号,建筑面积{area}平方米,起拍价{price}万元,"
        f"竞买人须交纳保证金,登记手续于{day}日下午前办理,逾期不予受理。标的即日起在原址展示,"
        "以现状拍卖,过户所需税费由买受人承担,详情请向拍卖行业务部查询,也可到本行公告栏查看。"
    )


def weather(day: int, low: int, high: int, wind: int) -> str:
    return (
        f"澜溪气象台发布天气预报。今天夜里到明天白天,即{day}日,本市多云间阴,局部地区有小雨,"
        f"偏北风{wind}到{wind + 1}级,最低气温{low}度,最高气温{high}度,空气湿度较大,"
        "早晚有雾,请驾车的市民注意安全,农户要做好秧苗的防寒工作,并留意气象台发布的最新消息。"
    )


OBITUARIES = [obituary(name, place) for name, place in zip(NAMES, PLACES, strict=True)]
AUCTIONS = [
    auction("柳湾区", "15", "86", "120", "12"),
    auction("柳湾区", "208", "140", "310", "12"),
    auction("北山乡", "33", "64", "77", "26"),
]
WEATHER = [weather(3, 5, 12, 2), weather(4, 7, 16, 3), weather(15, 11, 23, 4)]


def same(one: str, other: str, titles: tuple[str, str] = ("", "")) -> bool:
    """Whether texts are of one article, whichever comes first."""
    first, second = (Text(title, body) for title, body in zip(titles, (one, other), strict=True))
    found = one_article(first, second)
    assert one_article(second, first) == found
    return found


def noisy(text: str, share: float, seed: int) -> str:
    """The text with single characters misread."""
    rng = random.Random(seed)
    return "".join(
        char
        if rng.random() >= share
        else rng.choice("0123456789" if char.isdigit() else MISREAD + COMMON)
        for char in text
    )


@pytest.mark.parametrize("notices", [OBITUARIES, AUCTIONS, WEATHER])
def test_notices_of_one_frame_are_different_articles(notices: list[str]) -> None:
    for one, other in combinations(notices, 2):
        assert not same(one, other)
        assert not same(noisy(one, 0.01, 1), noisy(other, 0.01, 2))


@pytest.mark.parametrize("notices", [OBITUARIES, WEATHER])
def test_signatures_alone_take_them_for_copies(notices: list[str]) -> None:
    signs = [signature("", fold(text)) for text in notices]
    assert any(
        same_text(*pair) and {*keys(pair[0])} & {*keys(pair[1])} for pair in combinations(signs, 2)
    )


@pytest.mark.parametrize("text", [*OBITUARIES, *AUCTIONS, *WEATHER])
def test_copies_stay_copies(text: str) -> None:
    assert same(text, text)
    assert same(text, text[: len(text) * 2 // 3])
    assert same(
        text, text + "本报今起增设副刊,每逢周日见报,欢迎各界人士惠赐稿件,一经采用即付稿酬。"
    )
    middle = len(text) // 2
    assert same(text, text[:middle] + "另据本报了解,此事已有多人来电询问。" + text[middle:])
    assert same("新华社澜溪8月14日电记者林一舟。" + text, "本报讯16日记者何秋亭。" + text)
    assert same(text + "(第3版)(林一舟)", text + "(第12版)(何秋亭)")
    assert same(text, text, ("新闻一则", "又一则"))
    assert same(text, text.replace("从", "丛").replace("大", "太"), ("新闻一则", "又一则"))


@pytest.mark.parametrize("share", [0.01, 0.02, 0.03])
def test_misread_characters_make_no_other_article(share: float) -> None:
    texts = [*OBITUARIES, *AUCTIONS, *WEATHER]
    pairs = [(text, noisy(text, share, seed)) for seed in range(25) for text in texts]
    kept = sum(same(*pair) for pair in pairs)
    assert kept >= 0.99 * len(pairs)


def test_the_same_number_in_another_notation_is_the_same() -> None:
    arabic = auction("柳湾区", "15", "86", "20", "12")
    chinese = auction("柳湾区", "十五", "八六", "二十", "十二")
    assert same(arabic, chinese)


def test_numerals_of_one_character_are_numbers_too() -> None:
    def report(*numbers: str) -> str:
        return WEATHER[0].translate(dict(zip(map(ord, "25"), numbers, strict=True)))

    assert not same(report("六", "八"), report("七", "九"))
    assert same(report("六", "八"), report("六", "八"))


def test_a_name_in_the_headline_and_once_in_the_text_is_enough() -> None:
    def notice(name: str) -> str:
        return obituary("他", "青石县").replace("他同志因病", f"{name}同志因病")

    one, other = notice("周小满"), notice("林一舟")
    assert same(one, other)
    assert not same(one, other, ("讣告:周小满同志", "讣告:林一舟同志"))
    assert same(one, one, ("讣告:周小满同志", "讣告:林一舟同志"))


def test_a_byline_at_both_ends_is_no_name_of_the_text() -> None:
    one, other = (f"本报记者{name}报道:{AUCTIONS[0]}({name})" for name in NAMES[:2])
    assert same(one, other)
    assert len(NAMES[0]) < MARGIN


@settings(max_examples=examples(200))
@given(st.text("一二三甲乙,。12", max_size=60), st.text("一二三甲乙,。12", max_size=60))
def test_it_is_the_same_from_both_sides(one: str, other: str) -> None:
    same(one, other)
    same(one, other, (other[:5], one[:5]))


@settings(max_examples=examples(200))
@given(st.text("一二三甲乙,。12", max_size=80), st.text("一二三甲乙,。12", max_size=80))
def test_what_stands_for_what_stands_there(one: str, other: str) -> None:
    """Runs come in the order of both texts, share no character, and have no end in common."""
    i = j = 0
    for first, second, _ in replaced(Text("", one), Text("", other)):
        assert first
        assert second
        assert first[0] != second[0]
        assert first[-1] != second[-1]
        i = fold(one).index(first, i) + len(first)
        j = fold(other).index(second, j) + len(second)


def naive(pairs: list[tuple[int, int]]) -> int:
    """The length of the longest row that rises in both, of pairs of which the first ones do."""
    best = [1] * len(pairs)
    for i, (_, there) in enumerate(pairs):
        best[i] += max((best[k] for k in range(i) if pairs[k][1] < there), default=0)
    return max(best, default=0)


@given(st.permutations(range(9)))
def test_anchors_are_the_longest_row(order: list[int]) -> None:
    places = {chr(0x4E00 + i): i for i in range(9)}
    found = anchors(places, {chr(0x4E00 + i): order[i] for i in range(9)})
    assert len(found) == naive(list(enumerate(order)))
    assert found == sorted(found)
    assert [there for _, there, _ in found] == sorted(there for _, there, _ in found)


def test_what_begins_and_ends_alike_is_trimmed() -> None:
    assert trimmed("甲乙丙丁", "甲戊丁") == (1, "乙丙", "戊")
    assert trimmed("甲甲", "甲甲甲") == (2, "", "甲")
    assert trimmed("", "甲") == (0, "", "甲")


@pytest.mark.parametrize(
    "text",
    ["一" * LONGEST, "一二" * (LONGEST // 2), "1," * (LONGEST // 2), "12甲乙," * (LONGEST // 5)],
)
def test_hostile_texts_are_over_soon(text: str) -> None:
    """If time grew with the square of the length, this would take minutes."""
    longer = text[:9000] + "丙丁" * 400 + text[9000:]
    for other in (text[:-1], text[::-1], longer, text.replace("二", "丁")):
        same(text, other)


def test_what_is_too_far_behind_is_not_compared() -> None:
    head = "甲" * LONGEST
    assert same(head + OBITUARIES[0], head + OBITUARIES[1])
