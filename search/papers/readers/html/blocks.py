"""The text of a web page as its reader sees it: blocks, each a line or a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from search.model.errors import PaperError
from search.papers.readers.html.tree import Element

_MAX_BLOCKS = 100_000
"""Paragraphs of the longest page: a book has a tenth, and more take seconds and gigabytes."""

_SILENT_TAGS = (
    "head script style template svg math select option button textarea input iframe object "
    "embed audio video canvas map noframes datalist progress meter dialog rt rp"
)
_SILENT = frozenset(_SILENT_TAGS.split())
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr "
    "o:p q ruby rb s samp small span strike strong sub sup time tt u var wbr area"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# What XML calls a space; the ideographic one and the one that does not break are text.
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_SENTENCE = re.compile(r"[，。！？；：、…”]|[,.!?;:](?=\s|$)")
_EDGES = " \t\u00a0\u3000\ufeff\u200b"


@dataclass(slots=True, eq=False)
class Block:
    """A run of text between two breaks: its element, its line in the source, what of it links.

    `level` is that of a heading, 1 to 6, or 0.
    """

    text: str
    element: Element
    line: int
    linked: int = 0
    level: int = 0

    @property
    def is_links(self) -> bool:
        """Whether it is navigation: most of it is links, and it is no paragraph."""
        return self.linked * 2 > len(self.text) and not (len(self.text) > 40 and "。" in self.text)

    @property
    def prose(self) -> int:
        """The characters of it that are prose: 0 for what is a link or holds no sentence."""
        if self.is_links or len(self.text) < 8 or not _SENTENCE.search(self.text):
            return 0
        return len(self.text) - self.linked


def read_blocks(root: Element) -> list[Block]:
    """Return the blocks of a tree in the order of the source; PaperError where they are too many."""
    reading = _Reading()
    for element, entered in _steps(root):
        if entered:
            reading.enter(element)
        else:
            reading.leave(element, root)
    reading.end_block()
    return reading.blocks


def _steps(root: Element) -> Iterator[tuple[Element, bool]]:
    """Yield each element that is shown when it begins and when it ends; no recursion."""
    stack = [(root, True)]
    while stack:
        element, begins = stack.pop()
        yield element, begins
        if begins:
            stack.append((element, False))
            if tag_of(element) not in _SILENT:
                stack.extend((child, True) for child in reversed(element))


def tag_of(element: Element) -> str:
    """Return the tag in lower case; of a comment or the like, one that is not shown."""
    tag = element.tag
    return tag.lower() if isinstance(tag, str) else "script"


@dataclass(slots=True)
class _Reading:
    """The blocks so far, and the one that is being read."""

    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    owners: list[Element] = field(default_factory=list)
    begun: Element | None = None
    linked: int = 0
    links: int = 0
    level: int = 0
    kept: int = 0

    def enter(self, element: Element) -> None:
        tag = tag_of(element)
        if tag in _SILENT:
            return
        if tag == "br":
            self.end_block()
        elif tag not in _INLINE:
            self.end_block()
            self.owners.append(element)
            self.level = _HEADINGS.get(tag, self.level)
        self.links += tag == "a"
        self.kept += tag in {"pre", "listing"}
        self.add(element.text, element)

    def leave(self, element: Element, root: Element) -> None:
        tag = tag_of(element)
        if tag not in _SILENT:
            self.links -= tag == "a"
            self.kept -= tag in {"pre", "listing"}
            if tag not in _INLINE and tag != "br":
                self.end_block()
                self.owners.pop()
                if tag in _HEADINGS:
                    self.level = 0
        if element is not root:
            self.add(element.tail, element)

    def add(self, text: str | None, element: Element) -> None:
        if not text:
            return
        lines = text.split("\n") if self.kept else [text]
        for number, line in enumerate(lines):
            if number:
                self.end_block()
            if self.begun is None and line.strip():
                self.begun = element
            self.parts.append(line)
            if self.links:
                self.linked += len(line.strip())

    def end_block(self) -> None:
        if self.begun is not None:
            text = _SPACES.sub(" ", "".join(self.parts)).strip(_EDGES)
            if text and len(self.blocks) >= _MAX_BLOCKS:
                raise PaperError(
                    f"more than {_MAX_BLOCKS:,} paragraphs on one page; split it into smaller ones"
                )
            if text:
                owner = self.owners[-1] if self.owners else self.begun
                line = self.begun.sourceline or 1
                linked = min(self.linked, len(text))
                self.blocks.append(Block(text, owner, line, linked, self.level))
        self.parts.clear()
        self.begun = None
        self.linked = 0
