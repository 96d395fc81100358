"""May this be read into this index? What the user named is; anything else is asked about.

What to read may be said by an index or a sou.toml that came from a stranger, and an index
shows what it was made from to everybody who can read it. So papers that the user did not name
are read unasked only where they lie with the index or the sou.toml, and are the user's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from search.model.errors import ConsentNeeded, RequestError
from search.model.told_commands import sou
from search.project import ownership
from search.project.named_papers import remember, remembered
from search.project.settings import CORPUS_NAME
from search.system.files import inside

if TYPE_CHECKING:
    from search.project.settings import Settings
    from search.storage.state import Source


class Consent:
    """What a build may read: called with its sources before any of them is opened."""

    def __init__(
        self,
        settings: Settings,
        named: list[Source],
        *,
        yes: bool,
        tell: Callable[[str], None],
        ask: Callable[[str], bool] | None,
        how: str = "",
        words: bool = True,
    ) -> None:
        """Take the sources that the user named now; `yes` allows all others.

        What there is to say goes to `tell`, questions to `ask`, if there is somebody to ask;
        if not, `how` says what reads it all the same. `words` says that the words of the settings
        are read too.
        """
        self._tell = tell
        self._asks = ask
        self._how = how or f"{sou('index --yes')} reads it"
        self._words = words
        self._settings = settings
        self._yes = yes
        self._index = os.path.realpath(settings.index)
        # And what was allowed when it was asked about, the index itself too.
        self._named = {os.path.realpath(source.root) for source in named}
        self._told: set[str] = set()

    def __call__(self, sources: list[Source]) -> None:
        """Say what is read, having asked about what the user did not name.

        Raises ConsentNeeded when there is nobody to ask, RequestError when the answer is no.
        """
        roots = [os.path.realpath(source.root) for source in sources]
        fresh = [root for root in dict.fromkeys(roots) if root not in self._told]
        self._ask(dict(self._doubts(fresh)))
        for root in fresh:
            self._tell(f"Papers from {ownership.shown(root)}")
        self._told.update(fresh)

    def keep(self) -> str:
        """Remember what was named, or allowed, for the next time; say so if that cannot be."""
        if not self._named:
            return ""
        try:
            remember(self._index, self._named)
        except OSError as exc:
            reason = exc.strerror or exc
            return f"sou: the papers you named could not be remembered, and you will be asked again: {reason}"
        return ""

    def _doubts(self, roots: list[str]) -> Iterator[tuple[str, str]]:
        """Yield what the user has not named, now or before, and why it is asked about."""
        # What was allowed was allowed for this index, not for what somebody else puts in its place.
        theirs = ownership.other_owner(self._settings.index)
        before = None if theirs else remembered(self._index)
        known = [*self._named, *(before or ())]
        if (
            before is None
            and not self._settings.named
            and not _lies_in(self._index, _places(self._settings))
        ):
            yield self._index, "the index itself, which sou.toml places outside its folder"
        words = os.path.realpath(self._settings.words)
        # Path.exists raises for some names.
        if self._words and os.path.exists(words) and not ownership.other_owner(words):  # noqa: PTH110  (or left aside)
            roots = [*roots, words]
        for root in roots:
            if not _lies_in(root, known):
                reason = _doubt(root, self._settings)
                if reason:
                    yield root, reason

    def _ask(self, doubts: dict[str, str]) -> None:
        if doubts and not self._yes:
            listed = [f"{ownership.shown(path)} ({reason})" for path, reason in doubts.items()]
            if not self._asks:
                raise ConsentNeeded(
                    f"not among what you named for this index: {', '.join(listed)}",
                    f"nothing was read or changed; if that is meant, {self._how} "
                    "(and remembers that, but not where the index or your home is moved)",
                )
            for line in listed:
                self._tell(f"Not among what you named for this index: {line}")
            it = ownership.shown(next(iter(doubts))) if len(doubts) == 1 else "these"
            if not self._asks(f"Read {it} into {ownership.shown(self._settings.index)}?"):
                raise RequestError(
                    "not read: you did not answer yes", "nothing was read or changed"
                )
        self._named.update(doubts)


def source_named(path: Path) -> Source:
    """Return the source that the user names by a path. Raises RequestError if nothing is there."""
    from search.storage.state import Source

    if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises for some names)
        raise RequestError(f"no such file or folder: {path}")
    return Source(os.path.realpath(path), str(path))


def why_not_by_itself(settings: Settings, sources: list[Source]) -> str:
    """Return why a search does not build an index from what it found; empty if it may.

    It reads and writes nothing outside of the project's folder, and builds nothing in the
    folder of another user. Nobody is asked: that is for `sou index`.
    """
    if not settings.named:
        whose = ownership.other_owner(settings.index.parent)
        if whose:
            return f"{ownership.shown(settings.index.parent)} belongs to another user ({whose})"
    paths = [os.path.realpath(source.root) for source in sources]
    paths += [] if settings.named else [os.path.realpath(settings.index)]
    if os.path.exists(settings.words):  # noqa: PTH110  (Path.exists raises for some names)
        paths.append(os.path.realpath(settings.words))
    for path in paths:
        reason = _doubt(path, settings)
        if reason:
            return f"{ownership.shown(path)}: {reason}"
    return ""


def _doubt(path: str, settings: Settings) -> str:
    """Return why what was found, and not named, is not read unasked; empty if it is."""
    if not _lies_in(path, _places(settings)):
        project = os.path.realpath(settings.project[0])
        if inside(path, project):
            return "beside the index, but so is everything in your home folder"
        return f"outside {ownership.shown(project)}"
    whose = ownership.other_owner(path)
    return f"belongs to another user, {whose}" if whose else ""


def _places(settings: Settings) -> list[str]:
    """Return where papers may lie that nobody named: in the project's folders.

    Where that is the home folder, or one that it lies in, only the corpus/ there is of the
    project, and what sou.toml and the index are themselves.
    """
    home = os.path.realpath(ownership.home())
    places = []
    for folder in map(os.path.realpath, settings.project):
        if inside(home, folder):
            own = (settings.index, settings.words, Path(folder) / CORPUS_NAME)
            places += [os.path.realpath(each) for each in own]
        else:
            places.append(folder)
    return places


def _lies_in(path: str, places: list[str]) -> bool:
    """Return whether a real path lies in one of some folders, and in nothing hidden there."""
    for place in places:
        if inside(path, place):
            rest = Path(path).relative_to(place)
            if not any(name.startswith(".") for name in rest.parts):
                return True
    return False
