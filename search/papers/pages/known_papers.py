"""Names of papers that users list, besides those that are known by their last word.

They come as what is given of a paper; a masthead or a path that begins with one is of that
paper. A name may be printed in the other script, and with spaces between its characters.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.analysis.fold import fold
from search.papers.asked import asked
from search.papers.pages.names import HAN

LONGEST = 40
"""Characters of the longest name, as in sou.toml; spaces do not count."""

_HEADLINE = re.compile(f"[{HAN}]{{4}}")


def known_papers() -> tuple[str, ...]:
    """Return the names that are known while a paper is read."""
    return asked().given.papers


def begins_with_known(text: str) -> tuple[str, str] | None:
    """Return the listed name that a plain text begins with, and what follows it, or None.

    The longest counts. A headline goes on behind a name: four Han characters are more than a
    masthead has there.
    """
    names = known_papers()
    if not names:
        return None
    listed = _listed(names)
    bare = ""
    best: tuple[str, str] | None = None
    for end, char in enumerate(text, 1):
        bare += _simple(char)
        if len(bare) > LONGEST:
            break
        if bare in listed and not char.isspace() and not _HEADLINE.match(text, end):
            best = listed[bare], text[end:]
    return best


def known(text: str) -> str | None:
    """Return the listed name that a text is, or None."""
    names = known_papers()
    return _listed(names).get("".join(map(_simple, text))) if names else None


@lru_cache(maxsize=4)
def _listed(names: tuple[str, ...]) -> dict[str, str]:
    return {"".join(map(_simple, name)): name for name in names}


@lru_cache(maxsize=4096)
def _simple(char: str) -> str:
    """Return a character as names are compared: simplified, and nothing for a space."""
    return "" if char.isspace() else fold(char)
