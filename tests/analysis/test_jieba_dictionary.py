"""The compiled dictionary: jieba's words from a file, and no file that could give others."""

from __future__ import annotations

import json
import lzma
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.analysis import jieba_dictionary as module
from search.analysis.fold import HAN, fold
from search.analysis.jieba_dictionary import (
    DamagedLexicon,
    Lexicon,
    compile_lexicon,
    lexicon_path,
    open_lexicon,
)
from search.analysis.jieba_loader import folded_words, import_jieba, load_jieba
from search.analysis.segment_batch import _Loaded
from tests.conftest import ROOT, SHARED, examples

NEWS = SHARED / "data" / "crud_news.jsonl.xz"
HAN_RUN = re.compile(f"[{HAN}]+")
UNKNOWN = "㐀䶿鿖鿿豈𠀀𬱟𱍐\U0003ffff"
WORDS = [
    "志愿", "服务", "志愿服务", "网格化", "管理", "中华人民共和国", "结婚", "和", "尚未", "和尚",
    "研究生", "研究", "生命", "北京大学", "学生", "的", "了", "一", "王小明", "欧阳修", "陶渊明",
    "乡村振兴战略", "不可思议", "沪", "龘", "犇", "习", "鱻", "克里斯蒂亚诺", "云计算", "区块链",
]  # fmt: skip
KNOWN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: word[:2]),
    KNOWN,
    st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
    st.sampled_from(UNKNOWN),
).filter(HAN_RUN.fullmatch)
RUNS = st.lists(PIECES, max_size=12).map("".join)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("lexicon") / "lexicon.bin"
    compile_lexicon(target)
    return target


@pytest.fixture(scope="module")
def lexicon(path: Path) -> Lexicon:
    return Lexicon.open(path)


def differing(lexicon: Lexicon, texts: list[str]) -> list[str]:
    """Return the runs of Han characters in texts that the lexicon cuts otherwise than jieba."""
    runs = {run for text in texts for run in HAN_RUN.findall(fold(text))}
    search = load_jieba().cut_for_search
    return [run for run in runs if lexicon.cut_for_search(run) != list(search(run))]


@given(RUNS)
@example("")
@example("一" * 300)
@example("和平" * 200 + "㐀㐀")
def test_runs_are_cut_as_jieba_cuts_them(lexicon: Lexicon, run: str) -> None:
    assert lexicon.cut(run) == list(load_jieba().cut(run))
    assert lexicon.cut_for_search(run) == list(load_jieba().cut_for_search(run))


@settings(max_examples=examples(60))
@given(
    st.dictionaries(
        st.text("甲乙丙丁", min_size=1, max_size=5), st.sampled_from([0, 1, 2, 4, 7, 9])
    ),
    st.lists(st.text("甲乙丙丁戊", max_size=12), min_size=1, max_size=20),
)
@example({"甲": 2, "甲甲": 1}, ["甲甲丙"])  # equal but for the order of additions
@example({"甲乙": 9, "甲乙丙": 1}, ["甲乙丙"])  # no word begins with the last character
def test_any_dictionary(entries: dict[str, int], runs: list[str]) -> None:
    """Few characters and frequencies: equal routes, words of frequency 0, words in words."""
    text = "".join(f"{word} {count} n\n" for word, count in {**entries, "己": 1}.items()).encode()
    jieba = import_jieba()
    theirs = jieba.Tokenizer()
    theirs.FREQ, theirs.total = theirs.gen_pfdict(BytesIO(text))
    theirs.initialized = True
    sections = module._sections(theirs.FREQ, theirs.total, jieba.finalseg, (0, 0, 0))
    compiled = Lexicon(b"".join(sections))
    loaded = _Loaded(theirs, jieba.finalseg)
    for run in runs:
        expected = list(theirs.cut_for_search(run))
        assert compiled.cut_for_search(run) == expected
        assert loaded.cut_for_search(run) == expected


@given(st.text(KNOWN, max_size=30))
def test_random_han_is_cut_as_jieba_cuts_it(lexicon: Lexicon, run: str) -> None:
    assert lexicon.cut(run) == list(load_jieba().cut(run))


def test_words_of_the_dictionary(lexicon: Lexicon) -> None:
    words = [word for word in load_jieba().FREQ if HAN_RUN.fullmatch(word)]
    assert len(words) > 400_000  # with the prefixes
    assert differing(lexicon, words[::50]) == []


def test_folded_words(lexicon: Lexicon) -> None:
    words = [word for word, _ in folded_words()]
    assert "着名" in words
    beside = [f"{left}{word}{right}" for word in words for left, right in ("了人", "不着")]
    assert differing(lexicon, words + beside) == []


def test_characters(lexicon: Lexicon) -> None:
    for char in map(chr, range(0x3400, 0xFB00)):
        if HAN_RUN.match(char) and (ord(char) % 5 == 0 or ord(char) > 0x9FC0):
            run = f"志{char}愿"
            assert lexicon.cut(run) == list(load_jieba().cut(run))


def test_long_runs(lexicon: Lexicon) -> None:
    choose = random.Random(7)
    words = [word for word in load_jieba().FREQ if HAN_RUN.fullmatch(word)]
    for length in (1000, 10_000):
        parts = (choose.choice((choose.choice(words)[:3], chr(choose.randint(0x4E00, 0x9FFF))))
                 for _ in range(length))  # fmt: skip
        assert differing(lexicon, ["".join(parts)[:length]]) == []


def test_the_shipped_pages(lexicon: Lexicon) -> None:
    pages = [page for page in sorted((ROOT / "corpus").rglob("*")) if page.is_file()]
    assert pages
    assert differing(lexicon, [page.read_text("utf-8", "replace") for page in pages]) == []


@pytest.mark.skipif(not NEWS.exists(), reason="the news collection is not here")
def test_news(lexicon: Lexicon) -> None:
    with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["body"] for line in islice(lines, examples(800))]
    assert differing(lexicon, texts) == []


def test_the_file_is_private_and_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_size < 7_000_000


CHANGES: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("is not a compiled dictionary", lambda _: b""),
    ("is not a compiled dictionary", lambda _: b"sou"),
    ("is not a compiled dictionary", lambda data: b"x" + data),
    ("has format 4, not 3", lambda data: data[:8] + b"\4" + data[9:]),
    ("has a damaged header", lambda data: data[:20]),
    ("has a damaged header", lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:]),
    ("is not as long as it should be", lambda data: data[:-1]),
    ("is not as long as it should be", lambda data: data[:4096]),
    ("is not as long as it should be", lambda data: data + b"\0"),
]


@pytest.mark.parametrize(("reason", "change"), CHANGES)
def test_damaged_files(
    path: Path, tmp_path: Path, reason: str, change: Callable[[bytes], bytes]
) -> None:
    damaged = tmp_path / "lexicon.bin"
    damaged.write_bytes(change(path.read_bytes()))
    with pytest.raises(ValueError, match=reason):
        Lexicon.open(damaged)


@given(seed=st.integers(), run=RUNS)
def test_damage_beyond_the_header_is_noticed_before_it_is_believed(
    tmp_path_factory: pytest.TempPathFactory, path: Path, lexicon: Lexicon, seed: int, run: str
) -> None:
    noise = random.Random(seed)
    data = bytearray(path.read_bytes())
    start = noise.choice((84, 300, 90_000, 3_000_000, len(data) - 300_000, len(data) - 9))
    stop = min(len(data), start + noise.choice((1, 100_000, len(data))))
    data[start:stop] = bytes(byte ^ 0x55 for byte in data[start:stop])
    damaged = tmp_path_factory.getbasetemp() / "damaged.bin"
    damaged.write_bytes(data)
    expected = lexicon.cut(run), lexicon.cut_for_search(run)
    try:
        found = Lexicon.open(damaged)
        assert (found.cut(run), found.cut_for_search(run)) == expected
    except DamagedLexicon:
        pass


def test_two_writers_and_a_reader(tmp_path: Path) -> None:
    target = tmp_path / "lexicon.bin"
    compile_lexicon(target)
    whole = target.read_bytes()
    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(compile_lexicon, target) for _ in range(2)]
        while not all(writer.done() for writer in writers):
            assert Lexicon.open(target).cut("志愿服务网格化") == ["志愿", "服务", "网格化"]
        assert [writer.result() for writer in writers] == [None, None]
    assert target.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [target]


def test_a_writer_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "lexicon.bin"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        compile_lexicon(target)
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"old"]


def test_threads_share_a_lexicon(lexicon: Lexicon) -> None:
    runs = ["".join(random.Random(seed).choices(WORDS, k=50)) for seed in range(20)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lexicon.cut, runs)) == [list(load_jieba().cut(run)) for run in runs]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_its_place(home: Path, path: Path) -> None:
    place = lexicon_path()
    assert place == home / "sou" / "lexicon-3.bin"
    assert open_lexicon() is None
    place.write_bytes(b"something else")
    assert open_lexicon() is None
    place.write_bytes(path.read_bytes())
    found = open_lexicon()
    assert found is not None
    assert found.cut("网格化服务") == ["网格化", "服务"]


def test_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert lexicon_path() is None
    assert open_lexicon() is None


def test_the_dictionary_it_was_made_from(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.is_current()
    installed = module._jieba_folder()
    assert installed is not None
    monkeypatch.setattr(module, "_jieba_folder", lambda: tmp_path)
    assert not lexicon.is_current()
    (tmp_path / "finalseg").mkdir()
    for file in module._files(installed):
        (tmp_path / file.relative_to(installed)).write_bytes(file.read_bytes())
    assert lexicon.is_current()  # another time, the same contents
    dictionary = tmp_path / "dict.txt"
    text = dictionary.read_bytes()
    dictionary.write_bytes(text.replace(b"3 ", b"4 ", 1))
    assert not lexicon.is_current()
    dictionary.write_bytes(text + "志愿服务网 3 n\n".encode())
    assert not lexicon.is_current()
    monkeypatch.setattr(module, "_jieba_folder", lambda: None)
    assert not lexicon.is_current()


def test_a_query_loads_nothing_slow(path: Path) -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\n"
        "from search.analysis.jieba_dictionary import Lexicon\nfrom pathlib import Path\n"
        f"lexicon = Lexicon.open(Path({str(path)!r}))\n"
        "assert lexicon.cut('网格化服务') == ['网格化', '服务'] and lexicon.is_current()\n"
        "slow = {'jieba', 'rjieba', 'numpy', 'dataclasses', 'inspect', 'tempfile', 'logging'}\n"
        "assert not slow & (set(sys.modules) - before), slow & set(sys.modules)\n"
        "assert not {'search.analysis.segment', 'search.analysis.tables.simplified'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
