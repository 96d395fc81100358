"""sou index: build the index, or bring it up to date."""

from __future__ import annotations

from pathlib import Path

from search.cli.run_build import build_index, exit_status
from search.cli.session import Session
from search.model.errors import EXIT_FOUND, PaperError, RequestError
from search.output.world import World


def index(
    world: World,
    *,
    paths: list[Path],
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
    if explain:
        return _explain(session, paths)
    report = build_index(
        session,
        paths,
        rebuild=rebuild,
        dry_run=dry_run,
        verbose=verbose,
        jobs=jobs,
        yes=yes,
        follow_links=follow_links,
    )
    return exit_status(report)


def _explain(session: Session, paths: list[Path]) -> int:
    """Write how papers are read. Raises RequestError for what no reader can read."""
    from search.output.safe import safe_line, safe_path
    from search.papers.corrections.places import Corrections, kept_at
    from search.papers.discover import PaperFile
    from search.papers.observer import observed_by
    from search.papers.problem import Problem
    from search.papers.read_paper import read_paper
    from search.system.files import open_regular

    if not paths:
        raise RequestError("--explain needs a PATH", "name the page: sou index --explain FILE")
    world, limits = session.world, session.settings.limits()
    places = Corrections(str(session.settings.corrections), session.folder.beside)

    def write(lines: list[str]) -> None:
        world.write("".join(f"{safe_line(line)}\n" for line in lines))

    for path in paths:
        _refuse_unreadable(path)
        if len(paths) > 1:
            world.write(f"{safe_path(str(path))}\n")
        try:
            kept, _, why = kept_at(places.of(str(path)))
            if why:
                world.tell(f"sou: {safe_path(str(path))}: {why}")
            with open_regular(path, follow=True) as file, observed_by(write):
                for thing in read_paper(PaperFile(path, str(path)), file, limits, kept=kept):
                    if isinstance(thing, Problem):
                        world.tell(f"sou: {safe_path(str(thing))}")
        except PaperError as exc:
            raise RequestError(f"{path}: {exc.message}") from exc
        except OSError as exc:
            raise RequestError(f"cannot read {path}: {exc.strerror or exc}") from exc
    return EXIT_FOUND


def _refuse_unreadable(path: Path) -> None:
    """Raise RequestError for a file that no reader accepts."""
    from search.papers.formats import accepts

    if not accepts(path.name):
        raise RequestError(
            f"{path}: no reader accepts this kind of file",
            "papers are .txt, .md, .jsonl, .csv, .html, .pdf, .docx, .epub files and others (README)",
        )
