"""What is said of papers, in one build: what the index remembers of it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from search.engines.port import Count, SearchRequest
from search.indexing.report import Report
from search.model.errors import SouError
from search.model.frozen import replace
from search.model.source_rule import SourceRule
from search.papers.given.lookup import Lookup
from search.papers.given.rules import with_typed
from search.papers.problem import Problem
from search.query.ast import Known, Not
from search.storage.index_folder import IndexFolder
from search.storage.state import Source, State
from search.system.files import inside


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of papers now.

    `rules` and `papers` are those of sou.toml, `typed` the rules that are given for the index
    to remember; one that says nothing takes away what was said before of its place.
    """

    rules: tuple[SourceRule, ...] = ()
    papers: tuple[str, ...] = ()
    typed: tuple[SourceRule, ...] = ()

    def lookup(self, remembered: Sequence[SourceRule], sources: Sequence[Source]) -> Lookup:
        """Return what looks up what is given of papers, with what the index remembers."""
        tops = [source.root for source in sources]
        return Lookup((*self.rules, *remembered), self.papers, tops)


NOTHING_SAID = Said()


def remembered_rules(
    known: Sequence[SourceRule],
    said: Said,
    state: State | None,
    place_of: Callable[[str], str],
    gone: Iterable[Source],
) -> tuple[SourceRule, ...]:
    """Return the rules that the index is to remember.

    A rule goes where the source went that it is about, and with one that is forgotten.
    """
    rules = []
    for rule in known:
        for source in state.sources if state else ():
            place = place_of(source.root)
            if place != source.root and inside(rule.path, source.root):
                rule = replace(rule, path=place + rule.path[len(source.root) :])  # noqa: PLW2901
                break
        if not any(inside(rule.path, source.root) for source in gone):
            rules.append(rule)
    return with_typed(rules, said.typed)


def report_remarks(
    report: Report, lookup: Lookup, scope: Sequence[Source], sources: Sequence[Source]
) -> None:
    """Report what there is to say of rules and lists, when the papers of `scope` were looked at."""
    whole = {source.root for source in sources} <= {source.root for source in scope}
    told = lookup.remarks(whole=whole)
    if whole:
        why = "there are no papers there"
        told += [Problem(rule.name, why, lost=False) for rule in lookup.unused()]
    for remark in told:
        (report.failed if remark.lost else report.remarks).append(remark)


def unfilled(folder: IndexFolder, report: Report) -> dict[str, int]:
    """Return of how many articles of an index a field is not known, for those of which it is not.

    The sets of the index are counted: no article is read. Nothing is told where no paper of it
    has changed.
    """
    if not (report.new or report.changed or report.removed or report.rebuilt):
        return {}
    # What was built stands: that it cannot be counted now is no reason to say that it failed.
    with suppress(SouError), closing(folder.open_engine()) as engine:
        counts = {
            name: engine.search(SearchRequest(Not(Known(name)), Count())).total
            for name in ("date", "paper", "page", "issue")
        }
        return {name: count for name, count in counts.items() if count}
    return {}
