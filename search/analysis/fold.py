r"""Folding: the one form in which texts and queries are compared.

Folding keeps what a reader would call the same text equal: width and compatibility forms
(NFKC), letter case, traditional and simplified script, variants of a character, the style of
quotes, dashes, brackets and dots, and the white space that OCR leaves inside words and
sentences. Control and format characters (zero-width, direction, soft hyphen) vanish.

Each character folds by itself, whatever stands beside it, so that any string cut out of a text
folds to a piece of the folded text, and is found. There are three exceptions, and they hold for
pieces too: a letter joins with its marks; of dashes in a row one is left, and of four dots or
more three (`——`, `……`), which all that could be cut out of the row is a piece of; and white
space.

White space stays, as one space, only between two characters of a script that is written
with spaces (`PPT 2023`); beside a Han character or a punctuation mark it is a line end or an
OCR artefact (`服 务`, `8月\n18日`). That depends on the two neighbours alone, so a piece
of folded text folds to itself, and a quoted string is found by comparing characters.

Sources: Unicode Standard Annex 15 (NFKC), Unicode chapter 3.13 (case folding).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from search.model.frozen import frozen

VERSION = 3
"""Raised with every change that folds any text differently: indexes remember it."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ranges of Han characters, for use inside a regular expression's brackets."""

CJK = f"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff{HAN}"
"""Ranges of the letters that are written without spaces between words."""

LATER = (
    "\U00010efd-\U00010eff\U0001123f-\U00011240\U00011f02-\U00011f02"
    "\U00011f04-\U00011f10\U00011f12-\U00011f33\U00011f41-\U00011f42"
    "\U00011f50-\U00011f59\U0001342f-\U0001342f\U00013439-\U0001343f"
    "\U00013441-\U00013446\U0001b132-\U0001b132\U0001b155-\U0001b155"
    "\U0001d2c0-\U0001d2d3\U0001df25-\U0001df2a\U0001e030-\U0001e06d"
    "\U0001e08f-\U0001e08f\U0001e4d0-\U0001e4f9"
)
"""Ranges of the characters that came to Unicode after 14, which is what Python 3.11 knows, and
that a Python which knows them would fold, join to others or take for letters. Here they fold to
themselves and are no letters, so that an index means the same to every Python. Of what 15 and
15.1 brought (3.12, 3.13), all else folds as what is unknown does: to itself."""

END = "\n"
"""Stands behind a folded text where many are kept together. No folded text holds it."""

QUOTES = "\"'`´‘’‚‛“”„‟「」『』﹁﹂﹃﹄〝〞〟＂＇｢｣"
DASHES = "-‐‑‒–—―−─━⸺⸻﹘﹣－"
DOTS = ".·•‧∙⋅・･●"
WAVES = "~〜∼～"
OPENING = "([〔【〖〘〚❲⟦"
CLOSING = ")]〕】〗〙〛❳⟧"
COLONS = ":∶︰꞉"
PERCENT = "%٪"
ZEROS = "零〇○◯"
"""The zero of Chinese figures, in the shapes that have no other meaning."""
_ONE_STYLE = {
    **dict.fromkeys(QUOTES, '"'),
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys(DOTS, "."),
    **dict.fromkeys(WAVES, "~"),
    **dict.fromkeys(OPENING, "("),
    **dict.fromkeys(CLOSING, ")"),
    **dict.fromkeys(COLONS, ":"),
    **dict.fromkeys(PERCENT, "%"),
    **dict.fromkeys(ZEROS, "零"),
    "⋯": "...",
}
"""What each sign stands for. A middle dot is the full stop that OCR and old type make of it:
`J·K·罗琳` and `J.K.罗琳`, `3·15` and `3.15`. A rule for dots between Han alone would lose
strings that are cut off behind the dot."""

DOTS_LEFT = 3
"""So many are left of more dots in a row, which are an ellipsis: NFKC makes … three."""

_RUN = re.compile(" +")
_ROW = re.compile(r"-{2,}|\.{4,}")
_EDGES = [ord(char) for char in CJK if char != "-"]  # first, last, first, last ...
_LATER_EDGES = [ord(char) for char in LATER if char != "-"]


def _space(run: re.Match[str]) -> str:
    """Return what a run of spaces becomes, which its two neighbours decide."""
    text, start, end = run.string, run.start(), run.end()
    inside = start > 0 and end < len(text)
    return " " if inside and _SPACED[text[start - 1]] and _SPACED[text[end]] else ""


def _rest(row: re.Match[str]) -> str:
    """Return what is left of a row of dashes or dots."""
    return "-" if row[0][0] == "-" else "." * DOTS_LEFT


def is_spaced(char: str) -> bool:
    """Return whether a folded character is of a script that is written with spaces."""
    # `[^\W{CJK}]` would say the same, and take 3 ms to compile.
    if not (char.isalnum() or char == "_"):
        return False
    return not (_is_within(_EDGES, char) or _is_later(char))


class _Spaced(dict[str, bool]):
    """What `is_spaced` says of characters, worked out when first met."""

    def __missing__(self, char: str) -> bool:
        spaced = self[char] = is_spaced(char)
        return spaced


_SPACED = _Spaced()


def _is_later(char: str) -> bool:
    """Return whether a character is one that not every Python knows how to fold."""
    return _is_within(_LATER_EDGES, char)


def _is_within(edges: list[int], char: str) -> bool:
    """Return whether a character is in one of some ranges, given by their ends, both within."""
    i = bisect_left(edges, ord(char))
    return i % 2 == 1 or (i < len(edges) and edges[i] == ord(char))


class _Table(dict[int, str]):
    """Folded forms of single characters, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


def fold_character(char: str) -> str:
    """Return the folded form of a character that stands alone."""
    if char.isspace():
        return " "
    if char in _ONE_STYLE:
        return _ONE_STYLE[char]
    if _is_later(char):
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # half of a character: not text
    if "\ue000" <= char <= "\uf8ff":
        return fold_character(_moved()[char]) if char in _moved() else char
    compatible = _fold_compatibility(char)
    if compatible.startswith(" "):  # an accent that stands alone: a space and its mark
        return ""
    out = []
    for part in compatible:
        if part.isspace():
            out.append(" ")
            continue
        if not _is_invisible(part):
            out.append(_ONE_STYLE.get(part) or _standard().get(part, part))
    return "".join(out)


def _is_invisible(char: str) -> bool:
    """Return whether a character is a control, a format character or a variation selector."""
    if unicodedata.category(char) in {"Cc", "Cf"} or "\ufe00" <= char <= "\ufe0f":
        return True
    return "\U000e0100" <= char <= "\U000e01ef"  # ideographic ones


def _fold_compatibility(text: str) -> str:
    """Apply NFKC and case folding until neither changes anything."""
    while True:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        if folded == text:
            return folded
        text = folded


_STANDARD: dict[str, str] = {}


def _standard() -> dict[str, str]:
    """Return the standard simplified character of those that are none."""
    if not _STANDARD:
        from search.analysis.tables.simplified import SIMPLIFIED, TRADITIONAL
        from search.analysis.tables.variants import STANDARD, VARIANTS

        _STANDARD.update(zip(TRADITIONAL, SIMPLIFIED, strict=True))
        _STANDARD.update(zip(VARIANTS, STANDARD, strict=True))
    return _STANDARD


_MOVED: dict[str, str] = {}


def _moved() -> dict[str, str]:
    """Return what is meant by characters of private use, where a standard says so."""
    if not _MOVED:
        from search.analysis.tables.moved import MOVED

        for first, meant in MOVED:
            _MOVED.update((chr(code), char) for code, char in enumerate(meant, first))
    return _MOVED


_TABLE = _Table()


def fold(text: str) -> str:
    r"""Return the folded form of `text`.

    >>> fold("２０２３年 網格化服\n務")
    '2023年网格化服务'
    """
    folded = _RUN.sub(_space, text.translate(_TABLE))
    while "--" in folded:  # in a third of the time that _ROW takes
        folded = folded.replace("--", "-")
    while "...." in folded:
        folded = folded.replace("....", "...")
    if not unicodedata.is_normalized("NFKC", folded):
        return fold_with_map(text).text
    return folded


@frozen
class Folded:
    """A folded text and, for each of its characters, where it came from.

    Character `i` of `text` comes from the original's characters `starts[i]` to
    `ends[i]` (exclusive).
    """

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that `text[start:end]` (not empty) came from."""
        return self.starts[start], max(self.ends[start:end])


def fold_with_map(text: str) -> Folded:
    """Return `fold(text)` with its map back to `text`."""
    pieces = [_TABLE[ord(char)] for char in text]
    folded = "".join(pieces)
    if len(folded) == len(text) and "" not in pieces:
        mapped = Folded(folded, list(range(len(text))), list(range(1, len(text) + 1)))
    else:
        sizes = [len(piece) for piece in pieces]
        starts = [at for at, size in enumerate(sizes) for _ in range(size)]
        mapped = Folded(folded, starts, [at + 1 for at in starts])
    mapped = _with_neighbours(mapped)
    # Where two characters join, the one they make may fold, and stand beside another.
    while not unicodedata.is_normalized("NFKC", mapped.text):
        settled = _with_neighbours(_joined(mapped))
        if settled.text == mapped.text:  # only of characters that other Pythons do not know
            break
        mapped = settled
    return mapped


def _with_neighbours(mapped: Folded) -> Folded:
    """Apply the rules of neighbours. Of a row, the last that is left stands for the rest too."""
    text, starts, ends = mapped.text, mapped.starts, mapped.ends
    for pattern, kept in ((_RUN, _space), (_ROW, _rest)):
        first, last, done = list[int](), list[int](), 0
        for run in pattern.finditer(text):
            stop = run.start() + len(kept(run))
            first += starts[done:stop]
            last += ends[done:stop]
            if pattern is _ROW:
                last[-1] = max(ends[stop - 1 : run.end()])
            done = run.end()
        if done:
            starts, ends = first + starts[done:], last + ends[done:]
            text = pattern.sub(kept, text)
    return Folded(text, starts, ends)


def _joined(mapped: Folded) -> Folded:
    """Join letters with their marks, and fold what that gives.

    The slow and general way, for the few texts in which folding single characters is not
    enough.
    """
    text, parts = mapped.text, list[str]()
    starts, ends = list[int](), list[int]()
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _joins(text[end]) and not _is_later(text[start]):
            end += 1
        piece = text[start:end]
        if end - start == 1:
            starts.append(mapped.starts[start])
            ends.append(mapped.ends[start])
        else:
            joined = _fold_compatibility(piece)
            piece = "".join(_TABLE[ord(char)] for char in joined)
            starts += [mapped.starts[start]] * len(piece)
            ends += [max(mapped.ends[start:end])] * len(piece)
        parts.append(piece)
        start = end
    return Folded("".join(parts), starts, ends)


def _joins(char: str) -> bool:
    """Return whether a character may join the one before it into one letter."""
    if _is_later(char):
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(first) != 0 or "\u1160" <= first <= "\u11ff"
