"""Whether a segment is one that sou can have written, whatever its checksums say.

What is read for a search is looked at where it is read, as far as that costs next to nothing.
Here everything is: that all lists can be decoded, rise and name what is there, that offsets
rise, that every article can be read, and that the columns say of it what it says itself. Not
compared are the lists with the words of the texts: an index may find too little, or too much,
and be sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from search.analysis.fold import END
from search.engines.whoosh.codec import posting_lists, postings_numpy
from search.engines.whoosh.codec.article_values import LABELS, days_of
from search.engines.whoosh.codec.container import FormatError
from search.engines.whoosh.codec.postings_numpy import whole_numbers
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.stored_fields import names
from search.engines.whoosh.codec.string_lists import Strings
from search.model.article import is_id
from search.query.ast import FIELDS, TEXT_FIELDS

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints
    from search.engines.whoosh.codec.segment_reader import GramField, WordField

    Steps: TypeAlias = posting_lists.Steps[np.int64]

SLICE_BYTES = 1_000_000
"""Bytes of lists that are decoded at once: they take some thirty times as much."""

TICK = 500
"""Articles after which it is told how many were looked at."""

FORGOTTEN = 5_000
"""Articles that are compared before what was read for them is forgotten."""


def verify(
    segment: Segment, *, stored: bool = True, tick: Callable[[int], None] = lambda _: None
) -> list[str]:
    """Return what is wrong with a segment, a line for each of its parts.

    Without `stored`, the articles are not taken apart: that takes as long as all the rest.
    `tick` is told how many more have been.
    """
    parts: list[tuple[str, Callable[[], None]]] = [
        ("the columns", partial(_columns, segment)),
        ("stored", partial(_blocks, segment)),
        *((f"words.{field}", partial(_words, segment, field)) for field in TEXT_FIELDS),
        *((f"grams.{field}", partial(_grams, segment, field)) for field in FIELDS),
    ]
    if stored:
        parts.append(("stored", partial(_stored, segment, tick)))
    faults = []
    for name, check in parts:
        try:
            check()
        except FormatError as exc:
            faults.append(str(exc).removeprefix(f"{segment.name}: "))
        except MemoryError:
            raise  # nothing here takes much: it is wanting, and says nothing of the index
        except Exception as exc:  # noqa: BLE001  (absurd numbers can raise anything at all)
            faults.append(f"{name} cannot be read: {exc or type(exc).__name__}")
        segment.container.forget()
    return faults


def _columns(segment: Segment) -> None:
    ids = segment.ids.all()
    _hold(all(is_id(name.decode("ascii", "replace")) for name in ids), "an id is not valid")
    order = whole_numbers(segment.container.array("ids.order", "I").read())
    _hold(bool((np.bincount(order, minlength=len(ids)) == 1).all()), "ids.order is not valid")
    in_order = [ids[i] for i in order.tolist()]
    _hold(in_order == sorted(in_order), "ids.order is in no order")
    for text in (*segment.keys.all(), *Strings(segment.container, "paths").all()):
        text.decode("utf-8", "surrogatepass")
    _numbers_of(segment.path_numbers().read(), len(segment.paths()), "paths.of")
    for name in LABELS:
        of, values = segment.labels(name)
        _numbers_of(of.read(), len(values), f"{name}.of")
        for text in values.all():
            value = text.decode("utf-8", "surrogatepass")
            if name == "bylines":
                names(value)
    first, last = whole_numbers(segment.first.read()), whole_numbers(segment.last.read())
    for days in (first, last):
        month, day = days // 100 % 100, days % 100
        real = (month > 0) & (month < 13) & (day > 0) & (day < 32) & (days < 10**8)
        _hold(bool((real | (days == 0)).all()), "a day is not valid")
    _hold(bool((first <= last).all() and ((first == 0) == (last == 0)).all()), "a day is not valid")


def _numbers_of(of: memoryview, count: int, name: str) -> None:
    _hold(
        int(whole_numbers(of).max(initial=-1)) < count,
        f"{name} refers to something that does not exist",
    )


def _blocks(segment: Segment) -> None:
    """Look at where the articles are, without unpacking them."""
    array = segment.container.array
    firsts = whole_numbers(array("stored.firsts", "I").read())
    edges = np.append(firsts, segment.count)
    _hold(edges[0] == 0 and bool((np.diff(edges) > 0).all()), "stored.firsts does not rise from 0")
    dictionaries = Strings(segment.container, "stored.dictionaries")
    _numbers_of(array("stored.which", "H", len(firsts)).read(), len(dictionaries), "stored.which")
    for _ in Strings(segment.container, "stored", len(firsts)).each():
        pass
    dictionaries.all()


def _stored(segment: Segment, tick: Callable[[int], None]) -> None:
    """Compare each article with what the columns say of it."""
    labels = {name: segment.labels(name) for name in LABELS}
    for number in range(segment.count):
        if number % TICK == 0:
            tick(min(TICK, segment.count - number))
        if number % FORGOTTEN == 0:
            segment.container.forget()
        article = segment.article(number)
        outline = segment.outline(number)
        same = (article.id, article.key or None, article.path, article.line) == (
            outline.id,
            outline.key,
            outline.path,
            outline.line,
        )
        same &= (segment.first[number], segment.last[number]) == days_of(article)
        for name, (of, values) in labels.items():
            same &= values[of[number]] == LABELS[name](article)
        _hold(same, f"the columns say something else of article {number} than it does")


def _words(segment: Segment, field: str) -> None:
    words = segment.words(field)
    terms = words.terms.all()
    _hold(all(a < b for a, b in pairwise(terms)), "the words do not rise")
    for term in terms:
        term.decode()
    _sum(words)
    for steps, lasts in _lists(segment, f"words.{field}", frequencies=True):
        values = posting_lists.absolute(steps.counts, steps.steps >> 1)
        _rising(steps, values, lasts, segment.count)
        assert steps.extras
        often = np.add.reduceat(steps.steps & 1, posting_lists.starts_of(steps.counts))
        _hold(bool((often == steps.extras.counts).all()), "a list has too few frequencies")
        _hold(bool((steps.documents == steps.counts).all()), "a list is longer than it says")


def _grams(segment: Segment, field: str) -> None:
    grams = segment.grams(field)
    characters = whole_numbers(grams.characters.read())
    _hold(characters[0] == ord(END) and bool((np.diff(characters) > 0).all()), "no characters")
    _hold(bool((characters[1:] < 0x110000).all()), "a character is not valid")
    pairs = whole_numbers(grams.firsts.read())
    _hold(pairs[0] == 0 and pairs[-1] == len(grams), "firsts does not end with the pairs")
    _hold(bool((np.diff(pairs) >= 0).all()), "firsts does not rise")
    seconds = whole_numbers(grams.seconds.read())
    _hold(int(seconds.max(initial=0)) < len(characters), "a character does not exist")
    keys = np.repeat(np.arange(len(characters)), np.diff(pairs)) << 32 | seconds
    _hold(bool((np.diff(keys) > 0).all()), "the pairs do not rise")
    at = whole_numbers(grams.at.read())
    spans = np.diff(at)
    _hold(bool((spans >= 0).all()), "at does not rise")
    _hold(bool((whole_numbers(grams.lengths.read()) <= spans).all()), "a length is not valid")
    _sum(grams)
    table, positions = postings_numpy.coarse(at), 0
    for steps, lasts in _lists(segment, f"grams.{field}"):
        values = posting_lists.absolute(steps.counts, steps.steps)
        _rising(steps, values, lasts, int(at[-1]))
        numbers = postings_numpy.documents_at(table, at, values)
        documents = posting_lists.different(posting_lists.starts_of(steps.counts), numbers)
        _hold(bool((steps.documents == documents).all()), "a list names other documents")
        positions += len(values)
    _hold(positions == grams.total, "the lists do not name each position once")
    for steps, lasts in _lists(segment, f"grams.{field}.singles"):
        _rising(steps, posting_lists.absolute(steps.counts, steps.steps), lasts, segment.count)
        _hold(bool((steps.documents == steps.counts).all()), "a list is longer than it says")


def _sum(field: GramField | WordField) -> None:
    _hold(
        int(whole_numbers(field.lengths.read()).sum()) == field.total,
        "total is not the sum of lengths",
    )


def _rising(steps: Steps, values: Ints, lasts: Ints, end: int) -> None:
    """Refuse lists of which one is empty, does not rise, or goes further than it may."""
    _hold(bool((steps.counts > 0).all()), "a list is empty")
    rises = np.diff(values) > 0
    starts = posting_lists.starts_of(steps.counts)
    rises[starts[1:] - 1] = True
    _hold(bool(rises.all()), "a list does not rise")
    found = values[starts + steps.counts - 1]
    _hold(int(found.max(initial=-1)) < end, "a list refers to something that does not exist")
    _hold(not len(lasts) or bool((found == lasts).all()), "a list does not end where lasts says")


def _lists(
    segment: Segment, name: str, *, frequencies: bool = False
) -> Iterator[tuple[Steps, Ints]]:
    """Yield the lists of a name, decoded, some at a time, and the last value of each, or none."""
    array = segment.container.array
    data = array(f"{name}.postings", "B")
    at = whole_numbers(array(f"{name}.ends", "IQ").read())
    _hold(bool(len(at)) and at[0] == 0 and at[-1] == len(data), f"{name}.ends is not the offsets")
    _hold(bool((np.diff(at) > 0).all()), f"{name}.ends does not rise")
    lasts = whole_numbers(array(f"{name}.lasts", "IQ").read())
    _hold(len(lasts) in {0, len(at) - 1}, f"{name}.lasts has {len(lasts)} items")
    low = 0
    while low < len(at) - 1:
        high = int(np.searchsorted(at, at[low] + SLICE_BYTES, side="right")) - 1
        high = max(high, low + 1)
        postings = np.frombuffer(data.read(int(at[low]), int(at[high])), dtype=np.uint8)
        some = posting_lists.Lists(postings, at[low : high + 1] - at[low])
        steps = posting_lists.decode(some, frequencies=frequencies)
        yield steps, lasts[low:high]
        low = high


def _hold(true: bool, otherwise: str) -> None:
    """Raise ValueError where something does not hold."""
    if not true:
        raise ValueError(otherwise)
