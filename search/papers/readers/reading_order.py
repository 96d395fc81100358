"""Boxes of text on a page, brought into the order in which they are read.

A page is cut at its white space, as the recursive X-Y cut does (Nagy and Seth 1984): a
strip of white from top to bottom parts columns, one from side to side parts what stands
above from what stands below. Pure X-Y cut reads across columns whose lines stand level, or
along columns that a headline crosses. Here the page is first cut into bands, at every white
strip from side to side, and bands that share a gutter are put together again.

Coordinates grow to the right and down; any unit will do. Text set from top to bottom and
right to left is `turned` first: then its columns are lines and its tiers are columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from search.papers.pages.document import PageText

GUTTER = 0.7
"""The narrowest white strip that parts columns, in widths of a character."""

_MIN_LETTERS = 4
"""Letters of the average line of a column; what holds fewer is a column of a table."""

_TRIM = 0.2
"""Part of a box's height ignored at top and bottom: lines of OCR touch, letters hang."""

_LOOK_BACK = 4
"""Bands looked at together for a gutter that none of them has."""

_MAX_BANDS = 50
"""Bands taken back at most, so that a long page takes no long time."""

_MAX_DEPTH = 60

MAX_BOXES = 10_000
"""Boxes of a page whose layout is looked at: a crowded page of a paper has a fifth of that."""

_LETTER = re.compile(r"[^\W\d_]")
_HAN_LIKE = "[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff]"
_HAN = re.compile(_HAN_LIKE)
_SPACED = re.compile(rf"(?<!{_HAN_LIKE})\s(?={_HAN_LIKE})|(?<={_HAN_LIKE})\s")


@dataclass(slots=True)
class Box:
    """Text and the rectangle it stands in. `size` is the height of its characters.

    A box may be a part of a line, or a block of `lines` that are ordered already. `level` is
    that of a headline, as in HTML, 0 for text, and None where the layout does not tell.
    """

    left: float
    top: float
    right: float
    bottom: float
    text: str
    size: float
    lines: int = 1
    level: int | None = None

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    def turned(self) -> Box:
        """Return the box on the page turned a quarter to the left: down becomes right."""
        return replace(self, left=self.top, top=-self.right, right=self.bottom, bottom=-self.left)


Gap = tuple[float, float]


def reading_order(boxes: Sequence[Box]) -> list[list[Box]]:
    """Return the boxes in groups; the groups, and the boxes of each, in reading order.

    A group holds no column beside another. Each box comes once. Where there are far too many
    for a page, they stay in the order in which they came.
    """
    if len(boxes) > MAX_BOXES:
        return [list(boxes)]
    groups: list[list[Box]] = []
    stack: list[tuple[list[Box], int]] = [(list(boxes), 0)]
    while stack:
        part, depth = stack.pop()
        parts = _divided(part) if len(part) > 1 and depth < _MAX_DEPTH else []
        if len(parts) > 1:
            stack.extend((each, depth + 1) for each in reversed(parts))
        elif part:
            groups.append(sorted(part, key=lambda box: (box.top, box.left)))
    return groups


def rows(group: Sequence[Box]) -> list[list[Box]]:
    """Return the boxes of a group by lines: those that stand level, from left to right."""
    found: list[list[Box]] = []
    for box in sorted(group, key=lambda box: box.middle):
        level = found[-1][-1] if found else None
        if level and abs(box.middle - level.middle) < 0.4 * min(box.size, level.size):
            found[-1].append(box)
        else:
            found.append([box])
    for row in found:
        row.sort(key=lambda box: box.left)
    return found


def joined(row: Sequence[Box]) -> Box:
    """Return the boxes of a line as one, with a space where they stand apart."""
    if len(row) == 1:
        return row[0]
    size = max(box.size for box in row)
    gaps = [after.left - before.right for before, after in pairwise(row)]
    # A headline of few characters is spread over its width.
    spread = len(row) > 2 and all(len(box.text) == 1 for box in row) and max(gaps) < 2 * min(gaps)
    text = ("" if spread else " ").join(box.text for box in row)
    return Box(
        min(box.left for box in row),
        min(box.top for box in row),
        max(box.right for box in row),
        max(box.bottom for box in row),
        text,
        size,
        level=max((box.level for box in row if box.level is not None), default=None),
    )


def page_text(groups: Iterable[Sequence[Box]], *, change: float = 1.15) -> PageText:
    r"""Return lines, in groups as `reading_order` and `joined` make them, as the text of a page.

    What the layout says is told as typists do: a blank line where type grows or shrinks by
    the factor `change`, or where more white than usual stands between lines, and two
    ideographic spaces before the first line of an indented paragraph. What cannot be told so,
    which lines are headlines, goes beside the text.
    """
    out: list[str] = []
    levels: dict[int, int] = {}
    sizes: dict[int, float] = {}
    grouped = [list(group) for group in groups if group]
    usual = usual_size([line for group in grouped for line in group])
    pitch = _usual_pitch(grouped)
    before: Box | None = None
    for group in grouped:
        edge, end = min(line.left for line in group), max(line.right for line in group)
        for line in group:
            if before and _apart(before, line, pitch, change):
                out.append("")
            indented = (
                not line.level
                and _inset(line, edge)
                and not (before and _goes_on_inset(before, line, end))
            )
            out.append("\u3000\u3000" + line.text if indented else line.text)
            if line.level is not None:
                levels[len(out)] = line.level
            if line.level:
                sizes[len(out)] = line.size / usual
            before = line
    return PageText("\n".join(out), levels, sizes=sizes)


def _inset(line: Box, edge: float) -> bool:
    """Return whether a line begins about two characters in."""
    return 1.5 * line.size <= line.left - edge <= 2.6 * line.size


def _goes_on_inset(above: Box, below: Box, end: float) -> bool:
    """Return whether the line above is full and begins as far in: no paragraph begins below it."""
    return abs(above.left - below.left) < 0.5 * below.size and end - above.right < 2 * below.size


def spaced(words: Iterable[str]) -> str:
    """Return the words of a line with spaces between them, but none beside Han."""
    return _SPACED.sub("", " ".join(words))


def parted(before: str, after: str) -> bool:
    """Return whether a space between two characters counts: beside Han it is typesetting."""
    return not (_HAN.match(before) or _HAN.match(after))


def usual_size(boxes: Sequence[Box]) -> float:
    """Return the size of type in which most of the text is set; 1 if there is none."""
    return _weighted_median([(box.size, len(box.text)) for box in boxes if box.size > 0]) or 1.0


def _median(values: list[float]) -> float:
    values.sort()
    return values[len(values) // 2]


def _weighted_median(pairs: list[tuple[float, int]]) -> float:
    pairs.sort()
    half = sum(weight for _, weight in pairs) / 2
    so_far = 0
    for value, weight in pairs:
        so_far += weight
        if so_far >= half:
            return value
    return 0.0


def _usual_pitch(groups: list[list[Box]]) -> float:
    """Return the usual distance from line to line; 0 if there are not two of them."""
    steps = [
        below.top - above.top
        for group in groups
        for above, below in pairwise(group)
        if below.top > above.top
    ]
    return _median(steps) if steps else 0.0


def _apart(above: Box, below: Box, pitch: float, change: float) -> bool:
    """Return whether two lines that follow each other are set apart on the page."""
    if (above.level or 0) != (below.level or 0):
        return True
    small, large = sorted((above.size, below.size))
    if large > change * small:
        return True
    step = below.top - above.top
    # Up again: the next column, which goes on in the middle of a sentence.
    return step > max(1.5 * pitch, 1.2 * large) and below.top > above.bottom


def _divided(boxes: list[Box]) -> list[list[Box]]:
    """Return the parts that boxes fall into, in order; one or none if they do not."""
    size = usual_size(boxes)
    columns = _columns(boxes, _gutters(boxes, size))
    if len(columns) > 1:
        return columns
    groups = _with_common_gutters(_bands(boxes), size)
    if len(groups) > 1:
        return groups
    return _around_a_bar(boxes, size)


def _white(spans: Iterable[Gap]) -> list[Gap]:
    """Return what no span covers between the first and the last."""
    gaps: list[Gap] = []
    end: float | None = None
    for low, high in sorted(spans):
        if end is not None and low > end:
            gaps.append((end, low))
        end = high if end is None else max(end, high)
    return gaps


def _gutters(boxes: Sequence[Box], size: float) -> list[Gap]:
    """Return the white strips from top to bottom that have columns on both sides."""
    strips = [
        strip
        for strip in _white((box.left, box.right) for box in boxes)
        if strip[1] - strip[0] >= GUTTER * size
    ]
    if not strips:
        return []
    sides = _columns(boxes, strips)
    kept: list[Gap] = []
    left: list[Box] = []
    for place, strip in enumerate(strips):
        left += sides[place]
        right = sides[place + 1]
        few = min(sum(box.lines for box in side) for side in (left, right))
        # A line may have a hole, and two lines the same by chance.
        enough = few > 1 or (strip[1] - strip[0] >= 2 * GUTTER * size and len(left + right) > 2)
        if enough and _is_column(left) and _is_column(right):
            kept.append(strip)
            left = []
    return kept


def _is_column(boxes: Sequence[Box]) -> bool:
    lines = sum(box.lines for box in boxes)
    letters = sum(len(_LETTER.findall(box.text)) for box in boxes)
    return letters >= _MIN_LETTERS * lines


def _columns(boxes: Sequence[Box], gutters: Sequence[Gap]) -> list[list[Box]]:
    """Return the boxes between the gutters, from left to right."""
    from bisect import bisect

    edges = [(low + high) / 2 for low, high in gutters]
    columns: list[list[Box]] = [[] for _ in range(len(edges) + 1)]
    for box in boxes:
        columns[bisect(edges, (box.left + box.right) / 2)].append(box)
    return columns


def _bands(boxes: Sequence[Box]) -> list[list[Box]]:
    """Return the boxes between white strips from side to side, from top to bottom."""
    spans = []
    for box in boxes:
        trim = _TRIM * min(box.size, box.bottom - box.top)
        spans.append((box.top + trim, box.bottom - trim, box))
    bands: list[list[Box]] = []
    end = 0.0
    for low, high, box in sorted(spans, key=lambda span: span[0]):
        if bands and low < end:
            bands[-1].append(box)
            end = max(end, high)
        else:
            bands.append([box])
            end = high
    return bands


def _with_common_gutters(bands: list[list[Box]], size: float) -> list[list[Box]]:
    """Put together bands that follow each other and have a gutter in common.

    Bands without any are put together too. Of those, the last may belong to the columns that
    begin below: a headline over one of them, or lines that do not stand level.
    """
    groups: list[list[Box]] = []
    plain: list[list[Box]] = []
    gutters: list[Gap] = []
    for band in bands:
        left = [] if plain else _left_white(gutters, band, size)
        if left:
            groups[-1] += band
            gutters = left
            continue
        taken = _suffix_with_gutters([*plain, band], size)
        if not taken:
            plain.append(band)
            continue
        plain = plain[: len(plain) + 1 - taken[0]]
        if plain:
            groups.append(_all(plain))
        groups.append(taken[1])
        gutters = _gutters(taken[1], size)
        plain = []
    if plain:
        groups.append(_all(plain))
    return groups


def _left_white(gutters: Sequence[Gap], band: Sequence[Box], size: float) -> list[Gap]:
    """Return what a band leaves of gutters."""
    left: list[Gap] = []
    spans = sorted((box.left, box.right) for box in band)
    for low, high in gutters:
        start = low
        for begin, end in spans:
            if start < begin < high and begin - start >= GUTTER * size:
                left.append((start, begin))
            if begin < high:
                start = max(start, end)
        if high - start >= GUTTER * size:
            left.append((start, high))
    return left


def _suffix_with_gutters(bands: list[list[Box]], size: float) -> tuple[int, list[Box]] | None:
    """Return how many of the last bands have most gutters in common, and their boxes."""
    boxes: list[Box] = []
    best: tuple[int, list[Box]] | None = None
    most = 0
    for count, band in enumerate(reversed(bands), 1):
        boxes = band + boxes
        found = len(_gutters(boxes, size))
        if found and found >= most:
            best, most = (count, boxes), found
        elif most or count == _LOOK_BACK:
            break
        if count == _MAX_BANDS:
            break
    return best


def _all(bands: Iterable[list[Box]]) -> list[Box]:
    return [box for band in bands for box in band]


def _around_a_bar(boxes: list[Box], size: float) -> list[list[Box]]:
    """Cut at a headline that crosses columns where no white strip runs beside it.

    Scans are askew, and lines of the columns beside a headline stand at its height.
    """
    usual = _median([box.right - box.left for box in boxes])
    bars = [
        box
        for box in boxes
        if box.lines == 1 and (box.right - box.left > 1.3 * usual or box.size > 1.3 * size)
    ]
    if not bars or 2 * len(bars) > len(boxes):
        return []
    barred = {id(box) for box in bars}
    rest = [box for box in boxes if id(box) not in barred]
    if not _gutters(rest, size):
        return []
    bar = max(bars, key=lambda box: box.right - box.left)
    above = [box for box in boxes if box is not bar and box.middle < bar.middle]
    below = [box for box in boxes if box is not bar and box.middle >= bar.middle]
    return [part for part in (above, [bar], below) if part]
