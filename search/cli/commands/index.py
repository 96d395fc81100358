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
    --explain says how pages are read, and indexes nothing.
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
    """Write how pages are read. Raises RequestError for what is no page of text or Markdown."""
    from search.output.safe import safe_line, safe_path
    from search.papers.encodings.decode import decode
    from search.papers.pages.explain import explained
    from search.papers.readers.text import is_markdown, is_page, read_whole
    from search.system.files import open_regular

    if not paths:
        raise RequestError("--explain needs a PATH", "name the page: sou index --explain FILE")
    for path in paths:
        if not is_page(path.name):
            raise RequestError(
                f"{path}: only pages of text or Markdown can be explained",
                "sou list --path FILE shows the articles of any other",
            )
        try:
            with open_regular(path, follow=True) as file:
                text = decode(read_whole(file, session.settings.limits())).text
        except PaperError as exc:
            raise RequestError(f"{path}: {exc.message}") from exc
        except OSError as exc:
            raise RequestError(f"cannot read {path}: {exc.strerror or exc}") from exc
        if len(paths) > 1:
            session.world.write(f"{safe_path(str(path))}\n")
        for line in explained(text, markdown=is_markdown(path.name), stem=path.stem):
            session.world.write(f"{safe_line(line)}\n")
    return EXIT_FOUND
