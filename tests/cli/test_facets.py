"""--facet: counts over everything found, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from search.model.facets import FACETS
from tests.cli.running import inside


@pytest.mark.parametrize("name", FACETS)
def test_all_that_is_found_is_counted(archive: Path, name: str) -> None:
    found = inside("的", "-f", "jsonl", "-n", "0", cwd=archive).out.splitlines()
    hits = [json.loads(line) for line in found]
    read = {
        "year": lambda hit: [hit["date"] and hit["date"][:4]],
        "month": lambda hit: [hit["date"] and hit["date"][:7]],
        "author": lambda hit: hit["authors"] or [None],
    }.get(name, lambda hit: [hit[name]])
    expected = Counter(value for hit in hits for value in read(hit))
    one = json.loads(inside("的", "--facet", name, "-f", "json", "-n", "1", cwd=archive).out)
    assert len(one["hits"]) == 1 < one["total"]
    assert list(one["facets"]) == [name]
    counts = one["facets"][name]
    assert {each["value"]: each["count"] for each in counts} == expected
    lines = inside("的", "--facet", name, cwd=archive).out.splitlines()
    assert [line.split("\t") for line in lines] == [
        [name, each["value"] or "-", str(each["count"])] for each in counts
    ]


def test_tables_hold_counts_alone(archive: Path) -> None:
    out = inside("桥", "--facet", "year", "--facet", "paper", "-f", "csv", cwd=archive).out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["facet"] for row in rows} == {"year", "paper"}
    total = int(inside("桥", "-c", cwd=archive).out)
    assert total > 20
    assert sum(int(row["count"]) for row in rows if row["facet"] == "paper") == total
    years = [row["value"] for row in rows if row["facet"] == "year"]
    assert years == sorted(years)
    tsv = inside("桥", "--facet", "year", "--facet", "paper", "-f", "tsv", cwd=archive).out
    assert [line.split("\t") for line in tsv.splitlines()[1:]] == [list(r.values()) for r in rows]


def test_lines_of_json_end_with_the_counts(archive: Path) -> None:
    out = inside("桥", "--facet", "year", "-f", "jsonl", "-n", "2", cwd=archive).out
    *hits, counts = [json.loads(line) for line in out.splitlines()]
    assert [hit["schema"] for hit in hits] == ["sou.hit/1"] * 2
    assert counts["schema"] == "sou.facets/1"
    assert counts["total"] == sum(each["count"] for each in counts["facets"]["year"])


def test_a_page_has_tables_below_the_hits(archive: Path) -> None:
    out = inside("桥", "--facet", "paper", "-n", "1", "-f", "rich", cwd=archive).out
    assert out.index(" 1. ") < out.index("\npaper\n") < out.index("1–1 of")


def test_nothing_found_counts_nothing(archive: Path) -> None:
    done = inside("鬱鬱鬱", "--no-partial", "--facet", "year", "-f", "json", cwd=archive)
    assert done.status == 1
    assert json.loads(done.out)["facets"] == {"year": []}


@pytest.mark.parametrize("flags", [["-l"], ["-c"], ["-0"], ["-f", "trec"]])
def test_formats_without_a_place_say_so(archive: Path, flags: list[str]) -> None:
    done = inside("桥", "--facet", "year", *flags, cwd=archive)
    assert (done.status, done.out) == (2, "")
    assert "cannot show" in done.err
    if flags != ["-f", "trec"]:
        done = inside("list", "--facet", "year", *flags, cwd=archive)
        assert (done.status, done.out) == (2, "")


def test_a_list_can_be_counted(archive: Path) -> None:
    total = int(inside("list", "-c", cwd=archive).out)
    assert total == 63  # docs/query.md
    lines = inside("list", "--facet", "paper", cwd=archive).out.splitlines()
    assert sum(int(line.split("\t")[2]) for line in lines) == total
    one = json.loads(inside("list", "--facet", "month", "-f", "json", cwd=archive).out)
    assert one["total"] == total
