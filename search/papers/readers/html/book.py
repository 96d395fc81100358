"""The articles of a chapter of a book: all of its text, parted by its headings."""

from __future__ import annotations

from collections.abc import Iterator

from search.model.article import Article
from search.papers.readers.html.blocks import read_blocks
from search.papers.readers.html.metadata import Said
from search.papers.readers.html.page import article, sections
from search.papers.readers.html.tree import Element


def articles_of_chapter(root: Element, said: Said, shown: str, stem: str) -> Iterator[Article]:
    """Yield the articles of a parsed chapter; `stem` is the title where it has no heading."""
    body = root.find(".//body")
    blocks = read_blocks(root if body is None else body)
    if not blocks:
        return
    for part in sections(root, blocks) or [blocks]:
        heads = [block for block in part[:3] if block.level]
        first = heads[0] if heads else None
        text = [block for block in part if block is not first]
        yield article(first.text if first else stem, text or part, said, shown, part[0])
