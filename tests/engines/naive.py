"""What should be found, in plain Python: an oracle that shares nothing with what it judges.

The reference engine reads every article, but matches patterns, runs regular expressions, folds
copies and counts facets by the code that the index uses too: a mistake there is one that both
make. Here all of that is said again, in the words of docs/query.md, by `re`, `fnmatch`, edit
distances, sets of shingles and `Counter`. Shared are the tree, folding, the words of a chunk
(all of them tested by themselves) and two tables of words.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise, product

from search.analysis.fold import fold
from search.analysis.segment import cut, segment
from search.analysis.tables.common import COMMON
from search.model.article import Article
from search.query.ast import (
    And,
    Bag,
    DateRange,
    Everything,
    Fuzzy,
    Known,
    Near,
    Node,
    Not,
    Or,
    PathGlob,
    Phrase,
    Pinyin,
    Regex,
    WholeWord,
    Wildcard,
    Word,
)
from search.query.question_words import asks

HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
SEEN = ("title", "body", "author")
"""Where a leaf without a field looks."""


def texts_of(article: Article) -> dict[str, list[str]]:
    """Return the folded texts of an article by field."""
    texts = {
        "title": [article.title],
        "body": [article.body],
        "author": list(article.authors),
        "paper": [article.paper or ""],
        "section": [article.section or ""],
        "path": [article.path],
        # As printed in `PAGES` and `ISSUES` of the strategies: without zeros, and 号 is 期.
        "page": [re.sub("(?<=A)0", "", f"第{article.page}版")] if article.page else [],
        "issue": [article.issue.replace("号", "期")] if article.issue else [],
        "edition": [article.edition or ""],
    }
    return {field: [fold(text) for text in some] for field, some in texts.items()}


# Finding.


def finds(tree: Node, article: Article) -> bool:
    """Tell whether a tree finds an article."""
    if isinstance(tree, And):
        return not [child for child in tree.children if not finds(child, article)]
    if isinstance(tree, Or):
        return bool([child for child in tree.children if finds(child, article)])
    if isinstance(tree, Not):
        return not finds(tree.child, article)
    if isinstance(tree, Everything):
        return True
    if isinstance(tree, (Known, DateRange, PathGlob)):
        return is_there(tree, article)
    texts = texts_of(article)
    values = [value for field in fields(tree.field) for value in texts[field]]
    if isinstance(tree, Phrase):
        return stands(tree.text, values)
    if isinstance(tree, Word):
        wanted = wanted_of(tree.text)
        scattered = bool(wanted) and all(any(stands(s, values) for s in some) for some in wanted)
        return stands(tree.text, values) or scattered
    if isinstance(tree, Bag):
        return any(
            stands(text, texts[field])
            for text in strings_of(tree.text)
            for field in fields(tree.field)
            if not (field == "author" and len(text) == 1 and tree.field is None)
        )
    return any(occurs(tree, value) for value in values)


def is_there(tree: Known | DateRange | PathGlob, article: Article) -> bool:
    """Tell whether what is known of an article beside its text is as a leaf wants it."""
    if isinstance(tree, Known):
        known = [article.date] if tree.field == "date" else texts_of(article)[tree.field]
        return any(known)
    if isinstance(tree, DateRange):
        return any(tree.since <= day <= tree.until for day in days(article.date))
    parts = article.path.split("/")
    ends = ["/".join(parts[i:]) for i in range(len(parts))]
    return any(re.fullmatch(fnmatch.translate(tree.pattern), end) for end in ends)


def fields(field: str | None) -> tuple[str, ...]:
    """Return the fields in which a leaf looks."""
    return (field,) if field else SEEN


def stands(text: str, values: Iterable[str]) -> bool:
    """Tell whether a string stands in any of some values."""
    return any(text in value for value in values)


def days(date: str | None) -> list[int]:
    """Return all days on which an article of a date, or of a part of one, may be of, YYYYMMDD."""
    if date is None:
        return []
    wanted = date.replace("-", "")
    first = dt.date(int(date[:4]), 1, 1)
    year = [first + dt.timedelta(n) for n in range(366)]
    return [int(text) for day in year if (text := f"{day:%Y%m%d}").startswith(wanted)]


NOTHING_SAID = set(
    "的了着之所和与及或而且但在于是为以把被将对从向由给让因也都就又还已曾正很其这那此该有吗呢吧啊谁"
)
"""Characters that a bare chunk may have and an article not."""


def is_short(word: str) -> bool:
    """Tell whether a word is one character, or has none of Chinese."""
    return len(word) == 1 or not HAN.search(word)


def is_long(word: str) -> bool:
    """Tell whether a short word tells all the same: three letters, or four figures."""
    figures = len(re.findall(r"\d", word))
    return not HAN.search(word) and (
        len(word) >= 3 if re.search(r"[^\W\d_]", word) else figures >= 4
    )


def touching(before: str, signs: str, following: str) -> bool:
    """Tell whether nothing but signs that tie stands between two words."""
    left, right = before[-1], following[0]
    if signs in (",", ":"):
        return left.isdigit() and right.isdigit()
    plain = HAN.match(left) and HAN.match(right)
    return not signs or bool(not plain and re.fullmatch(r"[-+#%&'._~/·]{1,2}", signs))


def with_signs(text: str, start: int, end: int) -> str:
    """Return a stretch of a text with the signs that belong to a letter or figure at its ends."""
    before = "" if HAN.match(text[start]) else re.split(r"[^#$¥€£@]", text[:start])[-1]
    behind = "" if HAN.match(text[end - 1]) else re.split(r"[^+#%℃°]", text[end:])[0]
    return before + text[start:end] + behind


def spans_of(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Return where the words of a text begin and end."""
    spans, at = [], 0
    for word in words:
        at = text.find(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    return spans


def wanted_of(text: str) -> list[set[str]]:
    """Return sets of strings: a bare chunk is found where one of each set stands.

    By marks: each character of the chunk has the number of its piece, where what is short and
    side by side is one piece. Then pieces that say nothing by themselves take a neighbour.
    """
    words = cut(text)
    spans = spans_of(text, words)

    def touch(i: int) -> bool:
        return touching(text[: spans[i][1]], text[spans[i][1] : spans[i + 1][0]], words[i + 1])

    pieces: list[list[int]] = []
    for i in range(len(words)):
        if pieces and is_short(words[i]) and is_short(words[i - 1]) and touch(i - 1):
            pieces[-1].append(i)
        else:
            pieces.append([i])

    def string(first: int, last: int) -> str:
        return with_signs(text, spans[first][0], spans[last][1])

    out = []
    for piece in pieces:
        if not is_short(words[piece[0]]):
            out.append({words[piece[0]]})
            continue
        said = [i for i in piece if words[i] not in NOTHING_SAID]
        if not said:
            continue
        first, last = said[0], said[-1]
        if first < last or is_long(words[first]):
            out.append({string(first, last)})
            continue
        sides = [(first - 1, first)] if first and touch(first - 1) else []
        sides += [(first, first + 1)] if first + 1 < len(words) and touch(first) else []
        best = [(a, b) for a, b in sides if not {words[a], words[b]} & NOTHING_SAID]
        out.append({string(a, b) for a, b in best or sides} or {string(first, first)})
    return out or [{text}] * bool(words)


def strings_of(text: str) -> list[str]:
    """Return the strings of which one is enough for plain words: pairs, and words of no pair."""
    words = list(dict.fromkeys(segment(text)))
    pairs = [a + b for a, b in pairwise(text) if (a + b).isalnum() and HAN.search(a + b)]
    if not pairs:
        return [word for word in words if word not in COMMON] or words or [text]
    alone = [w for w in words if len(w) == 1 and w not in COMMON and not asks(w)]
    others = [w for w in words if not HAN.search(w)]
    telling = [word for word in words if word not in COMMON] or words
    return [*pairs, *(word for word in [*alone, *others] if word in telling)]


# Patterns.


def occurs(leaf: Wildcard | Fuzzy | Near | Pinyin | Regex | WholeWord, value: str) -> bool:
    """Tell whether a pattern occurs in a folded value."""
    if isinstance(leaf, Wildcard):
        return re.search(wildcard(leaf), value) is not None
    if isinstance(leaf, Fuzzy):
        sizes = range(len(leaf.text) - leaf.edits, len(leaf.text) + leaf.edits + 1)
        pieces = {value[i : i + size] for size in sizes for i in range(len(value) - size + 1)}
        return any(distance(leaf.text, piece) <= leaf.edits for piece in pieces)
    if isinstance(leaf, Near):
        return near(leaf, value)
    if isinstance(leaf, Pinyin):
        return any(
            all(is_read(char, syllable) for syllable, char in zip(reading, piece, strict=True))
            for reading in leaf.readings
            for i in range(len(value) - len(reading) + 1)
            if (piece := value[i : i + len(reading)])
        )
    if isinstance(leaf, WholeWord):
        letters = "0-9A-Za-z_\u00c0-\u024f\u0370-\u052f"
        before = f"(?<![{letters}])" if re.match(f"[{letters}]", leaf.text) else ""
        behind = f"(?![{letters}])" if re.search(f"[{letters}]$", leaf.text) else ""
        return re.search(before + re.escape(leaf.text) + behind, value) is not None
    return any(match[0] for match in re.finditer(leaf.pattern, value))


def wildcard(leaf: Wildcard) -> str:
    """Return a wildcard as a regular expression of `re`."""
    out = re.escape(leaf.pieces[0])
    for (before, after), (least, most) in zip(pairwise(leaf.pieces), leaf.gaps, strict=True):
        latin = before[-1:].isascii() and before[-1:].isalnum()
        latin = latin and after[:1].isascii() and after[:1].isalnum()
        any_one = "[0-9a-z_]" if latin and most > least else "."
        out += f"{any_one}{{{least},{most}}}{re.escape(after)}"
    return out


def distance(one: str, other: str) -> int:
    """Return the edit distance of two strings (Levenshtein 1966), by its recurrence."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, above = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(row[-1] + 1, above[j] + 1, above[j - 1] + (a != b)))
    return row[-1]


def near(leaf: Near, value: str) -> bool:
    """Try every choice of an occurrence of each string."""
    spans = [
        [
            (i, i + len(text))
            for text in texts
            for i in range(len(value))
            if value[i:].startswith(text)
        ]
        for texts in leaf.parts
    ]
    return any(
        all(
            0 <= max(a, b)[0] - min(a, b)[1] <= gap and (a < b or i not in leaf.ordered)
            for i, ((a, b), gap) in enumerate(zip(pairwise(chain), leaf.gaps, strict=True))
        )
        for chain in product(*spans)
    )


def is_read(char: str, syllable: str) -> bool:
    """Tell whether a character can be read as a syllable, or as one that begins as `z*` does."""
    if syllable[-1] != "*":
        return syllable in sounds()[char]
    return any(
        sound.startswith(syllable[:-1]) and set(sound) & set("aeiouv") for sound in sounds()[char]
    )


@cache
def sounds() -> defaultdict[str, set[str]]:
    """Return the syllables that each folded character can be read as, by pypinyin itself."""
    from pypinyin.contrib.tone_convert import to_normal, to_tone3
    from pypinyin.pinyin_dict import pinyin_dict

    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, readings in pinyin_dict.items():
        for reading in readings.split(","):
            plain = to_normal(reading, v_to_u=False)
            toned = to_tone3(reading, v_to_u=False, neutral_tone_with_five=True)
            found[fold(chr(code))] |= {plain, toned}
    return found


# Counting.


def counts(articles: Iterable[Article]) -> dict[str, Counter[str | None]]:
    """Return how many of some articles have each value of each facet."""
    there = list(articles)
    return {
        "paper": Counter(a.paper or None for a in there),
        "year": Counter(a.date and a.date[:4] for a in there),
        "month": Counter(a.date and a.date[:7] for a in there),
        "author": Counter(name for a in there for name in (set(filter(None, a.authors)) or {None})),
        "section": Counter(a.section or None for a in there),
        "page": Counter(a.page or None for a in there),
        "issue": Counter(a.issue or None for a in there),
        "edition": Counter(a.edition or None for a in there),
    }


# Ranking: docs/query.md, "Order", and docs/relevance.md, which says how each was chosen.

FIELD_WEIGHTS = {"title": 5.0, "body": 1.0, "author": 1.0}
"""docs/query.md: an occurrence in the headline counts as five."""

PAIR = 0.5
"""docs/query.md: half as much over pairs of characters."""

LEAD = 100
"""docs/query.md: one among the first hundred characters counts as more than one; relevance.md,
change 3: as one occurrence more."""

LONE = 0.25
"""docs/relevance.md, "A second look": the word that a single character is counts a quarter."""

ASKING = 0.2
"""docs/query.md: words that ask count for a fifth."""

EXACT = 0.1
"""docs/query.md: a chunk that stands as it is adds a tenth of what its terms could be worth."""

K1 = 1.2
"""docs/relevance.md, "What was taken away": one k1 for all, as in the textbook."""

B = 0.75
"""Robertson and Zaragoza (2009), section 3.5; docs/relevance.md, "Before": as it was."""


def idf(total: int, having: int) -> float:
    """Return the idf of Robertson and Zaragoza (2009), formula 3.6, never below zero."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def terms(text: str) -> list[tuple[str, str, float]]:
    """Return by which terms a text ranks: kind, text, and how often and how much each counts."""
    found = [("character", text, 1.0)] if len(text) == 1 else []
    share = LONE if len(text) == 1 else 1.0
    found += [
        ("word", word, share * n * (ASKING if asks(word) else 1.0))
        for word, n in Counter(cut(text)).items()
    ]
    pairs = Counter(a + b for a, b in pairwise(text) if letters(a + b))
    return found + [
        ("pair", pair, PAIR * n * (ASKING if asks(pair) else 1.0)) for pair, n in pairs.items()
    ]


def letters(text: str) -> bool:
    """Tell whether a text is letters and digits alone."""
    return re.fullmatch(r"\w+", text) is not None


def scores(articles: Sequence[Article], leaf: Word | Bag) -> dict[str, float]:
    """Return what a leaf adds to each article, by id: BM25F, formula by formula.

    Robertson, Zaragoza and Taylor (2004): the occurrences in all fields, each by the length and
    the weight of its field, are added up, and the sum saturates. Where a chunk of several words
    stands as it is, a tenth of the most that its terms could be worth comes on top
    (docs/query.md).
    """
    texts = {article.id: texts_of(article) for article in articles}
    sums: Counter[str] = Counter()
    bound = 0.0
    for kind, text, weight in terms(leaf.text):
        having, worth = _occurrences(texts, fields(leaf.field), kind, text)
        if not having:
            continue
        rarity, k1 = idf(len(articles), having), K1
        bound += weight * rarity * (k1 + 1)
        for one, x in worth.items():
            sums[one] += weight * rarity * (k1 + 1) * x / (x + k1)
    for one, of in texts.items():
        values = [value for field in fields(leaf.field) for value in of[field]]
        if isinstance(leaf, Word) and len(set(cut(leaf.text))) > 1 and stands(leaf.text, values):
            sums[one] += EXACT * bound
    return sums


def _occurrences(
    texts: dict[str, dict[str, list[str]]], names: tuple[str, ...], kind: str, text: str
) -> tuple[int, Counter[str]]:
    """Return in how many articles a term stands, and what its occurrences in each add up to."""
    having, worth = 0, Counter[str]()
    for field in names:
        times = {one: _times(kind, text, of[field]) for one, of in texts.items()}
        sizes = {one: _size(kind, of[field]) for one, of in texts.items()}
        mean = sum(sizes.values()) / len(sizes) or 1.0
        having = max(having, sum(map(bool, times.values())))
        for one, tf in times.items():
            early = kind == "pair" and field == "body" and text in texts[one][field][0][: LEAD + 1]
            normal = 1 - B + B * sizes[one] / mean
            worth[one] += FIELD_WEIGHTS[field] * (tf + early) / normal
    return having, worth


def _times(kind: str, text: str, values: list[str]) -> int:
    """Return how often a term stands in a field; of a character, whether it does."""
    if kind == "word":
        return sum(segment(value).count(text) for value in values)
    if kind == "character":
        return int(stands(text, values))
    return sum(value.startswith(text, i) for value in values for i in range(len(value)))


def _size(kind: str, values: list[str]) -> int:
    """Return the length of a field, in words or in characters."""
    return sum(len(segment(value)) if kind == "word" else len(value) for value in values)


# Copies.

FAR = 30
"""Places below the best article among which its copies are folded, as docs/index-format.md
and the README say."""


def alike(one: Article, other: Article) -> float:
    """Return the share of four-character shingles that two bodies have in common (Jaccard)."""
    sets = [
        {body[i : i + 4] for i in range(len(body) - 3)}
        for body in map(fold, (one.body, other.body))
    ]
    whole = sets[0] | sets[1]
    return len(sets[0] & sets[1]) / len(whole) if whole else 0.0


def folded(ranking: Sequence[Article], same: dict[frozenset[str], bool]) -> list[list[str]]:
    """Return a ranking with copies under their best, by ids, where it is told which are the same.

    An article goes with the best of those within reach above it that stand for themselves.
    """
    groups: list[tuple[int, list[str]]] = []
    for rank, article in enumerate(ranking):
        for first, group in groups:
            if rank - first <= FAR and same[frozenset((group[0], article.id))]:
                group.append(article.id)
                break
        else:
            groups.append((rank, [article.id]))
    return [group for _, group in groups]
