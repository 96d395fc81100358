"""What is said of sources, as it is typed: sou.toml, --source, metadata.csv, what is left open."""

from __future__ import annotations

import json
import os
import re
import shlex
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import inside

BODY = "本报讯(记者 林一舟)昨日，望澜县组织志愿者清理河道，共三百余人参加，清理垃圾十吨。"


def fill(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.txt").write_text(f"望澜{name}号桥通车\n\n{BODY}{name}。\n", "utf-8")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    fill(tmp_path / "扫描", "IMG1", "IMG2", "IMG3")
    fill(tmp_path / "报", "大岚_20230512_3", "大岚_20230513_4")
    return tmp_path


def articles(top: Path) -> dict[str, dict[str, object]]:
    out = inside("list", "-f", "jsonl", cwd=top).out
    return {Path(a["path"]).name: a for a in map(json.loads, out.splitlines())}


def reread(top: Path, *arguments: str) -> list[str]:
    """Return which files an update reads."""
    done = inside("index", "-v", *arguments, cwd=top)
    assert done.status == 0, done
    return sorted(line[4:] for line in done.err.splitlines() if line.startswith(("  ~ ", "  + ")))


def test_a_row_that_changes_rereads_its_file_alone(top: Path) -> None:
    rows = ["文件名,报纸名称,见报日期"] + [f"IMG{n},望澜民报,1958-03-0{n}" for n in (1, 2, 3)]
    place = top / "扫描" / "metadata.csv"
    place.write_text("\n".join(rows) + "\n", "gb18030")
    assert len(reread(top, "扫描", "报")) == 5
    found = articles(top)
    assert found["IMG2.txt"]["date"] == "1958-03-02"
    assert reread(top) == []
    rows[2] = "IMG2,望澜民报,1958-04-02"
    place.write_text("\n".join(rows) + "\n", "gb18030")
    assert reread(top) == ["扫描/IMG2.txt"]
    after = articles(top)
    assert after["IMG2.txt"]["date"] == "1958-04-02"
    assert {name: a["id"] for name, a in found.items()} == {n: a["id"] for n, a in after.items()}
    place.unlink()
    assert reread(top) == ["扫描/IMG1.txt", "扫描/IMG2.txt", "扫描/IMG3.txt"]
    assert articles(top)["IMG2.txt"]["date"] is None


def test_a_table_of_sou_toml_is_read_and_says_what_is_there(top: Path) -> None:
    (top / "sou.toml").write_text(
        'corpus = []\n[[source]]\npath = "报"\npaper = "大岚报"\npattern = "*_{date}_{page}"\n'
        '[[source]]\npath = "扫描/*2.txt"\npaper = "望澜报"\n',
        "utf-8",
    )
    assert reread(top) == ["报/大岚_20230512_3.txt", "报/大岚_20230513_4.txt"]
    found = articles(top)["大岚_20230513_4.txt"]
    assert (found["paper"], found["date"], found["page"]) == ("大岚报", "2023-05-13", "4")
    assert len(reread(top, "扫描")) == 3
    assert {a["paper"] for n, a in articles(top).items() if n.startswith("IMG")} == {None, "望澜报"}
    assert reread(top) == []
    (top / "sou.toml").write_text('corpus = []\n[[source]]\npath = "扫描"\nedition = "早版"\n')
    assert len(reread(top)) == 5


def test_what_a_flag_says_is_remembered_and_taken_back(top: Path) -> None:
    assert inside("index", "扫描", "报", cwd=top).status == 0
    rule = "path=报,paper=大岚报,pattern=*_{date}_{page}"
    assert len(reread(top, "--source", rule)) == 2
    assert reread(top) == []
    assert articles(top)["大岚_20230512_3.txt"]["paper"] == "大岚报"
    [_, line] = sorted(inside("sources", cwd=top).out.splitlines(), key=lambda one: "大岚报" in one)
    assert line.endswith("--source 报: paper 大岚报, pattern *_{date}_{page}")
    top.rename(top.with_name("moved"))
    moved = top.with_name("moved")
    assert reread(moved) == []
    assert len(reread(moved, "--source", "path=报")) == 2
    assert "大岚报" not in inside("sources", cwd=moved).out
    assert reread(moved) == []


def test_files_that_do_not_fit_are_counted(top: Path) -> None:
    done = inside("index", "--source", "path=扫描,pattern={date}_{page}", cwd=top)
    assert done.status == 0
    assert (
        "--source 扫描: 3 files do not fit its pattern: 扫描/IMG1.txt, 扫描/IMG2.txt, 扫描/IMG3.txt"
        in done.err
    )


def test_a_list_that_cannot_be_read_changes_nothing(top: Path) -> None:
    place = top / "扫描" / "metadata.csv"
    place.write_text("path,date\nIMG1.txt,1958-03-01\n", "utf-8")
    assert inside("index", "扫描", cwd=top).status == 0
    place.write_bytes(b"\x00\x01\x02" * 100)
    done = inside("index", cwd=top)
    assert done.status == 2
    assert "metadata.csv" in done.err
    assert articles(top)["IMG1.txt"]["date"] == "1958-03-01"
    place.write_text("path,date\nIMG1.txt,1958-03-01\n", "utf-8")
    assert reread(top) == []


def test_a_correction_wins(top: Path) -> None:
    (top / "扫描" / "metadata.csv").write_text("path,date\nIMG1.txt,1958-03-01\n", "utf-8")
    form = inside("correct", "扫描/IMG1.txt", "--print", cwd=top).out
    (top / "form").write_text(re.sub("(?m)^@date.*$", "@date: 1959-01-01", form), "utf-8")
    assert inside("correct", "扫描/IMG1.txt", "--from", "form", cwd=top).status == 0
    assert inside("index", "扫描", cwd=top).status == 0
    assert articles(top)["IMG1.txt"]["date"] == "1959-01-01"


def test_explain_says_where_it_comes_from(top: Path) -> None:
    (top / "扫描" / "metadata.csv").write_text("path,date\nIMG1.txt,1958-03-01\n", "utf-8")
    rule = "path=扫描,paper=望澜报,pattern=IMG{page}"
    out = inside("index", "--explain", "扫描/IMG1.txt", "--source", rule, cwd=top).out
    assert "date: 1958-03-01 (in metadata.csv)" in out
    assert "paper: 望澜报 (in --source 扫描)" in out
    assert "page: 1 (by the pattern of --source 扫描)" in out


def test_what_is_not_known_is_told_with_a_command_that_works(top: Path) -> None:
    done = inside("index", "扫描", "报", cwd=top)
    [line] = [line for line in done.err.splitlines() if "have no date" in line]
    assert line.startswith("3 of 5 articles have no date: sou ")
    command = shlex.split(line.partition(": sou ")[2])
    assert inside(*command, cwd=top).out.split() == [f"扫描/IMG{n}.txt" for n in (1, 2, 3)]
    assert "have no date" not in inside("index", cwd=top).err  # nothing was done
    done = inside("index", "扫描", "--index", "其他 index", cwd=top)
    command = shlex.split(done.err.partition("no date: sou ")[2].partition("\n")[0])
    assert inside(*command, cwd=top).out.count("IMG") == 3


def test_columns_that_are_not_used_are_named_once(top: Path) -> None:
    folder = top / "导出"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.csv").write_text("题名,全文,频道,阅读数\n桥,桥通了。,要闻,3\n", "utf-8")
    done = inside("index", "导出", cwd=top)
    assert done.status == 0
    told = [line for line in done.err.splitlines() if "not used" in line]
    assert told == [
        (
            "  columns not used: 阅读数, 频道 (导出/a.csv and 2 more); "
            "name them in [[source]] columns = {…}"
        )
    ]
    assert "not used" not in inside("index", cwd=top).err


def test_columns_in_an_archive_are_named_once(top: Path) -> None:
    with zipfile.ZipFile(top / "a.zip", "w") as archive:
        archive.writestr("r.csv", "题名,全文,频道\n桥,桥通了。,要闻\n")
    done = inside("index", "--source", "path=a.zip,paper=望澜报,columns.section=频道", cwd=top)
    assert done.status == 0
    assert "not used" not in done.err
    assert articles(top)["a.zip"]["section"] == "要闻"
    assert articles(top)["a.zip"]["paper"] == "望澜报"
    done = inside("index", "--source", "path=a.zip", cwd=top)
    assert done.err.count("columns not used: 频道 (a.zip)") == 1
    assert "not used" not in inside("index", cwd=top).err


def test_columns_of_pieces_are_named_once(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.indexing.update._Build._share", lambda *_: 2_000)
    lines = (json.dumps({"title": f"第{n}号", "body": BODY, "频道": "要闻"}) for n in range(100))
    (top / "a.jsonl").write_text("\n".join(lines), "utf-8")
    done = inside("index", "a.jsonl", cwd=top)
    assert done.status == 0
    assert done.err.count("columns not used: 频道 (a.jsonl)") == 1
    assert reread(top) == []


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("source = 3", "source cannot be 3"),
        ("source = [3]", "write a table"),
        ('[[source]]\npath = "a"\npattern = "{dat}"', "{dat} is no field"),
        ('[[source]]\npaper = "a"', "number 1: it has no path"),
        ('[[source]]\npath = "a"\npapre = "b"', "unknown key 'papre'"),
        ('[[source]]\npath = "a"\ncolumns = "b"', "columns cannot be"),
        ('[[source]]\npath = "a"\ncolumns = {title = 3}', "title cannot be 3"),
        ('[[source]]\npath = "a"\ncolumns = {title = [["b"]]}', "title cannot be"),
        ('[source]\npath = "a"', "write two brackets: [[source]]"),
        ('papers = "a"', "papers cannot be 'a'"),
    ],
)
def test_what_is_wrong_in_sou_toml_is_said(top: Path, toml: str, why: str) -> None:
    (top / "sou.toml").write_text(toml, "utf-8")
    done = inside("index", "扫描", cwd=top)
    assert done.status == 2
    assert why in done.err
    assert "sou.toml" in done.err


def test_a_found_sou_toml_reads_nothing_outside_unasked(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    fill(victim, "secret")
    clone = tmp_path / "clone"
    fill(clone / "corpus", "1")
    (clone / "sou.toml").write_text(f'[[source]]\npath = "{victim}"\npaper = "x"\n', "utf-8")
    done = inside("index", cwd=clone)
    assert done.status == 2
    assert f"{victim} (outside {clone})" in done.err
    done = inside("河道", cwd=clone)
    assert done.status == 3
    assert str(victim) in done.err
    assert not (clone / "index_data").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no owners")
def test_a_strangers_sou_toml_is_refused(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "sou.toml").write_text('[[source]]\npath = "扫描"\npaper = "x"\n', "utf-8")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    done = inside("index", cwd=top)
    assert done.status == 2
    assert "belongs to another user" in done.err


def test_a_rule_in_an_index_that_is_none_is_no_accident(top: Path) -> None:
    from tests.sealing import change_state

    assert inside("index", "--source", "path=扫描,paper=望澜报", cwd=top).status == 0

    def spoil(state: dict[str, object]) -> None:
        state["rules"] = [{"path": "扫描", "shown": "扫描", "pattern": "{nothing}"}]

    change_state(top / "index_data", spoil)
    done = inside("index", cwd=top)
    assert done.status == 0
    assert "its pattern is wrong" in done.err
