"""Copies of an article, and --no-dedupe, as the user sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search import open_index
from tests.cli.running import inside

BODY = (
    "望澜桥始建于一九三四年,是澜溪上第一座石拱桥。县里决定自八月十五日起封闭施工,修补桥面,"
    "加固桥墩,工期预计九十天。施工期间行人可走下游便桥,车辆请绕行北山公路。"
)
OTHER = "县图书馆新馆昨日开放,首日接待读者一千二百人次,馆员介绍,望澜桥老照片展同时开幕,展期三周。"


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """A story in three papers, once misread and once shortened, and another article."""
    records = [
        {"title": "望澜桥封闭修缮", "body": BODY, "date": "1984-08-14", "paper": "青岚报"},
        {"title": "老桥将修", "body": BODY.replace("石拱", "右拱"), "paper": "澜溪晚报"},
        {"title": "修桥", "body": BODY[:80], "date": "1984-08-15", "paper": "周刊"},
        {"title": "新馆开放", "body": OTHER, "date": "1984-08-20", "paper": "青岚报"},
    ]
    (tmp_path / "corpus").mkdir()
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    (tmp_path / "corpus" / "wire.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert inside("index", cwd=tmp_path).status == 0
    return tmp_path


def records(folder: Path, *arguments: str) -> list[dict[str, object]]:
    out = inside("望澜桥", "-f", "jsonl", *arguments, cwd=folder).out
    return [json.loads(line) for line in out.splitlines()]


def test_copies_are_folded_unless_each_is_asked_for(wire: Path) -> None:
    found = records(wire)
    assert [hit["rank"] for hit in found] == [1, 2]
    copies = next(hit["also"] for hit in found if hit["also"])
    assert isinstance(copies, list)
    assert len(copies) == 2
    assert list(copies[0]) == ["id", "key", "title", "date", "paper", "path", "line"]
    papers = {copy["paper"] for copy in copies} | {h["paper"] for h in found if h["also"]}
    assert papers == {"青岚报", "澜溪晚报", "周刊"}
    every = records(wire, "--no-dedupe")
    assert [hit["rank"] for hit in every] == [1, 2, 3, 4]
    assert all(hit["also"] == [] for hit in every)
    shown = inside("show", copies[0]["id"], "-f", "json", cwd=wire)
    assert json.loads(shown.out)["title"] == copies[0]["title"]


def test_by_date_the_first_is_the_best(wire: Path) -> None:
    [first, second] = records(wire, "--sort", "date")
    assert (first["paper"], first["date"]) == ("青岚报", "1984-08-14")
    assert [copy["paper"] for copy in first["also"]] == ["周刊", "澜溪晚报"]  # type: ignore[union-attr, index]
    assert second["title"] == "新馆开放"


def test_limit_and_offset_count_hits_and_the_total_articles(wire: Path) -> None:
    pages = [records(wire, "-n", "1", "--offset", str(offset)) for offset in range(3)]
    assert [hit for page in pages for hit in page] == records(wire)
    assert pages[2] == []
    answer = json.loads(inside("望澜桥", "-f", "json", "-n", "1", cwd=wire).out)
    assert answer["total"] == 4


def test_what_programs_count_is_never_folded(wire: Path) -> None:
    def lines(*arguments: str) -> list[str]:
        return inside(*arguments, cwd=wire).out.splitlines()

    assert lines("望澜桥", "-c") == ["4"]
    assert len(lines("望澜桥", "-f", "csv")) == len(lines("望澜桥", "-f", "tsv")) == 5
    assert len(lines("望澜桥", "-f", "trec")) == 4
    assert len(lines("list")) == 4
    (wire / "queries.tsv").write_text("q\t望澜桥\n", "utf-8")
    for name in ("trec", "jsonl"):
        assert len(lines("batch", "queries.tsv", "-f", name)) == 4


def test_people_are_told_where_else_it_stands(wire: Path) -> None:
    plain = inside("望澜桥", "--sort", "date", cwd=wire)
    assert "\talso in 周刊 1984-08-15 corpus/wire.jsonl:3\n" in plain.out
    assert "\talso in 澜溪晚报 corpus/wire.jsonl:2\n" in plain.out
    assert "-n 0" not in plain.err  # nothing is left
    page = inside("望澜桥", cwd=wire, terminal=True).out
    assert page.count("also in ") == 2
    assert "1–2 of 4 articles (2 copies folded)" in page
    assert "also in" not in inside("望澜桥", "--no-dedupe", cwd=wire).out


def test_the_note_of_what_is_left_counts_copies(wire: Path) -> None:
    (wire / "sou.toml").write_text("limit = 1\n", "utf-8")
    done = inside("望澜桥", "--sort", "date", cwd=wire)
    assert "3 of 4 articles; -n 0 gives all." in done.err
    assert inside("望澜桥", "--sort", "date", "--offset", "1", cwd=wire).err == ""
    past = inside("望澜桥", "--offset", "2", cwd=wire).err
    assert past == "--offset 2 is past the last hit: 4 articles were found, including copies.\n"


def test_from_python(wire: Path) -> None:
    with open_index(wire / "index_data") as index:
        [hit, _] = index.search("望澜桥", sort="date").hits
        assert [copy.paper for copy in hit.also] == ["周刊", "澜溪晚报"]
        assert hit.also[0].body == BODY[:80]
        assert len(index.search("望澜桥", dedupe=False).hits) == 4


def test_an_update_keeps_the_signatures(wire: Path) -> None:
    before = records(wire, "--sort", "date")
    body = json.dumps({"title": "又见望澜桥", "body": BODY, "paper": "日刊"}, ensure_ascii=False)
    (wire / "corpus" / "more.jsonl").write_text(body + "\n", "utf-8")
    assert inside("index", cwd=wire).status == 0
    after = records(wire, "--sort", "date")
    assert [hit["id"] for hit in after] == [hit["id"] for hit in before]
    assert len(after[0]["also"]) == 3  # type: ignore[arg-type]
    (wire / "corpus" / "wire.jsonl").unlink()
    assert inside("index", cwd=wire).status == 0
    [alone] = records(wire)
    assert (alone["paper"], alone["also"]) == ("日刊", [])
