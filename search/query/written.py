"""What else a text of a query may stand as: in other figures, or broken by OCR.

Folding makes equal what is equal wherever it stands (`search.analysis.fold`). What is here
depends on what was asked: 53 is also 五十三 where somebody looks for a number, and a page of
which OCR made `A I技术` is found by AI技术, while nothing is joined in the text itself. A
form is one more string to look for; of those in other figures the ranking counts the terms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.analysis.fold import HAN, fold
from search.model.frozen import replace
from search.query.ast import META_FIELDS, Node, Pattern, Phrase, TextLeaf, Word, changed
from search.query.numerals import FIGURES, YEARS, forms, spelled

MOST = 24
"""Forms of one text: one of many numbers or letters has more, and is no name of anything."""

_LONGEST = 64
"""Characters of a text that has other forms: a longer one is a passage."""

_RUN = re.compile(r"(?<![0-9a-z])[0-9a-z]{2,12}(?![0-9a-z])")
_SET_APART = 4
"""Characters of the longest run that OCR sets apart. One of two has to be before Chinese: `a i`
stands in `Alfa iPhone`."""

_COUNTS = re.compile(rf"[{HAN}%]|-[0-9]{{5}}")
"""What stands behind a number that is whole: what it counts, or the rest of a telephone number.
Where nothing does, two numbers side by side are two."""

_LONG = 7
"""Figures of the shortest number that is whole by its length, as a telephone number is."""

_HYPHENATED = 5
"""Letters of the shortest word that a line end cuts in two."""

_COUNTED = "年月日号版届期次时点世级层楼"
"""Behind one of these a single Chinese figure is a number: 八月, 三版. Before others it is
more often part of a word (一定, 三农)."""

_ZEROS = re.compile(r"(?<=[一二三四五六七八九])[0o]+(?=[一二三四五六七八九十年])")
_ZERO_BETWEEN = re.compile(r"(?<=[零一二三四五六七八九])零(?=[零一二三四五六七八九年]|$)")
_IN_FIGURES = re.compile(
    rf"(?<![0-9a-z.,:/-])(?P<number>[0-9]{{1,8}})(?=(?P<next>[{HAN}]?))(?![0-9a-z.,:/%-])"
)
_IN_HAN = re.compile(
    rf"(?P<number>[{FIGURES}两十][{FIGURES}两十百千]*)(?P<large>[万亿]?)(?=(?P<next>[{HAN}]?))"
)
_ALL_HAN = re.compile(f"[{FIGURES}两十][{FIGURES}两十百千万亿]+")
_SHARE = re.compile(f"百分之(?P<of>[{FIGURES}两十百]+)|(?P<percent>[1-9][0-9]{{0,2}})%")
_TWO = re.compile(rf"(?<![{FIGURES}十百千])二(?=[个名位次天家户种项年万亿千百])")
"""Where 二 is said as 两."""


def with_forms(node: Node) -> Node:
    """Return a query with the forms of its texts beside them.

    A quoted number is found as it stands, but what OCR did to it is no other text.
    """

    def leaf_with(leaf: TextLeaf | Pattern) -> Node:
        if not isinstance(leaf, (Word, Phrase)) or leaf.field in META_FIELDS:
            return leaf
        other = in_other_figures(leaf.text) if isinstance(leaf, Word) else ()
        return replace(leaf, forms=other + broken(leaf.text))

    return changed(node, leaf_with)


@lru_cache(256)
def broken(text: str) -> tuple[str, ...]:
    """Return how OCR and line ends may have left a folded text, itself not among it.

    Single characters set apart (`2 0 2 3年`, `a i`), a line end within a number that something
    is counted by (`12 00万元`), and a hyphen in a longer word (`goo-gle`).

    >>> broken("ai技术"), broken("200年"), broken("google")
    (('a i技术',), ('2 0 0年', '2 00年', '20 0年'), ('go-ogle', 'goo-gle', 'goog-le'))
    """
    if len(text) > _LONGEST:
        return ()
    out: dict[str, None] = {}
    for run in _RUN.finditer(text):
        found, before, behind = run[0], text[: run.start()], text[run.end() :]
        if found.isdecimal() and len(found) < _LONG and not _COUNTS.match(behind):
            continue
        if len(found) <= _SET_APART and (len(found) > 2 or _COUNTS.match(behind)):
            out[before + " ".join(found) + behind] = None
        if found.isdecimal():
            cuts = [f"{found[:at]} {found[at:]}" for at in range(1, len(found))]
        elif found.isalpha() and len(found) >= _HYPHENATED:
            cuts = [f"{found[:at]}-{found[at:]}" for at in range(2, len(found) - 1)]
        else:
            cuts = []
        out.update(dict.fromkeys(before + cut + behind for cut in cuts))
    return tuple(out)[:MOST]


@lru_cache(256)
def in_other_figures(text: str) -> tuple[str, ...]:
    """Return a folded text with its numbers in the other figures, where it has some.

    So too with the zeros that are typed among Chinese figures: 二00八, 二oo八.

    >>> in_other_figures("2023年"), in_other_figures("五十三届"), in_other_figures("三农")
    (('二零二三年', '二0二三年', '二o二三年'), ('53届',), ())
    """
    if len(text) > _LONGEST:
        return ()
    found: list[str] = []
    plain = _ZEROS.sub(lambda match: "零" * len(match[0]), text)
    if plain != text:
        found.append(plain)
    found += _with_zeros(plain, text)
    found += _whole(plain)
    for pattern, written in ((_IN_FIGURES, _in_han), (_IN_HAN, _in_figures)):
        other = fold(pattern.sub(written, plain))
        if other not in {text, plain}:
            found += [other, *_with_zeros(other, other), _TWO.sub("两", other)]
    return tuple(form for form in dict.fromkeys(found) if form != text)


def _whole(text: str) -> tuple[str, ...]:
    """Return the forms of a text that is nothing but a large number in words, or a share."""
    from search.dates.numerals import number_of

    share = _SHARE.fullmatch(text)
    if share and share["of"]:
        number = number_of(share["of"])
        return (f"{number}%",) if number else ()
    if share:
        return (f"百分之{spelled(int(share['percent']))}",)
    if len(text) < 2 or not _ALL_HAN.fullmatch(text):
        return ()
    number = number_of(text) or 0
    return forms(str(number)) if number >= 1000 else ()


def _with_zeros(text: str, known: str) -> list[str]:
    """Return a text with letters and figures for the zeros among its Chinese figures."""
    if not _ZERO_BETWEEN.search(text):
        return []
    found = dict.fromkeys(_ZERO_BETWEEN.sub(zero, text) for zero in "0o")
    return [each for each in found if each not in {text, known}]


def _in_han(match: re.Match[str]) -> str:
    """Return a number in Chinese figures: a year figure by figure, another in words."""
    digits, beside = match["number"], match["next"]
    number = int(digits)
    if len(digits) == 4 and (beside == "年" or (not beside and number in YEARS)):
        return "".join(FIGURES[int(digit)] for digit in digits)
    if digits.startswith("0") or number >= 10_000 or (number < 10 and not beside):
        return digits
    return spelled(number)


def _in_figures(match: re.Match[str]) -> str:
    """Return a number in our figures; what is none, or is more often part of a word, as it is."""
    from search.dates.numerals import number_of

    text, beside = match["number"], match["next"]
    plain = not set(text) & set("十百千")
    if len(text) == 1:
        is_number = (text in f"{FIGURES}两十") and (
            match["large"] or (beside and beside in _COUNTED)
        )
    else:
        is_number = not plain or (len(text) == 4 and beside == "年")
    number = number_of(text) if is_number else None
    return match[0] if number is None else f"{number}{match['large']}"
