"""Scores a split of pages against a gold file: for the tests, and for work on the splitter."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from search.papers.decode import decode
from search.papers.pages import Page, split


def key(text: str) -> str:
    """Return text as compared: NFKC, one style of quotes, no spaces."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", "", re.sub("[“”„‟〝〞「」『』]", '"', text))


@dataclass
class Score:
    found: int = 0
    wanted: int = 0
    given: int = 0
    titles: int = 0
    authors: int = 0
    with_author: int = 0
    dates: int = 0
    papers: int = 0
    pages: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.found / ((self.wanted + self.given) or 1)


def load(path: Path) -> Page:
    return split(
        decode(path.read_bytes()).text,
        markdown=path.suffix in {".md", ".markdown"},
        stem=path.stem,
    )


def score_pages(root: Path, gold_file: Path) -> Score:
    score = Score()
    for name, gold in json.loads(gold_file.read_text("utf-8")).items():
        if Path(name).suffix in {".jsonl", ".csv"}:
            continue
        page = load(root / name)
        score.pages += 1
        score.dates += page.date == gold["date"]
        score.papers += page.paper == gold.get("paper")
        score_page(score, name, page, gold["articles"])
    return score


def score_page(score: Score, name: str, page: Page, wanted: list[dict]) -> None:
    score.wanted += len(wanted)
    score.given += len(page.pieces)
    starts = [key(article["starts"]) for article in wanted]
    for index, article in enumerate(wanted):
        ends = [key(end) for end in [article["ends"], *article.get("ends_any", [])]]
        others = starts[:index] + starts[index + 1 :]
        hit = next(
            (
                piece
                for piece in page.pieces
                for body in [key(piece.body)]
                if starts[index] in body
                and any(end in body for end in ends)
                and not any(other in body for other in others)
            ),
            None,
        )
        if hit is None:
            score.misses.append(f"{name}: {article['title']}")
            continue
        score.found += 1
        titles = [key(title) for title in [article["title"], *article.get("title_any", [])]]
        ours = key(hit.title)
        if any(title in ours or ours in title for title in titles):
            score.titles += 1
        else:
            score.misses.append(f"{name}: title {hit.title!r}, not {article['title']!r}")
        author = article.get("author")
        score.with_author += author is not None
        if author is None and hit.authors:
            score.misses.append(f"{name}: authors {hit.authors} of {article['title']!r}")
        if author is not None and author in hit.authors:
            score.authors += 1
        elif author is not None:
            score.misses.append(f"{name}: authors {hit.authors}, not {author}")
