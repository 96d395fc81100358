"""Did you mean: queries one mistake away that do find something.

What is wrong is a text of the query that finds nothing by itself, or one of which only the
single characters are found, in different places. It is corrected by one
character: another of the same sound or of a like shape, two that changed places, one left
out or too many, or any other. Candidates come from the index: a pair of characters that
stands nowhere shows where the mistake is, and what stands between its neighbours elsewhere
how it may be corrected. What is proposed has been searched for, and finds something.
"""

from __future__ import annotations

from collections.abc import Iterator

from search.analysis.fold import fold, fold_with_map
from search.engines.port import Count, Engine, SearchRequest
from search.model.article import PAGE
from search.model.errors import LimitError, QueryError, RequestError
from search.model.frozen import frozen, replace
from search.model.results import Results, Suggestion
from search.query import query_terms
from search.query.ast import Node, Phrase, TextLeaf, Word, kind_of, positive_leaves
from search.searching.search import Question

MOST = 3
"""Queries proposed."""

RARE = 100
"""How many times as much the best of them may find: what finds less was not meant."""

TRIED = 8
"""Candidates of a kind that are searched for."""

LONGEST = 20
"""Characters of a text that is looked at."""

LONGEST_SCATTERED = 8
"""Characters of a chunk that may be mistyped though it is found: longer ones are sentences."""

PLACES = 4
"""Places that are looked at in a text whose pairs all stand somewhere: the rarest."""

WEIGHED = 60
"""Characters that are tried in a place, and candidates of which it is seen whether they make
a word: the most frequent."""

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@frozen
class _Candidate:
    """A text that may have been meant; `bound` is how many articles it can stand in at most."""

    text: str
    bound: int


def with_suggestions(engine: Engine, question: Question, results: Results) -> Results:
    """Add the queries that may have been meant, where this one finds little that was meant."""
    tree = replace(question, synonyms=None).tree()
    if results.beside or kind_of(tree)[0] == PAGE:  # what is proposed comes from the articles
        return results
    found = results.total and not results.partial
    if found and not any(map(is_scattered, positive_leaves(tree))):
        return results
    return replace(results, suggestions=suggest(engine, question))


def suggest(engine: Engine, question: Question) -> tuple[Suggestion, ...]:
    """Return queries that find something, for one that does not, the likeliest first."""
    try:
        # Synonyms are no words that were typed: a proposal corrects those.
        tree = replace(question, synonyms=None).tree()
        return _suggested(engine, question, tree)
    except (QueryError, RequestError, LimitError):
        return ()


def _suggested(engine: Engine, question: Question, tree: Node) -> tuple[Suggestion, ...]:
    wrong = [leaf for leaf in positive_leaves(tree) if _is_wrong(engine, leaf)]
    if not 0 < len(wrong) <= 2:
        return ()
    best = [_best(engine, leaf) for leaf in wrong] if len(wrong) > 1 else [""]
    for leaf in wrong:
        text = question.text
        for other, corrected in zip(wrong, best, strict=True):
            if other is not leaf and corrected:
                text = _replaced(text, other.text, corrected)
        if found := _corrected(engine, replace(question, text=text), leaf):
            return found
    return ()


def is_scattered(leaf: TextLeaf) -> bool:
    """Return whether a bare chunk falls into single characters, as a mistyped word does.

    Part of it may then stand anywhere, which says nothing.
    """
    if not isinstance(leaf, Word) or not 2 <= len(leaf.text) <= LONGEST_SCATTERED:
        return False
    return any(len(word) == 1 and not word.isascii() for word in query_terms.words(leaf.text))


def _is_wrong(engine: Engine, leaf: TextLeaf, *, whole: bool = False) -> bool:
    """Return whether a text finds nothing by itself.

    Asked for `whole`, or if it is scattered, it has to stand somewhere as it is.
    """
    whole = whole or is_scattered(leaf)
    return not _total(engine, Phrase(leaf.text, leaf.field) if whole else leaf)


def _corrected(engine: Engine, question: Question, leaf: TextLeaf) -> tuple[Suggestion, ...]:
    """Return the queries that find something with one of their texts corrected."""
    found: dict[str, Suggestion] = {}
    if _at(question.text, leaf.text) is None:
        return ()
    scattered = is_scattered(leaf)
    for kind in _kinds(engine, leaf):
        for candidate in kind[:TRIED]:
            corrected = replace(leaf, text=candidate.text)
            if (scattered or is_scattered(corrected)) and _is_wrong(engine, corrected, whole=True):
                continue
            text = _replaced(question.text, leaf.text, candidate.text)
            total = _asked(engine, question, text)
            if total:
                found.setdefault(text, Suggestion(text, total))
            if len(found) == MOST:
                break
        if found or scattered:  # a likelier kind of mistake explains it, or it was none
            break
    most = max((each.total for each in found.values()), default=0)
    return tuple(each for each in found.values() if each.total * RARE >= most)


def _total(engine: Engine, tree: Node) -> int:
    return engine.search(SearchRequest(tree, Count())).total


def _asked(engine: Engine, question: Question, text: str) -> int:
    try:
        return _total(engine, replace(question, text=text).tree())
    except (QueryError, LimitError):
        return 0


def _best(engine: Engine, leaf: TextLeaf) -> str:
    """Return the first candidate for a text that finds something, or an empty string."""
    for kind in _kinds(engine, leaf):
        for candidate in kind[:TRIED]:
            if _total(engine, replace(leaf, text=candidate.text)):
                return candidate.text
    return ""


def _at(query: str, text: str) -> tuple[int, int] | None:
    """Return where a folded text stands in a query."""
    folded = fold_with_map(query)
    start = folded.text.find(text)
    return folded.original(start, start + len(text)) if start >= 0 else None


def _replaced(query: str, text: str, by: str) -> str:
    place = _at(query, text)
    return query[: place[0]] + by + query[place[1] :] if place else query


def _kinds(engine: Engine, leaf: TextLeaf) -> Iterator[list[_Candidate]]:
    """Yield candidates of each kind of mistake, the most frequent first."""
    text, field = leaf.text, leaf.field
    if not 2 <= len(text) <= LONGEST:
        return
    if text.isascii():
        yield _mended_word(engine, text, field)
        return
    places = _places(engine, text, field)
    yield _weighed(engine, {*_swapped(text, places), *_alike(text, places)}, text, field)
    yield _weighed(engine, _longer_or_shorter(engine, text, places, field), text, field, words=True)
    yield _weighed(engine, _other(engine, text, places, field), text, field, words=True)


def _places(engine: Engine, text: str, field: str | None) -> list[int]:
    """Return the places of the characters one of which must be wrong."""
    bounds = [engine.bound(text[i : i + 2], field) for i in range(len(text) - 1)]
    missing = [i for i, bound in enumerate(bounds) if not bound]
    if missing:
        # A character is in the pair before it and the one behind it: it must be in them all.
        return [p for p in range(len(text)) if all(i in {p - 1, p} for i in missing)] or (
            [missing[0] + 1] if missing[-1] - missing[0] <= 2 else []  # two changed places
        )
    rarity = [min(bounds[max(0, p - 1) : p + 1]) for p in range(len(text))]
    return sorted(range(len(text)), key=rarity.__getitem__)[:PLACES]


def _alike(text: str, places: list[int]) -> Iterator[str]:
    for p in places:
        for char in alike(text[p]):
            yield text[:p] + char + text[p + 1 :]


def _swapped(text: str, places: list[int]) -> Iterator[str]:
    for p in places:
        for i in (p - 1, p):
            if 0 <= i < len(text) - 1 and text[i] != text[i + 1]:
                yield text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def _longer_or_shorter(
    engine: Engine, text: str, places: list[int], field: str | None
) -> Iterator[str]:
    for p in places:
        if len(text) > 2:
            yield text[:p] + text[p + 1 :]
        if p:
            for char in engine.between(text[p - 1], text[p], field)[:WEIGHED]:
                yield text[:p] + char + text[p:]


def _other(engine: Engine, text: str, places: list[int], field: str | None) -> Iterator[str]:
    for p in places:
        around = text[p - 1 : p] if p else "", text[p + 1 : p + 2]
        for char in engine.between(*around, field)[:WEIGHED]:
            yield text[:p] + char + text[p + 1 :]


def _weighed(
    engine: Engine,
    texts: Iterator[str] | set[str],
    text: str,
    field: str | None,
    *,
    words: bool = False,
) -> list[_Candidate]:
    """Return the texts that can stand in the index, the most frequent first.

    With `words`, only those that make a word of the index where they differ: what stands
    between two characters somewhere need not stand between them here.
    """
    candidates = [
        _Candidate(each, bound)
        for each in dict.fromkeys(texts)
        if each != text and fold(each) == each
        if (bound := engine.bound(each, field))
    ]
    candidates.sort(key=lambda each: (-each.bound, each.text))
    if not words:
        return candidates
    return [each for each in candidates[:WEIGHED] if _makes_a_word(engine, each.text, text)]


def _makes_a_word(engine: Engine, text: str, instead_of: str) -> bool:
    """Return whether a word of the index covers the place where two texts begin to differ."""
    at = next(
        (i for i, (a, b) in enumerate(zip(text, instead_of, strict=False)) if a != b),
        min(len(text), len(instead_of)) - 1,
    )
    parts = {
        text[start:end]
        for start in range(max(0, at - 3), at + 1)
        for end in range(max(at + 1, start + 2), min(len(text), start + 4) + 1)
    }
    return any(engine.having(sorted(parts)))


def _mended_word(engine: Engine, text: str, field: str | None) -> list[_Candidate]:
    """Return the words of letters and digits one mistake away: all are words of the index."""
    cuts = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    edits = {a + b[1:] for a, b in cuts if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    edits |= {a + char + b[1:] for a, b in cuts if b for char in LETTERS}
    edits |= {a + char + b for a, b in cuts for char in LETTERS}
    known = sorted(each for each in edits - {text} if len(each) > 1 and engine.bound(each, field))
    found = zip(known, engine.having(known), strict=True)
    candidates = [_Candidate(each, times) for each, times in found if times]
    return sorted(candidates, key=lambda each: (-each.bound, each.text))


def alike(char: str) -> str:
    """Return the characters that sound or look like one."""
    from search.analysis.tables.shapes import GROUPS
    from search.analysis.tables.sounds import SYLLABLES

    groups = [group for group in (*SYLLABLES, *GROUPS.split()) if char in group]
    return "".join(sorted(set("".join(groups)) - {char}))
