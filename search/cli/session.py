"""What a command works with: the world, the settings and the index, opened when needed."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from search.cli.typed import typed
from search.model.errors import ArticleMissing, IndexMissing, RequestError, SouError
from search.model.path_spelling import raw
from search.model.source_rule import SourceRule
from search.model.told_commands import name_index, sou
from search.output.formats import Options, default_format, open_format
from search.output.world import World
from search.project import ownership
from search.project.settings import CORRECTIONS_NAME, SYNONYMS_NAME, WORDS_NAME, Settings, load
from search.storage.index_folder import IndexFolder
from search.system.checksums import STATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.engines.port import Engine
    from search.model.article import Article
    from search.output.formats import Format
    from search.papers.given.given import Given
    from search.papers.problem import Problem
    from search.searching.synonyms import Table
    from search.storage.state import Source
    from search.system.user_file import Mistake


class Session:
    """One run of a command."""

    def __init__(self, world: World, index: Path | None = None) -> None:
        self.world = world
        name_index(typed(index) if index else "")
        self.settings: Settings = load(index)
        if self.settings.note:
            world.tell(self.settings.note)
        self._use_words()

    @cached_property
    def folder(self) -> IndexFolder:
        """The index folder. Raises RequestError for one that was found and is another user's."""
        index, named = self.settings.index, self.settings.named
        if not named and os.path.lexists(index / STATE):  # else there is no index in it
            ownership.require(index, index / STATE)
        return IndexFolder(index, named=named)

    def engine(self) -> Engine:
        """Open the index. Raises IndexMissing, IndexOutdated or IndexDamaged."""
        try:
            return self.folder.open_engine()
        except IndexMissing as exc:
            raise IndexMissing(
                exc.message, f"build one from a folder of papers: {sou('index FOLDER')}"
            ) from exc

    def synonyms(self) -> Table | None:
        """Return the user's synonyms, if there are any; say what is wrong with the file."""
        if not self._is_there(self.settings.synonyms, SYNONYMS_NAME):
            return None
        from search.searching.synonyms import read_synonyms

        table, mistakes = read_synonyms(self.settings.synonyms)
        self.say(mistakes)
        return table

    def corrections(self) -> str:
        """Return the folder of corrections that are not beside their papers; empty without one."""
        folder = self.settings.corrections
        # It is made when it is needed, whatever its name.
        there = os.path.exists(folder)  # noqa: PTH110  (Path.exists raises for some names)
        return str(folder) if there and self._is_there(folder, CORRECTIONS_NAME) else ""

    def given(
        self, paper: str | os.PathLike[str], typed: Sequence[SourceRule] = ()
    ) -> tuple[Given, list[Problem], str]:
        """Return what is given of a paper as `sou index` would take it, and what is to be said.

        The last is the path of the paper as the index has it, or would have it.
        """
        from search.papers.given.given import NOTHING_GIVEN
        from search.papers.given.lookup import Lookup
        from search.papers.given.rules import with_typed
        from search.system.files import inside

        sources, rules = self.corpus(), tuple[SourceRule, ...]()
        try:
            state = self.folder.state()
            sources, rules = [*sources, *state.sources], state.rules
        except SouError:
            pass  # there is no index, or none that remembers anything
        tops = [source.root for source in sources]
        lookup = Lookup(
            (*self.settings.rules, *with_typed(rules, typed)), self.settings.papers, tops
        )
        place = os.path.realpath(paper)
        given = lookup.of(place, os.fspath(paper)) or NOTHING_GIVEN
        within = [source for source in sources if inside(place, source.root)]
        holds = max(within, key=lambda source: len(source.root), default=None)
        path = holds.shown + place[len(holds.root) :] if holds else os.fspath(paper)
        return given, lookup.remarks(whole=False), path

    def say(self, mistakes: list[Mistake]) -> None:
        """Say what is wrong with lines of a file that the user wrote."""
        if mistakes:
            from search.system.user_file import told

            self.world.tell(*told(mistakes))

    def _use_words(self) -> None:
        """Take the user's own words, if there are any; say what is wrong with the file."""
        from search.analysis import user_dictionary

        words: frozenset[str] = frozenset()
        mistakes: list[Mistake] = []
        if self._is_there(self.settings.words, WORDS_NAME):
            from search.searching.user_words import read_words

            words, mistakes = read_words(self.settings.words)
        user_dictionary.use(words)
        self.say(mistakes)

    def _is_there(self, path: Path, default: str) -> bool:
        """Return whether a file that may be there is, and may be used; say so if it may not."""
        usable, note = self.settings.usable(path, default)
        if note:
            self.world.tell(note)
        return usable

    @staticmethod
    def article(engine: Engine, prefix: str) -> Article:
        """Return the article whose id begins so. Raises ArticleMissing or RequestError."""
        found = engine.lookup(prefix.strip().lower()) if prefix.strip() else []
        if not found:
            raise ArticleMissing(f"no article has the id {prefix}")
        if len(found) > 1:
            names = ", ".join(article.id for article in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise RequestError(f"{prefix} is the beginning of {len(found)} ids", f"{names}{more}")
        return found[0]

    def corpus(self) -> list[Source]:
        """Return the corpus folders that go with the index, as far as they exist."""
        return self.settings.beside()

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        """What the index was made from: read once, though each hit has a link."""
        return self.folder.state().sources

    def absolute(self, path: str) -> str:
        """Return where a path that an article carries is on this machine."""
        path = raw(path)
        for source in self._sources:
            if path == source.shown:
                return source.root
            if path.startswith(source.shown.rstrip("/") + "/"):
                return str(Path(source.root) / path[len(source.shown.rstrip("/")) + 1 :])
        return str(Path(path).absolute())

    def format(
        self,
        name: str | None,
        *,
        nul: bool = False,
        qid: str | None = None,
        header: bool = True,
        total: int | None = None,
    ) -> Format:
        """Open an output format, by default the one for this world."""
        options = Options(absolute=self.absolute, nul=nul, qid=qid, header=header, total=total)
        return open_format(name or default_format(self.world), self.world, options)
