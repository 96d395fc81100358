"""Plain files that users write by hand: read line by line, each mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from search.model.frozen import frozen
from search.system.files import open_regular

MOST_BYTES = 4 << 20
"""A longer file is one given by mistake."""

MOST_LINES = 100_000
"""So is one of more lines: it is read again for each search."""

MOST_TOLD = 20
"""Lines that are said to be wrong; of the rest, how many."""

LONGEST_LINE = 2_000
"""Characters of a line. A longer one is left out, the rest holds."""


@frozen
class Mistake:
    """What is wrong with a line of a file, or (line 0) with all of it."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.reason}"


def told(mistakes: Sequence[Mistake]) -> Iterator[str]:
    """Yield what is wrong with lines of a file, one a line, and of many how many more."""
    for mistake in mistakes[:MOST_TOLD]:
        yield f"sou: {mistake}"
    if len(mistakes) > MOST_TOLD:
        yield f"sou: ... and {len(mistakes) - MOST_TOLD:,} more such lines"


def read_lines(path: Path) -> tuple[list[tuple[int, str]], list[Mistake]]:
    """Return the lines of a file that say something, numbered, and what is wrong with the file.

    It is UTF-8, with or without a byte order mark; `#` or `＃` begins a comment.
    """
    try:
        with open_regular(path, follow=True) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as exc:
        return [], [Mistake(path, 0, exc.strerror or str(exc))]
    if len(data) > MOST_BYTES:
        return [], [Mistake(path, 0, f"more than {MOST_BYTES >> 20} MB")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        return [], [Mistake(path, line, "this is not UTF-8; save the file as UTF-8")]
    lines = re.split(r"\r\n|\n|\r", text.replace("＃", "#"))
    if len(lines) > MOST_LINES:
        return [], [Mistake(path, 0, f"more than {MOST_LINES:,} lines")]
    bare = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    said = [(number, line) for number, line in bare if line]
    long = f"more than {LONGEST_LINE:,} characters in a line"
    return (
        [(number, line) for number, line in said if len(line) <= LONGEST_LINE],
        [Mistake(path, number, long) for number, line in said if len(line) > LONGEST_LINE],
    )
