"""Score how pages are split into articles against a gold file.

usage: python benchmarks/splitting.py PAGES/ [--gold FILE] [-v]

The gold file (PAGES/articles.json unless given) maps the path of each page below PAGES to
`{"date", "paper", "issue", "section", "articles": [{"title", "title_any", "author",
"starts", "ends", "ends_any", "continued_from", "continued_on"}]}`; all but `articles`,
`starts`, `ends` and `title` may be missing.

What counts as right is said in `search.papers.pages.page_scores`. A table is printed, a line a
page and one for all; -v adds a line for each miss.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from pathlib import Path

from search.model.article import ARTICLE, Article
from search.papers.encodings.decode import decode
from search.papers.formats import reader_here
from search.papers.pages.page_breaks import text_pages
from search.papers.pages.page_scores import Score, score_page
from search.papers.pages.split import Page, Piece, split
from search.papers.reader import Limits

_MARKDOWN = frozenset({".md", ".markdown"})
_BOXES = frozenset({".hocr", ".xml", ".pdf"})


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
    articles = [thing for thing in things if isinstance(thing, Article) and thing.kind == ARTICLE]
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
