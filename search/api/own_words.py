"""The user's own words and synonyms, for one index: as the command line finds them, or given."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from search.api.arguments import place
from search.model.errors import RequestError

if TYPE_CHECKING:
    from search.project.settings import Settings
    from search.system.user_file import Mistake

Words: TypeAlias = str | Collection[str] | os.PathLike[str] | bool | None
"""The user's own words: True for those of words.txt, as the command line finds it; False or None
for none; one word, or several; or the path (no string) of a file such as words.txt."""

Synonyms: TypeAlias = Mapping[str, str | Collection[str]] | os.PathLike[str] | bool | None
"""The user's synonyms: True for those of synonyms.txt, as the command line finds it; False or
None for none; for each text what else it is to find; or the path of a file such as
synonyms.txt."""

Table: TypeAlias = Mapping[str, tuple[str, ...]]

Read = TypeVar("Read")

Tell: TypeAlias = Callable[[str], None]


def words_of(given: Any, settings: Callable[[], Settings], tell: Tell) -> frozenset[str]:
    """Return the folded words that are given, or found; what is wrong with a file is told.

    Raises RequestError for what are no words, and for a file that cannot be read.
    """
    from search.project.settings import WORDS_NAME
    from search.searching.user_words import own_words, read_words

    if given is None or given is False:
        return frozenset()
    if given is True:
        found = _usable(settings(), settings().words, WORDS_NAME, tell)
        return _read(read_words(settings().words), tell) if found else frozenset()
    if isinstance(given, os.PathLike):
        return _read(read_words(place("words", given)), tell, named=True)
    several = (given,) if isinstance(given, str) else given
    if not isinstance(several, Collection) or not all(isinstance(word, str) for word in several):
        raise RequestError(f"words: {given!r:.60} are none", "give strings, or a pathlib.Path")
    try:
        return own_words(several)
    except ValueError as exc:
        raise RequestError(f"words: {exc}") from exc


def synonyms_of(given: Any, settings: Callable[[], Settings], tell: Tell) -> Table:
    """Return the folded synonyms that are given, or found; what is wrong with a file is told.

    Raises RequestError for what are no synonyms, and for a file that cannot be read.
    """
    from search.project.settings import SYNONYMS_NAME
    from search.searching.synonyms import own_synonyms, read_synonyms

    if given is None or given is False:
        return {}
    if given is True:
        found = _usable(settings(), settings().synonyms, SYNONYMS_NAME, tell)
        return _read(read_synonyms(settings().synonyms), tell) if found else {}
    if isinstance(given, os.PathLike):
        return _read(read_synonyms(place("synonyms", given)), tell, named=True)
    try:
        return own_synonyms(dict(_entries(given)))
    except ValueError as exc:
        raise RequestError(f"synonyms: {exc}") from exc


def _entries(given: Any) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield the texts of a mapping and what else each is to find."""
    if not isinstance(given, Mapping):
        hint = "give a mapping of a string to strings, or a pathlib.Path"
        raise RequestError(f"synonyms: {given!r:.60} are none", hint)
    for text, others in given.items():
        several = (others,) if isinstance(others, str) else others
        if not isinstance(several, Collection) or not all(
            isinstance(each, str) for each in (text, *several)
        ):
            raise RequestError(f"synonyms: {text!r:.60}: {others!r:.60} are no strings")
        yield text, tuple(several)


def _usable(settings: Settings, path: Path, default: str, tell: Tell) -> bool:
    usable, note = settings.usable(path, default)
    if note:
        tell(note)
    return usable


def _read(read: tuple[Read, list[Mistake]], tell: Tell, *, named: bool = False) -> Read:
    """Return what was read of a file, having told its mistakes. One `named` has to be readable."""
    from search.system.user_file import told

    found, mistakes = read
    if named and mistakes and not mistakes[0].line:
        raise RequestError(str(mistakes[0]))
    for line in told(mistakes):
        tell(line)
    return found
