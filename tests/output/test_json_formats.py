from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from search.model.frozen import replace
from search.output.json_records import article_record, hit_record, results_record
from tests.conftest import examples

from .fakes import ARTICLE, OTHER, RESULTS, fake_world, output, results


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
@settings(max_examples=examples(30), deadline=None)
@given(found=results())
def test_a_line_for_each_hit_reads_back(encoding, found):
    lines = output("jsonl", found, fake_world(encoding)).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [hit_record(hit) for hit in found.hits]


def test_one_object_for_a_search():
    text = output("json")
    assert text.count("\n") == 1
    assert json.loads(text) == results_record(RESULTS)


def test_chinese_is_readable_unless_stdout_cannot_hold_it():
    assert "网格化" in output("jsonl")
    assert output("jsonl", world=fake_world("gbk")).isascii()


def test_a_batch_names_the_query_of_each_hit():
    lines = output("jsonl", qid="q7").splitlines()
    assert {json.loads(line)["qid"] for line in lines} == {"q7"}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_list_is_one_object_or_one_line_each(count):
    articles = [ARTICLE, OTHER.article][:count]
    expected = [article_record(article) for article in articles]
    assert json.loads(output("json", articles)) == {
        "schema": "sou.articles/1",
        "articles": expected,
        "total": count,
    }
    assert [json.loads(line) for line in output("jsonl", articles).splitlines()] == expected


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_an_article_has_its_body_as_in_the_source(name):
    article = replace(ARTICLE, body="突\r\n\n发\x1b事件")
    assert json.loads(output(name, article))["body"] == "突\r\n\n发\x1b事件"


@pytest.mark.parametrize(
    "char", ["\x1b", "\x7f", "\x9b", "\u202e", "\u200b", "\U000e0041", "\udcff"]
)
def test_what_acts_or_hides_is_escaped_and_reads_back(char):
    line = output("jsonl", [replace(ARTICLE, title=f"望{char}澜")])
    assert char not in line
    assert json.loads(line)["title"] == f"望{char}澜"
