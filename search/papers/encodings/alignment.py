"""Where characters begin in bytes of two to a character, some of which are lost or broken.

Behind a lost byte a decoder takes every second half for a first one, up to the next character
of one byte, and seldom notices. So the likeliest way to divide a line is looked for.
"""

from __future__ import annotations

from search.papers.encodings.likelihood import bits_of

_BROKEN_BITS, _MORE_BROKEN_BITS, _MOST_BROKEN = 30.0, 12.0, 3
"""What leaving out a byte costs, and each more beside it: as much as reading four characters
half a character off."""


def likeliest(line: bytes, encoding: str, *, cut: bool = False) -> str:
    """Return the likeliest text of a line; each broken byte 0xNN is U+DCNN in it.

    If it may be `cut`, half of a character at its end is dropped. Time grows with the length
    of the line, some 5 µs a byte.

    The shortest path from the first byte to the last, in bits (Viterbi 1967).
    """
    size = len(line)
    bits = [0.0] + [float("inf")] * size
    ends: list[tuple[int, str]] = [(0, "")] * (size + 1)
    for at in range(size):
        for text, length, cost in _steps(line, at, encoding):
            if bits[at] + cost < bits[at + length]:
                bits[at + length] = bits[at] + cost
                ends[at + length] = at, text
    at = size
    if cut and size and bits[-2] < bits[-1] and line[-1] >= 0x80:
        at -= 1
    parts = []
    while at:
        at, text = ends[at]
        parts.append(text)
    return "".join(reversed(parts))


def _steps(line: bytes, at: int, encoding: str) -> list[tuple[str, int, float]]:
    """Return what can begin at a byte: its text, its length in bytes, its bits."""
    if line[at] < 0x80:
        text = chr(line[at])
        return [(text, 1, bits_of(text))]
    steps = []
    for number, byte in enumerate(line[at : at + _MOST_BROKEN]):
        if byte < 0x80:
            break
        text = "".join(chr(0xDC00 + byte) for byte in line[at : at + number + 1])
        steps.append((text, number + 1, _BROKEN_BITS + number * _MORE_BROKEN_BITS))
    for length in (2, 4) if encoding == "gb18030" else (2,):
        piece = line[at : at + length]
        try:
            text = piece.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Big5-HKSCS has letters of two characters; four bytes may be two characters of two.
        if len(piece) == length and (length == 2 or len(text) == 1):
            steps.append((text, length, sum(map(bits_of, text))))
    return steps
