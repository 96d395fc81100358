"""Pages of text that were put on the web as they are, in `<pre>`: their lines tell the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.papers.pages.document import PageText, name_part
from search.papers.pages.page_breaks import text_pages
from search.papers.readers.html.metadata import Said
from search.papers.readers.html.tree import Element

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARE = 0.7
"""Part of the text of a web page that stands in `<pre>`, if that is a page of a paper."""

_FEWEST_LINES = 5
_SILENT = frozenset({"script", "style", "head", "title"})


def preformatted(root: Element, said: Said) -> list[tuple[str | None, PageText]]:
    """Return the pages of text in a web page, or none where that is no such page.

    Lines are those of the source, as far as the tags in it leave them where they are.
    """
    texts = [("".join(pre.itertext()), pre.sourceline or 1) for pre in root.iter("pre")]
    inside = sum(len("".join(text.split())) for text, _ in texts)
    if not inside or inside < _SHARE * sum(map(len, _words(root))):
        return []
    if sum(text.strip().count("\n") for text, _ in texts) < _FEWEST_LINES:
        return []
    pages = [
        PageText(page.text, first=page.first + line - 1, date=page.date or said.date)
        for text, line in texts
        for _, page in text_pages(text)
    ]
    if len(pages) < 2:
        return [(None, page) for page in pages]
    return [(name_part(number), page) for number, page in enumerate(pages, 1)]


def _words(root: Element) -> Iterator[str]:
    """Yield the words of the body, as they are shown."""
    body = root.find(".//body")
    for element in (root if body is None else body).iter():
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            yield from (element.text or "").split()
        yield from (element.tail or "").split()
