"""Text of strangers, made harmless for a terminal.

OCR text and file names can hold anything: an ESC sequence that rewrites the screen, a
right-to-left override that turns a sentence around, invisible characters that hide what
a string really says. Each function here returns text that only ever prints itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from search.model.results import Span

HIDDEN = (
    "\x80-\x9f"  # C1 controls: U+009B begins a control sequence as ESC [ does
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
"""Characters that show nothing but act on what is around them, for a regex class.

Variation selectors are not among them: they choose between written forms of a character.
"""

TAGS = "\U000e0000-\U000e007f"
"""Characters that show nothing and spell something all the same, for a regex class."""

_ALWAYS = f"\x7f\u2028\u2029{HIDDEN}{TAGS}"
_HALVES = "\ud800-\udfff"
_ONE_LINE = f"\r\n|[\x00-\x1f{_HALVES}{_ALWAYS}]"
_PATH = f"\r\n|[\x00-\x1f\ud800-\udc7f\udd00-\udfff{_ALWAYS}]"
_BLOCK = f"[\x00-\x08\x0b-\x1f{_HALVES}{_ALWAYS}]"
_ACTS = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"


def safe(text: str) -> str:
    """Return `text` for display on one line.

    Line breaks and tabs become a space, other controls their picture (`␛`), characters
    that hide are dropped, and half of a surrogate pair becomes `�`.
    """
    return _harmless(_ONE_LINE, text)


def safe_line(text: str) -> str:
    """Return `text` for display on one line, line breaks in it shown: as `safe`, with `␊`."""
    return safe(re.sub("\r\n|[\n\v\f\r\x85\u2028\u2029]", "␊", text))


def safe_block(text: str) -> str:
    """Return `text` for display on several lines: as `safe`, but lines and tabs stay."""
    return _harmless(_BLOCK, text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_path(path: str) -> str:
    """Return a path for display on one line: as `safe`, but bytes that are no text stay.

    Python reads such a byte of a file name as one of U+DC80 to U+DCFF, and `World.write`
    writes it back as the byte it was, so that the path still names the file; a terminal
    gets an escape.
    """
    return _harmless(_PATH, path)


def named_harmlessly(path: str) -> str:
    """Return a path for a program that takes one a line: as it is, unless it acts on a terminal.

    One with controls in it, or with characters that turn the direction of writing, is shown as
    by `safe_path`. What merely hides (U+200B) stays: such names are met, and are to be found.
    """
    return safe_path(path) if re.search(_ACTS, path) else path


def _harmless(pattern: str, text: str) -> str:
    """Replace what a pattern finds; nothing of that is printable, as Python sees it."""
    return text if text.isprintable() else re.sub(pattern, _shown, text)


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """Yield `text` in safe pieces, each with whether it is marked.

    Marks are cut out before the text is made safe, because that changes its length.
    """
    done = 0
    for start, end in spans:
        if done < start:
            yield safe(text[done:start]), False
        yield safe(text[max(done, start) : end]), True
        done = max(done, end)
    yield safe(text[done:]), False


def _shown(match: re.Match[str]) -> str:
    char = match[0]
    if char[0] in _BREAKS:
        return " "
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else ""
