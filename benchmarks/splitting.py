"""Score how pages are split into articles against a gold file.

usage: python benchmarks/splitting.py PAGES/ [--gold FILE] [-v]

The gold file (PAGES/articles.json unless given) maps the path of each page below PAGES to
`{"date", "paper", "issue", "section", "articles": [{"title", "title_any", "author",
"starts", "ends", "ends_any", "continued_from", "continued_on"}]}`; all but `articles`,
`starts`, `ends` and `title` may be missing. Texts are compared in NFKC, without white space
and with one style of quotes.

An article is found when the body of one piece holds its start and its end (or one of
`ends_any`) and the start of no other article. The title of a found article is right when it
contains the gold title (or one of `title_any`), or the reverse; its authors are right when the
gold author is among them. Precision is over what the splitter gave (pieces, their titles,
pieces with authors), recall over what the gold file has. A table is printed, a line a page
and one for all; -v adds a line for each miss.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.model.article import Article
from search.papers.encodings.decode import decode
from search.papers.formats import reader_here
from search.papers.pages.page_breaks import text_pages
from search.papers.pages.split import Page, Piece, split
from search.papers.reader import Limits

_MARKDOWN = frozenset({".md", ".markdown"})
_BOXES = frozenset({".hocr", ".xml", ".pdf"})
_OF_PAGE = ("date", "paper", "issue", "section")
_OF_ARTICLE = ("continued_from", "continued_on")


@dataclass
class Counts:
    """How many were given, how many were wanted, and how many were right."""

    given: int = 0
    wanted: int = 0
    right: int = 0

    def add(self, other: Counts) -> None:
        """Add the counts of another page."""
        self.given += other.given
        self.wanted += other.wanted
        self.right += other.right

    @property
    def precision(self) -> float:
        """Return what part of the given is right; 1 if nothing was given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Return what part of the wanted was given; 1 if nothing was wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / (self.given + self.wanted) if self.given + self.wanted else 1.0


@dataclass
class Score:
    """What was counted on a page or on many; `other` counts dates, names of papers and so on."""

    articles: Counts = field(default_factory=Counts)
    titles: Counts = field(default_factory=Counts)
    authors: Counts = field(default_factory=Counts)
    other: dict[str, Counts] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def add(self, page: Score) -> None:
        """Add the score of another page."""
        self.articles.add(page.articles)
        self.titles.add(page.titles)
        self.authors.add(page.authors)
        for name, counts in page.other.items():
            self.other.setdefault(name, Counts()).add(counts)
        self.misses += page.misses

    def tell(self, name: str, ours: object, gold: object) -> None:
        """Count one value that gold may have (not None) and the splitter may have given."""
        counts = self.other.setdefault(name, Counts())
        counts.given += ours is not None
        counts.wanted += gold is not None
        counts.right += ours == gold is not None
        if ours != gold:
            self.misses.append(f"{name} {ours!r}, not {gold!r}")


def key(text: str) -> str:
    """Return text as compared: NFKC, one style of quotes, no spaces."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", "", re.sub("[“”„‟〝〞「」『』]", '"', text))


def load(path: Path) -> Page:
    """Split the page in a file, whatever its encoding; boxes and several pages by their reader."""
    if path.suffix.lower() in _BOXES:
        return _read(path)
    text = decode(path.read_bytes()).text
    if len(text_pages(text)) > 1:
        return _read(path)
    return split(text, markdown=path.suffix.lower() in _MARKDOWN, stem=path.stem)


def _read(path: Path) -> Page:
    """Return what the reader of a file makes of it, all of its pages together."""
    reader = reader_here(path.name)
    assert reader is not None
    with path.open("rb") as stream:
        things = list(reader.read(path.name, stream, Limits()))
    articles = [thing for thing in things if isinstance(thing, Article)]
    pieces = tuple(
        Piece(
            article.title,
            article.body,
            article.authors,
            article.line,
            article.end_line,
            article.body_line,
            article.section,
            article.continued_from,
            article.continued_on,
        )
        for article in articles
    )
    first = articles[0] if articles else None
    return Page(first and first.paper, first and first.date, None, pieces, first and first.section)


def score_page(page: Page, gold: dict[str, Any]) -> Score:
    """Score one page."""
    score = Score()
    for name in _OF_PAGE:
        if name in gold:
            score.tell(name, getattr(page, name), gold[name])
    wanted = gold["articles"]
    score.articles = Counts(len(page.pieces), len(wanted))
    score.titles = Counts(len(page.pieces), len(wanted))
    score.authors = Counts(
        sum(bool(piece.authors) for piece in page.pieces),
        sum(article.get("author") is not None for article in wanted),
    )
    bodies = [(piece, key(piece.body)) for piece in page.pieces]
    starts = [key(article["starts"]) for article in wanted]
    for index, article in enumerate(wanted):
        others = starts[:index] + starts[index + 1 :]
        piece = _find(bodies, article, others)
        if piece is None:
            score.misses.append(f"article {article['title']}")
        else:
            score.articles.right += 1
            _score_piece(score, piece, article)
    return score


def _find(
    bodies: list[tuple[Piece, str]], article: dict[str, Any], others: list[str]
) -> Piece | None:
    """Return the piece whose body is that of the article, or None."""
    start, ends = key(article["starts"]), _any_of(article, "ends")
    for piece, body in bodies:
        if start in body and any(end in body for end in ends):
            # A start that is part of another (a running text printed twice) is no sign.
            mixed = any(other in body and other not in start for other in others)
            if not mixed:
                return piece
    return None


def _score_piece(score: Score, piece: Piece, article: dict[str, Any]) -> None:
    ours = key(piece.title)
    if any(title in ours or ours in title for title in _any_of(article, "title")):
        score.titles.right += 1
    else:
        score.misses.append(f"title {piece.title!r}, not {article['title']!r}")
    author = article.get("author")
    if author in piece.authors:
        score.authors.right += 1
    elif author or piece.authors:
        score.misses.append(f"authors {piece.authors}, not {author} of {article['title']!r}")
    for name in _OF_ARTICLE:
        if name in article:
            score.tell(name, getattr(piece, name), article[name])


def _any_of(article: dict[str, Any], name: str) -> list[str]:
    return [key(text) for text in [article[name], *article.get(f"{name}_any", [])]]


def score_pages(root: Path, gold_file: Path) -> dict[str, Score]:
    """Score every page of a gold file that is text, Markdown, or lines with places."""
    gold = json.loads(gold_file.read_text("utf-8"))
    return {
        name: score_page(load(root / name), gold[name])
        for name in gold
        if Path(name).suffix.lower() in {".txt", *_MARKDOWN, *_BOXES}
    }


def total(scores: dict[str, Score]) -> Score:
    """Return the sum of the scores of pages, its misses with the page's name."""
    score = Score()
    for name, page in scores.items():
        score.add(page)
        score.misses[len(score.misses) - len(page.misses) :] = [
            f"{name}: {miss}" for miss in page.misses
        ]
    return score


def _row(name: str, score: Score) -> str:
    cells = (
        f"{c.precision:5.3f} {c.recall:5.3f} {c.f1:5.3f}"
        for c in (score.articles, score.titles, score.authors)
    )
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in name)
    return "  ".join((name + " " * (44 - len(name) - wide), *cells))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--gold", type=Path, help="default: articles.json beside the pages")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every miss")
    options = parser.parse_args()
    scores = score_pages(options.pages, options.gold or options.pages / "articles.json")
    heads = "  ".join(f"{name:17}" for name in ("articles", "titles", "authors"))
    print(f"{'':44}  {heads}".rstrip())
    print(f"{'page':44}  " + "  ".join(["P     R     F1   "] * 3).rstrip())
    for name, score in scores.items():
        print(_row(name, score))
        if options.verbose:
            for miss in score.misses:
                print(f"    {miss}")
    everything = total(scores)
    print(_row(f"all {len(scores)} pages", everything))
    for name, counts in everything.other.items():
        print(f"{name}: {counts.right} right, {counts.given} given, {counts.wanted} wanted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
