"""Settings: defaults, then sou.toml, then SOU_* in the environment, then flags.

sou.toml stands in the working folder or in one above it; the nearest counts:

    index = "index_data"      # relative to sou.toml
    corpus = ["corpus"]       # what `sou index` reads when no PATH is given
    limit = 10
    synonyms = "synonyms.txt" # default: beside sou.toml, or beside the index
    words = "words.txt"       # likewise
    max_page_mb = 16          # larger pages are reported, not read
    max_record_mb = 8
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from search.errors import RequestError
from search.record import record

INDEX_NAME = "index_data"
CORPUS_NAME = "corpus"
FILE_NAME = "sou.toml"
SYNONYMS_NAME = "synonyms.txt"
WORDS_NAME = "words.txt"


@record
class Settings:
    """What holds for a run. `corpus` pairs each folder with how it is spelled in results."""

    index: Path
    corpus: tuple[tuple[Path, str], ...]
    limit: int = 10
    max_page_mb: float = 16.0
    max_record_mb: float = 8.0
    synonyms: Path = Path(SYNONYMS_NAME)
    words: Path = Path(WORDS_NAME)


_KINDS: dict[str, tuple[type, ...]] = {
    "index": (str,),
    "corpus": (str, list),
    "limit": (int,),
    "max_page_mb": (int, float),
    "max_record_mb": (int, float),
    "synonyms": (str,),
    "words": (str,),
}


def load(
    index: Path | None = None, cwd: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings for a run in `cwd`; `index` is the --index flag.

    Raises RequestError for a sou.toml that cannot be read or holds what it should not.
    """
    cwd = cwd or Path.cwd()
    if index is None and environ.get("SOU_INDEX"):
        index = Path(environ["SOU_INDEX"])
    found = _upwards(cwd, FILE_NAME)
    values = _read(found) if found else {}
    if index is None and found and "index" in values:
        index = found.parent / values["index"]
    if index is None:
        index = _upwards(cwd, INDEX_NAME) or cwd / INDEX_NAME
    index = cwd / index
    base = found.parent if found and "corpus" in values else index.parent
    names = values.get("corpus", CORPUS_NAME)
    corpus = tuple((base / name, name) for name in ([names] if isinstance(names, str) else names))
    limit = values.get("limit", 10)
    if environ.get("SOU_LIMIT"):
        limit = _number(environ["SOU_LIMIT"], "SOU_LIMIT")
    rest = {key: values[key] for key in ("max_page_mb", "max_record_mb") if key in values}
    beside = found.parent if found else index.parent
    synonyms = beside / values.get("synonyms", SYNONYMS_NAME)
    words = beside / values.get("words", WORDS_NAME)
    return Settings(index, corpus, limit, **rest, synonyms=synonyms, words=words)


def _upwards(start: Path, name: str) -> Path | None:
    """Return the nearest file or folder of a name in `start` or above it."""
    for folder in (start, *start.parents):
        if (folder / name).exists():
            return folder / name
    return None


def _number(text: str, where: str) -> int:
    if not text.isdecimal():
        raise RequestError(f"{where} is {text!r}, which is not a number")
    return int(text)


def _read(path: Path) -> dict[str, Any]:
    """Return what a sou.toml says, each value of its kind."""
    import tomllib

    try:
        values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise RequestError(f"{path}: {exc}", "mend it, or move it away") from exc
    for key, value in values.items():
        if key not in _KINDS:
            known = ", ".join(_KINDS)
            raise RequestError(f"{path}: there is no setting {key!r}", f"settings are {known}")
        if not isinstance(value, _KINDS[key]) or isinstance(value, bool):
            raise RequestError(f"{path}: {key} cannot be {value!r}")
    return values
