"""The format for evaluation tools: a TREC run."""

from __future__ import annotations

import re

from search.model.results import DIGITS, Results
from search.output.formats import Format
from search.output.safe import safe

_STEP = 10**-DIGITS


class Trec(Format):
    """Lines of `qid Q0 document rank score sou`; the document is its key, or else its id."""

    def results(self, results: Results) -> None:
        """Write a line for each hit.

        Evaluation tools order a run by its scores and ignore the ranks, so the scores
        written always fall: a score that would not is put just below the one before it.
        """
        qid = _word(self.options.qid or "1")
        previous = float("inf")
        for hit in results.hits:
            score = round(min(hit.score, previous - _STEP), DIGITS)
            previous = score
            document = _word(hit.article.key or hit.article.id)
            self.world.write(f"{qid} Q0 {document} {hit.rank} {score:.{DIGITS}f} sou\n")


def _word(text: str) -> str:
    """Return `text` without white space, which would be read as the next column."""
    return re.sub(r"\s", "_", safe(text)) or "_"
