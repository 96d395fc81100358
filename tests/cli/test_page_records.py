"""The records of pages as their reader meets them, and indexes that were made before them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import sou
from tests.cli.running import inside
from tests.sealing import change_segments, parts, reseal

ISSUE = "总第638期"
PAGE = "corpus/qinglan-zhoukan/2024/2024-03-29.md"
NOTE = "No article has it; it stands beside the articles of these pages.\n"


@pytest.fixture
def older(archive: Path, tmp_path: Path) -> Path:
    """The corpus as an index has it that knows of no records."""
    shutil.copytree(archive, tmp_path / "older")
    index = tmp_path / "older" / "index_data"
    change_segments(index, lambda data: data.pop("pages"))
    _, _, files = parts(index)
    listed = {path: values[:7] for path, values in json.loads(files.read_text()).items()}
    rows = (f"{json.dumps(path)}: {json.dumps(values)}" for path, values in listed.items())
    files.write_text("{\n" + ",\n".join(rows) + "\n}\n")
    reseal(index, segments=False)
    return tmp_path / "older"


@pytest.mark.parametrize("form", ["-l", "-c", "-fjson", "-fjsonl", "-fcsv", "-ftsv", "-fplain"])
def test_a_page_is_found_in_every_format_where_no_article_is(archive: Path, form: str) -> None:
    done = inside(ISSUE, form, cwd=archive)
    assert (done.status, done.err) == (0, NOTE)
    assert {"-c": "1\n", "-l": f"{PAGE}\n"}.get(form, done.out) == done.out
    assert form == "-c" or PAGE in done.out
    if form in {"-fcsv", "-ftsv"}:
        assert (
            done.out.splitlines()[-1]
            .rstrip(",\t")
            .endswith(("page,,总第638期", "page\t\t总第638期"))
        )


def test_json_says_what_a_hit_is(archive: Path) -> None:
    found = json.loads(inside(ISSUE, "-f", "json", cwd=archive).out)
    assert (found["beside"], found["partial"], found["total"]) == (True, False, 1)
    [hit] = found["hits"]
    assert (hit["kind"], hit["path"], hit["line"]) == ("page", PAGE, 1)
    usual = json.loads(inside("志愿", "-f", "json", cwd=archive).out)
    assert usual["beside"] is False
    assert {each["kind"] for each in usual["hits"]} == {"article"}


def test_a_record_is_shown_as_it_stands_on_the_page(archive: Path) -> None:
    [hit] = json.loads(inside(ISSUE, "-f", "json", cwd=archive).out)["hits"]
    shown = json.loads(inside("show", hit["id"], "-f", "json", cwd=archive).out)
    assert shown["kind"] == "page"
    source = (archive / PAGE).read_text("utf-8").split("\n")
    for number, line in enumerate(shown["body"].split("\n"), shown["line"]):
        assert line in {"", source[number - 1]}
    assert ISSUE in shown["body"]


def test_pages_are_listed_and_counted_by_themselves(archive: Path) -> None:
    pages = inside("list", "--in", "page", "-f", "jsonl", cwd=archive).out.splitlines()
    assert {json.loads(line)["kind"] for line in pages} == {"page"}
    assert inside("in:page", "-c", cwd=archive).out == f"{len(pages)}\n"
    assert inside("--in", "page", "-c", cwd=archive).out == f"{len(pages)}\n"
    assert inside("list", "-c", cwd=archive).out == inside("*", "-c", cwd=archive).out == "63\n"
    assert "articles  63\n" in inside("status", cwd=archive).out


def test_words_are_listed_of_articles_alone(archive: Path) -> None:
    done = inside("terms", "in:page", "热线", cwd=archive)
    assert done.status == 2
    assert "in:page" in done.err


def test_the_api_answers_as_the_command_does(archive: Path) -> None:
    with sou.open(archive / "index_data") as index:
        assert len(index) == 63
        found = index.search(ISSUE, partial=False)
        assert ([hit.kind for hit in found], found.beside) == (["page"], True)
        page = index.show(found[0].id)
        assert page == found[0].article
        pages = index.search(field="page", limit=None)
        assert {hit.kind for hit in pages} == {"page"}
        assert "page" not in {each.kind for each in index.articles()}


def test_an_older_index_answers_and_says_what_it_lacks(older: Path) -> None:
    done = inside("status", cwd=older)
    assert (done.status, done.err, done.out.count("read by an older sou")) == (0, "", 1)
    assert inside("志愿", "-c", cwd=older).out == "12\n"
    assert inside(ISSUE, "-c", cwd=older).status == 1
    done = inside("in:page", ISSUE, cwd=older)
    assert (done.status, "14 papers were read before" in done.err) == (1, True)
    assert inside("check", cwd=older).status == 0


def test_an_older_index_is_brought_up_to_date_paper_by_paper(older: Path) -> None:
    with (older / PAGE).open("a", encoding="utf-8") as page:
        page.write("\n本版编辑：沈砚秋\n")
    assert "0 new, 1 changed" in inside("index", cwd=older).err
    assert inside("in:page", ISSUE, "-l", cwd=older).out == f"{PAGE}\n"
    assert "13 papers were read before" in inside("in:page", "没有这样的话", cwd=older).err
    assert inside("index", "--rebuild", "--yes", cwd=older).status == 0
    assert "older sou" not in inside("status", cwd=older).out
    assert inside("in:page", "-c", cwd=older).out == "14\n"


def test_records_that_are_broken_are_read_again(archive: Path, tmp_path: Path) -> None:
    shutil.copytree(archive, tmp_path / "broken")
    folder = tmp_path / "broken"
    _, listed, _ = parts(folder / "index_data")
    [[name, *_]] = json.loads(listed.read_text())["pages"]
    segment = listed.parent / name
    data = bytearray(segment.read_bytes())
    data[100] ^= 1
    segment.write_bytes(data)
    assert inside("志愿", "-c", cwd=folder).out == "12\n"  # nothing of it is looked at
    assert (done := inside("check", cwd=folder)).status == 3
    assert name in done.out
    assert inside("check", "--repair", cwd=folder).status == 0
    assert inside("in:page", "-c", cwd=folder).out == "14\n"
    assert inside("list", "-c", cwd=folder).out == "63\n"


def test_records_go_with_their_page(town: Path) -> None:
    page = town / "corpus" / "c.txt"
    page.write_text("望澜县报\n总第763期\n\n防汛\n\n本报讯(记者 俞白)大坝昨日合龙。\n", "utf-8")
    assert inside("index", cwd=town).status == 0
    assert inside("in:page", "-c", cwd=town).out == "1\n"
    page.write_text("望澜县报\n总第764期\n\n防汛\n\n本报讯(记者 俞白)大坝昨日合龙。\n", "utf-8")
    assert inside("index", cwd=town).status == 0
    assert inside("in:page", "总第763期", "--no-partial", cwd=town).status == 1
    assert inside("in:page", "总第764期", "-c", cwd=town).out == "1\n"
    page.unlink()
    assert inside("index", cwd=town).status == 0
    assert inside("in:page", cwd=town).status == 1
    assert inside("check", cwd=town).status == 0
