"""docs/output.md shows what sou really prints, and names every field."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.model.facets import FACETS
from search.model.frozen import replace
from search.output.formats import FORMATS
from search.output.json_records import article_record, facets_record, hit_record, results_record
from search.output.tables import ARTICLE_COLUMNS, FACET_COLUMNS, HIT_COLUMNS

from .fakes import ARTICLE, COUNTED, HIT, fake_world, output

TEXT = (Path(__file__).parents[2] / "docs" / "output.md").read_text(encoding="utf-8")
ENGLISH, CHINESE = TEXT.split("\n# 输出格式\n")


@pytest.mark.parametrize(
    "example",
    [
        output("rich", world=fake_world(width=76)),
        output("plain"),
        output("plain", [ARTICLE]),
        output("jsonl").split("\n")[0] + "\n",
        output("csv"),
        output("trec", qid="q1"),
        output("csv", COUNTED),
        output("jsonl", COUNTED).split("\n")[-2] + "\n",
    ],
    ids=["rich", "plain", "list", "jsonl", "csv", "trec", "facets", "facets jsonl"],
)
def test_the_examples_are_what_is_printed(example):
    assert len(example) > 10
    assert f"\n{example}```\n" in ENGLISH


@pytest.mark.parametrize("half", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_every_format_and_field_is_explained(half):
    names = {
        *FORMATS,
        *hit_record(replace(HIT, why=("x",)), "q"),
        *results_record(COUNTED),
        *facets_record(COUNTED.facets, 17),
        *FACETS,
        *article_record(ARTICLE, body=True),
        *HIT_COLUMNS,
        *ARTICLE_COLUMNS,
        *FACET_COLUMNS,
    }
    assert len(names) > 40
    assert len(half) > 4_000
    assert [name for name in sorted(names) if f"`{name}`" not in half] == []
