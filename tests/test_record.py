"""Records against dataclasses: the same class made both ways behaves the same."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.frozen import fields, frozen, replace


@dataclass(frozen=True, slots=True)
class Reference:
    a: int
    b: tuple[int, ...] = ()
    c: str | None = None

    @property
    def double(self) -> int:
        return 2 * self.a


@frozen
class Ours:
    a: int
    b: tuple[int, ...] = ()
    c: str | None = None

    @property
    def double(self) -> int:
        return 2 * self.a


@frozen
class Other:
    a: int
    b: tuple[int, ...] = ()
    c: str | None = None


@frozen
class Nothing:
    """A record of no field."""


VALUES = {
    "a": st.integers(0, 2),
    "b": st.just(()) | st.just((1,)),
    "c": st.none() | st.just("x"),
}
CALLS = st.tuples(
    st.lists(st.integers(0, 2), max_size=4),
    st.fixed_dictionaries({}, optional={**VALUES, "d": st.just(1)}),
)


def tried(cls, call):
    values, named = call
    try:
        made = cls(*values, **named)
    except TypeError:
        return TypeError
    return made


@given(CALLS, CALLS)
def test_a_record_is_made_and_compared_as_a_dataclass_is(one, two):
    reference, ours = tried(Reference, one), tried(Ours, one)
    assert (reference is TypeError) == (ours is TypeError)
    if ours is TypeError:
        return
    assert repr(ours) == repr(reference).replace("Reference", "Ours")
    assert ours.double == reference.double
    assert pickle.loads(pickle.dumps(ours)) == ours
    other_reference, other = tried(Reference, two), tried(Ours, two)
    assert (ours == other) == (reference == other_reference)
    if ours == other:
        assert hash(ours) == hash(other)


def test_records_of_two_classes_differ():
    assert Ours(1) != Other(1)
    assert len({Ours(1), Other(1), Ours(1)}) == 2


def test_a_record_is_frozen_and_has_no_other_names():
    made = Ours(1)
    for change in (lambda: setattr(made, "a", 2), lambda: delattr(made, "a")):
        with pytest.raises(AttributeError, match="'a' of a Ours"):
            change()
    with pytest.raises(AttributeError):
        made.d = 1
    assert not hasattr(made, "__dict__")


def test_a_record_matches_by_position():
    match Ours(1, (2,)):
        case Ours(a, b):
            assert (a, b) == (1, (2,))
    assert Nothing() == Nothing()
    assert bool(Nothing())


def test_replace_and_fields():
    made = Ours(1, (2,), "x")
    assert replace(made, c=None) == Ours(1, (2,))
    assert fields(made) == {"a": 1, "b": (2,), "c": "x"}
    with pytest.raises(TypeError, match="an unknown field 'd'"):
        replace(made, d=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (Ours, "lacks a"),
        (lambda: Ours(1, a=2), "several values for 'a'"),
        (lambda: Ours(1, (), None, c=None), "several values for 'c'"),
        (lambda: Ours(1, 2, 3, 4), "takes 3 values but 4"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call, message):
    with pytest.raises(TypeError, match=message):
        call()
