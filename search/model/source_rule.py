"""What a user says of the papers in a place: a `[[source]]` of sou.toml, or `--source`."""

from __future__ import annotations

from search.model.frozen import frozen

CONSTANTS = ("paper", "edition", "section")
"""The fields that may be said of all papers in a place."""


@frozen
class SourceRule:
    """What is said of the papers in a place.

    `path` is absolute, a file or folder, or a glob (`*`, `**`, `?`), `shown` as it was written.
    `paper`, `edition` and `section` hold for all papers there, `pattern` reads others off their
    paths, and `columns` pairs fields with the columns of records that hold them. `typed` says
    that it was given on a command line, and is remembered by the index.
    """

    path: str
    shown: str
    paper: str = ""
    edition: str = ""
    section: str = ""
    pattern: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    typed: bool = False

    @property
    def is_glob(self) -> bool:
        """Whether it is about what fits a glob."""
        return "*" in self.path or "?" in self.path

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"--source {self.shown}" if self.typed else f"[[source]] {self.shown}"

    @property
    def says_nothing(self) -> bool:
        """Whether it says no more than where papers are."""
        return not (self.paper or self.edition or self.section or self.pattern or self.columns)
