r"""Names of files that are not UTF-8: nothing is lost, people read them, programs open them."""

import base64
import json
import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.article import Article
from search.model.path_spelling import kept, path_bytes, raw, shown, shown_raw

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")

_BYTE = st.sampled_from([bytes([n]) for n in range(1, 256)])
_PIECES = st.sampled_from(
    [b"\\", b"\\x", b"\\x5c", b"\\xbe", "青岚".encode(), "杀报".encode("gbk")]
)
NAMES = st.lists(_BYTE | _PIECES, min_size=1, max_size=12).map(b"".join)


@given(NAMES, NAMES)
def test_the_bytes_of_any_path_come_back_and_two_paths_are_never_one(one, other):
    spellings = [kept(os.fsdecode(name)) for name in (one, other)]
    for name, spelling in zip((one, other), spellings, strict=True):
        spelling.encode()  # text that any index can hold
        assert os.fsencode(raw(spelling)) == name
    assert (spellings[0] == spellings[1]) == (one == other)


@given(NAMES)
def test_a_record_names_the_file_exactly_by_its_path_or_by_its_bytes(name):
    article = Article("a", "", "", kept(os.fsdecode(name)))
    record = json.loads(json.dumps(article.to_dict()))
    record["path"].encode()
    try:
        text = name.decode()
    except UnicodeDecodeError:
        assert base64.b64decode(record["path_bytes"]) == name
    else:
        assert record["path"] == text
        assert "path_bytes" not in record
    assert os.fsencode(article.raw_path) == name


@pytest.mark.parametrize(
    "name",
    ["青岚日报1998年5月12日第3版.txt", "青岚日报/（旧）志愿 1-2.txt", "朱镕基讲话.txt", "杀报.txt"],
)
def test_a_name_in_gbk_is_shown_as_what_it_says(name):
    spelling = kept(os.fsdecode(name.encode("gb18030")))
    assert spelling != name
    assert shown(spelling) == name
    assert base64.b64decode(path_bytes(spelling)) == name.encode("gb18030")


@pytest.mark.parametrize(
    "data", [b"\xff\xfe.txt", "Müller.txt".encode("latin-1"), "Любовь.txt".encode("cp1251")]
)
def test_a_name_that_is_no_likely_gbk_stays_escaped(data):
    assert shown(kept(os.fsdecode(data))) == data.decode("utf-8", "backslashreplace")


def test_each_folder_of_a_path_has_an_encoding_of_its_own():
    data = "望澜/".encode() + "青岚/".encode("gbk") + b"\xff.txt"
    assert shown(kept(os.fsdecode(data))) == "望澜/青岚/\\xff.txt"


def test_a_folder_whose_bytes_are_a_letter_of_utf8_is_read_with_its_path():
    assert "纸".encode("gbk").decode() == "\u05bd"
    assert shown(kept(os.fsdecode("纸/青岚.txt".encode("gbk")))) == "纸/青岚.txt"
    assert shown("\u05bd/Ωmega.txt") == "\u05bd/Ωmega.txt"


def test_a_name_is_shown_in_a_sentence():
    assert shown_raw(os.fsdecode("not here: 'x/青岚.txt', 望".encode("gbk"))).startswith(
        "not here: 'x/青岚.txt', "
    )


@pytest.mark.parametrize(
    "end", ["", " ", os.fsdecode(b"\xff"), " " + os.fsdecode("望".encode("gbk"))]
)
def test_a_long_sentence_is_shown_in_time_in_proportion(end):
    start = time.process_time()
    told = shown_raw("望" * 60_000 + end)
    assert time.process_time() - start < 5
    assert told.startswith("望" * 60_000)
    assert told.encode()


def _sou(folder, *arguments):
    command = [sys.executable, "-m", "search", *arguments, "--index", "i"]
    environ = os.environ | {"PYTHONPATH": os.getcwd()}  # noqa: PTH109
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old")
    paper = os.fsencode(folder) + "/报纸/".encode("gbk")
    os.makedirs(paper)  # noqa: PTH103
    for name in (
        "青岚日报1998年5月12日第3版.txt".encode("gbk"),
        "杀报 甲.txt".encode("gbk"),
        "青岚.txt".encode("gbk"),
        "青岚.txt".encode(),
        b"\xff\xfe.txt",
        b"a\\x41.txt",
    ):
        with open(paper + name, "wb") as file:  # noqa: PTH123
            file.write(f"志愿服务进社区\n　　昨日，志愿服务队走进社区{len(name)}。\n".encode())
    for name in ("a.XLS", "b.jpg", "c.jpg", "d", "e.log.gz", ".h", "f~", "sou.toml"):
        (folder / name).write_text("")
    done = _sou(folder, "index", b"\xb1\xa8\xd6\xbd", ".", "--yes")
    assert done.returncode == 0, done.stderr
    return folder, done.stderr.decode()


@pytest.mark.parametrize("flags", [["-0", "-l"], ["-l"], ["-f", "paths"]])
def test_paths_for_programs_are_those_of_files(old, flags):
    folder, _ = old
    out = _sou(folder, "志愿服务", *flags).stdout
    names = out.rstrip(b"\0\n").split(b"\0" if "-0" in flags else b"\n")
    there = [os.path.realpath(os.fsencode(folder) + b"/" + name) for name in names]
    wanted = os.fsencode(folder) + "/报纸/".encode("gbk")
    assert sorted(there) == sorted(os.path.realpath(wanted + name) for name in os.listdir(wanted))  # noqa: PTH208


def test_the_date_paper_and_page_are_read_and_path_finds_what_is_shown(old):
    folder, _ = old
    (line,) = _sou(folder, "志愿服务", "--path", "*青岚日报*", "-f", "jsonl").stdout.splitlines()
    hit = json.loads(line)
    assert hit["path"].endswith("报纸/青岚日报1998年5月12日第3版.txt")
    assert (hit["date"], hit["paper"], hit["page"]) == ("1998-05-12", "青岚日报", "3")
    assert _sou(folder, "path:青岚", "-c").stdout == b"3\n"
    assert _sou(folder, "path:青岚".encode("gbk"), "-c").stdout == b"3\n"


def test_two_names_that_are_shown_the_same_are_two_papers(old):
    folder, _ = old
    done = _sou(folder, "志愿服务", "--path", "青岚.txt", "-f", "jsonl")
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({hit["path"] for hit in hits}) == 1
    assert len({hit.get("path_bytes") for hit in hits}) == len(hits) == 2


def test_a_second_run_knows_the_papers(old):
    folder, _ = old
    done = _sou(folder, "index")
    assert b"0 new, 0 changed, 0 removed, 6 unchanged" in done.stderr


def test_a_paper_of_such_a_name_is_explained_and_shown(old):
    folder, _ = old
    name = "报纸/杀报 甲.txt".encode("gbk")
    done = _sou(folder, "index", "--explain", name)
    assert done.returncode == 0
    assert "杀报 (in the path of the file)" in done.stdout.decode()
    identity = json.loads(_sou(folder, "志愿服务", "--path", "*杀报*", "-f", "jsonl").stdout)["id"]
    assert "报纸/杀报 甲.txt:1" in _sou(folder, "show", identity).stdout.decode()


def test_the_kinds_that_were_skipped_are_counted(old):
    _, told = old
    assert "skipped: 2 .jpg, 1 without extension, 1 .log.gz, 1 .xls (hidden" in told
    assert "OCR" in told


def test_of_many_kinds_eight_are_named():
    from search.cli.run_build import _skipped

    kinds = {f".k{n:02}": 20 - n for n in range(13)}
    assert _skipped(kinds, all_=False).count(".k") == 8
    assert "and 5 more kinds" in _skipped(kinds, all_=False)
    assert "OCR" not in _skipped(kinds, all_=False)
    assert _skipped(kinds, all_=True).count(".k") == 13
