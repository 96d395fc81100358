from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from search.model.frozen import replace
from search.output.json_records import article_record, hit_record, results_record, to_json
from tests.conftest import examples

from .fakes import ARTICLE, HIT, RESULTS, results

PLACE = ["page", "issue", "edition"]
MORE_FIELDS = ["part", "continued_from", "continued_on"]
HIT_FIELDS = [
    *("schema", "rank", "score", "id", "key", "title", "date", "paper", "authors", "section"),
    *("path", "line", "end_line", "snippets", "url", "title_spans"),
    *MORE_FIELDS,
    "also",
    "kind",
    *PLACE,
    "partial",
]


def test_a_hit_has_the_promised_fields_in_order():
    record = hit_record(HIT)
    assert list(record) == HIT_FIELDS
    assert record["schema"] == "sou.hit/1"
    assert record["score"] == 12.3457
    assert record["title"] == HIT.title
    assert record["snippets"] == [
        {"text": "青石县推行网格化服务管理。", "spans": [[5, 8]], "line": 42}
    ]


def test_what_is_only_sometimes_there_comes_last():
    assert list(hit_record(replace(HIT, why=("bm25",)), qid="q1")) == [*HIT_FIELDS, "why", "qid"]


def test_an_article_is_a_hit_without_rank_score_and_snippets():
    record = article_record(ARTICLE)
    shared = [
        name
        for name in HIT_FIELDS[: HIT_FIELDS.index("url")]
        if name not in {"rank", "score", "snippets"}
    ]
    assert list(record) == [*shared, "chars", "url", *MORE_FIELDS, "kind", *PLACE]
    assert record["chars"] == len(ARTICLE.body)
    assert article_record(ARTICLE, body=True) == {**record, "body": ARTICLE.body}


def test_results():
    record = results_record(RESULTS)
    assert list(record) == ["schema", "query", "total", "partial", "seconds", "hits", "beside"]
    assert (record["schema"], record["total"]) == ("sou.results/1", 17)


@pytest.mark.parametrize("unicode", [True, False])
@settings(max_examples=examples(30), deadline=None)
@given(found=results())
def test_json_reads_back_equal_and_is_one_harmless_line(unicode, found):
    record = results_record(found)
    line = to_json(record, unicode=unicode)
    assert json.loads(line) == record
    assert not set(line) & set("\n\r\x1b\x7f\x85\x9b\u2028\u202e\u200b")
    line.encode("utf-8" if unicode else "ascii")
