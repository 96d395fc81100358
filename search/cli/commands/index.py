"""sou index: build the index, or bring it up to date."""

from __future__ import annotations

import os
from pathlib import Path

from search.cli.run_build import build_index, exit_status
from search.cli.session import Session
from search.model.errors import EXIT_FOUND, PaperError, RequestError
from search.model.path_spelling import kept as spelling_of
from search.model.path_spelling import shown_raw
from search.model.source_rule import SourceRule
from search.output.world import World


def index(
    world: World,
    *,
    paths: list[Path],
    source: list[str] | None,
    rebuild: bool,
    dry_run: bool,
    explain: bool,
    jobs: int | None,
    yes: bool,
    follow_links: bool,
    verbose: bool,
    index: Path | None,
) -> int:
    """Index papers: new and changed files are read, removed ones taken out.

    With no PATH, all that the index was made from, and the corpus/ beside it. --rebuild with
    a PATH keeps only what is there. Where much would leave the index, that is asked about.
    --explain says how papers are read, and indexes nothing.
    """
    session = Session(world, index)
    typed = _typed(source or [])
    if explain:
        return _explain(session, paths, typed)
    # What is named is read, but for a glob, which says of some papers what they are.
    known = {os.path.realpath(path) for path in paths}
    paths = paths + [
        Path(rule.shown).expanduser()
        for rule in typed
        if not rule.is_glob and rule.path not in known
    ]
    report = build_index(
        session,
        paths,
        rebuild=rebuild,
        dry_run=dry_run,
        verbose=verbose,
        jobs=jobs,
        yes=yes,
        follow_links=follow_links,
        typed=typed,
    )
    return exit_status(report)


def _typed(flags: list[str]) -> list[SourceRule]:
    """Return what --source says. Raises RequestError."""
    from search.papers.given.rules import RuleError, typed_rule

    try:
        return [typed_rule(text, str(Path.cwd())) for text in flags]
    except RuleError as exc:
        raise RequestError(
            f"--source: {exc}", "such as --source 'path=扫描,paper=青岚日报,pattern={date}_{page}'"
        ) from exc


def _explain(session: Session, paths: list[Path], typed: list[SourceRule]) -> int:
    """Write how papers are read. Raises RequestError for what no reader can read."""
    from search.output.safe import safe_path
    from search.papers.formats import accepts

    if not paths:
        raise RequestError("--explain needs a PATH", "name the page: sou index --explain FILE")
    for path in paths:
        if path.is_dir():
            raise RequestError(f"{path} is a folder", "name a file of it: sou index --explain FILE")
        if not accepts(path.name):
            raise RequestError(
                f"{path}: no reader accepts this kind of file",
                "papers are .txt, .md, .jsonl, .csv, .html, .pdf, .docx, .epub files and others (README)",
            )
        if len(paths) > 1:
            session.world.write(f"{safe_path(shown_raw(str(path)))}\n")
        try:
            _explain_paper(session, path, typed)
        except PaperError as exc:
            raise RequestError(f"{path}: {exc.message}") from exc
        except OSError as exc:
            raise RequestError(f"cannot read {path}: {exc.strerror or exc}") from exc
    return EXIT_FOUND


def _explain_paper(session: Session, path: Path, typed: list[SourceRule]) -> None:
    """Write how a paper is read, with its correction. Raises PaperError and OSError."""
    from search.output.safe import safe_line, safe_path
    from search.papers.corrections.places import Corrections, kept_at, place_of
    from search.papers.discover import PaperFile
    from search.papers.observer import observed_by
    from search.papers.problem import Problem
    from search.papers.read_paper import read_paper
    from search.papers.readers.records.columns import names_not_used
    from search.system.files import open_regular

    world, limits = session.world, session.settings.limits()
    places = Corrections(session.corrections(), session.folder.beside)
    kept, _, why = kept_at(places.of(place_of(path)))
    if why:
        world.tell(f"sou: {safe_path(shown_raw(str(path)))}: {why}")
    told = bool(why)

    def write(lines: list[str]) -> None:
        nonlocal told
        told = True
        world.write("".join(f"{safe_line(line)}\n" for line in lines))

    given, remarks, _ = session.given(path, typed)
    for remark in remarks:
        world.tell(f"sou: {safe_path(str(remark))}")
    with open_regular(path, follow=True) as file, observed_by(write):
        for thing in read_paper(
            PaperFile(path, spelling_of(str(path))), file, limits, kept=kept, given=given
        ):
            told = True
            # (Which columns were not used is among what is observed.)
            if isinstance(thing, Problem) and not names_not_used(thing):
                world.tell(f"sou: {safe_path(str(thing))}")
    if not told:
        world.write("nothing is in it\n")
