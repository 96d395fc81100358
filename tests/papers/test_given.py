"""What is given of papers: patterns of paths, rules, lists, citations in columns."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates.printed import parse_date
from search.model.article import ARTICLE, Article
from search.papers.discover import PaperFile
from search.papers.field_values import citation, values_of
from search.papers.given import lists
from search.papers.given.given import Given, mark_with
from search.papers.given.lookup import Lookup
from search.papers.given.pattern import NAMES, PatternError, parsed_pattern
from search.papers.given.rules import RuleError, is_about, most_specific, parsed_rule, typed_rule
from search.papers.read_paper import read_paper
from tests.papers.strategies import CHINESE

WORDS = st.text("望澜青岚石桥春江月", min_size=1, max_size=5)
DAYS = st.dates(date(1872, 1, 1), date(2100, 12, 31))
DATE_FORMS = ("{:%Y-%m-%d}", "{:%Y%m%d}", "{:%Y.%m.%d}", "{0.year}年{0.month}月{0.day}日")
VALUES = {"paper": WORDS, "title": WORDS, "edition": WORDS, "section": WORDS}
APART = st.sampled_from(["_", "/", "~", "__", "@x", "/z_"])


@given(st.data())
def test_what_a_pattern_writes_it_reads_back(data: st.DataObject) -> None:
    fields = data.draw(st.permutations([*VALUES, "date", "page"]))
    pattern = path = ""
    wanted: dict[str, str] = {}
    for field in fields[: data.draw(st.integers(1, 6))]:
        if field == "date":
            day = data.draw(DAYS)
            text, wanted[field] = data.draw(st.sampled_from(DATE_FORMS)).format(day), str(day)
        elif field == "page":
            number = data.draw(st.integers(1, 99))
            text = data.draw(st.sampled_from(["{}", "{:02}", "第{}版"])).format(number)
            wanted[field] = str(number)
        else:
            text = wanted[field] = data.draw(VALUES[field])
        between = data.draw(APART) if pattern else ""
        pattern += f"{between}{{{field}}}"
        path += between + text
    assert parsed_pattern(pattern).read(f"/above/it/{path}.txt") == wanted
    assert parsed_pattern(pattern).read(f"/above/it/{path}.jsonl.gz") == wanted
    assert parsed_pattern("*" + pattern + "*").read(f"/a/{path}.txt") is not None


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        ("{paper}{date}", "青岚日报1952年3月1日", {"paper": "青岚日报", "date": "1952-03-01"}),
        ("{date}-{page}", "830512-3", {"date": "1983-05-12", "page": "3"}),
        ("{date}{page}", "2023051203", {"date": "2023-05-12", "page": "3"}),
        ("{date}", "民国三十八年五月八日", {"date": "1949-05-08"}),
        ("{paper}_{date}", "青岚_康德七年三月五日", {"paper": "青岚", "date": "1940-03-05"}),
        ("{date}", "光绪三年八月初五", {"date": "1877-09-11"}),
        ("{year}/{month}/{day}", "昭和十五年/三月/五日", {"date": "1940-03-05"}),
        ("{date}_{page}版", "二00八年3月1日_3版", {"date": "2008-03-01", "page": "3"}),
        ("{year}/{month}/{day}/{page}", "2023/5/12/A03", {"date": "2023-05-12", "page": "A03"}),
        ("{year}/{month}/*", "1958年/6月/x", {"date": "1958-06"}),
        ("{paper}/第{issue}期", "望澜/第12期", {"paper": "望澜", "issue": "12"}),
        ("{title}_x", "a_x_b_x", {"title": "a_x_b"}),
        ("{title}_x*", "a_x_b_x", {"title": "a"}),
        ("{paper}_第{page}版", "青岚_第三版", {"paper": "青岚", "page": "3"}),
        ("{date}*", "20230512", {"date": "2023-05-12"}),
        ("IMG*", "IMG1", None),
    ],
)
def test_patterns(pattern: str, path: str, wanted: dict[str, str] | None) -> None:
    if wanted is None:
        with pytest.raises(PatternError, match="no field"):
            parsed_pattern(pattern)
    else:
        assert parsed_pattern(pattern).read(f"x/{path}.pdf") == wanted


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{paper}_{date}", "青岚日报_20231332"),  # no such day
        ("{year}/{month}/{day}", "2023/2/30"),
        ("{date}_{page}", "x2023-05-12_3"),  # the whole name is compared
        ("{paper}/{date}", "2023-05-12"),  # too few names
        ("{date}_{page}版", "2023-05-12_3"),
        ("{title}_x", " _x"),
        ("{paper}_{year}_{month}", "青岚_2023_13"),
        ("{paper}_{year}_{month}", "青岚_2023_00"),
        ("{paper}_{year}_{month}_{day}", "青岚_2023_2_00"),
        ("{paper}_{year}_{month}_{day}", "青岚_2023_2_30"),
    ],
)
def test_what_does_not_fit(pattern: str, path: str) -> None:
    assert parsed_pattern(pattern).read(f"{path}.txt") is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{dat}", "{dat} is no field"),
        ("{date", "stands alone"),
        ("{date}_{date}", "twice"),
        ("/a/{date}", "the end of a path"),
        ("../{date}", "the end of a path"),
        ("{date}/01版.txt", "leave .txt away"),
        ("{month}", "no {year}"),
        ("{date}_{year}", "part of a date"),
        ("{title}" * 2, "twice"),
        ("x" * 300 + "{date}", "longer than"),
    ],
)
def test_a_wrong_pattern_says_what_is_wrong(pattern: str, why: str) -> None:
    with pytest.raises(PatternError, match=why.replace("{", r"\{")):
        parsed_pattern(pattern)


@given(st.text(alphabet="ab*{}/_", max_size=60), st.text(alphabet="ab/_", max_size=300))
def test_no_pattern_takes_long(shape: str, path: str) -> None:
    names = iter(NAMES)
    pattern = "".join(f"{{{next(names, 'date')}}}" if c in "{}" else c for c in shape)
    began = time.process_time()
    with contextlib.suppress(PatternError):
        parsed_pattern(pattern).read(path + "b")
    assert time.process_time() - began < 1


def test_the_worst_pattern_ends() -> None:
    pattern = parsed_pattern("{paper}a*a{title}a*a{section}a*a{edition}a*a{issue}a*a*b")
    began = time.process_time()
    assert pattern.read("/" + "a" * 255) is None
    assert time.process_time() - began < 1


def test_the_longest_path_counts() -> None:
    rules = [
        parsed_rule({"path": path, "paper": path}, "/top")
        for path in ("扫描", "扫描/甲", "扫描/*.txt", "扫描/甲/**/*.md", "别处")
    ]
    for place, wanted in {
        "扫描/1.txt": "扫描/*.txt",
        "扫描/1.pdf": "扫描",
        "扫描/甲/1.txt": "扫描/甲",
        "扫描/甲/b/c/1.md": "扫描/甲/**/*.md",
        "扫描甲/1.txt": None,
        "扫描/x.txt/1.pdf": "扫描/*.txt",  # all in a folder that fits
    }.items():
        found = next((r.paper for r in most_specific(rules) if is_about(r, f"/top/{place}")), None)
        assert found == wanted, place


def test_a_flag_says_what_a_table_does() -> None:
    typed = typed_rule(
        "path=扫描,paper=青岚日报,早版,pattern={date},{page},columns.title=题名,columns.title=篇名",
        "/t",
    )
    assert (typed.path, typed.paper, typed.pattern) == ("/t/扫描", "青岚日报,早版", "{date},{page}")
    assert typed.columns == (("title", "题名"), ("title", "篇名"))
    for text, why in (
        ("扫描", "KEY=VALUE"),
        ("path=a,path=b", "twice"),
        ("paper=b", "no path"),
        ("path=a,columns.titel=b", "no field"),
    ):
        with pytest.raises(RuleError, match=why):
            typed_rule(text, "/t")


@pytest.mark.parametrize("columns", [3, {"title": 3}, {"title": []}, {"title": ["题名", 3]}])
def test_columns_that_are_no_names_are_refused(columns: object) -> None:
    with pytest.raises(RuleError, match="columns"):
        parsed_rule({"path": "a", "columns": columns}, "/t")


PAGE = "望澜县清理河道\n\n本报讯(记者 林一舟)昨日，望澜县组织志愿者清理河道，共三百余人参加。\n"


def article(told: Given, name: str = "a/1.txt", text: str = PAGE) -> Article:
    things = read_paper(PaperFile(name, name), io.BytesIO(text.encode()), given=told)
    found = [t for t in things if isinstance(t, Article) and t.kind == ARTICLE]
    assert len(found) == 1
    return found[0]


def test_pages_have_what_is_given_and_records_what_they_lack() -> None:
    told = Given((("paper", "望澜报", "x"), ("date", "1958-03-04", "x"), ("title", "题", "x")))
    page = article(told, text="青岚日报\n2023年8月22日 第3版\n\n" + PAGE)
    assert (page.paper, page.date, page.title) == ("望澜报", "1958-03-04", "题")
    assert page.body == article(Given(), text="青岚日报\n2023年8月22日 第3版\n\n" + PAGE).body
    record = json.dumps({"title": "a", "body": "b", "paper": "青岚日报"})
    found = article(told, "a.jsonl", record)
    assert (found.paper, found.date, found.title) == ("青岚日报", "1958-03-04", "a")


def test_a_headline_that_is_given_is_that_of_a_file_of_one_article() -> None:
    told = Given((("paper", "望澜报", "x"), ("title", "题", "x"), ("authors", "林一舟", "x")))
    text = "，两岸居民不必再绕行十里，走过桥来看热闹的人很多。" * 4
    parts = [f"<section><h2>第{n}座桥</h2><p>第{n}座桥通车{text}</p></section>" for n in (1, 2)]
    for count, titles, authors in ((1, ["题"], ("林一舟",)), (2, ["第1座桥", "第2座桥"], ())):
        page = f"<html><body><div>{''.join(parts[:count])}</div></body></html>".encode()
        things = read_paper(PaperFile("a.html", "a.html"), io.BytesIO(page), given=told)
        found = [thing for thing in things if isinstance(thing, Article)]
        assert [one.title for one in found] == titles
        assert {one.paper for one in found} == {"望澜报"}
        assert {one.authors for one in found} == {authors}


def test_a_month_that_is_given_leaves_the_day_that_is_printed() -> None:
    text = "青岚日报\n2023年8月22日 星期二 第3版\n\n" + PAGE
    assert article(Given((("date", "2023-08", "x"),)), text=text).date == "2023-08-22"
    assert article(Given((("date", "2023-09", "x"),)), text=text).date == "2023-09"


def test_columns_that_are_given_come_before_names_that_are_known() -> None:
    record = json.dumps({"题名": "旧", "标头": "新", "正文": "文"})
    told = Given(columns=(("标头", "title"),))
    assert article(Given(), "a.jsonl", record).title == "旧"
    assert article(told, "a.jsonl", record).title == "新"


def test_listed_names_are_names_of_papers() -> None:
    text = "望 瀾 潮\n1958年3月4日 第3版\n\n" + PAGE
    assert article(Given(papers=("望澜潮",)), text=text).paper == "望澜潮"
    things = read_paper(PaperFile("1.txt", "1.txt"), io.BytesIO(text.encode()))
    assert {thing.paper for thing in things if isinstance(thing, Article)} == {None}
    assert article(Given(papers=("望澜潮",)), "a/望澜潮_19580304.txt").paper == "望澜潮"


def test_what_stands_beside_a_paper_has_one_mark() -> None:
    one, other = Given((("date", "2023", "a"),)), Given((("date", "2023", "b"),))
    assert mark_with("", Given()) == ""
    assert mark_with("ab", Given()) == "ab"
    assert mark_with("ab", one) == mark_with("ab", other) != mark_with("", one)
    assert mark_with("", one) != mark_with("", Given((("date", "2024", "a"),)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "申報 日期：1949-05-08 版次/卷期：02 版",
            {"paper": "申報", "date": "1949-05-08", "page": "2"},
        ),
        (
            "《青岚日报》2023年8月22日第3版",
            {"paper": "青岚日报", "date": "2023-08-22", "page": "3"},
        ),
        ("来源：青岚日报 2023-08-22", {"paper": "青岚日报", "date": "2023-08-22"}),
        ("青岚日报:2023-08-22", {"paper": "青岚日报", "date": "2023-08-22"}),
        ("转自 新民晚报 2023年8月22日", {"paper": "新民晚报", "date": "2023-08-22"}),
        ("原载《青岚日报》2023年8月22日", {"paper": "青岚日报", "date": "2023-08-22"}),
        ("本报讯 2023年8月22日", {"date": "2023-08-22"}),
        ("2023-08-22 10:30", {"date": "2023-08-22"}),
        ("青岚日报", {}),
    ],
)
def test_citations(text: str, wanted: dict[str, str]) -> None:
    assert citation(text) == wanted


def test_a_citation_fills_only_what_the_record_has_not() -> None:
    record = {"title": "a", "date": "申報 日期：1949-05-08 版次/卷期：02 版"}
    found = article(Given(), "a.jsonl", json.dumps(record))
    assert (found.paper, found.date, found.page) == ("申報", "1949-05-08", "2")
    found = article(Given(), "a.jsonl", json.dumps({**record, "paper": "新报", "page": "7"}))
    assert (found.paper, found.date, found.page) == ("新报", "1949-05-08", "7")


CELLS = st.text(CHINESE, max_size=8).map(str.strip).filter(lambda text: "\x1f" not in text)


@given(
    st.dictionaries(WORDS, st.tuples(WORDS, DAYS, st.integers(1, 99)), max_size=6), st.booleans()
)
def test_a_list_says_what_its_rows_say(
    tmp_path_factory: pytest.TempPathFactory,
    rows: dict[str, tuple[str, date, int]],
    gbk: bool,
) -> None:
    """The rows are written by the csv module, which reads nothing of ours."""
    folder = tmp_path_factory.mktemp("list")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["文件名", "报纸名称", "见报日期", "版次"])
    for name, (paper, day, page) in rows.items():
        writer.writerow([f"扫描/{name}.txt", paper, f"{day:%Y%m%d}", f"第{page}版"])
    place = folder / "metadata.csv"
    place.write_bytes(text.getvalue().encode("gb18030" if gbk else "utf-8"))
    lookup = Lookup(tops=[str(folder)])
    for name, (paper, day, page) in rows.items():
        told = lookup.of(str(folder / "扫描" / f"{name}.txt"), name)
        assert told is not None
        assert told.values == {"paper": paper, "date": str(day), "page": str(page)}
    assert not lookup.of(str(folder / "扫描" / "没有.txt"), "")


def test_what_is_wrong_with_a_list_is_said(tmp_path: Path) -> None:
    place = tmp_path / "metadata.csv"
    place.write_text(
        "path,date\n1.txt,2023-05-12\n1.txt,2023-05-13\n2,不详\n,2023\n9.txt,2023\n,\n"
        '3.txt,"2023\n4.txt,2024\n',
        "utf-8",
    )
    lookup = Lookup(tops=[str(tmp_path)])
    assert lookup.is_list(str(place), "metadata.csv")
    told = lookup.of(str(tmp_path / "1.txt"), "1.txt")
    assert told
    assert told.values == {"date": "2023-05-13"}
    assert lookup.of(str(tmp_path / "2.txt"), "2.txt") == Given()
    said = [problem.reason for problem in lookup.remarks(whole=True)]
    assert [problem.reason for problem in lookup.remarks(whole=False)] == said[:-1]
    assert said == [
        "1 row that names no file at all (line 5)",
        "1 row with a line end in a cell (line 8), not used: is a quote not closed?",
        "1 row whose date cannot be read (line 4: 不详)",
        "1 row of a file that was named before (1.txt): the last counts",
        "1 row names no file that is there: 9.txt",
    ]


def test_a_table_of_texts_is_a_paper(tmp_path: Path) -> None:
    place = tmp_path / "metadata.csv"
    place.write_text("path,题名,全文\n1.txt,桥,桥通了。\n", "utf-8")
    lookup = Lookup(tops=[str(tmp_path)])
    assert not lookup.is_list(str(place), "metadata.csv")
    assert not lookup.of(str(tmp_path / "1.txt"), "1.txt")
    assert "is read as a paper" in lookup.remarks(whole=True)[0].reason


def test_the_nearest_list_counts_field_by_field(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "metadata.csv").write_text("path,paper,date\na/1.txt,远报,1958\n", "utf-8")
    (tmp_path / "a" / "metadata.jsonl").write_text('{"path": "1", "paper": "近报"}\n', "utf-8")
    place = str(tmp_path / "a" / "1.txt")
    told = Lookup(tops=[str(tmp_path)]).of(place, "")
    assert told
    assert told.values == {"paper": "近报", "date": "1958"}
    # Above the folders of the index's sources nothing counts.
    told = Lookup(tops=[str(tmp_path / "a")]).of(place, "")
    assert told
    assert told.values == {"paper": "近报"}


def test_a_list_that_is_a_link_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("path,paper\n1.txt,密\n", "utf-8")
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "metadata.csv").symlink_to(tmp_path / "secret")
    lookup = Lookup(tops=[str(folder)])
    assert lookup.of(str(folder / "1.txt"), "") is None  # not to be told
    assert lookup.of(str(folder / "b" / "c" / "1.txt"), "") is None
    [problem] = lookup.remarks(whole=True)
    assert problem.lost
    assert "密" not in problem.reason


def test_a_long_list_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    rows = "".join(f"{number}.txt,2023\n" for number in range(5))
    (tmp_path / "metadata.csv").write_text(f"path,date\n{rows}", "utf-8")
    lookup = Lookup(tops=[str(tmp_path)])
    assert [bool(lookup.of(str(tmp_path / f"{n}.txt"), "")) for n in range(5)] == [True] * 3 + [
        False
    ] * 2


def test_folders_may_be_nested_as_deep_as_paths_are_long() -> None:
    assert Lookup(tops=["/t"]).of("/t/" + "a/" * 1_900 + "1.txt", "") == Given()


def test_looking_at_rules_loads_nothing_that_reads_papers() -> None:
    """Every search that finds a sou.toml looks at its rules."""
    code = (
        "import sys\nfrom search.papers.given.rules import parsed_rule\n"
        "parsed_rule({'path': 'a', 'pattern': '{paper}/{date}_{page}版'}, '/t')\n"
        "slow = {'search.papers.path_fields', 'search.papers.formats', 'search.dates.forms'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_archive_is_given_what_holds_for_all_in_it_and_records_no_names(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text(
        "path,paper,page,title,authors,url\na,望澜报,3,题,林一舟,u\n", "utf-8"
    )
    lookup = Lookup(papers=("望澜潮",), tops=[str(tmp_path)])
    found = {name: lookup.of(str(tmp_path / name), name) for name in ("a.zip", "a.txt", "b.jsonl")}
    assert found["a.zip"]
    assert found["a.zip"].values == {"paper": "望澜报"}
    assert found["a.txt"]
    assert set(found["a.txt"].values) == {"paper", "page", "title", "authors", "url"}
    assert found["a.txt"].papers == ("望澜潮",)
    assert found["b.jsonl"] == Given()


def test_names_in_a_list_are_those_of_files_however_they_are_written(tmp_path: Path) -> None:
    rows = ["./甲\\1.txt,近\x1f报", "././乙/2,近报", "3,近报"]
    (tmp_path / "metadata.csv").write_text("\n".join(["File Name.,Paper", *rows, ""]), "utf-8")
    lookup = Lookup(tops=[str(tmp_path)])
    for name, paper in (("甲/1.txt", "近 报"), ("乙/2.pdf", "近报"), ("3.jsonl.gz", "近报")):
        told = lookup.of(str(tmp_path / name), name)
        assert told
        assert told.values == {"paper": paper}


def test_a_column_of_whole_texts_is_not_kept_in_memory() -> None:
    tracemalloc.start()
    texts = (f"{number} 第3版 2023年8月22日 " + "长" * 20_000 for number in range(300))
    for text in texts:
        parse_date(text)
        citation(text)
        values_of({"date": text, "paper": text, "page": text})
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 2_000_000
