"""Finding: from what was asked to the page of hits that is shown."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from search.analysis.fold import fold
from search.engines.port import (
    BY_SCORE,
    Collector,
    Count,
    Engine,
    Found,
    Outlines,
    Paths,
    Scored,
    SearchRequest,
    Sort,
    Top,
)
from search.model.article import PAGE
from search.model.errors import LimitError, RequestError
from search.model.frozen import frozen, replace
from search.model.results import Hit, Results
from search.query.ast import (
    META_FIELDS,
    TEXTS,
    And,
    Bag,
    DateRange,
    Known,
    Node,
    Or,
    Pages,
    PathGlob,
    Pattern,
    Phrase,
    TextLeaf,
    changed,
    conjunction,
    kind_of,
    leaves,
    positive_leaves,
    positive_patterns,
    relaxed,
    within,
)
from search.query.parser import literal, parse, plain_words
from search.query.query_terms import all_of
from search.query.rewriting import whole_words

if TYPE_CHECKING:
    from search.searching.snippets import Needle

Mode = Literal["query", "literal", "any"]
"""How the text is read: in the query language, as one quoted string, as plain words."""

Wanted = Literal["hits", "outlines", "paths", "count"]
"""What is wanted of the articles found: hits with snippets; only which articles they are; the
paths of these; or their number alone."""


_HAVE_FORMS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz零一二三四五六七八九十百千两")
"""Characters of which one is in each text that may stand as another (`search.query.written`)."""


@frozen
class Question:
    """All that a search is asked: the text, how to read it, the filters and the page.

    An empty text with a filter finds all that the filter lets through. `field` is one of the text,
    or "page" for the records of pages. `word` has letters and figures be whole words, `exact_form` has
    words and strings be found in the script and form in which they are typed.
    `partial` allows partial matches when nothing matches the
    whole query, and with `fill` also below what does, where that leaves room on the page;
    `beside` allows the records of pages on which it then stands beside their articles. `dedupe` puts an article printed
    twice under its best copy: `limit` and `offset` then count texts, not articles. `node` is a
    query that is a tree already, and counts in place of the text; `without` is the id of an article to leave out.
    `synonyms` are those of bare chunks (`search.searching.synonyms`).
    """

    text: str = ""
    mode: Mode = "query"
    field: str | None = None
    word: bool = False
    exact_form: bool = False
    since: str | None = None
    until: str | None = None
    papers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    limit: int | None = 10
    offset: int = 0
    sort: Sort = "relevance"
    explain: bool = False
    partial: bool = True
    fill: bool = True
    beside: bool = True
    dedupe: bool = True
    facets: tuple[str, ...] = ()
    node: Node | None = None
    without: str = ""
    synonyms: Mapping[str, tuple[str, ...]] | None = None

    def tree(self) -> Node:
        """Return the query tree, filters included. Raises QueryError or RequestError."""
        return self._widened(self._tree())

    def looser(self) -> Node | None:
        """Return the tree of partial matches, or None if there are none."""
        looser = relaxed(self._tree())
        return looser and self._widened(looser)

    def _widened(self, tree: Node) -> Node:
        if not self.synonyms:
            return tree
        from search.searching.synonyms import widen

        return widen(tree, self.synonyms)

    def _tree(self) -> Node:
        filters = self.filters()
        if self.node is not None:
            return conjunction([self.node, *filters])
        if not self.text.strip() and (filters or self.field == PAGE):
            return everything(self)
        if self.mode == "any":
            tree = plain_words(self.text)
        else:
            tree = (literal if self.mode == "literal" else parse)(self.text, exact=self.exact_form)
        if self.word:
            tree = whole_words(tree, besides=frozenset(META_FIELDS))
        tree = _with_forms(tree)
        if self.field and self.field != PAGE:
            tree = within(tree, self.field)
        return conjunction([*_pages(self), tree, *filters])

    def filters(self) -> list[Node]:
        """Return the filters as nodes of a tree."""
        out: list[Node] = []
        if self.since is not None or self.until is not None:
            since = 0 if self.since is None else _day("since", self.since)[0]
            until = 99991231 if self.until is None else _day("until", self.until)[1]
            if since > until:
                raise RequestError(f"{self.since} (since) is later than {self.until} (until)")
            out.append(DateRange(since, until))
        for field, values in (
            ("paper", self.papers),
            ("author", self.authors),
            ("edition", self.editions),
        ):
            folded = [fold(value) for value in values]
            if not all(folded):
                raise RequestError(f"{field}: no name is given")
            out += _any(_known(field, values) or [Phrase(value, field) for value in folded])
        out += _any([PathGlob(pattern) for pattern in self.paths])
        for field, values in (("page", self.pages), ("issue", self.issues)):
            strings = _known(field, values) or [Phrase(s, field) for s in _numbered(field, values)]
            out += _any(strings)
        return out


def _with_forms(tree: Node) -> Node:
    """Return a query that also finds what else its texts may stand as."""
    texts = (leaf.text for leaf in leaves(tree) if isinstance(leaf, TEXTS))
    if all(map(_HAVE_FORMS.isdisjoint, texts)):
        return tree  # most: nothing to import, and no regular expression to compile
    from search.query.written import with_forms

    return with_forms(tree)


def _any(nodes: list[Node]) -> list[Node]:
    return [nodes[0] if len(nodes) == 1 else Or(tuple(nodes))] if nodes else []


def _known(field: str, values: tuple[str, ...]) -> list[Node]:
    """Return what finds every article of which a field is known, where a filter asks for `*`."""
    return [Known(field)] if "*" in values else []


def _numbered(field: str, values: tuple[str, ...]) -> list[str]:
    """Return what an index holds of pages or issues."""
    if not values:
        return []
    from search.analysis.page_numbers import FORMS, asked_strings

    if not all(map(fold, values)):
        raise RequestError(f"{field}: no number is given")
    found: list[str] = []
    for value in values:
        try:
            found += asked_strings(field, value)
        except ValueError as exc:
            raise RequestError(f"{field} {value}: {exc}", f"write {FORMS[field]}") from None
    return found


def _day(name: str, text: str) -> tuple[int, int]:
    """Return the first and the last day that a filter names."""
    from search.dates.typed import FORMS, read_date, read_range

    folded = fold(text)
    found = read_date(folded)
    if found:
        return found
    if not text.strip():
        raise RequestError(f"{name}: no date is given", f"write {FORMS}")
    what = "a range, not a date" if read_range(folded) else "not a date"
    raise RequestError(f"{name} {text}: {what}", f"write {FORMS}")


def find(engine: Engine, question: Question, wanted: Wanted = "hits") -> Results:
    """Search, and make hits of what is found, with snippets if these are wanted.

    Copies are put together, and scores explained, only in hits that are wanted with snippets.
    """
    start = time.perf_counter()
    tree = question.tree()
    request = _request(question, tree, wanted)
    found = engine.search(request)
    partial = beside = False
    if not found.total and question.beside and (other := on_pages(tree)):
        request = _request(question, other, wanted)
        with suppress(LimitError):  # that no article matches is the answer
            found = engine.search(request)
            beside = found.total > 0
    if not found.total and question.partial and (looser := question.looser()):
        request = _request(question, looser, wanted)
        with suppress(LimitError):  # that nothing matches the whole is the answer
            found = engine.search(request)
            partial = found.total > 0
    of = enumerate(found.hits, question.offset + 1)
    make = _dress if wanted == "hits" else _bare
    hits = make(of, request.tree, partial)
    if not partial and not beside and (rest := _rest(engine, question, request, found)):
        of = enumerate(rest.hits, question.offset + len(hits) + 1)
        hits += make(of, rest.tree, True)
    seconds = time.perf_counter() - start
    return Results(question.text, found.total, hits, partial, seconds, found.facets, beside=beside)


@frozen
class _Rest:
    """What fills a page: partial matches, and the tree that found them."""

    hits: tuple[Scored, ...]
    tree: Node


def _rest(engine: Engine, question: Question, request: SearchRequest, found: Found) -> _Rest | None:
    """Return the partial matches for which whole ones leave room on the page, if there are any.

    They are ranked apart, and follow the whole matches without a gap: so pages fit together.
    """
    collect = request.collect
    if not (question.partial and question.fill and found.total and question.limit):
        return None
    if not isinstance(collect, Top | Outlines) or collect.sort not in BY_SCORE:
        return None
    room = question.limit - len(found.hits)
    looser = _filling(question, request.tree) if room > 0 else None
    if looser is None:
        return None
    try:
        skipped = 0
        if question.offset and not found.hits:  # of what was skipped, some may be partial
            before = replace(collect, limit=question.offset, offset=0)
            whole = engine.search(replace(request, collect=before, facets=()))
            skipped = question.offset - len(whole.hits)
        collect = replace(collect, limit=room, offset=skipped)
        asked = replace(request, tree=looser, collect=collect, facets=(), beyond=request.tree)
        hits = engine.search(asked).hits
    except LimitError:  # the whole matches are the answer
        return None
    return _Rest(hits, looser) if hits else None


def _filling(question: Question, tree: Node) -> Node | None:
    """Return the tree of the partial matches that fill a page, if the query has several parts.

    A chunk of one word has not: half a name is another name.
    """
    if kind_of(tree)[0] == PAGE:
        return None
    looser = question.looser()
    if looser is None or looser == tree:
        return None
    any_part = looser.children[0] if isinstance(looser, And) else looser
    if isinstance(any_part, Bag) and len(all_of(any_part.text)) < 2:
        return None
    return looser


def on_pages(tree: Node) -> Node | None:
    """Return the tree of the pages on which what is looked for stands beside their articles.

    All of it has to stand there as it is: in a few lines, words that are scattered mean nothing.
    None where a headline or a byline is looked for, no text at all, or pages in any case.
    """
    spoken = [*positive_leaves(tree), *positive_patterns(tree)]
    fields = {leaf.field for leaf in spoken}
    if kind_of(tree)[0] == PAGE or fields & {"title", "author"} or not fields & {None, "body"}:
        return None

    def as_it_is(leaf: TextLeaf | Pattern) -> Node:
        field = leaf.field or "body"
        if isinstance(leaf, TEXTS):
            forms = () if isinstance(leaf, Bag) else leaf.forms
            return Phrase(leaf.text, field, leaf.boost, forms)
        return replace(leaf, field=field)

    return conjunction([Pages(), changed(tree, as_it_is)])


def _request(question: Question, tree: Node, wanted: Wanted) -> SearchRequest:
    """Return what an engine is asked. The record of a page is like those of others, and no copy."""
    if kind_of(tree)[0] == PAGE:
        question = replace(question, dedupe=False)
    collect = _collector(question, wanted)
    return SearchRequest(tree, collect, question.facets, question.without)


def _collector(question: Question, wanted: Wanted) -> Collector:
    """Return what an engine is to collect for what is wanted."""
    page = question.limit, question.offset, question.sort
    match wanted:
        case "hits":
            return Top(*page, explain=question.explain, collapse=question.dedupe)
        case "outlines":
            return Outlines(*page)
        case "paths":
            return Paths(*page)
        case "count":
            return Count()


def _bare(found: Iterable[tuple[int, Scored]], _: Node, partial: bool) -> tuple[Hit, ...]:
    """Make hits without titles and snippets of what an engine found, and its rank."""
    return tuple(
        Hit(rank, scored.score, scored.article, scored.article.title, partial=partial)
        for rank, scored in found
    )


def _dress(found: Iterable[tuple[int, Scored]], tree: Node, partial: bool) -> tuple[Hit, ...]:
    """Make hits of what an engine found by a tree, and its rank."""
    from search.searching.snippets import needles  # not for those who want no snippets

    in_title, in_body = needles(tree, "title"), needles(tree, "body")
    return tuple(_hit(rank, scored, in_title, in_body, partial) for rank, scored in found)


def _hit(
    rank: int, scored: Scored, in_title: list[Needle], in_body: list[Needle], partial: bool
) -> Hit:
    from search.searching.snippets import mark, snippets

    title, spans = mark(scored.article.title, in_title)
    why = tuple(
        f"{worth:8.4f}  {part}" for part, worth in sorted(scored.parts, key=lambda item: -item[1])
    )
    return Hit(
        rank,
        scored.score,
        scored.article,
        title,
        spans,
        snippets(scored.article, in_body),
        why,
        scored.copies,
        partial,
    )


def everything(question: Question) -> Node:
    """Return the tree of `sou list`: the filters alone, of articles or of the records of pages."""
    return conjunction([*_pages(question), *question.filters()])


def _pages(question: Question) -> list[Node]:
    return [Pages()] if question.field == PAGE else []
