"""How the objects that other programs rely on (`search.model.records`) are written as JSON."""

from __future__ import annotations

import json
import re

from search.model.records import Record
from search.output.safe import HIDDEN, TAGS

# json leaves these as they are. Escaped they mean the same, and a terminal that shows the
# line obeys none of them. A lone surrogate (a byte of a file name) is not even UTF-8.
_ESCAPED = re.compile(f"[\x7f\u2028\u2029\ud800-\udfff{HIDDEN}{TAGS}]")


def to_json(record: Record, *, unicode: bool) -> str:
    r"""Return a record as JSON on one line, in ASCII with `\uXXXX` unless `unicode`."""
    text = json.dumps(record, ensure_ascii=not unicode, separators=(",", ":"))
    return _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
