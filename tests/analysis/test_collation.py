"""The order of headlines and names: by pinyin, as pypinyin has it, which shares no code with ours."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.analysis.collation import collation_key
from search.analysis.fold import fold
from search.query.pinyin import table

NAMES = ["重修望澜桥", "昌化", "长桥", "常熟", "厂房", "岚山", "澜溪", "行人", "银行", "𬱟城"]


def syllables() -> dict[str, set[str]]:
    """The syllables of each character of GB 2312, without tones."""
    found: dict[str, set[str]] = {}
    for syllable, chars in table().items():
        if syllable.isascii() and syllable.isalpha():
            for char in chars:
                # ü stands behind u: lu, lü, lüe, luan.
                found.setdefault(char, set()).add(syllable.replace("v", "u "))
    return {char: of for char, of in found.items() if _in_gb(char)}


def _in_gb(char: str) -> bool:
    try:
        return len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def test_characters_of_one_reading_are_in_the_order_of_their_syllables() -> None:
    of_one = {char: next(iter(of)) for char, of in syllables().items() if len(of) == 1}
    assert len(of_one) > 4000
    order = sorted(of_one, key=collation_key)
    wrong = [(a, b) for a, b in pairwise(order) if of_one[a] > of_one[b]]
    assert len(wrong) < 10  # readings about which the two tables differ


def test_a_character_of_several_readings_is_listed_by_one_of_them() -> None:
    known = syllables()
    order = sorted(known, key=collation_key)
    single = [(i, min(known[char])) for i, char in enumerate(order) if len(known[char]) == 1]
    astray = []
    for (i, low), (j, high) in pairwise(single):
        between = [
            char for char in order[i + 1 : j] if not any(low <= r <= high for r in known[char])
        ]
        astray += between
    assert len(astray) < 30
    assert len(order) > 6000


def test_names_are_in_the_order_of_a_dictionary() -> None:
    expected = [
        "昌化",
        "长桥",
        "常熟",
        "厂房",
        "重修望澜桥",
        "岚山",
        "澜溪",
        "行人",
        "银行",
        "𬱟城",
    ]
    folded = sorted(expected, key=lambda name: collation_key(fold(name)))
    assert sorted(NAMES, key=lambda name: collation_key(fold(name))) == folded
    first = {name: i for i, name in enumerate(folded)}
    assert (
        first["昌化"]
        < first["长桥"]
        < first["岚山"]
        < first["行人"]
        < first["银行"]
        < first["𬱟城"]
    )
    assert first["𬱟城"] > first["重修望澜桥"] > first["银行"]  # 重 as zhong


def test_marks_do_not_count_and_figures_come_first() -> None:
    names = ["日报", "“晨报”", "《日报》", "ABC", "2023年", "！", "日  报"]
    keys = {name: collation_key(fold(name)) for name in names}
    assert keys["日报"] == keys["《日报》"] == keys["日  报"]
    assert keys["2023年"] < keys["ABC"] < keys["“晨报”"] < keys["日报"]
    assert keys["！"]


@given(st.text(max_size=8), st.text(max_size=8))
def test_every_text_has_a_place(one: str, other: str) -> None:
    keys = collation_key(fold(one)), collation_key(fold(other))
    assert bool(keys[0]) == bool(fold(one))
    if fold(one).startswith(fold(other)) and fold(other).isalnum():
        assert keys[0] >= keys[1]
