"""Bytes read in one encoding: how likely the text is, and how much of it is broken."""

from __future__ import annotations

import codecs
import re

from search.papers.encodings.likelihood import weigh

BROKEN = re.compile("[\udc00-\udcff]")
"""What stands for a byte 0xNN that could not be decoded: U+DCNN, as in PEP 383."""

_MOVED = re.compile("[\u0401-\u0451\u2460-\u247d\u3005\u3041-\u30fe]")
"""Kana, Cyrillic and numbers in circles, for which Python's cp950 has the places of a draft.
What uses them has them where Big5-HKSCS does (https://encoding.spec.whatwg.org/#big5)."""

BROKEN_BITS = 20.0
"""What a byte that can't be decoded costs: eight bits, and as much again for being broken."""

MAX_BROKEN = 0.1
"""Share of broken bytes among those that are not ASCII, above which it is another encoding."""

_SELF_EVIDENT = 3
"""Characters of several bytes that show data to be UTF-8 though one other is broken: of the
few in an English page that is a larger share."""

_KANA = re.compile("[\u3041-\u30fe]"), 0.0
_HANGUL = re.compile("[\uac00-\ud7a3]"), 8.0
_LETTERS = {"euc_jp": _KANA, "cp932": _KANA, "euc_kr": _HANGUL, "cp949": _HANGUL}
"""The letters of other languages, and how many bits less each needs where it is looked for."""

TWO_BYTES = frozenset({"gb18030", "cp950", "big5hkscs"})
"""Encodings in which a lost byte makes other characters of all behind it."""

_ASCII = bytes(range(0x80))


class Reading:
    """Bytes read in one encoding, a block after the other: how likely, and what is broken.

    `bits` is what all of it needs, `mean_bits` what a character needs that is not ASCII.
    `letters` of the characters are kana or Hangul where that is what the encoding is for.
    `first_broken` is the offset of the first byte that can't be decoded, or None. A reading
    that was `given_up` was not read to the end.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.bits = 0.0
        self.characters = self.letters = 0
        self.broken = 0
        self.first_broken: int | None = None
        self.given_up = False
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
        if self.given_up or self._moved:
            return False
        if self.encoding == "utf-8" and self.broken <= 4 and self.characters >= _SELF_EVIDENT:
            return True
        return self.broken <= self._high * MAX_BROKEN

    @property
    def is_mildly_broken(self) -> bool:
        """Whether it is an encoding of two bytes, and may fit when lost bytes are allowed for."""
        return self.encoding in TWO_BYTES and self.broken <= self._high * MAX_BROKEN * 2

    def feed(self, block: bytes, *, weighed: bool = True) -> None:
        """Read on. A character that the end of the last block cuts off counts for nothing."""
        before = self._decoder.getstate()[0]
        text = self._decoder.decode(block)
        self._high += len(block.translate(None, _ASCII))
        broken = 0 if text.isascii() else len(BROKEN.findall(text))
        if broken:
            if self.first_broken is None:
                place = first_bad_byte(before + block, self.encoding)
                self.first_broken = self._done - len(before) + place
            self.broken += broken
            text = BROKEN.sub("", text)
        if weighed:
            bits, characters, beyond = weigh(text)
            self.bits += bits + broken * BROKEN_BITS
            self.characters += characters
            self._bits_beyond += beyond
            if self.encoding in _LETTERS:
                pattern, bonus = _LETTERS[self.encoding]
                letters = len(pattern.findall(text))
                self.letters += letters
                self.bits -= bonus * letters
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
