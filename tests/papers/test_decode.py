import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import PaperError
from search.papers.decode import decode, open_text
from tests.papers.strategies import CHINESE

TEXT = "山城日报\n雪后第一班车，昨日到站。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@given(text=CHINESE)
def test_what_was_encoded_comes_back(encoding, text):
    data = text.encode(encoding)
    if encoding == "gb18030":
        # A few strings of two or three characters are right in both, and UTF-8 goes first.
        text = "山城日报，" + text
        data = text.encode(encoding)
    assert decode(data).text == text
    assert decode(data).encoding == encoding or data.isascii()


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@given(text=CHINESE)
def test_a_mark_says_the_encoding_and_is_no_text(bom, encoding, text):
    decoded = decode(bom + text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_without_a_mark(encoding):
    assert decode(TEXT.encode(encoding)).text == TEXT
    assert decode(("Page 1\n" + TEXT * 9).encode(encoding)).encoding == encoding


def test_english_with_a_few_gbk_words_is_not_utf16():
    text = "the quick brown fox jumps over the lazy dog 狐狸 and on it goes "
    assert decode(text.encode("gb18030")).text == text


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_raise(data):
    try:
        decoded = decode(data)
    except PaperError:
        return
    assert "\r" not in decoded.text
    decoded.text.encode(decoded.encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_character_cut_off_at_the_end_is_dropped(encoding):
    assert decode(TEXT.encode(encoding) + "报".encode(encoding)[:-1]).text == TEXT


def test_newlines_are_made_one():
    assert decode("甲\r\n乙\r丙\n".encode()).text == "甲\n乙\n丙\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "a ZIP"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG"),
        (b"\xff\xd8\xff\xe0....", "a JPEG"),
        (b"\x1f\x8b\x08....", "a GZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
        (b"\x7fELF....", "a program"),
        (b"text\x00\x01\x02 and more", "binary data"),
        (b"\x01\x02\x03\x04plain", "binary data"),
    ],
)
def test_binary_data_is_named(data, name):
    with pytest.raises(PaperError, match=f"this is {name}.*not text"):
        decode(data)


def test_an_unknown_encoding_says_what_was_tried_and_where_it_failed():
    with pytest.raises(PaperError) as error:
        decode("山城".encode() + b"\xff\xff" + "日报".encode())
    assert "UTF-8 (byte 6)" in error.value.message
    assert "GB18030 (byte " in error.value.message


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"]
)
def test_a_stream_gives_the_same_text(encoding):
    text = TEXT * 9000
    stream = io.BytesIO(text.encode(encoding))
    with open_text(stream) as lines:
        assert lines.read() == text
    assert not stream.closed


def test_a_stream_whose_head_is_ascii_is_read_to_its_end_first():
    text = "a plain line\n" * 9000 + "山城日报\n"
    with open_text(io.BytesIO(text.encode("gb18030"))) as lines:
        assert lines.read() == text


def test_a_few_bad_bytes_late_in_a_stream_do_not_cost_the_rest():
    data = TEXT.encode() * 5000 + b"\xff\xff\n" + TEXT.encode()
    with open_text(io.BytesIO(data)) as lines:
        assert lines.read().replace("\udcff\udcff\n", "") == TEXT * 5001


def test_a_stream_in_no_encoding_raises():
    with pytest.raises(PaperError, match="neither UTF-8"), open_text(io.BytesIO(b"\xff\xff\n" * 9)):
        pass


def test_a_stream_is_left_open_when_the_reader_stops_early():
    stream = io.BytesIO(TEXT.encode() * 9)
    with open_text(stream) as lines:
        lines.readline()
    assert stream.seek(0) == 0
