r"""How paths are spelled whose names are not UTF-8: in an index, for people, for programs.

Disks of the nineties came with names in GBK, which Linux hands on as bytes. An index keeps each
byte that is not UTF-8 as `\xNN`, which loses nothing; people are shown what the name says.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

_ESCAPE = re.compile(r"\\(?=x[0-9a-f]{2})")
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")
_RAW = re.compile("[\udc80-\udcff]")
_NAME = re.compile("[^\x00-\x20/'\",:;]+")
"""A name in a sentence. No byte of a character of GBK is any of these signs.

That a byte is in it is no part of the expression, which would look for one from each character
of a long text to its end.
"""

_HAN = "\u3400-\u9fff"
_LIKELY = re.compile(f"[ -~\u00b7\u2010-\u2027\u2030-\u206f\u2160-\u2179\u2460-\u249b\u3000-\u301f{_HAN}\uff00-\uff65]+")  # fmt: skip
"""What names of papers are made of: neither kana nor Cyrillic, which other encodings turn into."""


_TWO_BYTES = re.compile("[\u0080-\u07ff]")

_LAST_COMMON = 0xD7
"""The first byte of the last characters of the first level of GB 2312."""


def kept(name: str) -> str:
    r"""Return a path as an index spells it: text, whatever the bytes of its names.

    A byte that is not UTF-8 becomes `\xNN`, and a backslash that stands in such a way before is
    escaped too: two names are never one.
    """
    if name.isascii() and "\\" not in name:
        return name
    return os.fsencode(_ESCAPE.sub(r"\\x5c", name)).decode("utf-8", "backslashreplace")


def raw(spelling: str) -> str:
    """Return the path that an index spells so, as the system takes it."""
    if "\\x" not in spelling:
        return spelling
    return os.fsdecode(_bytes(spelling))


def shown(spelling: str) -> str:
    """Return for people the path that an index spells so.

    A name that is not UTF-8 is read as GB18030 where that makes a likely name; else its bytes
    stay escapes. Two paths may be shown the same.
    """
    return spelling if "\\x" not in spelling else _shown(spelling)


@lru_cache(maxsize=4096)
def _shown(spelling: str) -> str:
    data = _bytes(spelling)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "/".join(map(_name, data.split(b"/")))


def shown_raw(text: str) -> str:
    """Return for people a path, or a sentence with paths in it, as the system has them."""
    if text.isascii() or not _RAW.search(text):
        return text

    def name(match: re.Match[str]) -> str:
        if not _RAW.search(match[0]):
            return match[0]
        return _name(match[0].encode("utf-8", "surrogateescape"))

    return _NAME.sub(name, text)


def path_bytes(spelling: str) -> str | None:
    """Return in base64 the bytes of a path that is not UTF-8; None for one that is."""
    if "\\x" not in spelling:
        return None
    data = _bytes(spelling)
    try:
        data.decode()
    except UnicodeDecodeError:
        import binascii

        return binascii.b2a_base64(data, newline=False).decode("ascii")
    return None


def bytes_fields(**paths: str) -> dict[str, object]:
    """Return a field `NAME_bytes` for each path, as the system has it, that is not UTF-8."""
    told = ((name, path_bytes(kept(path))) for name, path in paths.items())
    return {f"{name}_bytes": data for name, data in told if data is not None}


def _bytes(spelling: str) -> bytes:
    data = spelling.encode("utf-8", "surrogateescape")
    return _ESCAPED.sub(lambda byte: bytes([int(byte[1], 16)]), data)


def _name(data: bytes) -> str:
    """Return a name for people, given its bytes, in a path that is not UTF-8."""
    shown = data.decode("utf-8", "backslashreplace")
    # The bytes of 纸 in GBK are a point of Hebrew in UTF-8.
    if "\\x" in shown or _TWO_BYTES.search(shown):
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return shown
        if _is_likely(text):
            return text
    return shown


def _is_likely(text: str) -> bool:
    """Return whether a name decoded as GB18030 is one: half of its characters are common.

    Those are the first level of GB 2312; letters of Latin-1 and Cyrillic fall outside of it.
    """
    if not _LIKELY.fullmatch(text):
        return False
    han = "".join(re.findall(f"[{_HAN}]", text))
    known = han.encode("gb2312", "ignore")
    rare = len(han) - len(known) // 2
    common = sum(lead <= _LAST_COMMON for lead in known[::2])
    return bool(han) and rare * 3 <= len(han) <= common * 2
