import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile

import pytest
import zstandard

from search.model.errors import PaperError
from search.papers.formats import accepts
from search.papers.problem import Problem
from tests.papers.reading import read

PAGE = (
    "山城日报\n2019年7月5日 星期五\n\n雪后第一班车\n\n本报讯（记者 林小雨）昨日，山口乡的路通了。\n"
)
RECORD = json.dumps({"title": "雪", "body": "路通了。"}, ensure_ascii=False) + "\n"
PACK = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("extension", PACK)
@pytest.mark.parametrize(("name", "text"), [("p/2019.jsonl", RECORD * 3), ("p/a.txt", PAGE)])
def test_a_packed_file_is_read_as_what_is_in_it(name, text, extension):
    plain = read(name, text)
    packed = read(name + extension, PACK[extension](text.encode()))
    facts = [(a.title, a.body, a.line, a.date, a.authors, a.part) for a in plain]
    assert [(a.title, a.body, a.line, a.date, a.authors, a.part) for a in packed] == facts
    assert {a.path for a in packed} == {name + extension}
    assert len({a.id for a in packed}) == len(packed)


def test_the_members_of_a_zip_are_parts():
    data = zipped(
        ("2019/", b""),
        ("2019/07/05.txt", PAGE.encode()),
        ("b.jsonl", RECORD + "broken\n"),
        ("logo.png", b"\x89PNG"),
        ("__MACOSX/2019/._a.txt", b"x"),
        (".hidden/a.txt", PAGE.encode()),
        ("c.csv.gz", gzip.compress("title,body\n雪,路通了。\n".encode())),
    )
    page, record, problem, row = read("p/a.zip", data)
    assert (page.path, page.part, page.line) == ("p/a.zip", "2019/07/05.txt", 4)
    assert (record.part, row.part) == ("b.jsonl", "c.csv.gz")
    assert page.inner_path == "p/a.zip/2019/07/05.txt"
    assert isinstance(problem, Problem)
    assert (problem.path, problem.line) == ("p/a.zip", None)
    assert problem.reason.startswith("b.jsonl line 2: not valid JSON")
    assert record.id != row.id  # equal in all that an id is made of


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_the_flag_are_decoded(encoding):
    data = zipped(("x" * len("版面/雪.txt".encode(encoding)), PAGE.encode()))
    plain = b"x" * len("版面/雪.txt".encode(encoding))
    (article,) = read("a.zip", data.replace(plain, "版面/雪.txt".encode(encoding)))
    assert article.part == "版面/雪.txt"


def test_a_name_with_the_flag():
    (article,) = read("a.zip", zipped(("版面/雪.txt", PAGE.encode())))
    assert article.part == "版面/雪.txt"


@pytest.mark.parametrize(
    ("extension", "mode"), [(".tar", "w"), (".tgz", "w:gz"), (".tar.xz", "w:xz")]
)
def test_the_members_of_a_tar_are_parts(extension, mode):
    (article,) = read(
        f"a{extension}", tarred(("p/雪.txt", PAGE.encode()), ("p/x.png", b"x"), mode=mode)
    )
    assert (article.path, article.part) == (f"a{extension}", "p/雪.txt")


def test_an_archive_in_an_archive_is_read_and_no_deeper():
    inner = zipped(("a.txt", PAGE.encode()))
    (article,) = read("a.zip", zipped(("b.zip", inner)))
    assert article.part == "b.zip › a.txt"
    (problem,) = read("a.zip", zipped(("b.zip", zipped(("c.zip", inner)))))
    assert "archives nested 3 deep; unpack" in problem.reason
    assert read("a.zip", zipped(("b.zip", zipped(("c.zip", inner)))), max_archive_depth=3)
    with pytest.raises(PaperError, match="archives nested"):
        read("a.txt.gz.gz.gz", gzip.compress(gzip.compress(gzip.compress(b"x"))))


def test_an_encrypted_member_is_a_problem_and_the_others_are_read():
    data = bytearray(zipped(("a.txt", PAGE.encode()), ("b.txt", PAGE.encode())))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    problem, article = read("a.zip", bytes(data))
    assert problem.reason == "a.txt is encrypted; unpack it with its password"
    assert article.part == "b.txt"


def test_a_member_that_cannot_be_read_is_a_problem_and_the_others_are_read():
    data = bytearray(
        zipped(("a.txt", PAGE.encode()), ("b.txt", b"%PDF-1.4"), ("c.txt", PAGE.encode()))
    )
    at = data.index(b"a.txt") + len(b"a.txt") + 3
    data[at] ^= 0xFF
    first, second, article = read("a.zip", bytes(data))
    assert first.reason.startswith("a.txt: the archive is damaged")
    assert second.reason == "b.txt: this is a PDF, not text"
    assert article.part == "c.txt"


@pytest.mark.parametrize("extension", PACK)
def test_a_bomb_is_refused_by_what_comes_out(extension):
    packed = PACK[extension](bytes(10_000_000))
    with pytest.raises(PaperError, match=r"more than 250 times its size.*unpack it and index"):
        read(f"a.txt{extension}", packed, max_page_bytes=1_000_000)
    with pytest.raises(PaperError, match=r"more than 5,000,000 bytes when unpacked"):
        read(f"a.txt{extension}", packed, max_unpacked_bytes=5_000_000)


def test_a_zip_bomb_is_refused_before_and_while_it_is_unpacked():
    data = zipped(("a.txt", bytes(10_000_000)), ("b.txt", bytes(10_000_000)))
    with pytest.raises(PaperError, match=r"20,000,000 bytes when unpacked, more than 250 times"):
        read("a.zip", data, max_page_bytes=1_000_000)
    with pytest.raises(
        PaperError, match=r"20,000,000 bytes when unpacked, more than the limit of 9,000,000"
    ):
        read("a.zip", data, max_unpacked_bytes=9_000_000)
    # One that says less than it holds: what comes out counts, and is cut short.
    lying = data.replace(struct.pack("<I", 10_000_000), struct.pack("<I", 10))
    assert all(isinstance(thing, Problem) for thing in read("a.zip", lying))


def test_a_bomb_in_an_archive_in_an_archive_is_a_problem():
    bomb = zipped(("a.txt", bytes(10_000_000)))
    text = zipped(("x.zip", bomb), ("pad.png", bytes(range(256)) * 40), method=zipfile.ZIP_STORED)
    (problem,) = read("a.zip", text, max_unpacked_bytes=5_000_000)
    assert problem.reason.startswith(
        "x.zip: 10,000,000 bytes when unpacked, more than the limit of 5,000,000"
    )
    # What each may hold, both together may not.
    half = zipped(("a.txt", bytes(3_000_000)), method=zipfile.ZIP_STORED)
    with pytest.raises(PaperError, match="more than 5,000,000 bytes when unpacked"):
        read("a.tar", tarred(("x.zip", half), ("y.zip", half)), max_unpacked_bytes=5_000_000)


def test_too_many_members_are_refused():
    members = [(f"{n}.txt", b"") for n in range(11)]
    with pytest.raises(PaperError, match=r"11 files in it, more than the 10"):
        read("a.zip", zipped(*members), max_members=10)
    with pytest.raises(PaperError, match=r"more than 10 files in one archive"):
        read("a.tar", tarred(*members), max_members=10)


@pytest.mark.parametrize(
    "name", ["a.zip", "a.tar", "a.tgz", *(f"a.txt{extension}" for extension in PACK)]
)
def test_what_is_no_archive_says_so(name):
    with pytest.raises(PaperError, match="damaged or of another kind"):
        read(name, b"This is a page, whatever its name says. " * 20)


@pytest.mark.parametrize("extension", PACK)
def test_an_archive_that_is_cut_off_says_so(extension):
    packed = PACK[extension](PAGE.encode() * 50)
    with pytest.raises(PaperError, match="damaged or of another kind"):
        read(f"a.txt{extension}", packed[:-20])


def test_which_packed_files_are_papers():
    assert accepts("a.txt.gz")
    assert accepts("a.tar.gz")
    assert accepts("A.JSONL.XZ")
    assert not accepts("a.log.gz")
    assert not accepts("a.gz")
    assert not accepts("gz")


def test_a_large_file_is_unpacked_to_disk_and_read():
    record = json.dumps({"body": "路通了，人就回来了。" * 20}, ensure_ascii=False) + "\n"
    found = read("a.jsonl.gz", gzip.compress((record * 12_000).encode()))
    assert len(found) == 12_000
    assert found[-1].line == 12_000


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        (tarfile.REGTYPE, -512),
        (tarfile.REGTYPE, -(1 << 40)),
        (tarfile.GNUTYPE_LONGNAME, 1 << 62),
        (tarfile.XHDTYPE, 1 << 40),
        (tarfile.XHDTYPE, -512),
    ],
)
def test_a_header_of_an_absurd_size_ends_its_archive(kind, size):
    absurd = tarfile.TarInfo("a.txt")
    absurd.type, absurd.size = kind, size
    good = tarfile.TarInfo("b.txt")
    good.size = 9
    archive = io.BytesIO()
    archive.write(good.tobuf(tarfile.GNU_FORMAT) + "望澜桥".encode().ljust(512, b"\0"))
    archive.write(absurd.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(PaperError, match="damaged"):
        read("a.tar", archive.getvalue())


def test_an_attribute_may_not_make_a_member_smaller_than_nothing():
    archive = io.BytesIO()
    info = tarfile.TarInfo("a.txt")
    info.pax_headers = {"size": "-512"}
    archive.write(info.tobuf(tarfile.PAX_FORMAT) + bytes(1024))
    with pytest.raises(PaperError, match="damaged"):
        read("a.tar", archive.getvalue())
