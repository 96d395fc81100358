from __future__ import annotations

from .fakes import ARTICLE, output


def test_the_total_counts_what_is_not_shown():
    assert output("count") == "17\n"


def test_a_list_is_counted():
    assert output("count", [ARTICLE, ARTICLE]) == "2\n"
