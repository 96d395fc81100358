"""How well pages are split: what is given held against what is wanted, as counts that add up.

An article is found when the body of one piece holds its start and its end (or one of
`ends_any`) and the start of no other article. The title of a found article is right when it
contains the wanted title (or one of `title_any`), or the reverse; its authors are right when the
wanted author is among them. Precision is over what the splitter gave (pieces, their titles,
pieces with authors), recall over what is wanted. Texts are compared in NFKC, without white space
and with one style of quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from search.papers.pages.printed import plain
from search.papers.pages.split import Page, Piece

OF_PAGE = ("date", "paper", "issue", "section")
_OF_ARTICLE = ("continued_from", "continued_on")
_EDGE = 30
"""Characters of a body that are its start, and its end."""


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
        """Count one value that gold may have (not None) and the splitter may have given.

        Numbers of issues are compared by their figures: `总第763期` is 763.
        """
        if name == "issue" and ours and gold:
            ours, gold = (re.sub(r"\D", "", str(value)) for value in (ours, gold))
        counts = self.other.setdefault(name, Counts())
        counts.given += ours is not None
        counts.wanted += gold is not None
        counts.right += ours == gold is not None
        if ours != gold:
            self.misses.append(f"{name} {ours!r}, not {gold!r}")


def key(text: str) -> str:
    """Return text as compared: NFKC, one style of quotes, no spaces."""
    return re.sub(r"\s", "", re.sub("[“”„‟〝〞「」『』]", '"', plain(text)))


def score_page(page: Page, gold: dict[str, Any]) -> Score:
    """Score one page."""
    score = Score()
    for name in OF_PAGE:
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


def gold_of(page: Page) -> dict[str, Any]:
    """Return a page as a gold file has it, with what `score_page` looks at."""
    return {
        **{name: getattr(page, name) for name in OF_PAGE},
        "articles": [
            {
                "title": piece.title,
                "author": piece.authors[0] if piece.authors else None,
                "starts": key(piece.body)[:_EDGE],
                "ends": key(piece.body)[-_EDGE:],
            }
            for piece in page.pieces
        ],
    }
