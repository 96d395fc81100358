"""Which of the encodings of Chinese that have no mark some bytes are in.

GB18030 and Big5 accept most of each other's files, so it is not enough that bytes can be
decoded: every encoding is tried, and the one that gives the likeliest text is taken. A few
bytes may be broken. EUC-TW is left out: neither Python nor a library decodes it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable

from search.errors import PaperError
from search.papers.encodings.likelihood import weigh

CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs")
"""The first of equals is taken. Big5 is two: Microsoft's, which Taiwan uses, and Hong Kong's,
which has more characters but other signs in the places of a few."""

_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030", "cp950": "Big5", "big5hkscs": "Big5-HKSCS"}

_FOREIGN = {"euc_kr": "EUC-KR", "euc_jp": "EUC-JP", "cp932": "Shift JIS"}
"""Encodings of other languages, many files of which can be decoded as GB18030."""

ESCAPED = re.compile("[\udc80-\udcff]")
"""What stands for a byte that could not be decoded (PEP 383)."""

_MOVED = re.compile("[\u0401-\u0451\u2460-\u247d\u3005\u3041-\u30fe]")
"""Kana, Cyrillic and numbers in circles, for which Python's cp950 has the places of a draft.
What uses them has them where Big5-HKSCS does (https://encoding.spec.whatwg.org/#big5)."""

_BROKEN_BITS = 20.0
"""What a byte that can't be decoded costs: eight bits, and as much again for being broken."""

_MAX_BROKEN = 0.1
"""Share of broken bytes among those that are not ASCII, above which it is another encoding."""

_ODD_BITS, _BITS_OF_CHANCE = 12.5, 40.0
_MAX_BITS = 15.0
"""Mean bits of a character that is not ASCII. News needs 10 and poems with a new character at
every place 12; the wrong encoding gives 14 to 20. Above the first the encodings of other
languages are tried, above the last it is none we know. Few characters may be odd by chance."""

_ENOUGH = 1 << 20
"""Characters other than ASCII that are weighed; more change no decision."""

_ASCII = bytes(range(0x80))


class Reading:
    """Bytes read in one encoding, a block after the other: how likely, and what is broken.

    `bits` is what all of it needs, `mean_bits` what a character needs that is not ASCII.
    `first_broken` is the offset of the first byte that can't be decoded, or None.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.bits = 0.0
        self.characters = 0
        self.broken = 0
        self.first_broken: int | None = None
        self._bits_beyond = 0.0
        self._high = self._done = 0
        self._moved = False
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")

    @property
    def mean_bits(self) -> float:
        """Bits of a character that is not ASCII, on the average."""
        return self._bits_beyond / self.characters if self.characters else 0.0

    @property
    def fits(self) -> bool:
        """Whether few enough bytes are broken."""
        return self.broken <= self._high * _MAX_BROKEN and not self._moved

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is broken that reading on is not worth it."""
        return not self.fits and self.broken > 1000

    def feed(self, block: bytes, *, weighed: bool = True) -> None:
        """Read on. A character that the end of the last block cuts off counts for nothing."""
        before = self._decoder.getstate()[0]
        text = self._decoder.decode(block)
        self._high += len(block.translate(None, _ASCII))
        broken = 0 if text.isascii() else len(ESCAPED.findall(text))
        if broken:
            if self.first_broken is None:
                place = first_bad_byte(before + block, self.encoding)
                self.first_broken = self._done - len(before) + place
            self.broken += broken
            text = ESCAPED.sub("", text)
        if weighed:
            bits, characters, beyond = weigh(text)
            self.bits += bits + broken * _BROKEN_BITS
            self.characters += characters
            self._bits_beyond += beyond
        if self.encoding == "cp950" and not self._moved:
            self._moved = _MOVED.search(text) is not None
        self._done += len(block)


def first_bad_byte(data: bytes, encoding: str) -> int:
    """Return the offset of the first byte that is not `encoding`; the length if there is none."""
    try:
        # An incremental decoder forgives a character cut off at the end.
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError as exc:
        return exc.start
    return len(data)


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
    if not fitting:
        raise PaperError(_undecodable(readings))
    best = min(fitting, key=lambda reading: reading.bits)
    if best.encoding not in {"utf-8", declared}:
        _refuse_odd(best, blocks)
    return best.encoding


def _read(blocks: Iterable[bytes], names: Iterable[str]) -> list[Reading]:
    """Read the blocks in each encoding, to their end or until it is clear that it is not that."""
    readings = [Reading(name) for name in names]
    for block in blocks:
        weighed = max(reading.characters for reading in readings) < _ENOUGH
        for reading in readings:
            if not reading.is_hopeless:
                reading.feed(block, weighed=weighed)
    return readings


def _refuse_odd(best: Reading, blocks: Callable[[], Iterable[bytes]]) -> None:
    """Raise PaperError if even the best reading is not Chinese."""
    if best.mean_bits <= _ODD_BITS:
        return
    for foreign in _read(blocks(), _FOREIGN):
        if not foreign.broken and foreign.bits + _BITS_OF_CHANCE < best.bits:
            name = _FOREIGN[foreign.encoding]
            raise PaperError(f"this seems to be {name}, which is not read; convert it to UTF-8")
    if best.mean_bits > _MAX_BITS + _BITS_OF_CHANCE / best.characters:
        raise PaperError(
            f"it could be {_NAMES[best.encoding]} by its bytes, but then it is no Chinese text; "
            "convert the file to UTF-8"
        )


def _undecodable(readings: Iterable[Reading]) -> str:
    tried = [
        f"{_NAMES[reading.encoding]} (byte {reading.first_broken})"
        for reading in readings
        if reading.encoding in _NAMES and reading.encoding != "big5hkscs"
    ]
    return f"the encoding is neither {', '.join(tried[:-1])} nor {tried[-1]}; convert the file to UTF-8"
