"""The names that files give to their encodings, and what is meant by them.

Only encodings of text are known here, not all that Python calls so. An encoding stands for
what is read with it in practice: GBK where GB2312 is said, Windows-1252 where Latin-1 is
(https://encoding.spec.whatwg.org/#names-and-labels). UTF-16 is left out: what is read in order
to learn it can't be in it, and it is known by its bytes. So are HZ and the like, which nobody
has written for decades and whose bytes are ASCII.
"""

from __future__ import annotations

import codecs

_MEANT = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "cp950",
    "cp950": "cp950",
    "big5hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
}
"""By Python's name of an encoding, the one to read with."""

_ALIASES = {"x-gbk": "gbk", "x-x-big5": "big5", "x-sjis": "shift_jis", "gb_2312-80": "gb2312"}


def encoding_of(label: str | None) -> str:
    """Return the encoding that is meant by a name; "" if it is none that is known."""
    plain = (label or "").strip().strip("\"'").lower()
    try:
        return _MEANT.get(codecs.lookup(_ALIASES.get(plain, plain)).name, "")
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""
