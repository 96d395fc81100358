"""A folder of hostile files beside one good page of each kind: all is told, and the build goes on."""

from __future__ import annotations

import gzip

import pytest

from search.indexing.update import build
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from tests.papers.test_hostile import SAMPLES

pytest.importorskip("lxml")

BAD = {
    "deep.html": (b"<div>" * 100_000 + "路".encode(), "more than 2,048 deep"),
    "bomb.txt.gz": (gzip.compress(bytes(30_000_000)), "more than 250 times its size"),
    "lie.txt": (b"%PDF-1.4 x", "this is a PDF, not text"),
    "lie.html": (b"PK\x03\x04 x", "this is a ZIP archive"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), r"save it as .docx"),
    "nul.txt": (bytes(200), "NUL bytes"),
    "cut.zip": (SAMPLES["a.zip"][:-30], "damaged or of another kind"),
}


def test_bad_files_are_told_and_the_others_are_read(tmp_path):
    papers = tmp_path / "papers"
    papers.mkdir()
    for name, data in SAMPLES.items():
        (papers / f"good-{name}").write_bytes(data)
    for name, (data, _) in BAD.items():
        (papers / name).write_bytes(data)
    report = build(IndexFolder(tmp_path / "index"), [Source(str(papers), "papers")])
    told = {problem.path.removeprefix("papers/"): problem.reason for problem in report.failed}
    assert told.keys() == BAD.keys()
    for name, (_, reason) in BAD.items():
        assert reason in told[name]
    assert sorted(report.new) == [f"papers/good-{name}" for name in sorted(SAMPLES)]
    assert report.empty == []
    again = build(IndexFolder(tmp_path / "index"), [Source(str(papers), "papers")])
    assert again.new == again.changed == []
