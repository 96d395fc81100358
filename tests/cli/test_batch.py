"""sou batch: from each row it can be told which query it answers; a bad line costs only itself."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.running import inside

QUERIES = "桥\t望澜桥\n无\t没有的\n书\t图书馆\n"


@pytest.fixture
def asked(town: Path) -> Path:
    """A folder with an index and a file of three queries, of which one finds nothing."""
    assert inside("index", cwd=town).status == 0
    (town / "q.tsv").write_text(QUERIES, "utf-8")
    return town


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_table_has_one_header_and_names_the_query_of_each_row(
    asked: Path, name: str, delimiter: str
) -> None:
    done = inside("batch", "q.tsv", "-f", name, "--no-partial", cwd=asked)
    rows = list(csv.DictReader(done.out.splitlines(), delimiter=delimiter))
    assert [(row["qid"], row["rank"], row["path"]) for row in rows] == [
        ("桥", "1", "corpus/a.txt"),
        ("书", "1", "corpus/b.txt"),
    ]
    alone = inside("望澜桥", "-f", name, cwd=asked).out.splitlines()
    assert done.out.splitlines()[:2] == [f"qid{delimiter}{alone[0]}", f"桥{delimiter}{alone[1]}"]


def test_a_table_of_nothing_has_its_header(asked: Path) -> None:
    (asked / "q.tsv").write_text("1\t没有的\n2\t也没有\n", "utf-8")
    done = inside("batch", "q.tsv", "-f", "csv", "--no-partial", cwd=asked)
    assert done.status == 1
    assert [line.split(",")[0] for line in done.out.splitlines()] == ["qid"]


def test_plain_and_the_page_name_each_query(asked: Path) -> None:
    lines = inside("batch", "q.tsv", "-f", "plain", "--no-partial", cwd=asked).out.splitlines()
    alone = inside("望澜桥", "-f", "plain", cwd=asked).out.splitlines()
    assert lines[: 2 + len(alone)] == ["# 桥\t望澜桥", *alone, "# 无\t没有的"]
    page = inside("batch", "q.tsv", "-f", "rich", "--no-partial", cwd=asked).out.splitlines()
    assert [line for line in page if line[:1] in {*"桥无书"}] == [
        "桥  望澜桥",
        "无  没有的",
        "书  图书馆",
    ]


def test_paths_cannot_say_which_query_they_answer(asked: Path) -> None:
    done = inside("batch", "q.tsv", "-f", "paths", cwd=asked)
    assert (done.status, done.out) == (2, "")
    assert "tsv" in done.err


def test_json_says_it_in_each_object(asked: Path) -> None:
    for name, named in (("json", ["桥", "无", "书"]), ("jsonl", ["桥", "书"])):
        done = inside("batch", "q.tsv", "-f", name, "--no-partial", cwd=asked)
        assert [json.loads(line)["qid"] for line in done.out.splitlines()] == named


def test_a_bad_line_is_named_and_the_others_are_run(asked: Path) -> None:
    lines = "桥\t望澜桥\n图书馆\n\n\t图书馆\n书\t图书馆\n"
    (asked / "q.tsv").write_text(lines, "utf-8")
    done = inside("batch", "q.tsv", cwd=asked)
    assert done.status == 2
    assert [line.split()[0] for line in done.out.splitlines()] == ["桥", "书"]
    assert [line.rpartition(": ")[0] for line in done.err.splitlines()] == [
        "sou: q.tsv:2",
        "sou: q.tsv:4",
    ]


def test_a_file_of_other_lines_is_refused_at_once(asked: Path) -> None:
    (asked / "q.tsv").write_text("望澜桥\n图书馆\n", "utf-8")
    done = inside("batch", "q.tsv", cwd=asked)
    assert (done.status, done.out) == (2, "")
    assert "q.tsv:1: " in done.err
    assert "q.tsv:2" not in done.err


def test_eval_names_what_it_cannot_ask(asked: Path) -> None:
    pytest.importorskip("ir_measures")
    key = inside("望澜桥", "-f", "jsonl", cwd=asked).out
    (asked / "r.tsv").write_text(f"桥\t{json.loads(key)['id']}\t1\n", "utf-8")
    (asked / "q.tsv").write_text("图书馆\n桥\t望澜桥\n书\t-(图书馆\n", "utf-8")
    done = inside("eval", "q.tsv", "r.tsv", "--query", cwd=asked)
    assert done.status == 2
    assert done.out.splitlines()[0] == "nDCG@10\t1.0000"
    assert "q.tsv:1: " in done.err
    assert "query 书:" in done.err
    (asked / "q.tsv").write_text("桥\t望澜桥\n", "utf-8")
    assert inside("eval", "q.tsv", "r.tsv", "--query", cwd=asked).status == 0


def test_an_id_that_comes_again_is_not_asked_again(asked: Path) -> None:
    (asked / "q.tsv").write_text("桥\t望澜桥\n桥\t图书馆\n", "utf-8")
    done = inside("batch", "q.tsv", cwd=asked)
    assert done.status == 2
    assert len(done.out.splitlines()) == 1
    assert done.err == "sou: q.tsv:2: the query id 桥 was used before\n"


def test_eval_takes_keys_and_ids_and_says_where_neither_is_known(tmp_path: Path) -> None:
    pytest.importorskip("ir_measures")
    (tmp_path / "corpus").mkdir()
    record = {"id": "wb1", "title": "望澜桥通车", "body": "望澜桥上午通车。"}
    (tmp_path / "corpus" / "a.jsonl").write_text(json.dumps(record), "utf-8")
    assert inside("index", cwd=tmp_path).status == 0
    name = json.loads(inside("望澜桥", "-f", "jsonl", cwd=tmp_path).out)["id"]
    (tmp_path / "q.tsv").write_text("桥\t望澜桥\n", "utf-8")
    for document, worth in (("wb1", 1.0), (name, 1.0), ("wb2", 0.0)):
        (tmp_path / "r.tsv").write_text(f"桥\t{document}\t1\n", "utf-8")
        done = inside("eval", "q.tsv", "r.tsv", cwd=tmp_path)
        assert done.out.splitlines()[0] == f"nDCG@10\t{worth:.4f}"
        assert ("by key or by id" in done.err) is (not worth)
    (tmp_path / "r.tsv").write_text("桥\twb1\t1\n书\twb1\t1\n", "utf-8")
    done = inside("eval", "q.tsv", "r.tsv", cwd=tmp_path)
    assert done.out.splitlines()[0] == "nDCG@10\t0.5000"
    assert "1 judged queries are not in q.tsv (such as 书)" in done.err


def test_half_a_pair_in_a_batch_is_said(asked: Path) -> None:
    (asked / "q.tsv").write_text("桥\t“望澜桥\n", "utf-8")
    done = inside("batch", "q.tsv", cwd=asked)
    assert done.err.startswith("query 桥: Read as plain text")
    assert done.status == 0


def test_a_page_of_a_batch_is_filled_where_partial_matches_can_be_told(asked: Path) -> None:
    (asked / "parts.tsv").write_text("p\t望澜桥 (记者 OR 修缮)\n", "utf-8")
    texts = {
        name: inside("batch", "parts.tsv", "-f", name, cwd=asked).out
        for name in ("jsonl", "trec", "csv")
    }
    hits = [json.loads(line) for line in texts["jsonl"].splitlines()]
    whole = [hit for hit in hits if not hit["partial"]]
    assert 0 < len(whole) < len(hits)
    assert hits[: len(whole)] == whole
    assert texts["trec"].count("\n") == texts["csv"].count("\n") - 1 == len(whole)
