"""Which of the encodings of Chinese that have no mark some bytes are in.

GB18030 and Big5 accept most of each other's files, so it is not enough that bytes can be
decoded: every encoding is tried, and the one that gives the likeliest text is taken. A few
bytes may be broken. EUC-TW is left out: neither Python nor a library decodes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from search.model.errors import PaperError
from search.papers.encodings.alignment import likeliest
from search.papers.encodings.likelihood import weigh
from search.papers.encodings.reading import BROKEN, BROKEN_BITS, MAX_BROKEN, Reading

CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs")
"""The first of equals is taken. Big5 is two: Microsoft's, which Taiwan uses, and Hong Kong's,
which has more characters but other signs in the places of a few."""

_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030", "cp950": "Big5", "big5hkscs": "Big5-HKSCS"}

_FOREIGN = {"euc_kr": "EUC-KR", "euc_jp": "EUC-JP", "cp932": "Shift JIS"}
"""Encodings of other languages, many files of which can be decoded as GB18030."""

_MANY_LETTERS = 0.3
"""Share of kana or Hangul that shows a text to be Japanese or Korean."""

_ODD_BITS, _BITS_OF_CHANCE = 12.5, 40.0
_MAX_BITS = 15.0
"""Mean bits of a character that is not ASCII. News needs 10 and poems with a new character at
every place 12; the wrong encoding gives 14 to 20. Above the first the encodings of other
languages are tried, above the last it is none we know. Few characters may be odd by chance."""

_STEP = 1 << 11
"""Bytes read in every encoding before the next: one that is far off is soon given up."""

_ENOUGH = 500
"""Characters other than ASCII that are weighed; some tens decide."""

_HOPELESS_BITS = 300.0
"""How many bits more than another an encoding may need, weighed so far, to be read on."""


def guess(blocks: Callable[[], Iterable[bytes]], declared: str = "") -> str:
    """Return the encoding in which the bytes of `blocks` are the likeliest text.

    `declared` is the encoding that the file itself names (see `labels`): one more candidate,
    the first among equals, and then it need not be Chinese. Raises PaperError where no
    encoding fits, or where the best of them gives no Chinese text.
    """
    family = ("cp950", "big5hkscs") if declared in {"cp950", "big5hkscs"} else (declared,)
    names = dict.fromkeys((*family, *CANDIDATES) if declared else CANDIDATES)
    readings = _read(blocks(), names)
    fitting = [
        reading
        for reading in readings
        if reading.fits and (reading.encoding in CANDIDATES or not reading.broken)
    ]
    best = min(fitting, key=lambda reading: reading.bits, default=None)
    if best and (best.encoding in {"utf-8", declared} or best.mean_bits <= _ODD_BITS):
        return best.encoding
    if not best or best.broken:
        mild = [reading.encoding for reading in readings if reading.is_mildly_broken]
        encoding = _realigned(_sample(blocks()), mild)
        if encoding:
            return encoding
    if not best:
        raise PaperError(_undecodable(readings))
    _refuse_odd(best, blocks)
    return best.encoding


def _sample(blocks: Iterable[bytes]) -> bytes:
    """Return a part of the data that is not all ASCII, if there is one."""
    for block in blocks:
        if not block.isascii():
            lines = block.split(b"\n")
            first = next(place for place, line in enumerate(lines) if not line.isascii())
            return b"\n".join(lines[first:])[:_STEP]
    return b""


def _realigned(sample: bytes, encodings: Iterable[str]) -> str:
    """Return which of the encodings a sample with broken bytes is in, or "".

    Behind a lost byte the plain reading is wrong to the end of the line, and so may be its
    likelihood, up to that of a page of one long line.
    """
    fitting = []
    for encoding in encodings:
        text = likeliest(sample, encoding, cut=True)
        broken = len(BROKEN.findall(text))
        bits, characters, beyond = weigh(BROKEN.sub("", text))
        if 0 < beyond <= characters * _ODD_BITS and broken <= characters * 2 * MAX_BROKEN:
            fitting.append((bits + broken * BROKEN_BITS, encoding))
    return min(fitting, default=(0.0, ""))[1]


def _read(blocks: Iterable[bytes], names: Iterable[str]) -> list[Reading]:
    """Read the blocks in each encoding, to their end or until it is clear that it is not that."""
    readings = [Reading(name) for name in names]
    live = readings
    weighed = True
    for block in blocks:
        for at in range(0, len(block), _STEP):
            for reading in live:
                reading.feed(block[at : at + _STEP], weighed=weighed)
            if weighed and max(reading.characters for reading in live) >= _ENOUGH:
                weighed = False
                live = _hopeful(live)
    return readings


def _hopeful(readings: list[Reading]) -> list[Reading]:
    """Return those that may still turn out the best; the others fit no more."""
    least = min((reading.bits for reading in readings if reading.fits), default=float("inf"))
    for reading in readings:
        reading.given_up = reading.bits > least + _HOPELESS_BITS
    return [reading for reading in readings if not reading.given_up]


def _refuse_odd(best: Reading, blocks: Callable[[], Iterable[bytes]]) -> None:
    """Raise PaperError if even the best reading is not Chinese."""
    if best.mean_bits <= _ODD_BITS:
        return
    foreign = [
        reading
        for reading in _read(blocks(), _FOREIGN)
        if not reading.broken
        and reading.letters > reading.characters * _MANY_LETTERS
        and reading.bits + _BITS_OF_CHANCE < best.bits
    ]
    if foreign:
        name = _FOREIGN[min(foreign, key=lambda reading: reading.bits).encoding]
        raise PaperError(f"this seems to be {name}, which sou does not read; convert it to UTF-8")
    if best.mean_bits > _MAX_BITS + _BITS_OF_CHANCE / best.characters:
        raise PaperError(
            f"it could be {_NAMES[best.encoding]} by its bytes, but then it is not Chinese text; "
            "convert the file to UTF-8"
        )


def _undecodable(readings: Iterable[Reading]) -> str:
    tried = [
        _NAMES[reading.encoding]
        + ("" if reading.first_broken is None else f" (byte {reading.first_broken})")
        for reading in readings
        if reading.encoding in {"utf-8", "gb18030", "cp950"}
    ]
    return f"the encoding is neither {', '.join(tried[:-1])} nor {tried[-1]}; convert the file to UTF-8"
