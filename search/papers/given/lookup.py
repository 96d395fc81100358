"""Looking up what is given of each paper: by sou.toml, by flags, by the lists beside the papers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from search.model.frozen import replace
from search.model.source_rule import CONSTANTS, SourceRule
from search.papers.field_names import plain_name
from search.papers.formats import ARCHIVES, RECORDS, extension_of
from search.papers.given.given import FIELDS, Given
from search.papers.given.lists import NAMES, FileList, read_list
from search.papers.given.pattern import PatternError, parsed_pattern
from search.papers.given.rules import is_about, most_specific
from search.papers.problem import Problem
from search.system.files import inside

_NAMED = 3
"""Files that are named in a remark."""

_NOT_OF_ALL = frozenset({"page", "title", "authors", "url"})
"""What cannot be said of an archive: it holds for one of the files in it."""


_Lists: TypeAlias = tuple[tuple[str, FileList], ...]
"""Lists, each with the folder that it is in."""


@dataclass(slots=True)
class _Unfit:
    """The files that do not fit the pattern of a rule: how many, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)


class Lookup:
    """What is given of papers, as it stands while they are looked at.

    `rules` are those of sou.toml and of flags, `papers` the listed names of papers, `tops` the
    folders of the index's sources: lists in these and below them count.
    """

    def __init__(
        self, rules: Sequence[SourceRule] = (), papers: Sequence[str] = (), tops: Iterable[str] = ()
    ) -> None:
        self._wrong: list[Problem] = []
        said = (self._checked(rule) for rule in rules if not rule.says_nothing)
        self._rules = most_specific(said)
        self._columns = {rule.path: _columns(rule) for rule in self._rules}
        self._papers = tuple(papers)
        self._tops = tuple(tops)
        self._lists: dict[str, _Lists] = {}
        self._own: dict[str, FileList | str | None] = {}
        self._unfit: dict[str, _Unfit] = {}
        self._seen: dict[str, str] = {}
        self._blind: set[str] = set()
        self._met: set[str] = set()

    def _checked(self, rule: SourceRule) -> SourceRule:
        """Return a rule without a pattern that is none: that of an index may be anybody's."""
        try:
            if rule.pattern:
                parsed_pattern(rule.pattern)
        except PatternError as exc:
            self._wrong.append(Problem(rule.name, f"its pattern is wrong: {exc}", lost=False))
            return replace(rule, pattern="")
        return rule

    def of(self, place: str, shown: str) -> Given | None:
        """Return what is given of the paper at a place.

        None where that cannot be told now, since a list cannot be read: what is in the index of
        the paper is then as good as what there would be.
        """
        folder = os.path.dirname(place)  # noqa: PTH120  (for each of 100,000)
        lists = self._lists_for(folder)
        if folder in self._blind:
            return None
        if not (lists or self._rules or self._papers):
            return _NOTHING
        extension = extension_of(place)
        values: dict[str, tuple[str, str]] = {}
        columns: tuple[tuple[str, str], ...] = ()
        rule = next((rule for rule in self._rules if is_about(rule, place)), None)
        if rule:
            self._met.add(rule.path)
            values |= self._by_rule(rule, place, shown)
            if extension in RECORDS or extension in ARCHIVES:
                columns = self._columns[rule.path]
        for above, each in lists:
            name = place[len(above.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
            values |= {key: (value, f"in {each.name}") for key, value in each.of(name).items()}
        papers = () if extension in RECORDS else self._papers
        if not (values or columns or papers):
            return _NOTHING
        out = _NOT_OF_ALL if extension in ARCHIVES else frozenset()
        fields = tuple(
            (name, *values[name]) for name in FIELDS if name in values and name not in out
        )
        return Given(fields, columns, papers)

    def is_list(self, place: str, shown: str) -> bool:
        """Return whether a file among the papers is a list of them, and no paper."""
        if not place.endswith(NAMES) or os.path.basename(place) not in NAMES:  # noqa: PTH119
            return False
        self._lists_for(os.path.dirname(place))  # noqa: PTH120
        self._seen[place] = shown
        return self._own.get(place) is not None

    def _by_rule(self, rule: SourceRule, place: str, shown: str) -> dict[str, tuple[str, str]]:
        values = {
            name: (value, f"in {rule.name}") for name in CONSTANTS if (value := getattr(rule, name))
        }
        if rule.pattern:
            found = parsed_pattern(rule.pattern).read(place)
            if found is None:
                unfit = self._unfit.setdefault(rule.name, _Unfit())
                unfit.count += 1
                if len(unfit.first) < _NAMED:
                    unfit.first.append(shown)
            else:
                by = f"by the pattern of {rule.name}"
                values |= {name: (value, by) for name, value in found.items()}
        return values

    def _lists_for(self, folder: str) -> _Lists:
        """Return the lists that may name a file in a folder, each with its own: nearest last."""
        known = self._lists.get(folder)
        if known is not None:
            return known
        # Upwards to what is known, or to the folder of a source; then down again.
        steps = [folder]
        while (top := self._lists.get(steps[-1])) is None:
            above = os.path.dirname(steps[-1])  # noqa: PTH120
            inner = any(steps[-1] != each and inside(steps[-1], each) for each in self._tops)
            if above == steps[-1] or not inner:
                break
            steps.append(above)
        lists, blind = top or (), steps[-1] in self._blind
        for step in reversed(steps if top is None else steps[:-1]):
            lists = lists + self._own_lists(step)
            blind = blind or step in self._blind
            if blind:
                self._blind.add(step)
            self._lists[step] = lists
        return lists

    def _own_lists(self, folder: str) -> _Lists:
        """Return the lists in a folder; one that cannot be read makes it blind."""
        lists: _Lists = ()
        for name in NAMES:
            place = os.path.join(folder, name)  # noqa: PTH118
            if not os.path.lexists(place):
                continue
            try:
                made = self._own[place] = read_list(place)
            except FileNotFoundError:
                continue
            if isinstance(made, str):
                self._blind.add(folder)
            elif made is not None:
                lists = (*lists, (folder, made))
        return lists

    def remarks(self, *, whole: bool) -> list[Problem]:
        """Return what there is to say of lists and patterns, after all papers were looked at.

        Files that no row of a list names are known only where the `whole` of its folder was.
        """
        said = [
            Problem(
                name,
                f"{_files(unfit.count)} not fit its pattern: {', '.join(unfit.first)}"
                + (", …" if unfit.count > len(unfit.first) else ""),
                lost=False,
            )
            for name, unfit in self._unfit.items()
        ]
        said += self._wrong
        for place, made in self._own.items():
            shown = self._seen.get(place, place)
            if isinstance(made, str):
                said.append(Problem(shown, made))
            elif made is not None:
                said += [Problem(shown, remark, lost=False) for remark in made.remarks]
                nowhere = made.of_no_file() if whole and place in self._seen else []
                if nowhere:
                    rows = "1 row names" if len(nowhere) == 1 else f"{len(nowhere):,} rows name"
                    names = ", ".join(nowhere[:_NAMED]) + (", …" if len(nowhere) > _NAMED else "")
                    said.append(
                        Problem(shown, f"{rows} no file that is there: {names}", lost=False)
                    )
            elif place in self._seen:
                why = (
                    "is read as a paper, not as a list of papers: "
                    "it has a column of texts, or none that names files"
                )
                said.append(Problem(shown, why, lost=False))
        return said

    def unused(self) -> list[SourceRule]:
        """Return the rules that were about no paper."""
        return [rule for rule in self._rules if rule.path not in self._met]


_NOTHING = Given()


def _columns(rule: SourceRule) -> tuple[tuple[str, str], ...]:
    return tuple((plain_name(column), name) for name, column in rule.columns)


def _files(count: int) -> str:
    return "1 file does" if count == 1 else f"{count:,} files do"
