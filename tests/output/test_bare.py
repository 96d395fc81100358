from __future__ import annotations

import pytest

from search.model.frozen import replace
from search.output.formats import Options, open_format

from .fakes import ARTICLE, HIT, OTHER, RESULTS, fake_world, output, written


def test_each_path_once_best_first():
    found = replace(RESULTS, hits=(OTHER, HIT, OTHER))
    assert output("paths", found).splitlines() == [OTHER.article.path, ARTICLE.path]
    assert output("paths", [ARTICLE, ARTICLE]) == ARTICLE.path + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
def test_a_name_that_is_no_text_keeps_its_bytes(encoding):
    article = replace(ARTICLE, path="a\n\udcff\x1b.txt")
    world = fake_world(encoding)
    open_format("paths", world, Options(nul=True)).articles([article])
    assert written(world) == b"a\n\xff\x1b.txt\0"


def test_a_terminal_gets_a_harmless_name():
    article = replace(ARTICLE, path="a\x1b.txt")
    assert output("paths", [article], fake_world(terminal=True)) == "a␛.txt\n"


@pytest.mark.parametrize("name", ["paths", "csv"])
def test_a_pipe_gets_a_name_that_does_nothing_to_the_terminal_behind_it(name):
    article = replace(ARTICLE, path="a\x1b]52;\u202e\u200b.txt")
    assert "a␛]52;.txt" in output(name, [article])


@pytest.mark.parametrize("name", ["paths", "csv"])
def test_a_name_that_is_merely_odd_leads_to_its_file(name):
    path = "a\u200b b，\xad\udcff.txt"
    world = fake_world()
    open_format(name, world).articles([replace(ARTICLE, path=path)])
    assert path.encode("utf-8", "surrogateescape") in written(world)


def test_the_total_counts_what_is_not_shown():
    assert output("count") == "17\n"


def test_a_list_is_counted():
    assert output("count", [ARTICLE, ARTICLE]) == "2\n"
