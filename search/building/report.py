"""What a build tells: how far it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from search.papers.problem import Problem

Progress = Callable[[int, int, int], None]
"""Called with bytes read, bytes to read in all, and articles added so far."""


@dataclass(slots=True)
class Report:
    """What a build did, or would do. Counts are of files, but for `articles` and `total`.

    `links` are those that were not followed, because they lead out of their source;
    `unlinked` counts the files removed that were read through such a link before. `reread`
    says why everything was read again, `lost` how many articles of which paths mending gave up,
    `remark` what there is to say about the folder.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    links: list[str] = field(default_factory=list)
    unlinked: int = 0
    empty: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    articles: int = 0
    total: int = 0
    seconds: float = 0.0
    rebuilt: bool = False
    lost: list[tuple[str, int]] = field(default_factory=list)
    reread: str = ""
    remark: str = ""
    closed: bool = False
    """Whether the folder of the index was open to people who may not read the papers."""
    reason: str = ""
