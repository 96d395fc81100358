"""The commands beside search."""

from __future__ import annotations

import json
import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.running import inside, sou
from tests.conftest import ROOT
from tests.sealing import change_state


def test_show_by_the_beginning_of_an_id(archive: Path) -> None:
    record = json.loads(inside("望澜桥", "-f", "jsonl", "-n", "1", cwd=archive).out)
    done = inside("show", record["id"][:7], "-f", "json", cwd=archive)
    shown = json.loads(done.out)
    assert shown["schema"] == "sou.article/1"
    assert shown["id"] == record["id"]
    assert shown["chars"] == len(shown["body"])
    path = archive / shown["path"]
    if path.suffix == ".txt":
        from search.papers.encodings.decode import decode

        assert shown["body"] in decode(path.read_bytes()).text + "\n"


def test_show_says_what_is_wrong(archive: Path) -> None:
    assert inside("show", "zzzzzzzzzz", cwd=archive).status == 1
    ids = [line.split("\t")[0] for line in inside("list", cwd=archive).out.splitlines()]
    shared = next(a[0] for a in ids if sum(b[0] == a[0] for b in ids) > 1)
    done = inside("show", shared, cwd=archive)
    assert done.status == 2
    assert "is the beginning of" in done.err


def test_list_is_every_article_by_place(archive: Path) -> None:
    lines = inside("list", "-f", "jsonl", cwd=archive).out.splitlines()
    records = [json.loads(line) for line in lines]
    assert all(record["schema"] == "sou.article/1" for record in records)
    places = [(record["path"], record["line"]) for record in records]
    assert places == sorted(places)
    assert inside("list", "-c", cwd=archive).out == f"{len(records)}\n"
    late = inside("list", "--since", "2024", "-f", "jsonl", cwd=archive).out.splitlines()
    assert 0 < len(late) < len(records)
    gold = json.loads((ROOT / "tests" / "data" / "corpus_articles.json").read_text("utf-8"))
    assert len(records) >= sum(len(page["articles"]) for page in gold.values())


def test_status_and_check(archive: Path) -> None:
    done = inside("status", cwd=archive)
    assert done.status == 0
    assert "source    corpus" in done.out
    assert inside("check", cwd=archive).out == "The index is sound.\n"


def test_status_is_read_by_programs(town: Path) -> None:
    assert inside("status", "-f", "json", cwd=town).status == 3
    assert inside("index", cwd=town).status == 0
    (town / "words.txt").write_text("望澜桥\n", "utf-8")
    done = inside("status", "-f", "json", cwd=town)
    assert done.status == 0
    told = json.loads(done.out)
    listed = [json.loads(line) for line in inside("list", "-f", "jsonl", cwd=town).out.splitlines()]
    assert told["schema"] == "sou.status/1"
    assert (told["state"], told["articles"]) == ("current", len(listed))
    assert told["files"] == len({article["path"] for article in listed})
    folder = town / "index_data" / "g1"
    assert told["bytes"] == sum(file.stat().st_size for file in folder.iterdir())
    assert Path(told["index"]) == town / "index_data"
    corpus = {"path": "corpus", "root": str((town / "corpus").resolve()), "there": True}
    assert told["sources"] == [corpus]
    assert datetime.fromisoformat(told["updated"]).utcoffset() == timedelta(0)
    assert told["words"] == {"path": str(town / "words.txt"), "words": 1}
    assert (told["words_changed"], told["synonyms"], told["read_by_older"]) == (True, None, 0)
    (town / "corpus").rename(town / "gone")
    assert not json.loads(inside("status", "-f", "json", cwd=town).out)["sources"][0]["there"]
    plain = inside("status", cwd=town).out
    assert f"articles  {len(listed)}\n" in plain
    assert "source    corpus  (missing)\n" in plain


def test_status_does_not_say_what_is_not_known(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    change_state(town / "index_data", lambda state: state["analysis"].update(schema=1))
    done = inside("status", cwd=town)
    assert done.status == 3
    assert "articles  not known\n" in done.out
    done = inside("status", "-f", "json", cwd=town)
    assert done.status == 3
    told = json.loads(done.out)
    assert (told["state"], told["articles"], told["files"]) == ("outdated", None, None)


def test_commands_that_are_told_work_as_they_are_printed(town: Path) -> None:
    named = ("--index", "my index's")

    def told(*arguments: str) -> list[str]:
        done = inside(*arguments, *named, cwd=town)
        assert done.status in {2, 3}
        return re.findall(r"sou (?:check|index|sources) .*?(?=;|$)", done.err, re.MULTILINE)

    def run(command: str) -> int:
        words = shlex.split(command)
        assert words[2:4] == [*named], command
        return inside(*words[1:], cwd=town).status

    (missing,) = told("status")
    assert run(missing.replace("FOLDER", "corpus")) == 0
    assert not (town / "index_data").exists()
    [segment] = (town / named[1] / "g1").glob("*.sou")
    sound = segment.read_bytes()
    for take in (0, 1):
        segment.write_bytes(sound[:-9])
        repair, rebuild = told("桥")
        assert {repair, rebuild} <= {*told("check")}
        assert run((repair, rebuild)[take]) == 0
        assert inside("桥", *named, cwd=town).status == 0
        [segment] = (town / named[1]).glob("g*/*.sou")
        sound = segment.read_bytes()
    (town / "corpus").rename(town / "elsewhere")
    *_, remove = told("index")
    assert shlex.split(remove) == ["sou", "sources", *named, "--remove", "corpus"]


def test_analyze_shows_folding_and_places(archive: Path) -> None:
    out = inside("analyze", "網格化服 务", cwd=archive).out.splitlines()
    assert out[0] == "folded\t网格化服务"
    assert "3-6\t服务\t服 务" in out


def test_batch_writes_a_trec_run(town: Path) -> None:
    inside("index", cwd=town)
    queries = town / "queries.tsv"
    queries.write_text("q1\t望澜桥\u2028\nq2\t(broken\nq4\t\nq3\t没有的\n", "utf-8")
    done = inside("batch", "queries.tsv", cwd=town)
    assert done.status == 2
    fields = done.out.split()
    assert (fields[0], fields[1], fields[3], fields[5]) == ("q1", "Q0", "1", "sou")
    assert "query q2" in done.err
    assert "query q4" in done.err
    lines = sou("batch", "-", "-f", "jsonl", "--any", cwd=town, stdin="q\t图书馆(".encode())
    assert json.loads(lines.out)["qid"] == "q"
    queries.write_text("no tab here\n", "utf-8")
    assert "queries.tsv:1" in inside("batch", "queries.tsv", cwd=town).err


def test_eval_prints_the_measures(town: Path) -> None:
    pytest.importorskip("ir_measures")
    records = [
        {"id": "d1", "title": "桥", "body": "望澜桥修缮"},
        {"id": "d2", "title": "书", "body": "图书馆"},
    ]
    text = "\n".join(json.dumps(record) for record in records)
    (town / "corpus" / "r.jsonl").write_text(text, "utf-8")
    for name in ("a.txt", "b.txt"):
        (town / "corpus" / name).unlink()
    inside("index", cwd=town)
    (town / "q.tsv").write_text("1\t望澜桥\n2\t没有的东西\n", "utf-8")
    (town / "r.tsv").write_text("1\td1\t1\n2\td2\t1\n", "utf-8")
    done = inside("eval", "q.tsv", "r.tsv", cwd=town)
    assert done.out == "nDCG@10\t0.5000\nMRR@10\t0.5000\nR@100\t0.5000\n"


def test_index_prints_counts_and_names_problems(town: Path) -> None:
    (town / "corpus" / "bad.txt").write_bytes(b"%PDF-1.7")
    done = inside("index", cwd=town)
    assert done.status == 2
    assert "2 new" in done.err
    assert "1 failed" in done.err
    assert "corpus/bad.txt" in done.err
    assert "PDF" in done.err
    assert inside("望澜桥", "-c", cwd=town).out == "1\n"


def test_a_dry_run_says_what_would_be_done(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    state = town / "index_data" / "sou.json"
    # As of an index of long ago.
    change_state(town / "index_data", lambda known: known["analysis"].update(schema=0))
    before = state.read_bytes()
    done = inside("index", "--dry-run", cwd=town)
    assert "\nWould be rebuilt: " in done.err
    assert state.read_bytes() == before
    assert "\nRebuilt: " in inside("index", cwd=town).err


def test_a_manifest_among_the_papers_is_one_line_and_no_failure(town: Path) -> None:
    rows = "".join(f"{n:02}.txt\t4\n" for n in range(1, 31))
    manifest = town / "corpus" / "MANIFEST.tsv"
    manifest.write_text("file\tpages\n" + rows, "utf-8")
    for _ in ("new", "unchanged"):
        done = inside("index", cwd=town)
        assert done.status == 0
        _, told, counts, *_ = done.err.splitlines()
        assert "corpus/MANIFEST.tsv:2: " in told
        assert "30 records" in told
        assert "unreadable" not in counts
    for page in (town / "corpus").glob("*.txt"):
        page.unlink()
    done = inside("index", "--rebuild", cwd=town)
    assert done.status == 2
    assert "corpus/MANIFEST.tsv:2: " in done.err


def test_index_of_a_missing_folder(town: Path) -> None:
    done = inside("index", "nowhere", cwd=town)
    assert done.status == 2
    assert "nowhere" in done.err


def test_settings_come_from_files_environment_and_flags(town: Path) -> None:
    (town / "sou.toml").write_text('index = "idx"\ncorpus = ["corpus"]\nlimit = 1\n', "utf-8")
    below = town / "corpus"
    assert inside("index", cwd=below).status == 0
    assert (town / "idx" / "sou.json").exists()
    assert len(inside("本报", "-f", "jsonl", cwd=below).out.splitlines()) == 1
    assert len(inside("本报", "-f", "jsonl", "-n", "5", cwd=below).out.splitlines()) == 2
    (town / "sou.toml").write_text("indx = 3\n", "utf-8")
    done = inside("本报", cwd=below)
    assert done.status == 2
    assert "indx" in done.err


def test_completion_can_be_shown() -> None:
    done = sou("--show-completion", "bash", cwd=ROOT, env={"SHELL": "/bin/bash"})
    assert done.status == 0
    assert "sou" in done.out.lower()


def test_status_and_index_say_what_an_older_sou_read(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "older" not in inside("index", cwd=town).err
    assert "older" not in inside("status", cwd=town).out
    monkeypatch.setattr("search.papers.reading_version._PAGES", 9)
    for told in (inside("index", cwd=town).err, inside("status", cwd=town).out):
        assert re.search(r"papers? (was|were) read by an older sou; .*: sou index --rebuild", told)
