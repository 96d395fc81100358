"""Whatever bytes a file holds: articles, problems, or a PaperError, and in a bounded time."""

from __future__ import annotations

import gzip
import io
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.formats import EXTENSIONS
from search.papers.problem import Problem
from tests.conftest import examples
from tests.papers.docxs import document, paragraph
from tests.papers.reading import read
from tests.papers.strategies import CHINESE, PAGES
from tests.papers.test_archives import PACK, tarred, zipped
from tests.papers.test_epub import book

pytest.importorskip("lxml")

SECONDS = 10
"""What no file of a few kilobytes may take, on a busy machine."""

_PARTS = (
    "<p> </p> <div> </div> <h1> </h1> <h2> <article> </article> <table><tr><td> </td></tr> <br> <a "
    "href=x> </a> <script> </script> <!-- --> <![CDATA[ ]]> <meta charset=gbk> <title> </title> "
    "<time datetime='2021-03-04'> <style> <pre> </pre> <svg> <svg/> <frameset> &amp; &#0; &#xD800; "
    '<?xml?> <script type=\'application/ld+json\'>{"@type":[{}],"headline":[1]}</script>'
)
_TAGS = st.sampled_from(_PARTS.split(" "))
MARKUP = st.lists(st.one_of(_TAGS, CHINESE, PAGES), max_size=40).map("".join)


# Each is the start of what is then changed at random.
SAMPLES = {
    "a.docx": document(paragraph("雪后第一班车", "Heading1"), paragraph("路通了，人就回来了。")),
    "a.epub": book(),
    "a.zip": zipped(("a.txt", "路通了。".encode()), ("b.jsonl.gz", gzip.compress(b"{}"))),
    "a.tar": tarred(("a.txt", "路通了。".encode()), ("b.html", "<p>路通了。</p>".encode())),
    "a.tgz": tarred(("a.txt", "路通了。".encode()), mode="w:gz"),
    **{f"a.txt{name}": pack("路通了，人就回来了。".encode() * 9) for name, pack in PACK.items()},
}


def survives(name, data):
    begun = time.monotonic()
    try:
        for thing in read(name, data):
            assert isinstance(thing, Article | Problem)
            if isinstance(thing, Article):
                f"{thing.title}{thing.body}".encode()
                assert thing.path == name
                assert thing.line <= thing.end_line
    except PaperError as exc:
        reason = exc.message
    else:
        reason = "all was read"
    assert 0 < len(reason) < 1000
    assert time.monotonic() - begun < SECONDS


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(EXTENSIONS)), st.binary(max_size=2000))
def test_any_bytes(extension, data):
    survives(f"a{extension}", data)
    survives(f"a.txt{extension}", data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP, st.sampled_from(["a.html", "a.xhtml", "a.mhtml"]))
def test_any_markup(text, name):
    survives(name, text.encode("utf-8", "replace"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CHINESE.filter(lambda text: "<" not in text and "&" not in text), max_size=8))
def test_every_paragraph_of_a_plain_page_is_kept(paragraphs):
    """Where a page has neither links nor names for its parts, no text of it is lost."""
    page = "".join(f"<p>{text}</p>" for text in paragraphs)
    found = read("a.html", f"<html><body>{page}</body></html>")
    kept = "".join("".join(f"{a.title}{a.body}".split()) for a in found)
    for text in paragraphs:
        plain = "".join(text.split())
        if any("\u4e00" <= char <= "\u9fff" for char in plain) and len(plain) > 20:
            assert plain.strip("\u200b") in kept


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
    st.floats(0, 1),
    st.booleans(),
)
def test_valid_files_changed_at_random(name, changes, end, cut):
    data = bytearray(SAMPLES[name])
    for place, new in changes:
        at = int(place * (len(data) - 1))
        data[at : at + len(new)] = new
    survives(name, bytes(data[: int(end * len(data))] if cut else data))


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["a.docx", "a.epub"]),
    st.integers(0, 30),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_documents_with_changed_members(name, which, changes):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SAMPLES[name])) as before, zipfile.ZipFile(out, "w") as after:
        members = before.infolist()
        for number, info in enumerate(members):
            data = bytearray(before.read(info))
            if number == which % len(members):
                for place, new in changes:
                    at = int(place * len(data))
                    data[at : at + len(new)] = new
            after.writestr(info.filename, bytes(data))
    survives(name, out.getvalue())
