import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.discover import PaperFile
from search.papers.problem import Problem
from search.papers.read_paper import Limits, read_paper
from tests.papers.strategies import CHINESE


def read(name, data, **limits):
    data = data if isinstance(data, bytes) else data.encode()
    return list(read_paper(PaperFile(None, name), io.BytesIO(data), Limits(**limits)))


def lines(*records):
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def test_every_field_is_read():
    article, remark = read(
        "a.jsonl",
        lines(
            {
                "id": 7,
                "title": "雪后第一班车",
                "body": "路通了。\n车来了。",
                "date": "2019年7月5日",
                "paper": "山城日报",
                "authors": ["林小雨", "何田"],
                "section": "要闻",
                "url": "http://example.com/7",
                "extra": {"ignored": True},
            }
        ),
    )
    assert remark == Problem("a.jsonl", "columns not used: extra", lost=False)
    assert article == Article(
        id=article.id,
        key="7",
        title="雪后第一班车",
        body="路通了。\n车来了。",
        path="a.jsonl",
        line=1,
        end_line=1,
        body_line=None,
        date="2019-07-05",
        paper="山城日报",
        authors=("林小雨", "何田"),
        section="要闻",
        url="http://example.com/7",
    )
    assert article.id


@pytest.mark.parametrize("key", ["text", "content", "正文", "BODY"])
def test_the_body_has_several_names(key):
    (article,) = read("a.jsonl", lines({key: "路通了。"}))
    assert article.body == "路通了。"


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("林小雨、何田", ("林小雨", "何田")),
        ("林小雨,何田; 高野", ("林小雨", "何田", "高野")),
        ("林小雨 何田", ("林小雨", "何田")),
        ("周 雨荷", ("周雨荷",)),
        ("Anna Lee", ("Anna Lee",)),
        ("本报评论员", ("本报评论员",)),
        ([], ()),
        (None, ()),
    ],
)
def test_authors_are_split(authors, names):
    (article,) = read("a.jsonl", lines({"body": "路通了。", "author": authors}))
    assert article.authors == names


def test_a_bad_record_is_a_problem_with_its_line_and_reading_goes_on():
    data = b"\n".join(
        [
            b'{"body": "one"}',
            b"{not json",
            b"",
            b"[1, 2]",
            b'{"title": "", "body": " "}',
            b'{"body": ["a"]}',
            b'{"body": "x", "authors": [1]}',
            b"[" * 100_000,
            b'{"body": "nine"}',
        ]
    )
    found = read("a.jsonl", data)
    assert [item.line for item in found] == [1, 2, 4, 5, 6, 7, 8, 9]
    assert [type(item) for item in found] == [Article, *[Problem] * 6, Article]
    reasons = [item.reason for item in found if isinstance(item, Problem)]
    for reason, word in zip(
        reasons, ["JSON", "object", "without", "'body'", "'authors'", "deep"], strict=True
    ):
        assert word in reason


MANIFEST = "file\tpages\n01.txt\t4\n02.txt\t8\n03.txt\t4\n"


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("MANIFEST.tsv", MANIFEST, 2),
        ("a.csv", "title,body,n\n,,1\n, ,2\n,,3\n", 2),
        ("a.jsonl", "\n" + lines({"page": 1}, {"page": 2}, {"title": "", "page": 3}), 2),
        ("a.json", json.dumps([{"page": 1}, {"page": 2}, {"page": 3}]), 1),
    ],
)
def test_a_table_of_something_else_is_told_in_one_line(name, data, line):
    (told,) = read(name, data)
    assert isinstance(told, Problem)
    assert (told.path, told.line, told.lost) == (name, line, False)
    assert "3 records" in told.reason


@pytest.mark.parametrize("other", ['{"title": "雪"}', "{broken", '{"body": 1}'])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_among_others_each_record_without_text_is_told(other, at):
    data = ['{"page": 1}', '{"page": 2}']
    data.insert(at, other)
    found = read("a.jsonl", "\n".join(data))
    assert [item.line for item in found] == [1, 2, 3]
    told = [item for item in found if isinstance(item, Problem) and "without" in item.reason]
    assert [item.line for item in told] == [n for n in (1, 2, 3) if n != at + 1]
    assert all(item.lost for item in told)


def test_a_title_alone_is_kept():
    (article,) = read("a.jsonl", lines({"title": "雪后第一班车"}))
    assert (article.title, article.body) == ("雪后第一班车", "")


def test_a_line_over_the_limit_is_passed_over():
    data = (
        lines({"body": "路" * 50})
        + "\n"
        + lines({"body": "路" * 500})
        + "\n"
        + lines({"body": "车"})
    )
    first, second, third = read("a.jsonl", data, max_record_chars=100)
    assert (first.line, third.line, third.body) == (1, 3, "车")
    assert second == Problem("a.jsonl", "a record of more than 100 characters", 2)


def test_lone_surrogates_and_nuls_are_replaced():
    (article,) = read("a.jsonl", rb'{"title": "\ud800\u0000a", "body": "\udc80\u96ea\ud83d\ude00"}')
    assert (article.title, article.body) == ("\ufffd\ufffda", "\ufffd雪😀")


def test_bytes_that_are_not_utf8_cost_one_record():
    good = lines({"body": "路通了。"}).encode()
    data = good + b"\n" + b'{"body": "\xff"}' + b"\n" + good
    # The head of the file is what says it is UTF-8.
    found = read("a.jsonl", good + b"\n" * 70_000 + data)
    assert [type(item) for item in found] == [Article, Article, Problem, Article]
    assert "UTF-8" in found[2].reason


def test_broken_bytes_in_a_list_are_told_and_cost_no_record():
    data = '[{"body": "路通了。"},\n{"body": "车来了。"}]'.encode().replace(b"\xe9\x80", b"\xff")
    problem, *articles = read("a.json", data)
    assert [article.body for article in articles] == ["路\ufffd了。", "车来了。"]
    assert problem == Problem(
        "a.json", "2 broken bytes were replaced; first at line 1", 1, lost=False
    )


@pytest.mark.parametrize("encoding", ["cp950", "big5hkscs"])
def test_records_in_big5(encoding):
    # Of 功 and 許 the second byte is a backslash, of 育 it is a brace.
    bodies = ["功夫許可，教育為先。", "雪後的第一班車到站。"]
    data = lines(*({"body": body} for body in bodies)).encode(encoding)
    assert b"\\" in data
    assert [article.body for article in read("a.jsonl", data)] == bodies


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_records_in_other_encodings(encoding):
    data = lines({"body": "路通了，"}, {"body": "车来了。"}).encode(encoding)
    assert [article.body for article in read("a.ndjson", data)] == ["路通了，", "车来了。"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_with_chinese_names_of_columns(delimiter):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(["编号", "标题", "正文", "日期", "报纸", "作者", "版面", "别的"])
    writer.writerow(
        [
            "7",
            "雪后",
            '他说,"路通了";\n车来了。',
            "2019/7/5",
            "山城日报",
            "林小雨、何田",
            "要闻",
            "",
        ]
    )
    writer.writerow(["8", "雨前", "车走了。", "", "", "", "", ""])
    first, second = read("a.csv", stream.getvalue())
    assert (first.key, first.title, first.date, first.paper) == (
        "7",
        "雪后",
        "2019-07-05",
        "山城日报",
    )
    assert first.body == '他说,"路通了";\n车来了。'
    assert (first.authors, first.section) == (("林小雨", "何田"), "要闻")
    assert (first.line, second.line, second.authors) == (2, 4, ())


def test_csv_rows_that_are_odd():
    data = (
        'title,body\n一,短\n二\n三,他说"路"通了,多\n四,"长'
        + "长" * 200
        + '"\n,\n五,a\x00b\n六,"不关\n'
    )
    found = read("a.csv", data, max_record_chars=100)
    assert [item.line for item in found] == [2, 3, 4, 5, 6, 7, 8]
    assert [getattr(item, "title", None) for item in found] == [
        "一",
        "二",
        "三",
        None,
        None,
        "五",
        "六",
    ]
    assert found[2].body == '他说"路"通了'
    assert "more than 100" in found[3].reason
    assert found[5].body == "a\ufffdb"
    assert found[6].body == "不关\n"


def test_a_field_longer_than_the_csv_module_allows():
    body = "路" * 300_000
    (article,) = read("a.csv", f'title,body\n一,"{body}"\n')
    assert article.body == body


def test_a_json_list_is_read_whole():
    first, second, third = read("a.json", json.dumps([{"body": "one"}, 5, {"body": "two"}]))
    assert (first.body, third.body) == ("one", "two")
    assert isinstance(second, Problem)
    (single,) = read("a.json", '{"body": "one"}')
    assert single.body == "one"


def test_a_json_file_that_is_none_raises():
    with pytest.raises(PaperError, match="not valid JSON"):
        read("a.json", '{"body": "one"}\n{"body": "two"}')
    with pytest.raises(PaperError, match="more than the limit of 10"):
        read("a.json", '{"body": "one"}', max_page_bytes=10)


def test_a_json_file_of_something_else_holds_nothing():
    assert read("a.json", '{"page.txt": {"articles": 3}}') == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json"])
@pytest.mark.parametrize("data", ["", "\n \n"])
def test_an_empty_file_yields_nothing(name, data):
    assert read(name, data) == []


@given(st.lists(CHINESE.filter(str.strip), max_size=5))
def test_what_is_written_comes_back(bodies):
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([["title", "body"], *([str(n), body] for n, body in enumerate(bodies))])
    assert [article.body for article in read("a.csv", stream.getvalue())] == bodies
    records = lines(*({"body": body} for body in bodies))
    assert [article.body for article in read("a.jsonl", records)] == bodies


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl", "a.json", "a.txt", "a.md"]))
def test_any_bytes_give_articles_problems_or_a_paper_error(data, name):
    try:
        found = read(name, data)
    except PaperError:
        return
    for item in found:
        if isinstance(item, Article):
            (item.title + item.body).encode()


def test_the_name_of_a_column_that_is_not_used_is_text() -> None:
    found = read("a.csv", "桥封闭".encode() + b"\x80,body\ny,d")
    reasons = [item.reason for item in found if isinstance(item, Problem)]
    assert reasons == ["columns not used: 桥封闭\ufffd"]


def test_a_damaged_record_is_no_record_in_another_encoding() -> None:
    found = read("a.jsonl", '{"title":"新桥昨日通车"}\n'.encode() + b'{"title":"\xe7\x82"}\n')
    assert [type(item) for item in found] == [Article, Problem]
    assert "broken bytes" in found[1].reason
