"""Synonyms of the user's own: a plain file, applied to queries alone.

    # one group a line, any of which finds all of them
    志愿服务 = 义工服务 = 志工服务
    # one way: who asks for the first also finds the others
    电脑 => 计算机 微机

Full-width ＝, ＝＞ and ＃ do as well. Lines do not chain: of `甲 = 乙` and `乙 = 丙`, 甲 finds
no 丙. A line that cannot be read is left out and said, with its number; the rest holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from search.analysis.fold import fold
from search.model.errors import LimitError
from search.model.frozen import replace
from search.query.ast import And, Node, Not, Or, Phrase, Word, leaves
from search.query.limits import CLAUSES
from search.system.user_file import Mistake, read_lines

Table = Mapping[str, tuple[str, ...]]
"""Folded texts, and the folded texts that each also stands for."""

MOST_WORDS = 50
"""Words of a line: each of them is to find all of the others."""

MOST_SYNONYMS = 200_000
"""Words that stand for others, in all lines together."""

_ASCII = str.maketrans("＝＞", "=>")


def read_synonyms(path: Path) -> tuple[dict[str, tuple[str, ...]], list[Mistake]]:
    """Return the synonyms of a file, and the lines that cannot be used with the reasons."""
    lines, mistakes = read_lines(path)
    table: dict[str, dict[str, None]] = {}
    left = MOST_SYNONYMS
    for number, line in lines:
        try:
            for text, others in _entries(line.translate(_ASCII)):
                table.setdefault(text, {}).update(dict.fromkeys(others))
                left -= len(others)
        except ValueError as exc:
            mistakes.append(Mistake(path, number, str(exc)))
        if left < 0:
            most = f"more than {MOST_SYNONYMS:,} synonyms; the lines after this one are left out"
            mistakes.append(Mistake(path, number, most))
            break
    return {text: tuple(others) for text, others in table.items()}, mistakes


def own_synonyms(given: Mapping[str, Collection[str]]) -> Table:
    """Return the synonyms that a program gives: of each text, what else it is to find.

    Raises ValueError for what is none.
    """
    table: dict[str, tuple[str, ...]] = {}
    for text, others in given.items():
        first, *rest = _folded([text, *others])
        table[first] = (*table.get(first, ()), *rest)
    return table


def _entries(line: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what a line says of each text; raise ValueError saying why it says nothing."""
    one_way = re.split(r"\s*=+>\s*", line)
    if len(one_way) > 2:
        raise ValueError("more than one => in a line")
    if len(one_way) == 2:
        left, right = one_way
        texts = _folded([left, *re.split(r"\s*=\s*" if "=" in right else r"[\s,，、]+", right)])
        yield texts[0], texts[1:]
        return
    parts = re.split(r"\s*=\s*", line)
    if len(parts) < 2:
        raise ValueError("this line has neither = nor =>")
    texts = _folded(parts)
    for text in texts:
        yield text, [other for other in texts if other != text]


def _folded(parts: list[str]) -> list[str]:
    if len(parts) > MOST_WORDS:
        raise ValueError(f"more than {MOST_WORDS} words in a line")
    texts = []
    for part in parts:
        text = fold(part)
        if not any(map(str.isalnum, text)):
            raise ValueError(f"{part!r} is not a word" if part else "a word is missing beside =")
        if text not in texts:
            texts.append(text)
    if len(texts) < 2:
        raise ValueError("all words in this line are equal after folding")
    return texts


def widen(node: Node, table: Table) -> Node:
    """Return a tree in which each bare chunk that is an entry also finds its synonyms.

    Quoted strings stay as they are, and so do the words inside a chunk. Raises LimitError.
    """
    added = sum(len(table.get(_chunk(leaf), ())) for leaf in leaves(node))
    if added > CLAUSES:
        raise LimitError(
            f"the words of this query have {added:,} synonyms; the limit is {CLAUSES:,}",
            "leave them out (--no-synonyms), or search for fewer words",
        )
    return _widened(node, table)


def _chunk(node: Node) -> str:
    """Return the text of a leaf that was typed as a bare chunk: under NOT it is a string."""
    if isinstance(node, Word) or (isinstance(node, Phrase) and node.bare):
        return node.text
    return ""


def _other(leaf: Word | Phrase, text: str) -> Word | Phrase:
    """Return a leaf with another text, of which the forms of its own are none."""
    return replace(leaf, text=text, forms=())


def _widened(node: Node, table: Table) -> Node:
    match node:
        case And(children) | Or(children):
            return type(node)(tuple(_widened(child, table) for child in children))
        case Not(child):
            return Not(_widened(child, table))
        case Word(text) | Phrase(text) if _chunk(node) in table:
            return Or((node, *(_other(node, other) for other in table[text])))
        case _:
            return node
