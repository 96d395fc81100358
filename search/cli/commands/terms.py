"""sou terms: what an article, a month, a paper or the answer to a query is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.cli.flags.search_flags import Flags
from search.cli.session import Session
from search.model.article import PAGE
from search.model.errors import EXIT_FOUND, EXIT_NOTHING, RequestError
from search.model.frozen import replace
from search.output.world import World

MOST = 20
"""Words shown unless -n says otherwise."""


def terms(
    world: World,
    *,
    query: list[str],
    id_: str | None,
    month: str | None,
    limit: int | None,
    no_synonyms: bool,
    format_: str | None,
    index: Path | None,
    **chosen: Any,
) -> int:
    """Show the words that set articles apart: term, count, weight.

    Of the articles that the query and the filters find, against all others; of one article
    with --id; of all when nothing is asked for.
    """
    from search.analysis.fold import fold
    from search.dates.typed import read_date
    from search.output.formats import default_format
    from search.output.keyword_tables import write_terms
    from search.query.ast import kind_of
    from search.searching.keywords import of_article, of_set
    from search.searching.search import everything

    if month and (chosen["since"] or chosen["until"]):
        raise RequestError("--month cannot be combined with --since or --until")
    if month and not read_date(fold(month)):
        raise RequestError(f"--month {month}: not a month", "write 2023-08, or 2023")
    text = " ".join(query)
    flags = Flags(**chosen)
    if month:
        flags = replace(flags, since=month, until=month)
    question = flags.question(text)
    if id_ and (text or question.filters()):
        raise RequestError("--id cannot be combined with a query or filters")
    session = Session(world, index)
    if question.mode == "query" and text.strip() and not no_synonyms:
        question = replace(question, synonyms=session.synonyms())
    tree = question.tree() if text.strip() else everything(question)
    if kind_of(tree)[0] == PAGE:
        raise RequestError("the words of articles are listed, not those beside them (in:page)")
    most = None if limit == 0 else limit or MOST
    engine = session.engine()
    try:
        if id_:
            about = of_article(engine, session.article(engine, id_), most)
        else:
            about = of_set(engine, tree, most)
    finally:
        engine.close()
    name = format_ or default_format(session.world)
    write_terms(session.world, name, about)
    if about.read < about.articles:
        session.world.tell(f"Read {about.read:,} of {about.articles:,} articles, evenly spread.")
    return EXIT_FOUND if about.terms else EXIT_NOTHING
