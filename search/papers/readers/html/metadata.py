"""What a web page says of its article: in its head, in its structured data, above the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from search.dates.printed import find_date, parse_date
from search.papers.pages import byline
from search.papers.pages.mastheads import paper_name
from search.papers.pages.names import HAN
from search.papers.readers.html.blocks import Block, tag_of
from search.papers.readers.html.tree import Element
from search.papers.readers.html.web_authors import people, signed

_MAX_TITLE = 120
_MAX_DATA = 1_000_000
"""Characters of structured data that are read."""

_ARTICLE = re.compile(r"Article|Posting|Report$")
_SEPARATORS = re.compile(r"\s*[|｜_]+\s*|\s+[-–—:：·•»]+\s+|\s*——?\s*|\s*[-–](?=\D)\s*")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate",
    "publish_date", "publish-date", "pub_date", "dc.date", "dc.date.issued", "dcterms.date",
    "dcterms.created", "date", "og:release_date", "article:create_at",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "og:article:author", "dc.creator", "byl")
_PAPERS = ("source", "contentsource", "dc.source", "og:site_name", "application-name")
_SOURCE = re.compile(
    rf"(?:稿件|文章|新闻|信息)?(?:来源|來源|出处|出處)\s*[:：]\s*《?([{HAN}A-Za-z0-9·]{{2,20}})"
)
_AUTHOR = re.compile(
    rf"(?:作者|记者|記者|撰稿|文)\s*[:：]\s*([{HAN}·]{{2,6}}(?:[、,，\s]{{1,2}}[{HAN}·]{{2,4}}(?![{HAN}:：]))*)"
)
_PARTS = re.compile(r"[|｜_—–:：·\s-]+")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_MAX_INFO = 120
_VISIBLE = "in the lines around the headline"


@dataclass(slots=True)
class Said:
    """What a page says of itself; None and () where it says nothing."""

    titles: list[str] = field(default_factory=list)
    date: str | None = None
    paper: str | None = None
    site: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    url: str | None = None
    page: str | None = None
    issue: str | None = None
    edition: str | None = None
    is_article: bool = False
    where: dict[str, str] = field(default_factory=dict)
    """Where each was found, by name, for people."""

    def found(self, where: str) -> None:
        """Note where what was not there before was found."""
        for name in ("date", "paper", "authors", "section", "url", "page", "issue", "edition"):
            if getattr(self, name):
                self.where.setdefault(name, where)


def read_metadata(root: Element) -> Said:
    """Return what the head of a page and its structured data say."""
    said = Said()
    meta = dict(_meta(root))
    data = next(_articles(root), {})
    said.is_article = bool(data) or meta.get("og:type") == "article" or _DATES[0] in meta
    title = root.find(".//title")
    titles = (_text(data.get("headline")), meta.get("og:title"), _words(title))
    said.titles = [text for text in titles if text]
    dates = [_text(data.get("datePublished")), *(meta.get(name) for name in _DATES)]
    dates += [element.get("datetime") for element in root.iter("time")][:3]
    said.date = next((day for day in map(_day, dates) if day), None)
    said.site = meta.get("og:site_name")
    papers = [meta.get(name) for name in _PAPERS]
    said.paper = next(filter(None, [*papers, *_names(data.get("publisher"))]), None)
    fields = [_names(data.get("author")), *([meta[name]] for name in _AUTHORS if meta.get(name))]
    publishers = (said.site, said.paper, *_names(data.get("publisher")))
    said.authors = next(filter(None, (people(field, known=publishers) for field in fields)), ())
    said.section = _text(data.get("articleSection")) or meta.get("article:section")
    said.url = next(_urls(root, meta), None)
    said.found("in the data of the page")
    return said


def add_visible(said: Said, info: list[str]) -> None:
    """Add what stands in the lines around the headline; a name of the source comes first."""
    for line in info:
        if len(line) > _MAX_INFO:
            continue
        source = _SOURCE.search(line)
        if source:
            said.paper, said.where["paper"] = source[1], _VISIBLE
            break
    said.date = said.date or next(
        (day for day in (find_date(line) for line in info if len(line) <= _MAX_INFO) if day), None
    )
    names: list[str] = []
    for line in info:
        credit = byline.alone(line)
        label = _AUTHOR.search(line) if len(line) <= _MAX_INFO else None
        if credit and not credit.photo:
            names.extend(credit.authors)
        elif label:
            names.extend(signed(label[1], known=(said.site, said.paper)))
    if names:
        said.authors, said.where["authors"] = tuple(dict.fromkeys(names)), _VISIBLE
    said.found(_VISIBLE)
    if said.paper is None:
        parts = (part for title in said.titles for part in _PARTS.split(title))
        said.paper = next((name for name in map(paper_name, parts) if name), None)
        said.found("in the title of the page")


def headline(said: Said, blocks: list[Block]) -> tuple[str, Block | None]:
    """Return the title of a page, and the block it stands in if it is shown.

    It is the longest shown line that the title of the page contains: what else that holds
    is the name of the site. Where there is none, the name is cut off.
    """
    for title in said.titles:
        plain = _squeezed(title)
        shown = [
            block
            for block in blocks
            if 4 <= len(block.text) <= _MAX_TITLE
            and not (block.is_links and not block.level)
            and _squeezed(block.text) in plain
            and block.text not in {said.site, said.paper}
        ]
        if shown:
            best = max(shown, key=lambda block: (len(_squeezed(block.text)), block.level > 0))
            if len(_squeezed(best.text)) * 3 >= len(plain):
                return best.text, best
    names = {said.site, said.paper}
    heads = [
        block
        for block in blocks
        if block.level == 1
        and not block.is_links
        and len(block.text) <= _MAX_TITLE
        and block.text not in names
        and not paper_name(block.text)
    ]
    if len(heads) == 1 or (heads and not said.titles):
        return heads[0].text, heads[0]
    return _without_site(said.titles[0], said) if said.titles else "", None


def _without_site(title: str, said: Said) -> str:
    """Return a title without the names of site and column behind it."""
    parts = [part for part in _SEPARATORS.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    names = {said.site, said.paper}
    kept = [part for part in parts if part not in names] or parts
    return max(kept, key=len).strip() if len(kept[0]) < 4 else kept[0].strip()


def _meta(root: Element) -> Iterator[tuple[str, str]]:
    """Yield the names and contents of the `meta` elements; of equal names the first counts."""
    seen: set[str] = set()
    for element in root.iter("meta"):
        name = (
            element.get("property") or element.get("name") or element.get("itemprop") or ""
        ).lower()
        content = (element.get("content") or "").strip()
        if name and content and name not in seen:
            seen.add(name)
            yield name, content[:1000]


def _articles(root: Element) -> Iterator[dict[str, object]]:
    """Yield the articles in the structured data of a page (JSON-LD, schema.org)."""
    left = _MAX_DATA
    for element in root.iter("script"):
        if "ld+json" not in (element.get("type") or "") or not element.text:
            continue
        left -= len(element.text)
        if left < 0:
            return
        try:
            value = json.loads(element.text, strict=False)
        except (ValueError, RecursionError):
            continue
        things = value if isinstance(value, list) else [value]
        for thing in things:
            if isinstance(thing, dict):
                graph = thing.get("@graph")
                for item in [thing, *(graph if isinstance(graph, list) else [])]:
                    if isinstance(item, dict) and _is_article(item.get("@type")):
                        yield item


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and _ARTICLE.search(name) for name in kinds)


def _names(value: object) -> list[str]:
    """Return the names of a person or organization of schema.org, or of a list of them."""
    names = []
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and 0 < len(name.strip()) <= 60:
            names.append(name.strip())
    return list(dict.fromkeys(names))


def _urls(root: Element, meta: dict[str, str]) -> Iterator[str]:
    """Yield the addresses a page gives as its own."""
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            yield from _web((link.get("href") or "").strip())
    yield from _web(meta.get("og:url", ""))
    place = root.getroottree().getroot()
    before = [*place.itersiblings(preceding=True), *place.iterchildren(), *_head_of(place)]
    for thing in before:
        if not isinstance(thing.tag, str):
            match = _SAVED_FROM.search(str(thing.text or "")[:2000])
            if match:
                yield from _web(match[1])


def _head_of(root: Element) -> list[Element]:
    return [child for part in root for child in part if tag_of(part) in {"head", "body"}][:50]


def _web(url: str) -> list[str]:
    return [url] if re.match(r"https?://\S+$", url) else []


def _day(value: str | None) -> str | None:
    return parse_date(value[:60]) if value else None


def _text(value: object) -> str | None:
    return re.sub(r"\s+", " ", value).strip() or None if isinstance(value, str) else None


def _words(element: Element | None) -> str | None:
    return None if element is None else _text("".join(element.itertext()))


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
