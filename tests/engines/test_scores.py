"""Scores, with numpy and without, against a dictionary and the formulas written out."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.engines.whoosh.scores_numpy import NUMPY
from search.engines.whoosh.scores_python import PYTHON

WAYS = pytest.mark.parametrize("way", [NUMPY, PYTHON], ids=["numpy", "python"])


class Column:
    """Numbers of all documents, as a segment's file gives them."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers

    def whole(self) -> memoryview:
        return memoryview(array("I", self._numbers))

    def looked_up(self, times: int) -> list[int]:
        assert times >= 0
        return self._numbers


class OneSegment:
    """What scores ask of a segment."""

    def __init__(self, first: list[int]) -> None:
        self.count = len(first)
        self.first = Column(first)


def documents(way: Any, numbers: set[int], count: int) -> Any:
    """Return a set of documents as a way of scoring has it."""
    if way is PYTHON:
        return set(numbers)
    mask = np.zeros(count, dtype=np.bool_)
    mask[sorted(numbers)] = True
    return mask


def counts(way: Any, values: dict[int, float]) -> Any:
    """Return documents, in order, and a value of each as a way of scoring has them."""
    numbers = sorted(values)
    if way is PYTHON:
        return numbers, [values[number] for number in numbers]
    return np.array(numbers, dtype=np.int64), np.array([values[n] for n in numbers], dtype=float)


def plain(found: Any) -> dict[int, float]:
    """Return counts as a dictionary."""
    numbers, values = (list(map(float, part)) for part in found)
    assert numbers == sorted(set(numbers))
    return dict(zip(map(int, numbers), values, strict=True))


@st.composite
def some_found(draw: st.DrawFn) -> tuple[list[int], set[int]]:
    """Days of all documents of a segment, 0 for the undated, and which of them were found."""
    days = draw(st.lists(st.sampled_from([0, 19491001, 20230822, 20230823]), min_size=1))
    found = draw(st.sets(st.integers(0, len(days) - 1)))
    return days, found


def started(way: Any, given_: tuple[list[int], set[int]]) -> Any:
    days, found = given_
    segment: Any = OneSegment(days)
    return way.scores(segment, documents(way, found, len(days)))


@WAYS
@given(
    some_found(),
    st.data(),
    st.sampled_from([0.25, 0.5]),
    st.sampled_from([0.001, 0.125]),
)
def test_normal_is_the_formula_of_bm25f(
    way: Any, given_: tuple[list[int], set[int]], data: st.DataObject, flat: float, steep: float
) -> None:
    days, found = given_
    lengths = data.draw(st.lists(st.integers(0, 999), min_size=len(days), max_size=len(days)))
    often = {number: float(data.draw(st.integers(1, 40))) for number in found}
    scores = started(way, given_)
    result = plain(scores.normal(counts(way, often), Column(lengths), flat, steep))
    assert result.keys() == often.keys()
    for number, value in result.items():
        assert math.isclose(value, often[number] / (flat + steep * lengths[number]))


@WAYS
@given(some_found(), st.data())
def test_scores_add_up(way: Any, given_: tuple[list[int], set[int]], data: st.DataObject) -> None:
    days, found = given_
    assume(found)
    scores = started(way, given_)
    wanted = dict.fromkeys(found, 0.0)
    one = st.sampled_from(sorted(found))
    for _ in range(data.draw(st.integers(1, 4))):
        what = data.draw(st.sampled_from(["add", "add to", "raise"]))
        if what == "add":
            some = st.dictionaries(one, st.sampled_from([0.5, 1.0, 3.0]))
            parts = data.draw(st.lists(some, min_size=1, max_size=3))
            scale, k1 = data.draw(st.sampled_from([(1.0, 1.2), (2.5, 0.4)]))
            scores.add([counts(way, part) for part in parts], scale, k1)
            for number in set().union(*parts):
                x = sum(part.get(number, 0.0) for part in parts)
                wanted[number] += scale * x / (x + k1)
        elif what == "add to":
            to = data.draw(st.sets(one))
            scores.add_to(documents(way, to, len(days)), 0.75)
            for number in to:
                wanted[number] += 0.75
        else:
            number = data.draw(one)
            scores.raise_by(number, 1.5)
            wanted[number] += 1.5
    assert scores.count() == len(found)
    assert list(scores.numbers()) == sorted(found)
    for number, score in wanted.items():
        assert math.isclose(scores.of(number), score)
    given_out = {number: scores.of(number) for number in found}
    ranked = sorted(
        ((score, number) for number, score in given_out.items()), key=lambda p: (-p[0], p[1])
    )
    for most in range(1, len(found) + 3):
        assert scores.best(most) == ranked[:most]
    assert {type(number) for _, number in scores.best(3)} == {int}


@WAYS
@given(some_found(), st.data())
def test_found_are_tallied(
    way: Any, given_: tuple[list[int], set[int]], data: st.DataObject
) -> None:
    days, found = given_
    assume(found)
    few = st.lists(st.integers(0, 2), min_size=len(days), max_size=len(days))
    others = data.draw(st.lists(few, min_size=1, max_size=1))
    scores = started(way, given_)
    for columns in ([days], [days, *others], [*others, days]):
        result = scores.tally(*map(Column, columns))
        wanted = Counter(tuple(column[number] for column in columns) for number in found)
        assert sorted(result) == sorted(wanted.items())


@WAYS
@given(some_found(), st.booleans())
def test_the_undated_come_last_by_day(
    way: Any, given_: tuple[list[int], set[int]], newest: bool
) -> None:
    days, found = given_
    scores = started(way, given_)
    dated = [number for number in sorted(found) if days[number]]
    dated.sort(key=lambda number: days[number], reverse=newest)
    order = dated + [number for number in sorted(found) if not days[number]]
    for most in range(1, len(found) + 2):
        result = scores.by_day(most, newest=newest)
        assert [number for _, number in result] == order[:most]
        # The keys are what puts the documents of many segments in one order.
        assert [key for key, _ in result] == sorted(key for key, _ in result)
        for (undated, key), number in result:
            assert undated == (not days[number])
            assert key == (-days[number] if newest else days[number])
