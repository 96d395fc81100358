"""sou QUERY, as people and scripts use it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from search.analysis.fold import fold
from search.model.article import Article
from tests.cli.running import Done, inside, sou
from tests.conftest import MODULES, ROOT


def ask(archive: Path, *arguments: str) -> Done:
    return inside(*arguments, cwd=archive)


def hits(archive: Path, *arguments: str) -> list[dict[str, object]]:
    done = ask(archive, *arguments, "-f", "jsonl", "-n", "0")
    return [json.loads(line) for line in done.out.splitlines()]


def every_article(archive: Path) -> list[Article]:
    from search import open_index

    with open_index(archive / "index_data") as index:
        return list(index.articles())


def test_the_first_example_of_the_readme(archive: Path) -> None:
    found = hits(archive, "志愿服务")
    assert len(found) >= 9
    assert [hit["rank"] for hit in found] == list(range(1, len(found) + 1))
    scores = [hit["score"] for hit in found]
    assert scores == sorted(scores, reverse=True)
    for hit in found:
        marked = [s["text"][a:b] for s in hit["snippets"] for a, b in s["spans"]]
        marked += [hit["title"][a:b] for a, b in hit["title_spans"]]
        assert any(fold(text) == "志愿服务" for text in marked), hit


@pytest.mark.parametrize(
    "text", ["会议召开", "网格化服务管理", "志愿服务", "望澜桥", "的", "，", "2023"]
)
def test_a_string_is_found_in_every_article_that_holds_it(archive: Path, text: str) -> None:
    expected = {
        article.id
        for article in every_article(archive)
        if any(fold(text) in fold(t) for t in (article.title, article.body, *article.authors))
    }
    assert {hit["id"] for hit in hits(archive, f'"{text}"')} == expected
    assert ask(archive, "-c", "-F", text).out == f"{len(expected)}\n"


def test_a_word_broken_by_a_line_end_is_found(archive: Path) -> None:
    broken = [
        hit
        for hit in hits(archive, "会议召开")
        if re.search(
            "会议召\n开", next(a.body for a in every_article(archive) if a.id == hit["id"])
        )
    ]
    assert broken


def test_traditional_and_simplified_find_each_other(archive: Path) -> None:
    found = {h["id"] for h in hits(archive, "志愿服务")}
    assert len(found) == 12  # docs/query.md
    assert {h["id"] for h in hits(archive, "志願服務")} == found


def test_the_hit_record_is_the_contract(archive: Path) -> None:
    hit = hits(archive, "望澜桥")[0]
    contract = (
        "schema rank score id key title date paper authors section path line end_line snippets"
    )
    assert list(hit)[:14] == contract.split()
    assert hit["schema"] == "sou.hit/1"
    assert (archive / str(hit["path"])).exists()
    assert str(hit["path"]).startswith("corpus/")


def test_the_line_of_a_snippet_is_where_it_stands(archive: Path) -> None:
    checked = 0
    for hit in hits(archive, "望澜桥"):
        path = archive / str(hit["path"])
        if path.suffix == ".jsonl":
            continue
        from search.papers.encodings.decode import decode

        lines = decode(path.read_bytes()).text.split("\n")
        for snippet in hit["snippets"]:
            start = fold(snippet["text"].strip("…"))[:4]
            near = fold("".join(lines[snippet["line"] - 1 :][:6]))
            assert start in near, (hit["path"], snippet)
            checked += 1
    assert checked > 3


def test_json_is_one_object_with_the_total(archive: Path) -> None:
    answer = json.loads(ask(archive, "图书馆", "-f", "json", "-n", "2").out)
    assert answer["schema"] == "sou.results/1"
    assert len(answer["hits"]) == 2 < answer["total"]


def test_csv_and_tsv_have_a_line_for_each_hit(archive: Path) -> None:
    total = int(ask(archive, "图书馆", "-c").out)
    rows = list(csv.DictReader(io.StringIO(ask(archive, "图书馆", "-f", "csv", "-n", "0").out)))
    assert len(rows) == total
    assert rows[0]["rank"] == "1"
    lines = ask(archive, "图书馆", "-f", "tsv", "-n", "0").out.splitlines()
    assert len(lines) == total + 1


def test_paths_are_all_there_and_end_as_asked(archive: Path) -> None:
    names = ask(archive, "-l", "志愿服务").out.splitlines()
    assert len(names) == len(set(names)) >= 8
    assert ask(archive, "-l", "-0", "志愿服务").out == "".join(f"{name}\0" for name in names)


def test_filters(archive: Path) -> None:
    assert {hit["paper"] for hit in hits(archive, "县", "--paper", "晚报")} == {"澜溪晚报"}
    dates = [hit["date"] for hit in hits(archive, "县", "--since", "2023", "--until", "2023-08")]
    assert dates
    assert all("2023-01-01" <= str(date) <= "2023-08-31" for date in dates)
    assert all("/2023/" in str(h["path"]) for h in hits(archive, "县", "--path", "*/2023/*"))
    known = int(ask(archive, "list", "--page", "*", "-c").out)
    assert known == int(ask(archive, "page:*", "-c").out) > 0
    newest = [hit["date"] for hit in hits(archive, "县", "--sort", "-date") if hit["date"]]
    assert newest == sorted(newest, reverse=True)
    assert all("图书馆" in str(hit["title"]) for hit in hits(archive, "图书馆", "--in", "标题"))


def test_recent_finds_the_same_in_another_order(archive: Path) -> None:
    plain, recent = hits(archive, "县"), hits(archive, "县", "--recent")
    assert recent == hits(archive, "县", "--sort", "recent")
    worth = {hit["id"]: float(str(hit["score"])) for hit in plain}
    assert {hit["id"] for hit in recent} == set(worth)
    assert [hit["id"] for hit in recent] != list(worth)
    for hit in recent:
        assert worth[hit["id"]] / 2 <= float(str(hit["score"])) + 1e-4
        assert float(str(hit["score"])) <= worth[hit["id"]]
    done = ask(archive, "县", "--recent", "--sort", "date")
    assert (done.status, done.out) == (2, "")
    assert "--recent and --sort date" in done.err


def test_exclusion_looks_like_an_option_and_is_none(archive: Path) -> None:
    whole, less = hits(archive, "图书馆"), hits(archive, "图书馆", "-志愿")
    out = hits(archive, "图书馆", "志愿")
    assert {h["id"] for h in whole} - {h["id"] for h in less} == {h["id"] for h in out}
    assert out


def test_partial_matches_are_announced(archive: Path) -> None:
    done = ask(archive, "望澜桥 不存在的词 皮影戏")
    assert done.status == 0
    assert "No article matches the whole query" in done.err
    assert json.loads(ask(archive, "望澜桥 不存在的词", "-f", "json").out)["partial"] is True
    assert ask(archive, "望澜桥 不存在的词", "--no-partial").status == 1
    assert ask(archive, "望澜桥 不存在的词", "-c").out == "0\n"
    assert ask(archive, "望澜桥 不存在的词", "-l").status == 1


def test_a_page_is_filled_only_where_partial_matches_can_be_told(archive: Path) -> None:
    def partial(*arguments: str) -> list[bool]:
        lines = ask(archive, "石狮 糯米", "-f", "jsonl", *arguments).out.splitlines()
        return [json.loads(line)["partial"] for line in lines]

    assert partial("-n", "4") == [False, True, True, True]
    assert partial("-n", "4", "--offset", "2") == [True] * 4
    assert partial("--no-partial") == partial("-n", "0") == [False]
    assert partial("-n", "4", "--sort", "date") == [False]
    whole = json.loads(ask(archive, "石狮 糯米", "-f", "json").out)
    assert (whole["total"], whole["partial"], len(whole["hits"])) == (
        1,
        False,
        8,
    )  # and two are copies
    for name, lines in (("csv", 2), ("tsv", 2), ("trec", 1), ("paths", 1)):
        done = ask(archive, "石狮 糯米", "-f", name)
        assert (done.out.count("\n"), done.err) == (lines, "")


def test_a_line_parts_whole_matches_from_partial_ones(archive: Path) -> None:
    done = ask(archive, "石狮 糯米", "-n", "3", "-f", "plain")
    about = [line for line in done.out.splitlines() if line[0] != "\t" or line[1] == "#"]
    assert [line[0] == "\t" for line in about] == [False, True, False, False]
    assert about[1] == "\t# 1 article matches the whole query; these match parts of it"
    assert done.err == (
        "1 article matches the whole query; 2 below match parts of it (--no-partial: none).\n"
    )
    done = ask(archive, "石狮 糯米", "-n", "3", "-f", "rich")
    before, after = done.out.split("1 article matches the whole query; these match parts of it\n")
    assert (" 1. " in before, " 2. " in before, " 2. " in after) == (True, False, True)
    assert after.splitlines()[-1].startswith("1–3 · 1 article matches the whole query · ")
    assert done.err == ""


@pytest.mark.parametrize("word", ["-PPT", "-5G", "-志愿", "-title:书", "－志愿"])
def test_exclusions_reach_the_query(archive: Path, word: str) -> None:
    total = int(ask(archive, "图书馆", "-c").out)
    assert 0 < int(ask(archive, "图书馆", word, "-c").out) <= total


def test_the_index_may_be_named_before_the_command(archive: Path) -> None:
    done = ask(archive, "--index", "index_data", "list", "-c")
    assert int(done.out) > 40
    assert ask(archive, "--index=index_data", "图书馆", "-c").status == 0


def test_filters_alone_are_a_search(archive: Path) -> None:
    assert int(ask(archive, "--since", "2024", "-c").out) > 3
    assert "empty" in ask(archive, "--limit", "3").err
    assert "later" in ask(archive, "桥", "--since", "2023", "--until", "2022").err


def test_nothing_found(archive: Path) -> None:
    done = ask(archive, '"火星移民"')
    assert (done.status, done.out) == (1, "")


@pytest.mark.parametrize(
    ("query", "column"), [("望澜桥 | (修缮", 6), ("titel:桥", 0), ('"PPT', 0), ("OR", 0)]
)
def test_a_query_that_cannot_be_read(archive: Path, query: str, column: int) -> None:
    done = ask(archive, query)
    assert (done.status, done.out) == (2, "")
    lines = done.err.splitlines()
    assert lines[1].strip() == query
    width = sum(2 if ord(char) > 0x2000 else 1 for char in query[:column])
    assert lines[2].index("^") == 5 + width


def test_explaining_shows_reading_and_scores(archive: Path) -> None:
    done = ask(archive, "网格化服务管理", "--explain", "-n", "1")
    assert "words '网格化服务管理'" in done.err
    assert "网格化" in done.err
    assert "pair 网格 in title and body" in done.out


def test_patterns_from_the_command_line(archive: Path) -> None:
    whole = {hit["id"] for hit in hits(archive, "望澜桥")}
    assert {hit["id"] for hit in hits(archive, "望?桥")} == whole
    assert ask(archive, "望*桥", "-c").out == ask(archive, "/望.{0,8}桥/", "-c").out
    assert {h["id"] for h in hits(archive, "望澜桥")} <= {h["id"] for h in hits(archive, "望兰桥~")}
    marked = {
        fold(s["text"][a:b])
        for hit in hits(archive, "望?桥")
        for s in hit["snippets"]
        for a, b in s["spans"]
    }
    assert marked == {"望澜桥"}
    done = ask(archive, "望?桥 修缮 NEAR/9 桥", "--explain", "-n", "1")
    assert "wildcards '望?桥'" in done.err
    assert "pattern 望?桥 in body" in done.out
    assert "pattern 修缮 NEAR/9 桥 in body" in done.out


def test_literally_nothing_is_a_pattern(archive: Path) -> None:
    for text in ("望?桥", "望*桥", "望澜侨~", "/望.桥/", "桥^2", "py:wanglan"):
        assert ask(archive, "-F", text, "-c").out == "0\n", text


def test_days_may_be_counted_from_today(archive: Path) -> None:
    everything = int(ask(archive, "*", "-c").out)
    assert 0 <= int(ask(archive, "*", "--since", "近9000天", "-c").out) <= everything
    assert ask(archive, "*", "date:今天", "-c").out == "0\n"
    assert int(ask(archive, "*", "until:去年", "-c").out) > everything // 2
    for flag in ("--since", "--until"):
        done = ask(archive, "*", flag, "某天")
        assert done.status == 2
        [hint] = [line for line in done.err.splitlines() if "write" in line]
        for example in hint.replace(" or ", ", ").split("write ")[1].split(", "):
            assert ask(archive, "*", flag, example, "-c").status in {0, 1}, example
        assert "去年" in hint


def test_a_query_beyond_a_limit_says_which(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.verification.CANDIDATES", 5)
    done = ask(archive, "/[0-9]/")
    assert (done.status, done.out) == (2, "")
    assert "more than 5 articles" in done.err
    assert "add words" in done.err
    queries = tmp_path / "queries.tsv"
    queries.write_text("a\t/[0-9]/\nb\t望澜桥\n", "utf-8")
    done = ask(archive, "batch", str(queries))
    assert done.status == 2
    assert "query a:" in done.err
    assert done.out.startswith("b Q0 ")


def test_a_person_gets_a_page(archive: Path) -> None:
    done = inside("志愿服务", cwd=archive, terminal=True)
    assert "\x1b]8;" in done.out
    assert "file://" in done.out
    assert re.search(r"\d+ articles · \d", done.out)
    plain = re.sub(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", done.out)
    assert "\x1b" not in plain


def test_the_index_is_built_when_there_is_only_a_corpus(town: Path) -> None:
    done = inside("望澜桥", cwd=town)
    assert done.status == 0
    assert "building one" in done.err
    assert "望澜桥" in done.out


def test_a_bad_query_builds_nothing(town: Path) -> None:
    assert inside("NOT (望澜桥", cwd=town).status == 2
    assert not (town / "index_data").exists()


def test_no_index_and_no_corpus(tmp_path: Path) -> None:
    done = inside("望澜桥", cwd=tmp_path)
    assert done.status == 3
    assert "sou index" in done.err


def test_an_index_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    assert inside("桥", "--index", str(tmp_path), cwd=tmp_path).status == 3
    corpus = tmp_path / "pages"
    corpus.mkdir()
    (corpus / "a.txt").write_text("桥修好了。", "utf-8")
    done = inside("index", str(corpus), "--index", str(tmp_path), cwd=tmp_path)
    assert done.status == 2
    assert "is not an index" in done.err


def test_a_word_that_is_a_command_can_be_searched(archive: Path) -> None:
    assert ask(archive, "search", "index").status == 1


def test_bad_options(archive: Path) -> None:
    assert ask(archive, "桥", "--limit", "-3").status == 2
    assert ask(archive, "桥", "--in", "footer").status == 2
    assert ask(archive, "桥", "--since", "soon").status == 2
    for nothing in ("--since=", "--until="):
        assert "no date is given" in ask(archive, "桥", nothing).err
    assert ask(archive, "桥", "-l", "-c").status == 2
    assert ask(archive, "桥", "--any", "-F").status == 2


def test_a_long_query_is_answered(archive: Path) -> None:
    assert ask(archive, "网格化服务管理" * 1400, "-c").status in {0, 1}


# From here on a process of its own: streams, locale and the interpreter matter.


def test_a_closed_pipe_is_silent(archive: Path) -> None:
    command = f"{sys.executable} -m search 县 -n 0 -f jsonl | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=archive,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": MODULES, "HOME": str(archive)},
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""


def test_an_ascii_locale_gets_ascii(archive: Path) -> None:
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for name in ("plain", "rich", "csv", "paths"):
        done = sou("志愿服务", "-f", name, cwd=archive, env=env)
        assert done.status == 0, done.err
    done = sou("志愿服务", "-f", "jsonl", cwd=archive, env=env)
    assert done.raw.isascii()
    assert json.loads(done.out.splitlines()[0])["schema"] == "sou.hit/1"


def test_help_and_version_load_nothing_heavy() -> None:
    code = (
        "import sys, io, contextlib\n"
        "from search.cli import run\nfrom search.output.world import World\n"
        "with contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    status = run(['--help'], World.of_process())\n"
        "assert status == 0 and 'search' in out.getvalue()\n"
        "heavy = {'jieba', 'whoosh', 'numpy', 'ir_measures'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    done = sou("--version", cwd=ROOT)
    assert done.status == 0
    assert done.out.startswith("sou ")


def test_what_was_meant_is_proposed(archive: Path) -> None:
    done = ask(archive, "望蓝桥")
    total = int(ask(archive, "望澜桥", "-c").out)
    assert f"Did you mean: 望澜桥 ({total})?" in done.err
    found = json.loads(ask(archive, "望蓝桥", "-f", "json").out)
    assert found["suggestions"] == [{"query": "望澜桥", "total": total}]
    assert "suggestions" not in json.loads(ask(archive, "望澜桥", "-f", "json").out)
    for flag in ("-l", "-c", "-0"):
        assert "Did you mean" not in ask(archive, "望蓝桥", flag).err


def test_past_the_last_hit_it_is_said_how_many_there_are(archive: Path) -> None:
    total = int(ask(archive, "图书馆", "-c").out)
    said = f"--offset {total} is past the last hit: {total} articles were found.\n"
    for command in (["图书馆"], ["图书馆", "-l"], ["图书馆", "--no-dedupe"]):
        done = ask(archive, *command, "--offset", str(total))
        assert (done.status, done.out, done.err) == (0, "", said)
    listed = int(ask(archive, "list", "-c").out)
    assert f"{listed} articles" in ask(archive, "list", "--offset", str(listed)).err
    for quiet in (
        ["图书馆", "--no-dedupe", "--offset", str(total - 1)],  # the last one
        ["图书馆", "-c", "--offset", "999"],
        ["图书馆", "--facet", "year", "--offset", "999"],
        ["没有的东西", "-F", "-l", "--offset", "9"],
        ["list", "--offset", str(listed - 1)],
        ["list", "-c", "--offset", "999"],
    ):
        assert ask(archive, *quiet).err == ""


def test_a_filter_that_lets_nothing_through_is_named(archive: Path) -> None:
    done = ask(archive, "望澜桥", "--paper", "天边日报")
    assert (done.status, done.out) == (1, "")
    assert "No article is from a paper named '天边日报'. There are 青岚日报, " in done.err
    done = ask(archive, "望澜桥", "--path", "青岚报")
    assert (
        "No article has a path that matches '青岚报'. The pattern must match the whole path; '*青岚报*'"
        in done.err
    )
    assert "'*天*'.\n" in ask(archive, "望澜桥", "--path", "*天*").err
    assert "No article is by '没有这人'." in ask(archive, "望澜桥", "--author", "没有这人").err
    done = ask(archive, "望澜桥", "--since", "1850", "--until", "1860")
    assert re.search(
        r"No article was published in that period. There are articles from \d+ to 20\d\d.", done.err
    )
    assert "No article" not in ask(archive, "没有的东西呢", "--paper", "青岚日报", "-F").err
    for quiet in ("-c", "-l"):
        assert ask(archive, "望澜桥", "--paper", "天边日报", quiet).err == ""


def test_half_a_pair_of_quotes_is_said(archive: Path) -> None:
    done = ask(archive, "“望澜桥修缮", "-c")
    assert (done.status, done.out) == (0, ask(archive, "望澜桥修缮", "-c").out)
    assert done.err.startswith("Read as plain text, without quotes and brackets: this quote is")
    assert not ask(archive, "“望澜桥修缮", "-F", "-c").err
    assert not ask(archive, "“望澜桥修缮", "--any", "-c").err


def test_whole_words(archive: Path) -> None:
    assert ask(archive, "pp", "-c").out == ask(archive, "PPT", "-c").out == "1\n"
    assert ask(archive, "pp", "-w", "-c").out == ask(archive, "word:pp", "-c").out == "0\n"
    [hit] = hits(archive, "PPT", "--word")
    assert hit["id"] == hits(archive, "整词:PPT汇报")[0]["id"]
    done = ask(archive, "PPT", "-w", "--any")
    assert (done.status, "cannot be combined" in done.err) == (2, True)
    done = ask(archive, "PPT", "-w", "--exact-form")  # of which one would be dropped
    assert (done.status, "cannot be combined" in done.err) == (2, True)
    assert "whole words 'word:ppt'" in ask(archive, "-w", "PPT", "--explain").err
