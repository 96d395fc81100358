"""Runs a target under atheris: changes are guided by which lines of sou they reach.

    pip install atheris                              (Linux and macOS)
    python tests/fuzz/atheris_run.py TARGET [-max_total_time=300] [FOLDER...]

What follows the target is for libFuzzer. New inputs are kept in the first folder, by default
one under the system's temporary folder; the seeds are always read. A failure does not end the
run: the smallest input of each kind is saved under --found=FOLDER (by default tests/fuzz/found),
and each new kind is printed. Only what ends the process itself (a crash, memory, a hang) does
end it; libFuzzer then leaves its input in the working folder.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

LIBRARIES = {
    "hocr": ["html.parser", "_markupbase"],
    "mhtml": ["email", "html.parser"],
    "html": ["html.parser", "_markupbase"],
    "zip": ["zipfile"],
    "tar": ["tarfile"],
    "gz": ["gzip"],
    "docx": ["zipfile"],
    "epub": ["zipfile"],
}
"""Modules outside of sou that are watched too: what they do with an input is ours to bear."""


_QUERY, _TEXT, _ALL = ("search.query", "search.analysis"), ("search.analysis",), ("search",)
PACKAGES = {
    "query": _QUERY,
    "regex": _QUERY,
    "search": _ALL,
    "index": _ALL,
    "fold": _TEXT,
    "words": _TEXT,
    "synonyms": ("search.searching.synonyms", "search.system.user_file"),
    "words_file": ("search.searching.user_words", "search.system.user_file"),
    "settings": ("search.project.settings",),
    "batch": ("search.cli.commands.batch",),
}
"""What of sou is loaded before, and watched: to watch all of it takes 12 s. Else the papers."""


def instrumented(atheris: Any, target: str) -> None:
    """Load what a target runs, so that its lines are counted."""
    with atheris.instrument_imports(include=["search", *LIBRARIES.get(target, ())]):
        import search

        wanted = PACKAGES.get(target, ("search.papers",))
        for module in pkgutil.walk_packages(search.__path__, "search."):
            if module.name.startswith(wanted) and not module.name.endswith("__main__"):
                import_module(module.name)
        for name in LIBRARIES.get(target, ()):
            import_module(name)


def main() -> None:
    """Run a target until libFuzzer ends."""
    import atheris

    name, *rest = sys.argv[1:]
    found = Path(next((a[8:] for a in rest if a.startswith("--found=")), HERE / "found"))
    rest = [argument for argument in rest if not argument.startswith("--found=")]
    instrumented(atheris, name)
    from tests.fuzz.run import Outcome, Watched, save
    from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    flags = [argument for argument in rest if argument.startswith("-")]
    folders = [argument for argument in rest if not argument.startswith("-")]
    scratch = Path(tempfile.gettempdir()) / "sou-fuzz" / name
    scratch.mkdir(parents=True, exist_ok=True)
    if not folders:
        (scratch / "corpus").mkdir(exist_ok=True)
        folders = [os.fspath(scratch / "corpus")]
    words = scratch / "tokens"
    words.write_text("".join(f'"{_escaped(token)}"\n' for token in target.tokens), "ascii")
    defaults = [f"-max_len={target.most}", "-timeout=60", "-rss_limit_mb=3000"]
    if target.tokens:
        defaults.append(f"-dict={words}")
    watched = Watched(name)
    outcome = Outcome(name)

    def once(data: bytes) -> None:
        failed = watched.try_(data)
        if failed:
            key, trace = failed
            before = outcome.failures.get(key)
            size = len(before.data) if before else None
            outcome.add(key, data, trace)
            if size is None or len(data) < size:
                lines = save(outcome, found)
                if size is None:
                    sys.stdout.write("\n".join(lines) + "\n")
                    sys.stdout.flush()

    seeds = [os.fspath(HERE / "seeds" / name)]
    arguments = [sys.argv[0], *defaults, *flags, *folders, *(s for s in seeds if s not in folders)]
    atheris.Setup(arguments, once)
    atheris.Fuzz()


def _escaped(token: bytes) -> str:
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in token
    )


if __name__ == "__main__":
    main()
