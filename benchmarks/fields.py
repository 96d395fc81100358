"""Score what is known of pages (paper, date, page, issue) against a gold file, as articles have it.

usage: python benchmarks/fields.py PAGES/... [-v]

A field of a file is right when each of its articles has the value of the gold file, which
(articles.json in PAGES) maps the path of each page to `{"paper", "date", "page", "issue"}`, as far
as they are printed on it or in its name. Numbers of issues count by their figures. Where the
gold file names none, one that is given counts as made up. A table is printed, a line a paper.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

from search.model.article import ARTICLE, Article
from search.model.errors import PaperError
from search.papers.formats import reader_here
from search.papers.reader import Limits

FIELDS = ("paper", "date", "page", "issue")


def read(path: Path) -> list[Article]:
    """Return the articles of a file, read as if its folder were a source."""
    reader = reader_here(path.name)
    if reader is None:
        return []
    try:
        with path.open("rb") as stream:
            things = list(reader.read(f"papers/{path.name}", stream, Limits()))
    except PaperError:
        return []
    return [thing for thing in things if isinstance(thing, Article) and thing.kind == ARTICLE]


def _same(name: str, ours: str | None, gold: str | None) -> bool:
    if name == "issue" and ours and gold:
        return re.sub(r"\D", "", ours) == re.sub(r"\D", "", gold)
    return (ours or None) == (gold or None)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every miss")
    options = parser.parse_args()
    counts: Counter[tuple[str, str, str]] = Counter()
    papers: dict[str, None] = {}
    for root in options.pages:
        for name, gold in json.loads((root / "articles.json").read_text("utf-8")).items():
            articles = read(root / name)
            paper = gold.get("paper") or "(no paper known)"
            papers[paper] = None
            for field in FIELDS:
                wanted = gold.get(field)
                given = {getattr(article, field) for article in articles} or {None}
                right = all(_same(field, each, wanted) for each in given)
                kind = "wanted" if wanted else "none"
                counts[paper, field, kind] += 1
                counts[paper, field, f"{kind} right"] += right
                if not right and options.verbose:
                    print(f"{root.name}/{name}: {field} {sorted(map(str, given))}, not {wanted}")
    print("  ".join([f"{'paper':12}", *(f"{field:>18}" for field in FIELDS)]))
    for paper in [*papers, "all"]:
        cells = []
        for field in FIELDS:
            some = Counter(
                {
                    kind: sum(
                        counts[each, field, kind] for each in papers if paper in {each, "all"}
                    )
                    for kind in ("wanted", "wanted right", "none", "none right")
                }
            )
            made_up = some["none"] - some["none right"]
            cells.append(f"{some['wanted right']}/{some['wanted']}, {made_up} made up".rjust(18))
        print("  ".join([paper + " " * max(0, 12 - 2 * len(paper)), *cells]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
