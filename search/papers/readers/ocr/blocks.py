"""A page as an OCR program describes it, blocks of lines with their places, to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search.papers.pages.document import PageText
from search.papers.readers.ocr.layout import laid_out
from search.papers.readers.ocr.units import type_size
from search.papers.readers.reading_order import Box, page_text, reading_order

_CHANGE = 1.4
"""How much higher a line is in larger type: OCR measures the ink, which varies by itself."""

_TALL = 1.5
"""How much higher than wide a line of two characters or more is, if it is set downward."""

_MAX_WIDE = 1.8
"""How wide that may be, in characters."""


@dataclass(slots=True)
class Block:
    """Lines that belong together, in order.

    `names` are the ids of the block and of what it is in; `next` is that of the block that
    follows, if the program said so.
    """

    names: tuple[str, ...] = ()
    next: str = ""
    lines: list[Box] = field(default_factory=list)


def make_line(text: str, place: tuple[float, float, float, float] | None) -> Box:
    """Return a line as a box; without a place (left, top, right, bottom) it has no size."""
    left, top, right, bottom = place or (0.0, 0.0, 0.0, 0.0)
    wide, high = right - left, bottom - top
    size = type_size(text, wide, high) if wide > 0 and high > 0 else 0.0
    return Box(left, top, right, bottom, text, size)


def text_of_blocks(blocks: Sequence[Block], order: Mapping[str, int] | None = None) -> PageText:
    r"""Return the text of a page.

    Blocks are read in the `order` of their names, if the program gives one, those without a
    place in it last; where it says which block follows another, as the layout has it but for
    those; else line by line as the layout has it. A page without places is read as it comes.
    """
    blocks = [block for block in blocks if block.lines]
    if not all(line.size > 0 for block in blocks for line in block.lines):
        ranked = _ranked(blocks, order) if order else blocks
        return PageText(
            "\n\n".join("\n".join(line.text for line in block.lines) for block in ranked)
        )
    if _runs_down(blocks):
        for block in blocks:
            block.lines = [line.turned() for line in block.lines]
    if not order and not any(block.next for block in blocks):
        return page_text(laid_out([block.lines for block in blocks]), change=_CHANGE)
    blocks = _chained(_laid_out(blocks))
    if order:
        blocks = _ranked(blocks, order)
    return page_text([block.lines for block in blocks], change=_CHANGE)


def _runs_down(blocks: Sequence[Block]) -> bool:
    down = across = 0
    for block in blocks:
        for line in block.lines:
            wide = line.right - line.left
            # One column of characters: a paragraph in one box is wider.
            tall = line.bottom - line.top > _TALL * wide and wide < _MAX_WIDE * line.size
            if tall and len(line.text) > 1:
                down += len(line.text)
            else:
                across += len(line.text)
    return down > across


def _laid_out(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in the reading order of the page."""
    whole = {}
    boxes = []
    for block in blocks:
        lines = block.lines
        sizes = sorted(line.size for line in lines)
        box = Box(
            min(line.left for line in lines),
            min(line.top for line in lines),
            max(line.right for line in lines),
            max(line.bottom for line in lines),
            "".join(line.text for line in lines),
            sizes[len(sizes) // 2],
            len(lines),
        )
        whole[id(box)] = block
        boxes.append(box)
    return [whole[id(box)] for group in reading_order(boxes) for box in group]


def _chained(blocks: list[Block]) -> list[Block]:
    """Return blocks with each behind the one that names it as its next."""
    if not any(block.next for block in blocks):
        return blocks
    named = {block.names[0]: block for block in blocks if block.names}
    followers = {block.next for block in blocks}
    heads = [block for block in blocks if not (block.names and block.names[0] in followers)]
    found: list[Block] = []
    seen: set[int] = set()
    for start in heads + blocks:  # a circle has no head
        block: Block | None = start
        while block and id(block) not in seen:
            seen.add(id(block))
            found.append(block)
            block = named.get(block.next)
    return found


def _ranked(blocks: Sequence[Block], order: Mapping[str, int]) -> list[Block]:
    """Return blocks by the best rank of their names, those without one last."""
    last = len(order)
    return sorted(
        blocks, key=lambda block: min(order.get(name, last) for name in block.names or ("",))
    )
