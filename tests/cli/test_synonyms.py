"""synonyms.txt beside the corpus, or where sou.toml says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import inside


def test_new_words_take_effect_at_once(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    assert inside("大桥", "-l", cwd=town).status == 1
    (town / "synonyms.txt").write_text("大桥 = 望澜桥\n", "utf-8")
    for flags in ([], ["-l"], ["-f", "json"]):
        done = inside("大桥", *flags, cwd=town)
        assert done.status == 0
        assert "a.txt" in done.out
        assert done.err == ""
    assert inside("大桥", "-l", cwd=town / "corpus").out == "corpus/a.txt\n"
    assert "synonyms.txt" in inside("大桥", "--explain", cwd=town).err
    assert "synonyms.txt" not in inside("桥", "--explain", cwd=town).err
    for flags in (["--no-synonyms"], ["-F"], ["--any", "--no-partial"]):
        assert inside("大桥", "-l", *flags, cwd=town).status == 1
    assert inside('"大桥"', "-l", cwd=town).status == 1
    (town / "q.tsv").write_text("1\t大桥\n", "utf-8")
    assert inside("batch", "q.tsv", "--no-partial", cwd=town).status == 0
    assert inside("batch", "q.tsv", "--no-partial", "--no-synonyms", cwd=town).status == 1


def test_terms_are_of_the_articles_that_a_search_finds(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    (town / "synonyms.txt").write_text("大桥 = 望澜桥\n", "utf-8")
    found = inside("terms", "大桥", "-f", "tsv", cwd=town)
    assert found.status == 0
    assert found.out == inside("terms", '"望澜桥"', "-f", "tsv", cwd=town).out
    for flag in ("--no-synonyms", "-F", "--any"):
        assert inside("terms", "大桥", flag, cwd=town).status == 1


@pytest.mark.parametrize("flag", ["-l", "-c", "-n1"])
def test_a_mistake_is_said_and_the_rest_holds(town: Path, flag: str) -> None:
    assert inside("index", cwd=town).status == 0
    (town / "synonyms.txt").write_text("大桥 = 望澜桥\n乱写\n", "utf-8")
    done = inside("大桥", flag, cwd=town)
    assert done.status == 0
    assert "synonyms.txt:2: " in done.err
    assert len(done.err.splitlines()) == 1


def test_named_in_the_settings(town: Path) -> None:
    assert inside("index", cwd=town).status == 0
    (town / "sou.toml").write_text('synonyms = "own/同义词.txt"\n', "utf-8")
    done = inside("大桥", "-l", cwd=town)
    assert done.status == 1
    assert "does not exist" in done.err
    (town / "own").mkdir()
    (town / "own" / "同义词.txt").write_text("大桥 => 望澜桥\n", "utf-8")
    assert inside("大桥", "-l", cwd=town).out == "corpus/a.txt\n"
