from __future__ import annotations

from hypothesis import given, settings

from search.model.frozen import replace
from search.output.formats import open_format
from tests.conftest import examples

from .fakes import ARTICLE, HIT, OTHER, RESULTS, fake_world, output, results, written


def test_hits():
    explained = replace(RESULTS, hits=(replace(HIT, why=("words: 网格化",)), OTHER))
    assert output("plain", explained).splitlines() == [
        "corpus/2023/青石日报-0822.txt:41:\t坚持网格化服务管理 让群众少跑腿\t2023-08-22\t青石日报\tk3f9q2ab7x",
        "\t42: 青石县推行网格化服务管理。",
        "\talso in 澜石晚报 2023-08-23 corpus/2023/澜石晚报-0823.txt:7",
        "\t# words: 网格化",
        "corpus/b.jsonl:1:\t简讯\t-\t-\tm2x7c4tq9d",
    ]


def test_a_list():
    assert output("plain", [ARTICLE, OTHER.article]).splitlines() == [
        "k3f9q2ab7x\t2023-08-22\t青石日报\tcorpus/2023/青石日报-0822.txt:41\t坚持网格化 服务管理 让群众少跑腿",
        "m2x7c4tq9d\t-\t-\tcorpus/b.jsonl:1\t简讯",
    ]


def test_an_article():
    assert output("plain", ARTICLE) == (
        "id: k3f9q2ab7x\n"
        "title: 坚持网格化 服务管理 让群众少跑腿\n"
        "date: 2023-08-22\n"
        "paper: 青石日报\n"
        "authors: 林一舟; 周小满\n"
        "section: 要闻\n"
        "path: corpus/2023/青石日报-0822.txt:41\n"
        "\n" + ARTICLE.body
    )


def test_nothing_is_wrapped_or_read_as_markup():
    title = "[red]长[/2023]" * 99
    line = output("plain", replace(RESULTS, hits=(replace(HIT, title=title),))).splitlines()[0]
    assert line.split("\t")[1] == title


@settings(max_examples=examples(30), deadline=None)
@given(results())
def test_every_line_is_a_hit_or_belongs_to_one(found):
    world = fake_world()
    open_format("plain", world).results(found)
    lines = written(world).split(b"\n")[:-1]
    heads = [line for line in lines if not line.startswith(b"\t")]
    assert len(heads) == len(found.hits)
    assert {line.count(b"\t") for line in heads} <= {4}
    assert len(lines) == sum(
        1 + len(hit.snippets) + len(hit.also) + len(hit.why) for hit in found.hits
    )
