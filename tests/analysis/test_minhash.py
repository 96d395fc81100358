"""Signatures: what is the same text, what is not, and that both ways of making one agree."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import END, fold
from search.analysis.fold_batch import fold_many
from search.analysis.minhash import SHORT, SIZE, keys, mixed, same_text, signature
from search.analysis.minhash_batch import signatures

COMMON = "".join(sorted(set(fold("".join(map(chr, range(0x4E00, 0x4E00 + 1500)))))))


def story(seed: int, size: int = 600) -> str:
    """A text in which no stretch stands twice, as a rule."""
    rng = random.Random(seed)
    return "".join(rng.choice(COMMON) for _ in range(size))


def misread(text: str, share: float, seed: int = 0) -> str:
    """The text with some of its characters replaced, lost or doubled, as OCR does it."""
    rng = random.Random(seed)
    out = []
    for char in text:
        if rng.random() >= share:
            out.append(char)
        elif rng.random() < 0.8:
            out.append(rng.choice(COMMON))
        elif rng.random() < 0.5:
            out.append(char * 2)
    return "".join(out)


def same(one: str, other: str, titles: tuple[str, str] = ("", "")) -> bool:
    signs = [signature(fold(t), fold(body)) for t, body in zip(titles, (one, other), strict=True)]
    found = same_text(*signs)
    if found:  # they must meet, or nobody compares them
        assert set(keys(signs[0])) & set(keys(signs[1])) - {0}
    return found


BODIES = st.lists(
    st.text("网格化服务管理二十三0123456789A \n，𬱟", max_size=120)
    | st.text(max_size=60)
    | st.integers(0, 99).map(lambda seed: story(seed, 40 + seed)),
    max_size=6,
)


@given(BODIES)
def test_those_of_many_are_those_of_each(bodies: list[str]) -> None:
    folded = fold_many(bodies)
    found, short = signatures(folded)
    assert found.shape == (len(bodies), SIZE)
    for i, body in enumerate(folded.split(END)[:-1]):
        assert (i in short) == (len(body) < SHORT)
        if i not in short:
            assert found[i].tobytes() == signature("", body)


def test_a_long_text_and_many_stretches() -> None:
    bodies = [story(1, 70_000), story(2, 50), "12" * 40_000]
    found, short = signatures(fold_many(bodies))
    assert not short
    assert [row.tobytes() for row in found] == [signature("", body) for body in bodies]


def test_mixing_is_a_permutation_as_far_as_seen() -> None:
    assert len({mixed(value) for value in range(100_000)}) == 100_000
    assert mixed(0) == 1


@given(st.text(max_size=100), st.text(max_size=20))
def test_a_text_is_its_own_copy_unless_it_is_empty(body: str, title: str) -> None:
    assert same(body, body, (title, title)) == (fold(body) != "")


@pytest.mark.parametrize("share", [0.01, 0.02, 0.03])
def test_characters_misread_make_no_other_text(share: float) -> None:
    pairs = [(misread(story(i), share, 1), misread(story(i), share, 2)) for i in range(50)]
    assert sum(same(*pair) for pair in pairs) >= 47


def test_lines_and_spaces_and_variants_make_no_other_text() -> None:
    text = "望澜桥修缮工程二〇二三年八月開工，預計二十六個月後竣工。沿線居民可走望澜新桥，車輛請繞行澜溪路。"
    broken = "望澜桥修缮工 程二〇二三年\n八月开工,预计二十六个月后\n\n竣工。沿线居民可走望澜新桥, 车辆请绕行澜溪路。"
    assert same(text, broken, ("望澜桥开工", "桥修了"))


def test_a_paragraph_twice_and_a_third_cut_off_make_no_other_text() -> None:
    texts = [story(i) for i in range(50)]
    assert all(same(text, text + text[100:250]) for text in texts)
    assert all(same(text, text[:400]) for text in texts)
    assert all(same(text, text[:200] + text[400:]) for text in texts)
    assert sum(same(misread(t, 0.01, 1), misread(t[:400], 0.01, 2)) for t in texts) >= 46


def test_a_part_is_another_text() -> None:
    assert not any(same(story(i), story(i)[:250]) for i in range(50))
    assert not any(same(story(i), story(i)[:200] + story(-i - 1, 400)) for i in range(50))


def test_others_are_other_texts() -> None:
    signs = [signature("", story(i, 300)) for i in range(100)]
    assert not any(same_text(a, b) for i, a in enumerate(signs) for b in signs[:i])


def weather(day: int) -> str:
    rng = random.Random(day)
    places = ("青岚城区", "澜溪镇", "望澜桥一带", "北山林区", "南湖湿地")
    parts = [
        f"{place}白天晴转多云,最高气温{rng.randint(10, 36)}度,最低气温{rng.randint(10, 36)}度,"
        f"相对湿度{rng.randint(30, 95)}%,降水量{rng.randint(10, 99)}.{rng.randint(10, 99)}毫米。"
        for place in places
    ]
    return "据青岚气象台消息," + "".join(parts) + "请市民注意防范,安排好生产生活。"


def quotes(day: int) -> str:
    rng = random.Random(day)
    goods = "粳米面粉豆油白糖鸡蛋猪肉青菜食盐煤油棉布"
    rows = [
        f"{goods[i : i + 2]}每百斤{rng.randint(100, 999)}元,上期{rng.randint(100, 999)}元,"
        f"成交{rng.randint(1000, 9999)}担。"
        for i in range(0, len(goods), 2)
    ]
    return "本市物价行情如下:" + "".join(rows) + "以上由澜溪物价所供给。"


def notice(number: int) -> str:
    rng = random.Random(number)
    name = story(number, 3)
    return (
        f"遗失声明:{name}不慎遗失身份证,号码{rng.randint(10**17, 10**18 - 1)},声明作废,"
        f"登报日期{rng.randint(10, 28)}日。"
    )


@pytest.mark.parametrize("made", [weather, quotes, notice])
def test_reports_of_one_frame_are_not_the_same(made) -> None:
    signs = [signature("", fold(made(i))) for i in range(60)]
    pairs = [(a, b) for i, a in enumerate(signs) for b in signs[:i]]
    folded = sum(same_text(a, b) for a, b in pairs)
    assert folded <= len(pairs) // 50
    assert same(made(1), misread(made(1), 0.005))


def test_short_texts_are_the_same_only_if_equal() -> None:
    assert same("本报记者 摄", "本报记者摄")
    assert same("图为望澜桥。", "圖為望瀾橋。", ("晨曦", "晨曦"))
    assert not same("图为望澜桥。", "图为望澜桥。", ("晨曦", "夕照"))
    assert not same("图为望澜桥修缮工程开工现场。", "图为望澜桥修缮工程竣工现场。")
    assert not same("", "", ("简讯", "简讯"))
