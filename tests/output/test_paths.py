from __future__ import annotations

import pytest

from search.output.formats import Options, open_format
from search.record import replace

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
