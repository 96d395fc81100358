"""The corrections of all sources, listed, and measured against what sou reads by itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from search.cli.session import Session
from search.model.errors import EXIT_FOUND, EXIT_NOTHING, EXIT_REQUEST, IndexMissing, RequestError
from search.model.path_spelling import bytes_fields, raw, shown, shown_raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.indexing.corrected_pages import CorrectedPage
    from search.model.article import Record
    from search.papers.pages.page_scores import Score

_NONE = "No page has been corrected yet: sou correct FILE"

FORMATS = ("rich", "plain", "json", "jsonl")


def listed(session: Session, format_: str | None) -> int:
    """List every correction with its state; return the exit status."""
    from search.output.formats import default_format
    from search.output.json_records import to_json
    from search.output.safe import safe_path

    world, name = session.world, format_ or default_format(session.world)
    if name not in FORMATS:
        raise RequestError(f"corrections cannot be written as {name}", f"use {', '.join(FORMATS)}")
    found = []
    for each in _corrected(session):
        found.append(each)
        if name == "jsonl":
            world.write(to_json(_record(each), unicode=world.unicode) + "\n")
        elif name == "plain":
            cells = (shown(each.shown), each.part or "", each.state, shown_raw(each.kept))
            world.write("\t".join(map(safe_path, cells)) + "\n")
        elif name == "rich":
            part = f", {each.part}" if each.part else ""
            why = f": {each.why}" if each.why else ""
            world.write(f"{each.state + why:13}  {safe_path(f'{shown(each.shown)}{part}')}\n")
            if not each.beside:
                world.write(f"{'':15}{safe_path(shown_raw(each.kept))}\n")
    if name == "json":
        whole: Record = {"schema": "sou.correction-list/1", "corrections": [*map(_record, found)]}
        world.write(to_json(whole, unicode=world.unicode) + "\n")
    if not found:
        world.tell(_NONE)
        return EXIT_NOTHING
    return EXIT_FOUND


def _record(each: CorrectedPage) -> Record:
    articles = len(each.correction.layout.portions) if each.correction else None
    return {
        "schema": "sou.correction/1",
        "path": shown(each.shown),
        "part": each.part,
        "state": each.state,
        "why": each.why or None,
        "articles": articles,
        "kept": shown_raw(each.kept),
        **bytes_fields(path=raw(each.shown), kept=each.kept),
    }


def measure(session: Session) -> int:
    """Print how well sou reads the corrected pages by itself; return the exit status."""
    from search.indexing.corrected_pages import HOLDS
    from search.output.safe import safe_path
    from search.papers.pages.page_scores import Score, gold_of, score_page

    total, passed = Score(), []
    number = 0
    for each in _corrected(session):
        if each.state != HOLDS or each.page is None or each.correction is None:
            passed.append(f"{shown(each.shown)} ({each.state})")
            continue
        gold = gold_of(each.page.by(each.correction.layout))
        score = score_page(each.page.read, gold)
        paper = shown(each.shown)
        name = f"{paper}, {each.part}" if each.part else paper
        if not number:
            session.world.write("page\tarticles\ttitles\tauthors\tdate\tpaper\n")
        session.world.write(f"{safe_path(name)}\t{_cells(score)}\n")
        total.add(score)
        number += 1
    if number:
        session.world.write(f"all {number}\t{_cells(total, summed=True)}\n")
    for name in passed:
        session.world.tell(f"sou: not measured: {name}")
    if passed:
        return EXIT_REQUEST
    if not number:
        session.world.tell(_NONE)
        return EXIT_NOTHING
    return EXIT_FOUND


def _cells(score: Score, *, summed: bool = False) -> str:
    """Return what a line says of a page, or of several that were `summed`."""
    measured = (score.articles.f1, score.titles.f1, score.authors.f1)
    right = (score.other[name].f1 for name in ("date", "paper"))
    if summed:
        return "\t".join(f"{value:.3f}" for value in (*measured, *right))
    words = ("right" if value == 1 else "wrong" for value in right)
    return "\t".join((*(f"{value:.3f}" for value in measured), *words))


def _corrected(session: Session) -> Iterator[CorrectedPage]:
    """Yield the corrected pages of the sources of the index, or of the corpus if there is none."""
    from search.cli.questions import may_ask, says_yes
    from search.indexing.corrected_pages import corrected_pages
    from search.papers.corrections.places import Corrections
    from search.project.consent import Consent

    folder = session.folder
    try:
        sources = [*folder.state().sources]
    except IndexMissing:
        sources = session.corpus()
        if not sources:
            raise
    consent = Consent(
        session.settings,
        [],
        yes=False,
        tell=lambda _: None,
        ask=partial(says_yes, session.world) if may_ask(session.world) else None,
    )
    consent(sources)
    places = Corrections(session.corrections(), folder.beside)
    yield from corrected_pages(sources, places, session.settings.limits())
