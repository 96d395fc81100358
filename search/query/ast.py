"""The query as a tree: what the parser makes, the engines answer and `--explain` shows.

Texts in the tree are folded (`search.analysis.fold`). A leaf without a field looks in every
field of `TEXT_FIELDS`.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator
from typing import TypeAlias

from search.model.article import ARTICLE, PAGE, Kind
from search.model.frozen import frozen, replace

TEXT_FIELDS = ("title", "body", "author")
"""Fields in which a leaf without a field looks: all that a reader of the page would see."""

META_FIELDS = ("paper", "section", "path", "page", "issue", "edition")
"""Fields that say where an article stands."""

FIELDS = (*TEXT_FIELDS, *META_FIELDS)
"""Every field that can be named in a query, besides dates."""


@frozen
class Word:
    """A bare chunk: found where the text stands, or all that `query_terms.all_of` asks for.

    `boost` multiplies what the leaf adds to a score, here as in every other leaf. `forms` are
    strings of which any is enough as well (`search.query.written`).
    """

    text: str
    field: str | None = None
    boost: float = 1.0
    forms: tuple[str, ...] = ()


@frozen
class Phrase:
    """A quoted string: found exactly where it stands, or one of its `forms` does.

    One that is `bare` was typed as a chunk, and has the synonyms of one.
    """

    text: str
    field: str | None = None
    boost: float = 1.0
    forms: tuple[str, ...] = ()
    bare: bool = False


@frozen
class Bag:
    """Plain words, of which any is enough and more rank higher."""

    text: str
    field: str | None = None
    boost: float = 1.0


@frozen
class Wildcard:
    """Strings that follow each other with a gap between: `青?捡*活动`.

    `gaps[i]` says how many characters, at least and at most, stand between `pieces[i]` and
    the next. `search.query.pattern_matching` says what counts, for this and the patterns below.
    """

    pieces: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]
    field: str | None = None
    boost: float = 1.0

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        gaps = ["?" * least + "*" * (most > least) for least, most in self.gaps]
        return "".join(a + b for a, b in zip(self.pieces, [*gaps, ""], strict=True))


@frozen
class Fuzzy:
    """A string in which one character may be another one, be missing, or be added.

    Or as many as there may be `edits`, which are 1 or 2.
    """

    text: str
    field: str | None = None
    boost: float = 1.0
    edits: int = 1

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        return f"{self.text}~{self.edits if self.edits > 1 else ''}"


@frozen
class WholeWord:
    """A string whose letters and figures are no part of a longer word, at either end."""

    text: str
    field: str | None = None
    boost: float = 1.0

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        return f"word:{self.text}"


@frozen
class Near:
    """Strings that stand near each other in one field.

    Each of `parts` is a choice of strings; between an occurrence of `parts[i]` and one of the
    next stand at most `gaps[i]` characters. Where `i` is in `ordered` the next stands behind it,
    else in either order.
    """

    parts: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]
    field: str | None = None
    boost: float = 1.0
    ordered: frozenset[int] = frozenset()

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        parts = [p[0] if len(p) == 1 else f"({' OR '.join(p)})" for p in self.parts]
        names = ["ADJ" if i in self.ordered else "NEAR" for i in range(len(self.gaps))]
        gaps = [*(f" {name}/{gap} " for name, gap in zip(names, self.gaps, strict=True)), ""]
        return "".join(a + b for a, b in zip(parts, gaps, strict=True))


@frozen
class Pinyin:
    """A string that is read so: each reading is a sequence of syllables, one a character.

    `z*` is any syllable that begins so.
    """

    readings: tuple[tuple[str, ...], ...]
    field: str | None = None
    boost: float = 1.0

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        return "py:" + " or ".join(" ".join(reading) for reading in self.readings)


@frozen
class Regex:
    """A regular expression over the folded text; `pattern` is folded too."""

    pattern: str
    field: str | None = None
    boost: float = 1.0

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        return f"/{self.pattern}/"


@frozen
class Exact:
    """A string in the script and form in which it is typed: 裏 and not 里, `Ａ` and not `a`.

    `text` is the string folded, `typed` as it is. White space within it counts as it does in
    folded texts.
    """

    text: str
    typed: str
    field: str | None = None
    boost: float = 1.0

    @property
    def written(self) -> str:
        """The pattern as it is typed."""
        return f"={self.typed}"


@frozen
class PathGlob:
    """Articles whose path, or a trailing part of it, matches a shell pattern."""

    pattern: str


@frozen
class DateRange:
    """Articles of the days from `since` to `until`, YYYYMMDD integers, inclusive.

    An article known only by its month or year is found when any of its days is in range.
    """

    since: int = 0
    until: int = 99991231


@frozen
class Known:
    """Articles of which a field is known: of `page:*` those that have a page."""

    field: str


@frozen
class Everything:
    """All articles."""


@frozen
class Pages:
    """Says that the records of pages are looked for, in place of articles.

    It stands in the AND of a whole query, or is all of it (`kind_of`).
    """


@frozen
class And:
    """Articles that every child finds."""

    children: tuple[Node, ...]


@frozen
class Or:
    """Articles that any child finds."""

    children: tuple[Node, ...]


@frozen
class Not:
    """Articles that the child does not find."""

    child: Node


TextLeaf: TypeAlias = Word | Phrase | Bag
Pattern: TypeAlias = Wildcard | Fuzzy | WholeWord | Near | Pinyin | Regex | Exact
Leaf: TypeAlias = TextLeaf | Pattern | PathGlob | DateRange | Known | Everything | Pages
Node: TypeAlias = Leaf | And | Or | Not
"""A query: a leaf, or others put together."""

TEXTS = (Word, Phrase, Bag)
PATTERNS = (Wildcard, Fuzzy, WholeWord, Near, Pinyin, Regex, Exact)
"""The classes of `TextLeaf` and `Pattern`, for `isinstance`: a union of types is slow there."""

TRIED = (Regex, Exact)
"""The patterns that an index cannot find by itself: they are tried on the articles."""


def path_matches(path: str, pattern: str) -> bool:
    """Return whether a path, or what follows one of its slashes, matches a shell pattern."""
    return fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"*/{pattern}")


def conjunction(nodes: list[Node]) -> Node:
    """Return the AND of some nodes: everything for none, the node itself for one."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, And) else [node])
    flat = [node for node in flat if not isinstance(node, Everything)] or flat[:1]
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def kind_of(node: Node) -> tuple[Kind, Node]:
    """Return what a query looks for, and what it asks of that."""
    children = node.children if isinstance(node, And) else (node,)
    asked: list[Node] = [child for child in children if not isinstance(child, Pages)]
    if len(asked) == len(children):
        return ARTICLE, node
    return PAGE, conjunction(asked)


def leaves(node: Node, *, negated: bool = True) -> Iterator[Leaf]:
    """Yield the leaves in order; without `negated`, not those under a NOT."""
    if isinstance(node, (And, Or)):
        for child in node.children:
            yield from leaves(child, negated=negated)
    elif not isinstance(node, Not):
        yield node
    elif negated:
        yield from leaves(node.child)


def positive_leaves(node: Node) -> Iterator[TextLeaf]:
    """Yield the text leaves that speak for an article, not those under a NOT, in order."""
    for leaf in leaves(node, negated=False):
        if isinstance(leaf, TEXTS):
            yield leaf


def positive_patterns(node: Node) -> Iterator[Pattern]:
    """Yield the patterns that speak for an article, not those under a NOT, in order."""
    for leaf in leaves(node, negated=False):
        if isinstance(leaf, PATTERNS):
            yield leaf


def fields_of(leaf: TextLeaf | Pattern) -> tuple[str, ...]:
    """Return the fields in which a leaf looks."""
    return (leaf.field,) if leaf.field else TEXT_FIELDS


def strings_of(node: Node) -> list[Word | Phrase]:
    """Return the strings of which a side of NEAR is one; none where it is something else."""
    if not isinstance(node, Or):
        return [node] if isinstance(node, (Word, Phrase)) else []
    sides = [strings_of(child) for child in node.children]  # a number is an OR of its forms
    return [text for side in sides for text in side] if all(sides) else []


def relaxed(node: Node) -> Node | None:
    """Return the query that parts of `node` are enough for, or None if it has no parts.

    Of an AND, any of the text parts is enough, while NOTs, dates and named authors, papers,
    sections and paths hold as before; of a bare chunk, any of its words. A quoted string
    has no parts.
    """
    children = node.children if isinstance(node, And) else (node,)
    optional: list[Node] = []
    strict: list[Node] = []
    for child in children:
        if isinstance(child, (*TEXTS, *PATTERNS)) and not _of_text(child):
            strict.append(child)
        elif isinstance(child, Word):
            optional.append(Bag(child.text, child.field, child.boost))
        elif isinstance(child, (Phrase, Bag, *PATTERNS)) or (
            isinstance(child, Or) and any(_of_text(leaf) for leaf in leaves(child))
        ):
            optional.append(child)
        else:
            strict.append(child)
    if not optional or (len(optional) == 1 and not isinstance(optional[0], Bag)):
        return None
    any_part = optional[0] if len(optional) == 1 else Or(tuple(optional))
    return conjunction([any_part, *strict])


def _of_text(leaf: Leaf) -> bool:
    """Return whether a leaf looks in the text, and not only at who wrote it, when and where."""
    return isinstance(leaf, (*TEXTS, *PATTERNS)) and leaf.field in {None, "title", "body"}


def within(node: Node, field: str) -> Node:
    """Return `node` with every leaf that names no field looking in `field` alone."""
    return changed(node, lambda leaf: leaf if leaf.field else replace(leaf, field=field))


def boosted(node: Node, factor: float) -> Node:
    """Return `node` with the boost of every leaf multiplied."""
    return changed(node, lambda leaf: replace(leaf, boost=leaf.boost * factor))


def changed(node: Node, change: Callable[[TextLeaf | Pattern], Node]) -> Node:
    """Return `node` with another node in place of each text leaf and pattern."""
    if isinstance(node, (And, Or)):
        return type(node)(tuple(changed(child, change) for child in node.children))
    if isinstance(node, Not):
        return Not(changed(node.child, change))
    return change(node) if isinstance(node, (*TEXTS, *PATTERNS)) else node
