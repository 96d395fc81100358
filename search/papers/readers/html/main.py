"""Which blocks of a web page are its article.

Menus are links, articles are sentences. The article is the smallest element with three
quarters of the sentences of the page, and everything in it but lists of links. Comments and
side columns, as their elements are called, do not count, unless they hold most of the page.
A doubt is decided for more text: a line too many costs less than one that is never found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from search.papers.pages.furniture import is_furniture
from search.papers.readers.html.blocks import Block, tag_of
from search.papers.readers.html.tree import Element

_SHARE = 0.75
"""Of the sentences of a page: what its article has at least."""

_ASIDE_TAGS = frozenset({"nav", "aside", "footer"})
_NAMES = (
    "comment comments discuss reply replies related relate recommend recommended sidebar aside "
    "footer foot nav navbar navigation menu breadcrumb breadcrumbs crumb crumbs share sharing "
    "copyright toolbar hot rank ranking advert ads banner pager pagination"
)
_ASIDE_NAMES = frozenset(_NAMES.split())
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]+")
_NEVER_ASIDE = frozenset({"html", "body", "main", "article"})
_PARAGRAPHS = frozenset({"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})


@dataclass(frozen=True, slots=True)
class Main:
    """The element of the article, its blocks, and those of the page above them."""

    element: Element
    blocks: list[Block]
    above: list[Block]


def find_main(root: Element, blocks: list[Block]) -> Main:
    """Return the main part of a page with at least one block."""
    prose = {block: block.prose for block in blocks}
    if not any(prose.values()):  # verse, a table: no sentences
        prose = {block: 0 if block.is_links else len(block.text) for block in blocks}
    asides = _asides(root, prose)
    shown = [block for block in blocks if block.element not in asides]
    if not any(prose[block] for block in shown):
        shown = blocks
    element = _smallest(root, shown, prose)
    inner = set(element.iter())
    inside = [block for block in shown if block.element in inner and not block.is_links]
    first = inside[0] if inside else None
    above = []
    for block in shown:
        if block is first:
            break
        above.append(block)
    while inside and not inside[-1].level and is_furniture(inside[-1].text.strip("（()）[]【】")):
        inside.pop()
    return Main(element, inside, above)


def _weights(blocks: list[Block], prose: dict[Block, int], root: Element) -> dict[Element, int]:
    """Return for each element how much prose it holds, itself and all below it."""
    weights: dict[Element, int] = defaultdict(int)
    for block in blocks:
        weights[block.element] += prose[block]
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is not None and element is not root and weights.get(element):
            weights[parent] += weights[element]
    return weights


def _asides(root: Element, prose: dict[Block, int]) -> set[Element]:
    """Return the elements that are by their tag or name beside the article, and all in them."""
    weights = _weights(list(prose), prose, root)
    half = weights[root] / 2
    asides: set[Element] = set()
    for element in root.iter():
        named = weights.get(element, 0) <= half and _is_aside(element)
        if named or (asides and element.getparent() in asides):
            asides.add(element)
    return asides


def _is_aside(element: Element) -> bool:
    tag = tag_of(element)
    if tag in _ASIDE_TAGS:
        return True
    if tag in _NEVER_ASIDE or not element.attrib:
        return False
    names = f"{element.get('id', '')} {element.get('class', '')}"[:400]
    return not _ASIDE_NAMES.isdisjoint(part.lower() for part in _NAME_PARTS.findall(names))


def _smallest(root: Element, blocks: list[Block], prose: dict[Block, int]) -> Element:
    """Return the smallest element that holds most of the prose and is no single paragraph."""
    weights = _weights(blocks, prose, root)
    counts: dict[Element, int] = defaultdict(int)
    for block in blocks:
        counts[block.element] += 1
    wanted = weights[root] * _SHARE
    element = root
    while True:
        best = max(element, key=lambda child: weights.get(child, 0), default=None)
        if best is None or weights.get(best, 0) < wanted or tag_of(best) in _PARAGRAPHS:
            break
        alone = counts[best] <= 1 and not any(weights.get(child) for child in best)
        if alone and _has_like(best, weights):
            break  # one of several paragraphs, whatever their tag
        element = best
    return element


def _has_like(element: Element, weights: dict[Element, int]) -> bool:
    """Return whether an element beside this one has its tag and prose too."""
    return any(
        weights.get(other)
        for other in element.getparent()
        if other is not element and other.tag == element.tag
    )
