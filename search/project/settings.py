"""Settings: defaults, then sou.toml, then SOU_* in the environment, then flags.

sou.toml stands in the working folder or in one above it; the nearest counts:

    index = "index_data"      # relative to sou.toml
    corpus = ["corpus"]       # what `sou index` reads when no PATH is given
    limit = 10
    synonyms = "synonyms.txt" # default: beside sou.toml, or beside the index
    words = "words.txt"       # likewise
    corrections = "corrections" # likewise; where they cannot be written beside their papers
    max_page_mb = 16          # larger pages are reported, not read
    max_record_mb = 8
    papers = ["望澜民报"]     # names of papers, besides those that are known by their last word

    [[source]]                # what is known of the papers in a place, which is read too
    path = "扫描"             # a file, a folder, or a glob: that says nothing of what is read
    paper = "青岚日报"        # edition and section likewise
    pattern = "{date}_{page}" # the end of their paths
    columns = {title = "题名"} # of records
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.model.errors import RequestError
from search.model.frozen import frozen
from search.project import ownership
from search.system.checksums import STATE

if TYPE_CHECKING:
    from search.model.source_rule import SourceRule
    from search.papers.read_paper import Limits
    from search.storage.state import Source

INDEX_NAME = "index_data"
CORPUS_NAME = "corpus"
FILE_NAME = "sou.toml"
SYNONYMS_NAME = "synonyms.txt"
WORDS_NAME = "words.txt"
CORRECTIONS_NAME = "corrections"

_MOST = 1 << 30
"""Of results: what is larger is a mistake."""

_MOST_PAPERS, _LONGEST_NAME = 2_000, 40

_MOST_MB = 40
"""Of a page or a record: three bytes a character must fit in what an index holds of an article."""


@frozen
class Settings:
    """What holds for a run. `corpus` pairs each folder with how it is spelled in results.

    `named` says that the user named the index. `project` are the folders in which papers may
    lie that nobody named: that of sou.toml, and that of the index unless sou.toml led there.
    `note` is what there is to say about a sou.toml that was left aside. `rules` and `papers`
    are what it says of papers, and the names of papers in it.
    """

    index: Path
    corpus: tuple[tuple[Path, str], ...]
    limit: int = 10
    max_page_mb: float = 16.0
    max_record_mb: float = 8.0
    synonyms: Path = Path(SYNONYMS_NAME)
    words: Path = Path(WORDS_NAME)
    corrections: Path = Path(CORRECTIONS_NAME)
    named: bool = False
    project: tuple[Path, ...] = ()
    note: str = ""
    rules: tuple[SourceRule, ...] = ()
    papers: tuple[str, ...] = ()

    def usable(self, path: Path, default: str) -> tuple[bool, str]:
        """Return whether a file that the user may have written is to be used, and a note if any.

        `path` is where it would be, `default` its name where sou.toml gives none. Raises
        RequestError for one of another user beside an index that nobody named.
        """
        if os.path.exists(path):  # noqa: PTH110  (Path.exists raises for some names)
            if not self.named:
                ownership.require(path)
                return True, ""
            note = ownership.left_aside(path)
            return not note, note
        if path.name != default:
            return False, f"sou: {path}, named in sou.toml, does not exist"
        return False, ""

    def limits(self) -> Limits:
        """Return how large pages and records may be to be read."""
        from search.papers.read_paper import Limits

        return Limits(
            max_page_bytes=int(self.max_page_mb * 2**20),
            max_record_chars=int(self.max_record_mb * 2**20),
        )

    def beside(self) -> list[Source]:
        """Return the corpus folders that go with the index, as far as they exist."""
        from search.storage.state import Source

        return [
            Source(os.path.realpath(path), shown)
            for path, shown in self.corpus
            if os.path.exists(path)  # noqa: PTH110  (Path.exists raises for some names)
        ]


_KINDS: dict[str, tuple[type, ...]] = {
    "index": (str,),
    "corpus": (str, list),
    "limit": (int,),
    "max_page_mb": (int, float),
    "max_record_mb": (int, float),
    "synonyms": (str,),
    "words": (str,),
    "corrections": (str,),
    "papers": (list,),
    "source": (list,),
}


def load(
    index: Path | None = None, cwd: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings for a run in `cwd`; `index` is the --index flag.

    Raises RequestError for a sou.toml that cannot be read or holds what it should not, or that
    is another user's: that one is left aside where the index was named, and noted.
    """
    try:
        cwd = cwd or Path.cwd()
    except FileNotFoundError:
        raise RequestError(
            "the working folder no longer exists", "change to another folder"
        ) from None
    if index is None and environ.get("SOU_INDEX"):
        index = Path(environ["SOU_INDEX"])
    named = index is not None
    found = _upwards(cwd, FILE_NAME)
    note = ""
    if found and named:
        note = ownership.left_aside(found)
        found = None if note else found
    elif found:
        ownership.require(found)
    values = _read(found) if found else {}
    led = index is None and found is not None and "index" in values
    if found and led:
        index = found.parent / values["index"]
    if index is None:
        # A folder of that name that holds no index, as a run that was killed leaves it, is
        # passed by: it must not draw to itself what is built below it.
        state = _upwards(cwd, f"{INDEX_NAME}/{STATE}")
        index = state.parent if state else cwd / INDEX_NAME
    index = cwd / index
    base = found.parent if found and "corpus" in values else index.parent
    names = values.get("corpus", CORPUS_NAME)
    corpus = tuple((base / name, name) for name in ([names] if isinstance(names, str) else names))
    rules = _rules(found, values["source"]) if found and "source" in values else ()
    corpus += tuple((Path(rule.path), rule.shown) for rule in rules if not rule.is_glob)
    limit = values.get("limit", 10)
    if environ.get("SOU_LIMIT"):
        limit = _number(environ["SOU_LIMIT"], "SOU_LIMIT")
    rest = {key: values[key] for key in ("max_page_mb", "max_record_mb") if key in values}
    beside = found.parent if found else index.parent
    return Settings(
        index,
        corpus,
        limit,
        **rest,
        synonyms=beside / values.get("synonyms", SYNONYMS_NAME),
        words=beside / values.get("words", WORDS_NAME),
        corrections=beside / values.get("corrections", CORRECTIONS_NAME),
        named=named,
        project=((found.parent,) if found else ()) + (() if led else (index.parent,)),
        note=note,
        rules=rules,
        papers=tuple(filter(None, (name.strip() for name in values.get("papers", ())))),
    )


def _rules(path: Path, tables: list[Any]) -> tuple[SourceRule, ...]:
    """Return what the [[source]] tables of a sou.toml say. Raises RequestError."""
    from search.papers.given.rules import MOST_RULES, RuleError, parsed_rule

    if len(tables) > MOST_RULES:
        raise RequestError(f"{ownership.shown(path)}: more than {MOST_RULES} [[source]]")
    rules = []
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise RequestError(
                f"{ownership.shown(path)}: source cannot be {table!r:.60}",
                'write a table: [[source]], and below it path = "…"',
            )
        name = table.get("path")
        called = (
            f"[[source]] {name!s:.80}" if isinstance(name, str) else f"[[source]] number {number}"
        )
        try:
            rules.append(parsed_rule(table, os.path.abspath(path.parent)))  # noqa: PTH100
        except RuleError as exc:
            raise RequestError(f"{ownership.shown(path)}: {called}: {exc}") from exc
    return tuple(rules)


def _upwards(start: Path, name: str) -> Path | None:
    """Return the nearest file or folder of a name in `start` or above it."""
    for folder in (start, *start.parents):
        if os.path.exists(folder / name):  # noqa: PTH110  (Path.exists raises for some names)
            return folder / name
    return None


_MOST_DIGITS = 9


def _number(text: str, where: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise RequestError(f"{where} is {text!r:.60}: not a whole number, or too large")
    return int(text)


def _read(path: Path) -> dict[str, Any]:
    """Return what a sou.toml says, each value of its kind."""
    from search.system.files import open_regular
    from search.system.toml import read_toml

    try:
        with open_regular(path, follow=True) as file:
            values = read_toml(file)
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise RequestError(
            f"{ownership.shown(path)}: {reason}", "fix it, or move it elsewhere"
        ) from exc
    for key, value in values.items():
        if key not in _KINDS:
            known = ", ".join(_KINDS)
            raise RequestError(
                f"{ownership.shown(path)}: unknown setting {key!r:.60}", f"the settings are {known}"
            )
        fit = key == "source" or _is_fit(value)
        if not isinstance(value, _KINDS[key]) or not fit:
            raise RequestError(
                f"{ownership.shown(path)}: {key} cannot be {value!r:.60}",
                "write two brackets: [[source]]" if key == "source" else "",
            )
        if isinstance(value, list) and key == "papers" and _too_many(value):
            raise RequestError(
                f"{ownership.shown(path)}: papers are at most {_MOST_PAPERS:,} names"
                f" of {_LONGEST_NAME} characters"
            )
        if key.endswith("_mb") and float(value) > _MOST_MB:  # type: ignore[arg-type]
            raise RequestError(
                f"{ownership.shown(path)}: {key} can be at most {_MOST_MB}", "split longer papers"
            )
    return values


def _too_many(papers: list[str]) -> bool:
    return len(papers) > _MOST_PAPERS or any(len(name) > _LONGEST_NAME for name in papers)


def _is_fit(value: object) -> bool:
    """Return whether a value can be used: a number of something, a name, or several."""
    if isinstance(value, list):
        return all(isinstance(each, str) and _is_fit(each) for each in value)
    if isinstance(value, str):
        return "\0" not in value
    return not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= _MOST
