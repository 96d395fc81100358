"""Snippets: the passages of an article that show why it was found.

They are cut from the stored text, around the closest cluster of matches, with the line
breaks and spaces that OCR put inside words taken out; spans are right after that repair.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice
from typing import TypeAlias

from search.analysis.fold import Folded, fold_with_map
from search.model.article import PAGE, Article
from search.model.frozen import frozen
from search.model.results import Snippet, Span
from search.query import query_terms
from search.query.ast import (
    Bag,
    Node,
    Pattern,
    Phrase,
    TextLeaf,
    Word,
    positive_leaves,
    positive_patterns,
)

WIDTH = 90
"""Characters of a snippet, about two lines of Chinese on a terminal."""

MOST = 2
"""Snippets of an article."""

MOST_MATCHES = 5_000
"""Matches in a text among which passages are chosen, its first ones: a book has more."""

LEAD_IN = 24
"""Characters before the first match among which the beginning of a sentence is looked for."""

_SENTENCE_END = "。!?;…\n"


Needle: TypeAlias = str | Pattern
"""What is marked: a folded string, or wherever a pattern occurs."""


def needles(tree: Node, field: str) -> list[Needle]:
    """Return what to mark in a field: folded strings, longest first, and then patterns.

    Single Han characters are marked only when they are all that was asked for: every other
    的 in a passage marked is noise.
    """
    found: dict[str, None] = {}
    for leaf in positive_leaves(tree):
        if leaf.field in {None, field}:
            found.update(dict.fromkeys(_needles_of(leaf)))
    patterns = [leaf for leaf in positive_patterns(tree) if leaf.field in {None, field}]
    return [*sorted(found, key=len, reverse=True), *dict.fromkeys(patterns)]


def _needles_of(leaf: TextLeaf) -> list[str]:
    match leaf:
        case Word(text):
            strings = tuple(string for choice in query_terms.all_of(text) for string in choice)
            return [text, *leaf.forms, *query_terms.telling(strings)]
        case Phrase(text):
            return [text, *leaf.forms]
        case Bag(text):
            return [text, *query_terms.shown_of(text)]


@frozen
class _Marks:
    """Matches in a folded text: merged stretches, and each match with its needle."""

    spans: list[Span]
    matches: list[tuple[int, int]]


def _find(text: str, sought: Iterable[Needle]) -> _Marks:
    """Find the places of each needle, of strings the longest at each; merge what touches.

    Of a text in which there are more than MOST_MATCHES, the first ones.
    """
    strings: list[str] = []
    found: list[Span] = []
    for needle in sought:
        if isinstance(needle, str):
            strings.append(needle)
        else:
            from search.query.pattern_matching import marked

            found += marked(needle, text)
    if strings:
        pattern = "|".join(map(re.escape, strings))
        places = re.finditer(f"(?=({pattern}))", text)
        found += [match.span(1) for match in islice(places, MOST_MATCHES)]
    found = sorted(found)[:MOST_MATCHES]
    merged: list[Span] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return _Marks(merged, found)


def mark(title: str, sought: list[Needle]) -> tuple[str, tuple[Span, ...]]:
    """Return a title on one line, and the spans of what is sought in it.

    Its spaces stay: in a headline they part its lines.
    """
    shown = " ".join(title.split())
    folded = fold_with_map(shown)
    spans = _find(folded.text, sought).spans
    return shown, tuple(folded.original(start, end) for start, end in spans)


def snippets(article: Article, sought: list[Needle]) -> tuple[Snippet, ...]:
    """Return the passages of the body in which what is sought clusters, in reading order.

    Where none of it stands in the body (it stood in the title), the one passage
    is the beginning of the body, without spans; an empty body has none.
    """
    folded = fold_with_map(article.body)
    if not folded.text:
        return ()
    marks = _find(folded.text, sought)
    windows = _windows(folded.text, marks) or [(0, WIDTH)]
    out = []
    for start, end in sorted(windows):
        start, end = _widen(folded.text, start, end)  # noqa: PLW2901
        of = article.body, folded, start, end, marks.spans
        shown, spans, first = _cut(*of, apart=article.kind == PAGE)
        line = article.line
        if article.body_line is not None:
            line = article.body_line + article.body.count("\n", 0, first)
        out.append(Snippet(shown, spans, line))
    return tuple(out)


def _windows(text: str, marks: _Marks) -> list[Span]:
    """Choose the windows, from a match to WIDTH characters on, that hold the most.

    What a window holds is worth the length of each different string in it, and a little
    for each further occurrence. A second window must show a string that the first does not.
    """
    starts = [start for start, _ in marks.matches]
    chosen: list[Span] = []
    shown: set[str] = set()
    while len(chosen) < MOST:
        best, window, strings = 0.0, (0, 0), set[str]()
        for i, start in enumerate(starts):
            if any(start < end and start + WIDTH > begin for begin, end in chosen):
                continue
            inside = marks.matches[i : bisect_left(starts, start + WIDTH)]
            held = {text[a:b] for a, b in inside if b <= start + WIDTH} or {
                text[start : inside[0][1]]
            }
            worth = sum(len(s) ** 1.5 for s in held - shown) + 0.1 * min(len(inside), 9)
            if held - shown and worth > best:
                best, window, strings = worth, (start, start + WIDTH), held
        if not strings:
            break
        chosen.append(window)
        shown |= strings
    return chosen


def _widen(text: str, start: int, end: int) -> Span:
    """Move a window to the beginning of its sentence, if near, and within the text."""
    earliest = max(0, start - LEAD_IN)
    begin = max((text.rfind(mark, earliest, start) + 1 for mark in _SENTENCE_END), default=0)
    start = begin if begin > earliest or earliest == 0 else earliest
    end = min(len(text), max(end - LEAD_IN // 2, start + WIDTH))
    if len(text) - start < WIDTH:
        start, end = max(0, min(start, len(text) - WIDTH)), len(text)
    return start, end


def _cut(
    text: str,
    folded: Folded,
    start: int,
    end: int | None,
    spans: list[Span],
    *,
    apart: bool,
) -> tuple[str, tuple[Span, ...], int]:
    """Return a stretch of the folded text as it stands in the original, repaired.

    `apart` leaves a space where lines end: those of a page's record are no sentence.

    Gives the passage, with … where it was cut off; the marked spans in it; and the place in
    the original of its first character.
    """
    if end is None:
        end = len(folded.text)
    if start >= end:
        return "", (), 0
    first, last = folded.original(start, end)
    shown: list[str] = ["…"] if start > 0 else []
    # Where each kept character of the original stands in the passage.
    placed: dict[int, int] = {}
    covered: set[int] = set()
    for i in range(start, end):
        covered.update(range(folded.starts[i], folded.ends[i]))
    for i in range(first, last):
        if i in covered:
            placed[i] = len(shown)
            char = text[i]
            shown.append(" " if char.isspace() or unicodedata.category(char) == "Cc" else char)
        elif apart and text[i].isspace() and shown[-1] != " ":
            shown.append(" ")
    if end < len(folded.text):
        shown.append("…")
    out = []
    for a, b in spans:
        a, b = max(a, start), min(b, end)  # noqa: PLW2901
        if a < b:
            left, right = folded.original(a, b)
            out.append((placed[left], placed[right - 1] + 1))
    return "".join(shown), tuple(out), first
