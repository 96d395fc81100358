"""Which lines of a page are headlines: the likeliest sequence of headline and text.

One line says little: a short one is a headline, the end of a paragraph, or the end of a
column. So the lines are judged together: what a line looks like, what it follows and what
follows it each add to a score, and the sequence of highest score is taken (Viterbi 1967).
The model is a linear-chain conditional random field (Lafferty et al. 2001) with features
that are there or not. Headlines of several lines, which no line alone betrays, come out of
the sequence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from search.papers.pages.headline_features import PageLook
from search.papers.pages.headline_weights import HEADLINE_WEIGHTS
from search.papers.pages.lines import Kind, Line

_NEVER = float("-inf")


def find_headlines(lines: Sequence[Line]) -> list[bool]:
    """Tell of each line whether it is a headline; furniture and bylines are told apart before.

    Markdown headings are headlines, of whatever level; a page that has them seldom has others.
    """
    return best_sequence(PageLook(lines), HEADLINE_WEIGHTS)


def best_sequence(  # noqa: C901  (the steps of one recursion)
    page: PageLook,
    weights: Mapping[str, float],
    truth: Sequence[bool] = (),
    cost: float = 0.0,
) -> list[bool]:
    """Return the labels of the lines of a page that score highest, true for headlines.

    For fitting the weights, every label that differs from `truth` may be worth `cost` more.
    """
    lines = page.lines
    chain = [index for index, line in enumerate(lines) if line.kind is not Kind.FURNITURE]
    # The best score of a sequence that ends in text, and of one that ends in a headline.
    text, head = 0.0, _NEVER
    came: list[tuple[bool, bool]] = []
    above: int | None = None
    for index in chain:
        new_text, text_after_head, new_head, head_after_head = text, False, _NEVER, False
        if above is not None and head > _NEVER:
            opened = head + _sum(weights, page.below(above, index))
            if opened > text:
                new_text, text_after_head = opened, True
        if page.may_be_headline(index):
            shape = _sum(weights, page.shape(index))
            new_head = text + shape + _sum(weights, page.above(above, index))
            if above is not None and head > _NEVER:
                joined = head + shape + _sum(weights, page.within(above, index))
                if joined > new_head:
                    new_head, head_after_head = joined, True
        if cost and truth[index]:
            new_text += cost
        elif cost:
            new_head += cost
        if page.is_heading(index):
            new_text = _NEVER
        text, head, above = new_text, new_head, index
        came.append((text_after_head, head_after_head))
    told = [False] * len(lines)
    is_head = head + weights.get("below: end", 0.0) > text
    for index, (text_after_head, head_after_head) in zip(
        reversed(chain), reversed(came), strict=True
    ):
        told[index] = is_head
        is_head = head_after_head if is_head else text_after_head
    return told


def features(page: PageLook, told: Sequence[bool]) -> Counter[str]:
    """Return how often each feature is there in a sequence of labels."""
    counts: Counter[str] = Counter()
    above: int | None = None
    for index, line in enumerate(page.lines):
        if line.kind is Kind.FURNITURE:
            continue
        within = above is not None and told[above]
        if told[index]:
            counts.update(page.shape(index))
        if told[index] and not within:
            counts.update(page.above(above, index))
        elif above is not None and within:
            counts.update(page.within(above, index) if told[index] else page.below(above, index))
        above = index
    if above is not None and told[above]:
        counts["below: end"] += 1
    return counts


def _sum(weights: Mapping[str, float], names: list[str]) -> float:
    return sum([weights.get(name, 0.0) for name in names])
