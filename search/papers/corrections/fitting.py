"""From an edited form back to the lines of its page: each found once, or named.

Lines are compared as a multiset, since a line may stand on a page twice; of equal ones each gets
the number that its neighbours in the form ask for. A line of the page may be cut in parts, which
together must be that line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.dates.printed import parse_date
from search.papers.corrections.form import Draft, Fault, drafts, key
from search.papers.corrections.layout import Layout, Manner, Portion, Stretch, record_of, stretches
from search.papers.corrections.pairing import paired
from search.papers.pages.authors import authors_of
from search.papers.pages.line_kinds import read_lines
from search.papers.pages.unit import Unit

_MOST_CUT = 500
"""Lines that may be cut in one form: more are not looked for."""
_MOST_TRIED = 20_000
"""Ways in which parts of lines are put together at most."""
_MOST_SHOWN = 60
_SEVERAL = re.compile("[、,，;；]")


@dataclass(slots=True)
class _Item:
    """A line of the form: its number there, its text, and what it turned out to be."""

    line: int
    text: str
    found: Stretch | None = None


def fitted(
    form: str, before: Layout, source: list[str], manner: Manner
) -> tuple[Layout, list[Fault]]:
    """Return the layout that a form asks for, and what is wrong with it; any fault makes it void.

    `before` is the layout that the form was written from, `source` the lines of the page.
    """
    found, faults = drafts(form)
    parts = [(draft, lines) for draft in found for lines in (draft.headline, draft.text)]
    items = [
        [_Item(*pair) for pair in zip(lines.numbers, lines.texts, strict=True)]
        for _, lines in parts
    ]
    faults += _match([item for some in items for item in some], before, source)
    page = found[0]
    portions = []
    unseen = (each for each in before.portions if not any(_shown(each, source)))
    for at, draft in enumerate(found[1:], 1):
        headline, text = (_whole(items[2 * at + part], source) for part in (0, 1))
        if headline or text:
            portions.append(_portion(draft, headline, text, source, manner))
        elif draft.fields.get("title"):
            faults.append(Fault(draft.place, "this article has a title and no line of the page"))
        elif hidden := next(unseen, None):
            portions.append(hidden)
    layout = Layout(
        tuple(_as_before(portions, before, source)),
        page.fields.get("paper") or None,
        _date(page, faults),
        page.fields.get("issue") or None,
        page.fields.get("section") or None,
        page.fields.get("page") or None,
        page.fields.get("edition") or None,
    )
    return layout, sorted(faults, key=lambda fault: fault.line)


def _date(page: Draft, faults: list[Fault]) -> str | None:
    value = page.fields.get("date")
    if not value:
        return None
    date = parse_date(value)
    if date is None:
        faults.append(Fault(0, f"@date: {value} is no date; write it as 2023-08-22 or 2023-08"))
    return date


def _match(items: list[_Item], before: Layout, source: list[str]) -> list[Fault]:
    """Find out which line of the page each item is; return those that are none, and the lost."""
    order = [*record_of(before, source), *stretches(before)]
    order = [part for part in order if key(part.text(source))]
    start, end = _same_ends([key(part.text(source)) for part in order], items)
    for item, part in zip(items[:start], order[:start], strict=True):
        item.found = part
    for item, part in zip(items[len(items) - end :], order[len(order) - end :], strict=True):
        item.found = part
    middle = items[start : len(items) - end]
    between = sorted(order[start : len(order) - end], key=lambda each: (each.number, each.start))
    parts = list(_glued(between))
    pairs = paired([key(item.text) for item in middle], [key(each.text(source)) for each in parts])
    for index, at in pairs.items():
        middle[index].found = parts[at]
    taken = set(pairs.values())
    left = [part for at, part in enumerate(parts) if at not in taken]
    made_up = [item for item in middle if item.found is None]
    lost = _match_cut(made_up, left, source)
    faults = [
        Fault(item.line, f"on no line of the page: {_short(item.text)}")
        for item in made_up
        if item.found is None
    ]
    faults += [
        Fault(0, f"line {part.number} of the page is missing: {_short(part.text(source))}")
        for part in lost
    ]
    return faults


def _short(text: str) -> str:
    text = key(text)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def _same_ends(keys: list[str], items: list[_Item]) -> tuple[int, int]:
    """Return how many lines at the start, and at the end, are those that were written.

    Beside what was changed they end with a line of which there is but one: of equal lines, that
    one may be meant which went with its neighbour.
    """
    texts = [key(item.text) for item in items]
    if keys == texts:
        return len(keys), 0
    most = min(len(keys), len(texts))
    start = 0
    while start < most and keys[start] == texts[start]:
        start += 1
    end = 0
    while end < most - start and keys[-1 - end] == texts[-1 - end]:
        end += 1
    count = Counter(keys)
    while start and count[keys[start - 1]] > 1:
        start -= 1
    while end and count[keys[-end]] > 1:
        end -= 1
    return start, end


def _match_cut(items: list[_Item], parts: list[Stretch], source: list[str]) -> list[Stretch]:
    """Find lines of which items are the parts; return those of which not all parts are there."""
    if max(len(items), len(parts)) > _MOST_CUT:
        return parts
    lost = []
    budget = iter(range(_MOST_TRIED))
    texts = ["".join(key(item.text).split()) for item in items]
    for region in parts:
        kept = [at for at, char in enumerate(region.text(source), region.start) if key(char)]
        text = "".join(source[region.number - 1][at] for at in kept)
        free = [
            (item, own)
            for item, own in zip(items, texts, strict=True)
            if item.found is None and own in text
        ]
        way = _put_together(text, free, budget)
        if way is None:
            lost.append(region)
            continue
        done = 0
        for at, (item, own) in enumerate(way):
            start = region.start if at == 0 else kept[done]
            done += len(own)
            end = region.end if at == len(way) - 1 else kept[done]
            item.found = Stretch(region.number, start, end)
    return lost


def _glued(parts: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield parts of lines, those that follow each other in one line as one."""
    last: Stretch | None = None
    for part in parts:
        if last and last.number == part.number and last.end == part.start:
            last = replace(last, end=part.end)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last


def _put_together(
    text: str, free: list[tuple[_Item, str]], budget: Iterator[int]
) -> list[tuple[_Item, str]] | None:
    """Return items whose texts together are a text, each once; None where there are none."""
    have, need = Counter("".join(own for _, own in free)), Counter(text)
    if not have >= need:
        return None
    stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while stack and next(budget, None) is not None:
        done, used = stack.pop()
        if done == len(text):
            return [free[index] for index in used]
        # Of equal texts the first will do.
        nexts = {
            own: index
            for index, (_, own) in reversed(list(enumerate(free)))
            if index not in used and text.startswith(own, done)
        }
        stack += [(done + len(own), (*used, index)) for own, index in nexts.items()]
    return None


def _whole(items: list[_Item], source: list[str]) -> tuple[Stretch, ...]:
    """Return what items are, parts of one line that follow each other as one."""
    glued = _glued([item.found for item in items if item.found])
    ends = ((part, len(source[part.number - 1])) for part in glued)
    return tuple(replace(part, end=None) if part.end == end else part for part, end in ends)


def _portion(
    draft: Draft,
    headline: tuple[Stretch, ...],
    text: tuple[Stretch, ...],
    source: list[str],
    manner: Manner,
) -> Portion:
    fields = draft.fields
    if "authors" in fields:
        names = (name.strip() for name in _SEVERAL.split(fields["authors"]))
        authors = tuple(dict.fromkeys(filter(None, names)))
    else:
        authors = _authors(headline, text, source, manner)
    return Portion(
        headline,
        text,
        fields.get("title", ""),
        authors,
        fields.get("section") or None,
        fields.get("continued_from") or None,
        fields.get("continued_on") or None,
    )


def _authors(
    headline: tuple[Stretch, ...], text: tuple[Stretch, ...], source: list[str], manner: Manner
) -> tuple[str, ...]:
    """Return the authors that the lines of an article name, for one that a person has made."""
    raw = "\n".join(part.text(source) for part in (*headline, *text))
    lines = read_lines(raw, markdown=manner.markdown)
    first = len(headline) if text else 0
    if len(lines) != len(headline) + len(text):
        return ()
    return authors_of(lines, Unit(list(range(len(headline))), first, len(lines) - 1))


def _as_before(portions: list[Portion], before: Layout, source: list[str]) -> Iterator[Portion]:
    """Yield articles, with what the form does not show of those whose lines are as they were."""
    known = {_shown(each, source): each for each in before.portions}
    for portion in portions:
        same = known.get((portion.headline, portion.text))
        yield replace(portion, headline=same.headline, text=same.text) if same else portion


def _shown(portion: Portion, source: list[str]) -> tuple[tuple[Stretch, ...], ...]:
    """Return the headline and the text of an article as a form shows them."""
    return tuple(
        tuple(part for part in parts if key(part.text(source)))
        for parts in (portion.headline, portion.below)
    )
