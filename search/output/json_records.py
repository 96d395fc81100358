"""The JSON objects that other programs rely on, and how they are written.

What is in them is said by the records themselves (`search.model.results`, `.article`).
"""

from __future__ import annotations

import json
import re

from search.model.article import Article, Record
from search.model.facets import Facet, counts_by_name
from search.model.results import Hit, Parts, Results
from search.output.safe import HIDDEN, TAGS

# json leaves these as they are. Escaped they mean the same, and a terminal that shows the
# line obeys none of them. A lone surrogate (a byte of a file name) is not even UTF-8.
_ESCAPED = re.compile(f"[\x7f\u2028\u2029\ud800-\udfff{HIDDEN}{TAGS}]")


def hit_record(hit: Hit, qid: str | None = None) -> Record:
    """Return a hit as `sou.hit/1`; `qid` names its query when there are several."""
    return hit.to_dict() | ({} if qid is None else {"qid": qid})


def article_record(article: Article, *, body: bool = False) -> Record:
    """Return an article as `sou.article/1`, with its text when `body` is true."""
    return article.to_dict(body=body)


def parts_record(parts: Parts) -> Record:
    """Return the other parts of an article: where each is, null for one that is not known."""
    begins, goes_on = parts.begins, parts.goes_on
    return {"begins": begins and begins.brief(), "goes_on": goes_on and goes_on.brief()}


def results_record(results: Results, qid: str | None = None) -> Record:
    """Return the answer to one search as `sou.results/1`."""
    return results.to_dict() | ({} if qid is None else {"qid": qid})


def facets_record(facets: tuple[Facet, ...], total: int | None) -> Record:
    """Return the counts of facets as `sou.facets/1`; `total` counts the articles."""
    return {"schema": "sou.facets/1", "total": total, "facets": counts_by_name(facets)}


def to_json(record: Record, *, unicode: bool) -> str:
    r"""Return a record as JSON on one line, in ASCII with `\uXXXX` unless `unicode`."""
    text = json.dumps(record, ensure_ascii=not unicode, separators=(",", ":"))
    return _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
