"""Measuring a ranking against judgements, by the measures of the field (ir_measures)."""

from __future__ import annotations

from collections.abc import Iterable

from search.model.errors import RequestError

Run = dict[str, dict[str, float]]
"""For each query, the score of each document retrieved."""

Judgements = dict[str, dict[str, int]]
"""For each query, the grade of each document judged; above zero is relevant."""

_HIGHEST = 1_000_000
"""Grade that a document may have: the libraries that measure count in 32 bits."""


def read_qrels(lines: Iterable[str], name: str) -> Judgements:
    """Read judgements: query, document, grade; or TREC's query, 0, document, grade."""
    out: Judgements = {}
    for number, line in enumerate(lines, 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) == 4:
            del parts[1]
        try:
            qid, document, grade = parts
            out.setdefault(qid, {})[document] = int(grade)
        except ValueError as exc:
            raise RequestError(f"{name}:{number}: not of the form QUERY DOCUMENT GRADE") from exc
        if abs(out[qid][document]) > _HIGHEST:
            raise RequestError(f"{name}:{number}: a grade can be at most {_HIGHEST:,}")
    if not out:
        raise RequestError(f"{name} contains no judgements")
    return out


def evaluate(run: Run, judged: Judgements) -> dict[str, float]:
    """Return nDCG@10 (Järvelin and Kekäläinen 2002), MRR@10 and R@100, means over queries.

    Every judged query counts, also one that the run does not answer. Raises RequestError
    when ir_measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as exc:
        raise RequestError(
            "sou eval needs the library ir-measures", "install it: pip install 'sou[eval]'"
        ) from exc
    measures = {
        "nDCG@10": ir_measures.nDCG @ 10,
        "MRR@10": ir_measures.RR @ 10,
        "R@100": ir_measures.R @ 100,
    }
    whole = {qid: run.get(qid) or {"": 0.0} for qid in judged}
    values = ir_measures.calc_aggregate(measures.values(), judged, whole)
    return {name: float(values[measure]) for name, measure in measures.items()}
