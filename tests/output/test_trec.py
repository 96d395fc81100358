from __future__ import annotations

import pytest

from search.model.errors import RequestError
from search.model.frozen import replace

from .fakes import ARTICLE, HIT, OTHER, RESULTS, output


def test_a_line_for_each_hit():
    assert output("trec", qid="q 7").splitlines() == [
        "q_7 Q0 k3f9q2ab7x 1 12.3457 sou",
        "q_7 Q0 b_17 2 3.5000 sou",
    ]


def test_scores_always_fall_so_that_the_order_survives():
    scores = [2.0, 2.0, 2.00004, 7.0, 1.0]
    hits = [replace(HIT, rank=rank, score=score) for rank, score in enumerate(scores, start=1)]
    lines = output("trec", replace(RESULTS, hits=(*hits, OTHER))).splitlines()
    assert [line.split()[4] for line in lines] == [
        *("2.0000", "1.9999", "1.9998", "1.9997", "1.0000"),
        "0.9999",
    ]


def test_a_list_is_no_run():
    with pytest.raises(RequestError):
        output("trec", [ARTICLE])
