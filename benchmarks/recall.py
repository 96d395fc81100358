"""Compare what queries of every kind find with a search over the unwrapped text.

usage: python benchmarks/recall.py INDEX [NUMBER] [SEED] [KIND ...]

Takes NUMBER queries of each kind (a tenth of it of those that are not plain strings) from
random places of the articles of an index, and compares what `sou` finds with a plain
substring search or a regular expression over every article. The texts are unwrapped here by
other means than those of sou (the regex below, NFKC, OpenCC), queries are never parsed, and
words are jieba's own, so that the oracle does not share its mistakes; what characters are
variants of each other it takes from the table that sou has, which is data. Prints each
difference, and a line for each kind.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
import time
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import opencc

from search.analysis.tables.variants import STANDARD, VARIANTS
from search.engines.port import Engine, SearchRequest, Top
from search.model.article import Article
from search.model.errors import LimitError
from search.query.ast import Everything
from search.searching.search import Question, find
from search.storage.index_folder import IndexFolder

WIDE = "\u2e80-\u2fdf\u3005-\u30ff\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WRAP = re.compile(rf"(?<![^\W{WIDE}])\s+|\s+(?![^\W{WIDE}])")
STYLES = str.maketrans(dict.fromkeys("“”‘’‚‛„‟「」『』'`´〝〞〟", '"'))
STYLES |= str.maketrans(dict.fromkeys("–—―−─━‐‑‒", "-"))
STYLES |= str.maketrans(dict.fromkeys("·•‧∙⋅・･●", ".") | dict.fromkeys("〜∼", "~"))
STYLES |= str.maketrans("〔【〖〘〚〕】〗〙〛[]∶︰꞉٪", "((((()))))():::%")
ROWS = re.compile(r"-(?=-)|\.(?=\.{3})")
HAN = "".join(map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0)]))
SIMPLIFIED = str.maketrans(HAN, opencc.OpenCC("t2s").convert("\n".join(HAN)).replace("\n", ""))
SIMPLIFIED |= str.maketrans(VARIANTS, STANDARD)
RUNS = "[\u4e00-\u9fff]"

Found = set[int]
"""Numbers of articles."""


def unwrap(text: str) -> str:
    """Return a text without line breaks and OCR spaces, in one width, case and script.

    What cannot be seen, format and control characters (one DEL in the news), is left out.
    """
    text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc"})
    text = unicodedata.normalize("NFKC", text.translate(STYLES))  # ´ would become a space
    text = text.casefold().translate(STYLES).translate(SIMPLIFIED)
    # Runs first become one space: in the middle of a run, a space has no letter beside it.
    text = WRAP.sub("", re.sub(r"\s+", " ", text)).strip()
    return ROWS.sub("", text)  # of dashes one is left, of dots three


class Texts:
    """All articles as one text: a line for each headline, body and name."""

    def __init__(self, articles: list[Article], rng: random.Random) -> None:
        self.rng = rng
        self.articles = articles
        self.starts: list[int] = []
        self.bodies: list[str] = []
        pieces, at = [], 0
        for each in articles:
            parts = [unwrap(each.title), unwrap(each.body), *map(unwrap, each.authors)]
            if len(parts[1]) > 40:
                self.bodies.append(parts[1])
            self.starts.append(at)
            pieces.append("\n".join(parts) + "\n")
            at += len(pieces[-1])
        self.whole = "".join(pieces)

    def piece(self, least: int, most: int, of: str = ".") -> str:
        """Return a piece of a random body, so long, of characters that a pattern allows."""
        while True:
            body, size = self.rng.choice(self.bodies), self.rng.randint(least, most)
            start = self.rng.randrange(len(body) - size)
            string = body[start : start + size].strip()
            if len(string) >= least and re.fullmatch(f"(?:{of})+", string):
                return string

    def with_string(self, string: str) -> Found:
        """Return the articles in which a string stands."""
        found, place = set(), self.whole.find(string)
        while place >= 0:
            number = bisect_right(self.starts, place) - 1
            found.add(number)
            end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.whole)
            place = self.whole.find(string, end)
        return found

    def with_match(self, pattern: str) -> Found:
        """Return the articles in which a regular expression matches within a line."""
        matches = re.finditer(pattern, self.whole)
        return {bisect_right(self.starts, match.start()) - 1 for match in matches}

    def of_days(self, first: dt.date, last: dt.date) -> Found:
        """Return the articles of some days."""
        days = (first.isoformat(), last.isoformat())
        dates = enumerate(each.date or "" for each in self.articles)
        return {number for number, date in dates if len(date) == 10 and days[0] <= date <= days[1]}


def strings(texts: Texts) -> tuple[str, Found]:
    """Return a string as it stands somewhere."""
    string = texts.piece(1, 8)
    return string, texts.with_string(string)


def boolean(texts: Texts) -> tuple[str, Found]:
    """Return AND, OR and NOT of quoted strings."""
    a, b, c = (texts.piece(2, 3, RUNS) for _ in range(3))
    in_a, in_b, in_c = map(texts.with_string, (a, b, c))
    return texts.rng.choice(
        [
            (f'"{a}" "{b}"', in_a & in_b),
            (f'"{a}" OR "{b}" "{c}"', in_a | (in_b & in_c)),
            (f'"{a}" -"{b}"', in_a - in_b),
            (f'("{a}" OR "{b}") NOT ("{c}" OR "{b}")', (in_a | in_b) - (in_c | in_b)),
        ]
    )


def chunks(texts: Texts) -> tuple[str, Found]:
    """Return a bare chunk of two words, as jieba cuts it."""
    import jieba

    jieba.setLogLevel(60)
    while True:
        words = jieba.lcut(texts.piece(4, 8, RUNS))
        if len(words) == 2 and all(len(word) > 1 for word in words):
            apart = texts.with_string(words[0]) & texts.with_string(words[1])
            return "".join(words), apart


def near(texts: Texts) -> tuple[str, Found]:
    """Return two strings near each other."""
    piece, gap = texts.piece(6, 30, "[\u4e00-\u9fff，。]"), texts.rng.randint(0, 30)
    a, b = piece[:2], piece[-2:]
    if "，" in a + b or "。" in a + b:
        return near(texts)
    between = f".{{0,{gap}}}"
    return f"{a} NEAR/{gap} {b}", texts.with_match(f"(?:{a}{between}{b}|{b}{between}{a})")


def wildcards(texts: Texts) -> tuple[str, Found]:
    """Return two strings with a gap between."""
    piece = texts.piece(5, 8, RUNS)
    sign, gap = texts.rng.choice([("?", "."), ("*", ".{0,8}"), ("??", "..")])
    a, b = piece[:2], piece[-2:]
    return f"{a}{sign}{b}", texts.with_match(f"{a}{gap}{b}")


def fuzzy(texts: Texts) -> tuple[str, Found]:
    """Return a string of which one character may be wrong."""
    piece = texts.piece(3, 6, RUNS)
    places = range(len(piece))
    missing = [piece[:i] + piece[i + 1 :] for i in places]
    wrong = [piece[:i] + "." + piece[i + 1 :] for i in places]
    added = [piece[:i] + "." + piece[i:] for i in places[1:]]
    return f"{piece}~", texts.with_match("|".join([piece, *missing, *wrong, *added]))


def expressions(texts: Texts) -> tuple[str, Found]:
    """Return a regular expression that every match gives two characters of."""
    a, b = texts.piece(2, 2, RUNS), texts.piece(1, 1, RUNS)
    form = texts.rng.choice([f"{a}.{{0,6}}{b}", f"{a}[0-9]+", f"(?:{b}|.)?{a}[^{b}]"])
    return f"/{form}/", texts.with_match(form.replace("[^", "[^\\n"))


def dates(texts: Texts) -> tuple[str, Found]:
    """Return a string in the articles of some days."""
    a = texts.piece(2, 2, RUNS)
    known = [each.date for each in texts.articles if each.date and len(each.date) == 10]
    if not known:
        return f'"{a}"', texts.with_string(a)
    first = dt.date.fromisoformat(texts.rng.choice(known))
    last = first + dt.timedelta(texts.rng.randint(0, 9))
    return f'"{a}" date:{first}..{last}', texts.with_string(a) & texts.of_days(first, last)


KINDS: dict[str, Callable[[Texts], tuple[str, Found]]] = {
    "strings": strings,
    "boolean": boolean,
    "chunks": chunks,
    "near": near,
    "wildcards": wildcards,
    "fuzzy": fuzzy,
    "expressions": expressions,
    "dates": dates,
}


def compare(engine: Engine, texts: Texts, kind: str, number: int) -> int:
    """Ask some queries of a kind, print what differs and one line; return how many differ."""
    differing, some, refused, cpu = 0, 0, 0, 0.0
    for _ in range(number):
        query, wanted = KINDS[kind](texts)
        begun = time.process_time()
        question = Question(
            query,
            mode="literal" if kind == "strings" else "query",
            limit=None,
            dedupe=False,
            partial=False,
            beside=False,
        )
        try:
            results = find(engine, question, "outlines")
        except LimitError:
            refused += 1
            continue
        finally:
            cpu += time.process_time() - begun
        found = {hit.article.id for hit in results.hits}
        grep = {texts.articles[number].id for number in wanted}
        some += bool(grep)
        if found != grep:
            differing += 1
            print(f"{query!r}: grep {len(grep)}, sou {len(found)}", sorted(grep ^ found)[:3])
    print(
        f"{kind}: {number} queries over {len(texts.articles)} articles, {some} find some: "
        f"{number - differing - refused} exact, {differing} differ, {refused} refused; "
        f"{cpu / number * 1000:.1f} ms each",
        flush=True,
    )
    return differing


def main(folder: str, number: int = 500, seed: int = 1, kinds: list[str] | None = None) -> int:
    """Compare queries of some kinds; return the number of those that differ."""
    rng = random.Random(seed)
    with closing(IndexFolder(Path(folder)).open_engine()) as engine:
        found = engine.search(SearchRequest(Everything(), Top(None, sort="path"))).hits
        texts = Texts([hit.article for hit in found], rng)
        return sum(
            compare(engine, texts, kind, number if kind == "strings" else max(1, number // 10))
            for kind in kinds or KINDS
        )


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], *map(int, sys.argv[2:4]), kinds=sys.argv[4:] or None)))
