"""words.txt beside the corpus: at once for queries, with a rebuild for ranking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import inside, sou

WORD = "望澜桥修缮"


def why(town: Path) -> str:
    done = inside(WORD, "--explain", "-f", "json", cwd=town)
    return " ".join(json.loads(done.out)["hits"][0]["why"])


def test_at_once_for_queries_and_after_a_rebuild_for_ranking(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    assert inside("桥开始望澜", "-l", cwd=town).status == 0  # scattered words
    (town / "words.txt").write_text(f"{WORD}\n桥开始望澜\n", "utf-8")
    assert inside("桥开始望澜", "-l", cwd=town).status == 1  # is one word now
    assert f"\t{WORD}\t" in inside("analyze", f"在{WORD}时", cwd=town).out
    assert f"word {WORD} " not in why(town)
    done = inside("status", cwd=town)
    assert done.status == 0
    assert "words     2 in " in done.out
    assert "--rebuild" in done.err
    (town / "corpus" / "c.txt").write_text("新闻一则\n\n本报讯(记者 俞白)今天晴。\n", "utf-8")
    assert inside("index", cwd=town).status == 0
    assert "--rebuild" in inside("status", cwd=town).err  # the others have the old words
    assert inside("index", "--rebuild", cwd=town).status == 0
    assert inside("status", cwd=town).err == ""
    assert f"word {WORD} " in why(town)
    (town / "words.txt").unlink()
    assert "--rebuild" in inside("status", cwd=town).err
    assert inside("桥开始望澜", "-l", cwd=town).status == 0


def test_in_a_process_of_its_own_and_in_many(town: Path) -> None:
    (town / "words.txt").write_text(f"{WORD}\n写错 了 的 行\n", "utf-8")
    done = sou("index", "--jobs", "2", cwd=town)
    assert done.status == 0
    assert "words.txt:2: " in done.err
    assert f"word {WORD} " in why(town)
    assert len(inside(WORD, "-l", cwd=town).err.splitlines()) == 1


def test_workers_have_the_words(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.indexing.update.WORTH_A_PROCESS", 1)
    (town / "words.txt").write_text(f"{WORD}\n", "utf-8")
    assert inside("index", "--jobs", "2", cwd=town).status == 0
    assert f"word {WORD} " in why(town)


@pytest.mark.parametrize("there", [True, False])
def test_named_in_the_settings(town: Path, there: bool) -> None:
    (town / "sou.toml").write_text('words = "own/词.txt"\n', "utf-8")
    if there:
        (town / "own").mkdir()
        (town / "own" / "词.txt").write_text(WORD, "utf-8")
    done = inside("analyze", WORD, cwd=town)
    assert (WORD in done.out.split("\n", 1)[1].replace("\n", "\t").split("\t")) == there
    assert ("does not exist" in done.err) != there


def test_status_counts_synonyms(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    assert "\nsynonyms" not in inside("status", cwd=town).out
    (town / "synonyms.txt").write_text("大桥 = 望澜桥\n错\n", "utf-8")
    done = inside("status", cwd=town)
    assert "synonyms  2 words in " in done.out
    assert "synonyms.txt:2: " in done.err
