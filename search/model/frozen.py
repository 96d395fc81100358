"""Frozen records: what `dataclass(frozen=True, slots=True)` gives, at a tenth of its cost.

`dataclasses` takes 20 ms of CPU to be imported (for `inspect`) and nearly 1 ms for each
class, whose methods it writes as source and compiles: a third of a search from a shell. So
what a search imports is made of these, and everything else of dataclasses. The methods here
are the same few closures for every class. Type checkers take a record for a dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:  # in `typing` from Python 3.11 on

    def dataclass_transform(**_):  # noqa: ANN201, ANN003, D103
        return lambda function: function


Made = TypeVar("Made")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[Made]) -> type[Made]:
    """Make a class of annotated names, some with defaults, a frozen record of these fields.

    Its objects are made of positions or names, compare and hash by class and fields, print
    as the call that makes them, match by position, and can be pickled. Fields are those of
    the class itself: a record has no bases that are records. A default must not be mutable.
    """
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    kept = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in defaults and name not in {"__dict__", "__weakref__"}
    }
    namespace = {**_METHODS, **kept, "__slots__": names, "__match_args__": names}
    made: Any = type(cls.__name__, cls.__bases__, namespace)
    made.as_tuple = _getter(names)
    # The descriptors of the slots set what `__setattr__` refuses to.
    setters = tuple(made.__dict__[name].__set__ for name in names)
    made.__init__ = _init(cls.__name__, names, defaults, setters)
    return made  # type: ignore[no-any-return]


def replace(of: Made, /, **changes: Any) -> Made:
    """Return a record with some fields changed; raise TypeError for a field it has not."""
    return type(of)(**fields(of) | changes)


def fields(of: Any) -> dict[str, Any]:
    """Return the fields of a record by name, in their order."""
    return dict(zip(of.__match_args__, of.as_tuple(), strict=True))


def _init(
    title: str,
    names: tuple[str, ...],
    defaults: dict[str, Any],
    setters: tuple[Callable[[Any, Any], None], ...],
) -> Callable[..., None]:
    """Return the `__init__` of a record."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        if len(values) != len(names):
            values = _completed(title, names, defaults, values, named)
        elif named:
            raise TypeError(f"{title}() got several values for {next(iter(named))!r}")
        for put, value in zip(setters, values, strict=True):
            put(self, value)

    return __init__


def _completed(
    title: str,
    names: tuple[str, ...],
    defaults: dict[str, Any],
    values: tuple[Any, ...],
    named: dict[str, Any],
) -> tuple[Any, ...]:
    """Return the values of all fields, those not given by position by name or default."""
    if len(values) > len(names):
        raise TypeError(f"{title}() takes {len(names)} values but {len(values)} were given")
    rest = names[len(values) :]
    unknown = named.keys() - set(rest)
    if unknown:
        twice = "several values for" if min(unknown) in names else "an unknown field"
        raise TypeError(f"{title}() got {twice} {min(unknown)!r}")
    given = defaults | named
    missing = [name for name in rest if name not in given]
    if missing:
        raise TypeError(f"{title}() lacks {', '.join(missing)}")
    return values + tuple(given[name] for name in rest)


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return the method that gives the values of a record's fields."""
    if len(names) > 1:
        get: Callable[[Any], tuple[Any, ...]] = attrgetter(*names)  # for one name: no tuple
        return lambda self: get(self)  # noqa: PLW0108  (a method, as `get` is not)
    return lambda self: tuple(getattr(self, name) for name in names)


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self.as_tuple() == other.as_tuple()


def _hash(self: Any) -> int:
    return hash((type(self), self.as_tuple()))


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={value!r}" for name, value in fields(self).items())
    return f"{type(self).__qualname__}({inside})"


def _set(self: Any, name: str, _value: object = None) -> None:
    raise AttributeError(f"cannot change field {name!r} of a {type(self).__name__}")


def _reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
    return type(self), self.as_tuple()


_METHODS = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _set,
    "__delattr__": _set,
    "__reduce__": _reduce,
}
