"""The file in which the corrections of a paper are kept: TOML, a table for each page of it.

It says which lines make which article by their numbers, so that it is small and its changes can
be read. A digest tells whether the page is still the one that was put right; short sums of its
lines tell which of them are still there when it is not. Anybody may have written the file: each
value is looked at where it is read.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from search.dates.printed import parse_date
from search.papers.corrections.layout import PAGE_FIELDS, Layout, Portion, Stretch
from search.papers.pages.split import MAX_LINES
from search.system.toml import read_toml

MOST_BYTES = 2 << 20
"""Of a file of corrections: eight bytes a line, of more lines than a page has."""

_MOST_VALUE = 1_000
_MOST_PARTS = 100
"""Of one line."""
_SUMS = 16
"""Sums in a line of the file."""
_BLANK = "-"
_RUN = re.compile(
    r"(?P<first>[0-9]{1,7})(?:-(?P<last>[0-9]{1,7})|:(?P<start>[0-9]{1,7})-(?P<end>[0-9]{0,7}))?"
)
_OF_ARTICLE = ("title", "section", "continued_from", "continued_on")


@dataclass(frozen=True, slots=True)
class Correction:
    """How a page is to be read: the part of the paper that it is (None: all), and its layout.

    `digest` is that of the text that was put right, `sums` has one for each of its lines.
    """

    part: str | None
    digest: str
    sums: tuple[str, ...]
    layout: Layout

    def fits(self, text: str) -> bool:
        """Return whether a page is the one that was put right."""
        return self.digest == digest_of(text) and len(self.sums) == text.count("\n") + 1


def corrected(part: str | None, text: str, layout: Layout) -> Correction:
    """Return the correction of a page."""
    return Correction(part, digest_of(text), sums_of(text.split("\n")), layout)


def digest_of(text: str) -> str:
    """Return what tells the text of a page from any other."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def sums_of(source: Sequence[str]) -> tuple[str, ...]:
    """Return for each line what tells it from most others; `-` for a blank one."""
    return tuple(
        blake2b(line.strip().encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
        if line.strip()
        else _BLANK
        for line in source
    )


def dumped(corrections: Sequence[Correction], paper: str) -> str:
    """Return the file of the corrections of a paper, which is called so for people."""
    lines = [
        f"# How sou reads {_plain(paper)}, put right by a person. To change it: sou correct",
        "version = 1",
    ]
    for each in corrections:
        lines += ["", "[[page]]", *_page(each)]
        for portion in each.layout.portions:
            lines += ["", "[[page.article]]", *_article(portion, each.sums)]
    return "\n".join(lines) + "\n"


def _page(each: Correction) -> Iterator[str]:
    if each.part is not None:
        yield f"part = {_quoted(each.part)}"
    for name in PAGE_FIELDS:
        if value := getattr(each.layout, name):
            yield f"{name} = {_quoted(value)}"
    if each.layout.as_read:
        left = ", ".join(_quoted(name) for name in PAGE_FIELDS if name in each.layout.as_read)
        yield f"as_read = [{left}]"
    yield f'digest = "{each.digest}"'
    yield "sums = ["
    for at in range(0, len(each.sums), _SUMS):
        yield f'  "{" ".join(each.sums[at : at + _SUMS])}",'
    yield "]"


def _article(portion: Portion, sums: Sequence[str]) -> Iterator[str]:
    for name in _OF_ARTICLE:
        if value := getattr(portion, name):
            yield f"{name} = {_quoted(value)}"
    yield f"authors = [{', '.join(map(_quoted, portion.authors))}]"
    yield f'headline = "{_runs(portion.headline, sums)}"'
    yield f'text = "{_runs(portion.text, sums)}"'


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)


def _quoted(text: str) -> str:
    """Return a text as TOML, which knows the escapes of JSON, has it."""
    return json.dumps(_plain(text), ensure_ascii=False)


def _runs(parts: Sequence[Stretch], sums: Sequence[str]) -> str:
    """Return lines as `4-9 12 15:0-8`: runs may hold blank lines, a part has its characters."""
    runs: list[list[int] | str] = []
    for part in parts:
        if part.start or part.end is not None:
            end = "" if part.end is None else part.end
            runs.append(f"{part.number}:{part.start}-{end}")
            continue
        last = runs[-1] if runs else ""
        if (
            isinstance(last, list)
            and last[1] < part.number
            and all(sums[at] == _BLANK for at in range(last[1], part.number - 1))
        ):
            last[1] = part.number
        else:
            runs.append([part.number, part.number])
    return " ".join(
        run if isinstance(run, str) else "-".join(map(str, dict.fromkeys(run))) for run in runs
    )


def parsed(data: bytes) -> list[Correction]:
    """Return the corrections that a file holds. Raises ValueError, which says what is wrong."""
    values = read_toml(io.BytesIO(data), MOST_BYTES)
    if values.get("version") != 1:
        raise ValueError("of a version that this sou does not know")
    pages = _tables(values, "page")
    corrections = [_correction(page) for page in pages]
    if len({each.part for each in corrections}) < len(corrections):
        raise ValueError("two corrections of one page")
    return corrections


def _correction(page: dict[str, Any]) -> Correction:
    sums = tuple(" ".join(_texts(page, "sums", MAX_LINES)).split())
    if len(sums) > MAX_LINES:
        raise ValueError("more lines than a page has")
    portions = _each_line_once(_portion(article, sums) for article in _tables(page, "article"))
    fields = {name: _text(page, name) for name in PAGE_FIELDS}
    as_read = frozenset(_texts(page, "as_read", len(PAGE_FIELDS))) & frozenset(PAGE_FIELDS)
    layout = Layout(tuple(portions), **fields, as_read=as_read)
    if layout.date and parse_date(layout.date) != layout.date:
        raise ValueError("a date that is none")
    return Correction(_text(page, "part"), _text(page, "digest") or "", sums, layout)


def _portion(article: dict[str, Any], sums: tuple[str, ...]) -> Portion:
    headline, text = (
        tuple(_stretches(_text(article, name, MOST_BYTES) or "", sums))
        for name in ("headline", "text")
    )
    if not (headline or text):
        raise ValueError("an article without a line")
    values = {name: _text(article, name) for name in _OF_ARTICLE}
    title = values.pop("title") or ""
    return Portion(headline, text, title, tuple(_texts(article, "authors", 100)), **values)


def _stretches(runs: str, sums: tuple[str, ...]) -> Iterator[Stretch]:
    """Yield the lines of some runs, blank ones left out: none is at the end of a run.

    So no hostile file goes through the same blank lines in each of its articles.
    """
    left = len(sums)
    for run in runs.split():
        match = _RUN.fullmatch(run)
        if match is None:
            raise ValueError("lines that are none")
        first = int(match["first"])
        last = int(match["last"] or first)
        if not 0 < first <= last <= len(sums):
            raise ValueError("lines that the page does not have")
        if match["start"]:
            end = int(match["end"]) if match["end"] else None
            if end is not None and end <= int(match["start"]):
                raise ValueError("lines that are none")
            yield Stretch(first, int(match["start"]), end)
            continue
        left -= last - first + 1
        if left < 0 or _BLANK in (sums[first - 1], sums[last - 1]):
            raise ValueError("lines that the page does not have")
        yield from (Stretch(at) for at in range(first, last + 1) if sums[at - 1] != _BLANK)


def _each_line_once(portions: Iterable[Portion]) -> Iterator[Portion]:
    """Yield articles; raise ValueError at the first with a line of another: each has its place.

    So the articles of a hostile file, of which each has all lines, are never all in memory.
    """
    done: dict[int, list[Stretch]] = {}
    for portion in portions:
        for part in portion.lines:
            if len(done.setdefault(part.number, [])) >= _MOST_PARTS:
                raise ValueError(f"line {part.number} is cut too often")
            for other in done[part.number]:
                before, behind = sorted((part, other), key=lambda each: each.start)
                if before.end is None or before.end > behind.start:
                    raise ValueError(f"line {part.number} is in it twice")
            done[part.number].append(part)
        yield portion


def _tables(values: dict[str, Any], name: str) -> list[dict[str, Any]]:
    tables = values.get(name, [])
    if not (isinstance(tables, list) and all(isinstance(each, dict) for each in tables)):
        raise ValueError(f"{name} is no list of tables")
    return tables


def _text(values: dict[str, Any], name: str, most: int = _MOST_VALUE) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"{name} is no text, or too long")
    return value or None


def _texts(values: dict[str, Any], name: str, most: int) -> list[str]:
    texts = values.get(name, [])
    if not (isinstance(texts, list) and len(texts) <= most):
        raise ValueError(f"{name} is no list, or has more than {most:,}")
    if not all(isinstance(text, str) and len(text) <= _MOST_VALUE for text in texts):
        raise ValueError(f"{name} holds what is no text, or too long")
    return texts
