from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from search.model.errors import RequestError
from search.output.formats import FORMATS, Format, default_format, open_format
from tests.conftest import examples

from .fakes import ARTICLE, OURS, articles, fake_world, output, results, without_styles

SHOWING = ["rich", "plain", "json", "jsonl"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_name_opens_a_format(name):
    assert isinstance(open_format(name, fake_world()), Format)


def test_an_unknown_name_is_an_error_with_the_names():
    with pytest.raises(RequestError) as caught:
        open_format("xml", fake_world())
    assert "jsonl" in caught.value.hint


def test_a_person_gets_a_page_and_a_pipe_gets_data():
    assert default_format(fake_world(terminal=True)) == "rich"
    assert default_format(fake_world()) == "plain"


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - set(SHOWING)))
def test_a_format_without_place_for_a_text_says_so(name):
    with pytest.raises(RequestError, match="text of an article"):
        output(name, ARTICLE)


@pytest.mark.parametrize("styled", [True, False], ids=["styled", "not styled"])
@settings(max_examples=examples(30), deadline=None)
@given(found=results())
def test_no_control_sequence_but_our_own_in_results(styled, found):
    for name in FORMATS:
        # On a terminal, because a path is written to a pipe as it is.
        world = fake_world(terminal=True, styles=styled, colour=styled, links=styled, width=40)
        _check(name, output(name, found, world))


@settings(max_examples=examples(30), deadline=None)
@given(article=articles())
def test_no_control_sequence_but_our_own_in_an_article(article):
    for name in SHOWING:
        _check(name, output(name, article, fake_world(terminal=True, styles=True, links=True)))


def _check(name: str, text: str) -> None:
    if name != "rich":
        assert not OURS.search(text)
    assert not set(without_styles(text)) & set("\x1b\x9b\x07\x08\x7f\x85\r\u202e\u2066\u200b")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
@settings(max_examples=examples(20), deadline=None)
@given(found=results())
def test_no_encoding_is_too_small(encoding, found):
    for name in FORMATS:
        world = fake_world(encoding)
        open_format(name, world).results(found)
        world.flush()


def test_a_pipe_does_not_pay_for_rich():
    others = sorted(FORMATS.keys() - {"rich"})
    program = (
        "import sys\n"
        "from search.output.formats import open_format\n"
        "from search.output.world import World\n"
        f"for name in {others}: open_format(name, World.of_process())\n"
        "sys.exit('rich' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, env=os.environ, check=False).returncode == 0
