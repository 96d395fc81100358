from __future__ import annotations

import csv
import io
import unicodedata

from hypothesis import given, settings

from search.model.frozen import replace
from search.model.results import Results
from search.output.formats import open_format
from search.output.safe import safe, safe_path
from tests.conftest import examples

from .fakes import ARTICLE, HIT, OTHER, RESULTS, fake_world, output, results, written


def test_columns_of_a_hit():
    assert output("csv").splitlines() == [
        "rank,score,id,key,title,date,paper,authors,section,path,line,end_line,snippet,kind,page,issue,edition",
        "1,12.3457,k3f9q2ab7x,,坚持网格化服务管理 让群众少跑腿,2023-08-22,青石日报,林一舟;周小满,要闻,corpus/2023/青石日报-0822.txt,41,58,青石县推行网格化服务管理。,article,,,",
        "2,3.5,m2x7c4tq9d,b 17,简讯,,,,,corpus/b.jsonl,1,1,,article,,,",
    ]


def test_columns_of_an_article():
    assert output("tsv", [ARTICLE]).splitlines() == [
        "id\tkey\ttitle\tdate\tpaper\tauthors\tsection\tpath\tline\tend_line\tchars\tkind\tpage\tissue\tedition",
        f"k3f9q2ab7x\t\t坚持网格化 服务管理 让群众少跑腿\t2023-08-22\t青石日报\t林一舟;周小满\t要闻\tcorpus/2023/青石日报-0822.txt\t41\t58\t{len(ARTICLE.body)}\tarticle\t\t\t",
    ]


@settings(max_examples=examples(30), deadline=None)
@given(results())
def test_csv_reads_back_equal(found):
    text = csv_of(found)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    for hit, cells in zip(found.hits, rows, strict=True):
        row = dict(zip(header, cells, strict=True))
        assert row["title"] == safe(hit.title)
        path = hit.article.path
        assert row["path"] == (safe_path(path) if acts(path) else path)
        assert row["authors"] == safe(";".join(hit.article.authors))
        assert row["snippet"] == (safe(hit.snippets[0].text) if hit.snippets else "")
        assert float(row["score"]) == round(hit.score, 4)


def acts(text: str) -> bool:
    """Return whether a text holds controls, or what turns the direction of writing."""
    turning = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    return any(
        unicodedata.category(char) in {"Cc", "Zl", "Zp"}
        or unicodedata.bidirectional(char) in turning
        or char in "\u061c\u200e\u200f"
        for char in text
    )


def csv_of(found: Results) -> str:
    """Read as a program does that takes file names as bytes."""
    world = fake_world()
    open_format("csv", world).results(found)
    return written(world).decode("utf-8", "surrogateescape")


@settings(max_examples=examples(30), deadline=None)
@given(results())
def test_tsv_has_as_many_cells_as_columns(found):
    world = fake_world()
    open_format("tsv", world).results(found)
    lines = written(world).split(b"\n")
    assert lines.pop() == b""
    assert len(lines) == 1 + len(found.hits)
    assert {line.count(b"\t") for line in lines} == {16}


def test_a_formula_is_left_alone():
    hit = replace(HIT, title="=1+1")
    assert ",=1+1," in output("csv", replace(RESULTS, hits=(hit, OTHER)))
