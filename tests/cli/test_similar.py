"""sou similar and sou terms."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.running import inside


def first_id(archive: Path, query: str) -> str:
    found = json.loads(inside(query, "-f", "jsonl", "-n", "1", cwd=archive).out)
    return str(found["id"])


def test_similar_takes_the_flags_of_search(archive: Path) -> None:
    name = first_id(archive, "望澜桥")
    done = inside("similar", name[:8], "-f", "json", "-n", "3", cwd=archive)
    found = json.loads(done.out)
    assert done.status == 0
    assert found["query"] == name
    assert len(found["hits"]) == 3 < found["total"]
    assert name not in [hit["id"] for hit in found["hits"]]
    assert inside("similar", name, "-c", cwd=archive).out == f"{found['total']}\n"
    late = inside("similar", name, "--since", "2023", "-f", "jsonl", cwd=archive).out.splitlines()
    assert all(json.loads(line)["date"] >= "2023" for line in late)
    paths = inside("similar", name, "-l", cwd=archive).out.splitlines()
    assert 0 < len(paths) <= 10
    assert "string" in inside("similar", name, "--explain", cwd=archive).err


@pytest.mark.parametrize("command", [["similar"], ["terms", "--id"]])
def test_an_id_that_is_none_or_several(archive: Path, command: list[str]) -> None:
    done = inside(*command, "zzzzzzzzzz", cwd=archive)
    assert (done.status, done.out) == (1, "")
    assert "no article" in done.err
    ids = [line.split("\t")[0] for line in inside("list", cwd=archive).out.splitlines()]
    shared = next(a[0] for a in ids if sum(b[0] == a[0] for b in ids) > 1)
    assert inside(*command, shared, cwd=archive).status == 2


def test_terms_in_every_format(archive: Path) -> None:
    def ask(*more: str) -> str:
        done = inside("terms", "--paper", "晚报", "-n", "5", *more, cwd=archive)
        assert done.status == 0
        return done.out

    about = json.loads(ask("-f", "json"))
    assert about["schema"] == "sou.terms/1"
    assert about["articles"] == about["read"] > 1
    rows = [(term["term"], term["count"], term["weight"]) for term in about["terms"]]
    assert len(rows) == 5
    lines = [line.split("\t") for line in ask().splitlines()]
    assert [(a, int(b), float(c)) for a, b, c in lines] == rows
    table = list(csv.DictReader(io.StringIO(ask("-f", "csv"))))
    assert [(r["term"], int(r["count"]), float(r["weight"])) for r in table] == rows
    assert ask("-f", "tsv").replace("\t", ",") == ask("-f", "csv")
    objects = [json.loads(line) for line in ask("-f", "jsonl").splitlines()]
    assert [(o["term"], o["count"], o["weight"]) for o in objects] == rows
    assert {o["schema"] for o in objects} == {"sou.term/1"}
    assert [line.split() for line in ask("-f", "rich").splitlines()] == [
        [str(count), term] for term, count, _ in rows
    ]


def test_what_terms_are_asked_of(archive: Path) -> None:
    def articles(*more: str) -> int:
        return int(json.loads(inside("terms", *more, "-f", "json", cwd=archive).out)["articles"])

    assert articles() == int(inside("list", "-c", cwd=archive).out) == 63  # docs/query.md
    assert articles("志愿服务") == int(inside("志愿服务", "-c", cwd=archive).out) == 12
    month = json.loads(inside("list", "--facet", "month", "-f", "json", cwd=archive).out)
    known = {each["value"]: each["count"] for each in month["facets"]["month"]}
    assert articles("--month", "2023-05") == known["2023-05"]
    assert articles("--id", first_id(archive, "望澜桥")) == 1


def test_terms_of_nothing(archive: Path) -> None:
    done = inside("terms", "鬱鬱鬱", cwd=archive)
    assert (done.status, done.out) == (1, "")
    assert inside("terms", "--id", "a", "桥", cwd=archive).status == 2
    assert inside("terms", "--month", "2023-05", "--since", "2022", cwd=archive).status == 2
    assert inside("terms", "桥", "-f", "trec", cwd=archive).status == 2
