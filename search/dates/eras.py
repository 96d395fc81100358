"""The years of reigns and republics: 民国三十八年 is 1949, 光绪三年 1877, 康德七年 1940."""

from __future__ import annotations

_YEARS = {
    # name: its first year, and how many it has
    "道光": (1821, 30),
    "咸丰": (1851, 11),
    "同治": (1862, 13),
    "光绪": (1875, 34),
    "宣统": (1909, 3),
    "民国": (1912, 288),
    "洪宪": (1916, 1),
    "大同": (1932, 3),
    "康德": (1934, 12),
    "明治": (1868, 45),
    "大正": (1912, 15),
    "昭和": (1926, 64),
    "平成": (1989, 31),
    "令和": (2019, 181),
}
_PLAIN = str.maketrans("豐緒統國囯徳憲", "丰绪统国国德宪")

OF_THE_MOON = "道光|咸[丰豐]|同治|光[绪緒]|宣[统統]"
"""The eras whose months are those of the moon, as a pattern."""

OF_THE_SUN = "民[国國囯]|昭和|康[德徳]|大同|大正|明治|洪[宪憲]|平成|令和"
"""Those whose months are those of the Gregorian calendar, as a pattern."""

STATES = "中[华華]|大?[满滿][洲州](?:帝?[国國])?|大?清"
"""The states whose name may stand before that of an era, as a pattern."""

COMMON = "公元|西元|公[历曆]|西[历曆]|[阳陽][历曆]|[国國][历曆]"
"""What says that a year, or a day, is of the Gregorian calendar, as a pattern."""

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"

CYCLE = f"[{_STEMS}][{_BRANCHES}]"
"""A year of the sixty, 癸卯, as a pattern."""

_JAPAN_BY_THE_MOON = 1872
"""Until this year the months of 明治 were those of the moon as Japan counted them."""


def year_of(era: str, number: int) -> int | None:
    """Return the year in which a year of an era begins; None where the era has no such year.

    >>> year_of("民國", 38), year_of("昭和", 15), year_of("康德", 20)
    (1949, 1940, None)
    """
    first, count = _YEARS[era.translate(_PLAIN)]
    return first + number - 1 if 1 <= number <= count else None


def is_lunar(era: str, year: int) -> bool:
    """Return whether the months of a year of an era are not Gregorian.

    >>> is_lunar("宣統", 1909), is_lunar("明治", 1870), is_lunar("明治", 1900)
    (True, True, False)
    """
    return _YEARS[era.translate(_PLAIN)][0] < 1912 and (era != "明治" or year <= _JAPAN_BY_THE_MOON)


def year_of_cycle(era: str, cycle: str) -> int | None:
    """Return the year of an era that has a name of the sixty: 同治壬申 is 1872.

    >>> year_of_cycle("同治", "壬申"), year_of_cycle("同治", "癸卯"), year_of_cycle("民国", "癸卯")
    (1872, None, 1963)
    """
    first, count = _YEARS[era.translate(_PLAIN)]
    return next((y for y in range(first, first + min(count, 60)) if cycle_of(y) == cycle), None)


def cycle_of(year: int) -> str:
    """Return the name that a year has in the cycle of sixty.

    >>> cycle_of(1872), cycle_of(2023)
    ('壬申', '癸卯')
    """
    return _STEMS[(year - 4) % 10] + _BRANCHES[(year - 4) % 12]
