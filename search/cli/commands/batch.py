"""sou batch and sou eval: many queries at once, and how good the answers are."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.cli.exit_status import complain
from search.cli.flags.search_flags import Flags
from search.cli.flags.searching import DEPTH
from search.cli.run_search import is_marked, read_as_text
from search.cli.session import Session
from search.model.errors import (
    EXIT_FOUND,
    EXIT_NOTHING,
    EXIT_REQUEST,
    LimitError,
    QueryError,
    RequestError,
    SouError,
)
from search.model.frozen import replace
from search.output.world import World
from search.searching.search import find

if TYPE_CHECKING:
    from search.model.article import Article
    from search.system.user_file import Mistake

MOST_BYTES = 256 << 20
"""Of a file of queries or judgements: what is in it takes four times as much to hold."""

MOST_WRONG = 10_000
"""Lines that hold no query: in a file with more, none is meant to."""


def batch(
    world: World,
    *,
    file: Path,
    no_synonyms: bool,
    format_: str,
    index: Path | None,
    **chosen: Any,
) -> int:
    """Run many queries: a TREC run (qid Q0 key-or-id rank score sou), or -f jsonl."""
    session = Session(world, index)
    flags = Flags(**chosen, no_dedupe=True)
    name = format_
    if name == "paths":
        raise RequestError(
            "the format paths cannot say which query a file belongs to",
            "use trec, json, jsonl, csv, tsv or plain",
        )
    synonyms = None if no_synonyms else session.synonyms()
    queries, mistakes = _queries(file)
    session.say(mistakes)
    fill = is_marked(world, name)
    found = begun = False
    failed = bool(mistakes)
    engine = session.engine()
    try:
        for qid, text in queries:
            try:
                question = replace(flags.question(text), synonyms=synonyms, fill=fill)
                results = find(engine, question, "outlines" if name == "trec" else "hits")
            except (QueryError, LimitError) as error:
                _complain_of(session, qid, error)
                failed = True
                continue
            if note := read_as_text(question):
                session.world.tell(f"query {qid}: {note}")
            found = found or results.total > 0
            session.format(name, qid=qid, header=not begun).results(results)
            begun = True
    finally:
        engine.close()
    if failed:
        return EXIT_REQUEST
    return EXIT_FOUND if found else EXIT_NOTHING


def evaluate(
    world: World,
    *,
    queries: Path | None,
    qrels: Path | None,
    any_: bool,
    pages: bool,
    field: str | None,
    index: Path | None,
) -> int:
    """Measure the ranking against judged queries: nDCG@10, MRR@10 and R@100.

    Or, with --pages, how pages are read, against those that were corrected.
    """
    if pages:
        if queries or field:
            raise RequestError("--pages takes no queries", "leave out QUERIES, QRELS and --in")
        from search.cli.correction_list import measure as measure_pages

        return measure_pages(Session(world, index))
    if queries is None or qrels is None:
        raise RequestError(
            "sou eval needs QUERIES and QRELS", "or --pages, to measure how pages are read"
        )
    from search.searching.evaluation import evaluate as measure
    from search.searching.evaluation import read_qrels

    session = Session(world, index)
    judged = read_qrels(_lines(qrels), str(qrels))
    asked, mistakes = _queries(queries)
    session.say(mistakes)
    engine = session.engine()
    run: dict[str, dict[str, float]] = {}
    skipped = 0
    try:
        for qid, text in asked:
            flags = Flags(DEPTH, field=field, any_=any_, no_dedupe=True)
            question = replace(flags.question(text), beside=False)
            try:
                results = find(engine, question, "outlines")
            except (QueryError, LimitError) as error:
                _complain_of(session, qid, error)
                skipped += 1
                run[qid] = {}
                continue
            # Ranks, not scores: a measure must not break our ties in its own way.
            known = judged.get(qid, {})
            run[qid] = {_named(hit.article, known): -float(hit.rank) for hit in results.hits}
    finally:
        engine.close()
    if skipped:
        session.world.tell(f"{skipped} queries could not be run, and count as finding nothing")
    if missing := judged.keys() - run.keys():
        some = ", ".join(sorted(missing)[:3])
        session.world.tell(
            f"{qrels}: {len(missing)} judged queries are not in {queries} (such as {some}),"
            " and count as finding nothing"
        )
    if not any(run[qid].keys() & known.keys() for qid, known in judged.items() if qid in run):
        session.world.tell(
            f"{qrels}: none of the judged documents was found; name them by key or by id"
        )
    for name, value in measure(run, judged).items():
        session.world.write(f"{name}\t{value:.4f}\n")
    return EXIT_REQUEST if mistakes or skipped else EXIT_FOUND


def _named(article: Article, known: Mapping[str, int]) -> str:
    """Return the name by which an article is judged: its id where that one is, else its key."""
    return article.id if article.id in known else article.key or article.id


def _complain_of(session: Session, qid: str, error: SouError) -> None:
    session.world.tell(f"sou: query {qid}:")
    complain(session.world, error)


def _queries(file: Path) -> tuple[list[tuple[str, str]], list[Mistake]]:
    """Return the id and text of each query, and what is wrong with the lines that hold none.

    Raises RequestError where no line holds a query: then another file was meant.
    """
    from search.system.user_file import Mistake

    queries: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for number, line in enumerate(_lines(file), 1):
        qid, _, text = (part.strip() for part in line.partition("\t"))
        if qid in queries:
            mistakes.append(Mistake(file, number, f"the query id {qid} was used before"))
        elif "\t" in line and qid:
            queries[qid] = text
        elif line.strip():
            mistakes.append(Mistake(file, number, "not of the form ID<TAB>QUERY"))
        if len(mistakes) > MOST_WRONG:
            raise RequestError(
                str(mistakes[0]),
                f"so are more than {MOST_WRONG:,} lines: this is not a file of queries",
            )
    if mistakes and not queries:
        hint = "nor is any other line: put an id and a tab before each query"
        raise RequestError(str(mistakes[0]), hint)
    return list(queries.items()), mistakes


def _lines(file: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, or of standard input for `-`."""
    if str(file) == "-" and sys.stdin is None:
        raise RequestError("standard input is closed", "name a file of queries")
    try:
        named = file.open("rb") if str(file) != "-" else nullcontext(sys.stdin.buffer)
        with named as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise RequestError(f"{file} is larger than {MOST_BYTES >> 20} MB; split it")
        yield from data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except OSError as exc:
        raise RequestError(f"{file} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise RequestError(f"{file} is not UTF-8 (byte {exc.start})") from exc
