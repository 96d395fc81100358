"""The articles of a web page: mostly one, several where a page of a paper was saved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from search.dates.printed import find_date
from search.model.article import Article
from search.papers.observer import is_observed, show
from search.papers.pages import byline
from search.papers.pages.explain import article_fields
from search.papers.pages.furniture import is_furniture
from search.papers.pages.mastheads import paper_name, read_masthead
from search.papers.pages.names import HAN
from search.papers.path_fields import IN_PATH, fields_of_path
from search.papers.readers.html.blocks import Block, read_blocks, tag_of
from search.papers.readers.html.main import Main, find_main
from search.papers.readers.html.metadata import Said, add_visible, headline, read_metadata
from search.papers.readers.html.tree import Element

_MAX_NAMED = 40
"""Characters of a title made from the text."""

_MAX_INFO = 80
"""Characters of the longest line of date, source and author."""

_FILE_NAME = "the name of the file"

_NEAR = 12
"""Blocks above the text in which its date and its author are looked for."""

_WORDS = re.compile(f"[{HAN}]")
_LABELLED = re.compile(
    r"\d{1,2}[:：]\d{2}|来源|來源|作者|编辑|編輯|阅读|浏览|点击|字号|字体|分享|评论|打印|收藏"
)


def articles_of_page(root: Element, shown: str, stem: str) -> Iterator[Article]:
    """Yield the articles of a parsed page, their ids empty.

    The body is the text as it is shown, a paragraph a line; `line` is that of the source in
    which it begins. `stem` is the title of last resort.
    """
    blocks = read_blocks(root)
    if not blocks:
        return
    said = read_metadata(root)
    main = find_main(root, blocks)
    parts = [] if said.is_article else sections(main.element, main.blocks)
    if parts:
        yield from _several(parts, blocks, said, shown, stem)
        return
    title, place = headline(said, [*main.above, *main.blocks])
    said.where["title"] = "shown on the page" if place else "the title of the page"
    if not title:
        said.where["title"] = _FILE_NAME
    body, info = _text(main, place)
    add_visible(said, info)
    if said.paper is None:  # the name of the paper above it all
        said.paper = next(filter(None, (paper_name(block.text) for block in blocks[:3])), None)
        said.found("above it all")
    body = body or [block for block in blocks if not block.is_links]
    if body:
        yield article(title or stem, body, said, shown, place)


def _several(
    parts: list[list[Block]], blocks: list[Block], said: Said, shown: str, stem: str
) -> Iterator[Article]:
    """Yield the articles of a page of a paper; what it says of itself is said of each."""
    top = [block.text for block in blocks[: 3 * _NEAR]]
    head = read_masthead([*said.titles, *top])
    said.paper = said.paper or head.paper
    said.date = said.date or head.date
    said.section = said.section or head.section
    said.page, said.issue, said.edition = head.page, head.issue, head.edition
    said.authors = ()
    said.found("at the head of the page")
    for part in parts:
        headed = part[0].level > 0
        said.where["title"] = "its heading" if headed else _FILE_NAME
        body = part[1:] if headed else part
        while body and is_furniture(body[-1].text):
            body = body[:-1]
        if body or headed:
            yield article(part[0].text if headed else stem, body, said, shown, part[0])


def article(
    title: str, body: list[Block], said: Said, shown: str, place: Block | None = None
) -> Article:
    """Return an article of these blocks; a byline in them comes before what the page says."""
    lines = [block.text for block in body]
    first = place.line if place else body[0].line
    last = body[-1].line if body else first
    credited = _credited(lines)
    address, path = fields_of_path(said.url or ""), fields_of_path(shown)
    found = Article(
        id="",
        title=title if len(title) <= 3 * _MAX_NAMED else title[:_MAX_NAMED] + "…",
        body="\n".join(lines),
        path=shown,
        line=min(first, last),
        end_line=max(first, last),
        date=said.date or address.date or path.date,
        paper=said.paper or path.paper,
        authors=credited or said.authors,
        section=said.section,
        url=said.url,
        page=said.page or address.page or path.page,
        issue=said.issue or path.issue,
        edition=said.edition or path.edition,
    )
    if is_observed():
        places = dict.fromkeys(("paper", "date", "page", "issue", "edition"), IN_PATH)
        places |= {name: "in its address" for name in ("date", "page") if getattr(address, name)}
        places |= said.where | ({"authors": "in its text"} if credited else {})
        show(article_fields(found, places))
    return found


def _credited(lines: list[str]) -> tuple[str, ...]:
    """Return the authors named in a text, where bylines stand."""
    if not lines:
        return ()
    names: list[str] = []
    opened = byline.opening(lines[0])
    names.extend(opened.authors if opened else ())
    for line in {0: lines[0], 1: lines[-1]}.values():
        alone = byline.alone(line)
        names.extend(alone.authors if alone and not alone.photo else ())
    closed = byline.ending(lines[-1])
    names.extend(closed.authors if closed and not closed.photo else ())
    return tuple(dict.fromkeys(names))


def _text(main: Main, place: Block | None) -> tuple[list[Block], list[str]]:
    """Return the blocks of the body, and the lines around the headline that tell of it."""
    blocks = main.blocks
    if place in blocks:
        at = blocks.index(place)
        near = {blocks[at - 1]} if at and _is_second_headline(blocks[at - 1].text) else set()
        before = [block for block in blocks[:at] if block.prose or block in near]
        info = _info([*main.above, *blocks[: at + _NEAR]])
        return before + _without_info(blocks[at + 1 :]), info
    head: list[Block] = []
    if place is not None:
        at = main.above.index(place)
        group = _group(place, main.element)
        before = [b for b in main.above[:at] if b.element in group]
        head = [b for b in (*before, *main.above[at + 1 :]) if _belongs(b, group)]
    info = _info(main.above) + _info(blocks[:2])
    return head + _without_info(blocks), info


def _without_info(blocks: list[Block]) -> list[Block]:
    """Return a text without the lines of date and source before it."""
    first = 0
    for block in blocks[:-1]:
        dated = find_date(block.text) and _LABELLED.search(block.text)
        if block.level or len(block.text) > _MAX_INFO or not dated:
            break
        first += 1
    return blocks[first:]


def _info(blocks: list[Block]) -> list[str]:
    """Return the lines that may tell date and author, the nearest to the text first.

    Parts of one line stand apart: `2019-12-28 来源：甲报 作者：乙丙`.
    """
    return [block.text for block in reversed(blocks[-_NEAR:])] + [
        block.text for block in blocks[:-_NEAR]
    ]


def _group(place: Block, main: Element) -> set[Element]:
    """Return the elements of the largest one around the headline that does not hold the text."""
    above = set(main.iterancestors())
    element = place.element
    while element.getparent() is not None and element.getparent() not in above:
        element = element.getparent()
    return set(element.iter())


def _belongs(block: Block, group: set[Element]) -> bool:
    """Return whether a block between headline and text is part of the article: a second headline."""
    if block.is_links or byline.alone(block.text):
        return not block.is_links
    if block.element not in group and not block.text.startswith(("—", "－－", "--")):
        return False
    return _is_second_headline(block.text)


def _is_second_headline(line: str) -> bool:
    """Return whether a line beside a headline may be one, and not date, source or buttons."""
    if find_date(line) or _LABELLED.search(line):
        return False
    return 4 <= len(_WORDS.findall(line)) <= _MAX_NAMED


def sections(element: Element, blocks: list[Block], *, flat: bool = False) -> list[list[Block]]:
    """Return the articles of a page that holds several, none where it holds one.

    Each has an element of its own, in which its headline comes first, and no headline stands
    above them all but that of the page. Headings between the paragraphs of one element are
    those of one article, unless `flat` or the headline of the page is that of a paper.
    """
    counts = Counter(block.level for block in blocks if block.level)
    level = min((level for level, count in counts.items() if count > 1), default=0)
    first = [block for block in blocks if 0 < block.level < level] if level else []
    heads = [block for block in blocks if level and block.level == level]
    masthead = bool(first) and all(_is_masthead(block.text) for block in first)
    if not level or (first and not masthead and not flat):
        return []
    starts = {id(block) for block in heads}
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if id(block) in starts:
            parts.append([])
        parts[-1].append(block)
    lead, *rest = parts
    if not all(any(block.prose for block in part[1:]) for part in rest):
        return []
    if not (masthead or flat or _stand_apart(heads, element)):
        return []
    lead = [block for block in lead if block.prose and not block.level]
    return [*([lead] if lead else []), *rest]


def _is_masthead(text: str) -> bool:
    head = read_masthead([text])
    return bool(head.date or head.issue or head.paper or head.section)


def _stand_apart(heads: list[Block], element: Element) -> bool:
    """Return whether each headline begins an element of its own, all of them side by side."""
    parents = [head.element.getparent() for head in heads]
    if any(parent is None or parent is element for parent in parents):
        return False
    articles = {tag_of(parent) for parent in parents} == {"article"}
    return len(set(parents)) == len(parents) and (
        articles or len({parent.getparent() for parent in parents}) == 1
    )


def articles_of_chapter(root: Element, said: Said, shown: str, stem: str) -> Iterator[Article]:
    """Yield the articles of a parsed chapter; `stem` is the title where it has no heading."""
    said.found("of the book")
    body = root.find(".//body")
    blocks = read_blocks(root if body is None else body)
    if not blocks:
        return
    for part in sections(root, blocks) or [blocks]:
        heads = [block for block in part[:3] if block.level]
        first = heads[0] if heads else None
        said.where["title"] = "its heading" if first else _FILE_NAME
        text = [block for block in part if block is not first]
        yield article(first.text if first else stem, text or part, said, shown, part[0])
