import codecs
import contextlib
import io
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from search.model.errors import PaperError
from search.papers.encodings.decode import decode, find_encoding, open_text
from tests.papers.strategies import CHINESE

TEXT = "山城日报\n雪后第一班车，昨日到站。\n"


# Chinese enough: what surrounds the made-up text says what the bytes are.
SIMPLIFIED = "山城日报讯，雪后的第一班车昨日到站，候车的人都说，路通了就好。"
TRADITIONAL = "山城日報訊，雪後的第一班車昨日到站，候車的人都說，路通了就好。"
IN = {
    "utf-8": SIMPLIFIED,
    "gb18030": SIMPLIFIED,
    "gbk": TRADITIONAL,
    "cp950": TRADITIONAL,
    "big5hkscs": TRADITIONAL,
    "utf-16-le": SIMPLIFIED,
    "utf-16-be": TRADITIONAL,
}


@pytest.mark.parametrize("encoding", IN)
@given(text=CHINESE)
def test_what_was_encoded_comes_back(encoding, text):
    around = IN[encoding] * (1 + len(text) // 8)
    text = around + text.encode(encoding, "ignore").decode(encoding) + around
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.broken) == (text, 0)


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        # Simplified, twenty characters or fewer.
        ("山口乡的路修通了，老人都说好。", "utf-8 gb18030 gbk utf-16-le utf-16-be"),
        ("村里开会，讨论水费", "utf-8 gb18030 gbk"),
        ("下雪了", "gb18030 gbk"),
        # Traditional: each has all of it.
        ("山口鄉的路修通了，老人都說好。", "utf-8 gb18030 gbk cp950 big5hkscs utf-16-be"),
        ("村裡開會，討論水費", "utf-8 gb18030 cp950 big5hkscs"),
        # Cantonese, some of it in no other Chinese encoding of two bytes.
        ("佢哋話呢條路整好咗，大家都好開心嘅。", "utf-8 big5hkscs gb18030"),
        ("阿婆喺街市買餸，唔該晒你哋幫手搬嘢，真係好嘢！", "utf-8 big5hkscs gb18030"),
        # Second bytes that are ASCII: 功許蓋 end in a backslash, 育 in a brace.
        ("功夫許可，蓋章教育", "cp950 big5hkscs utf-8"),
        # Mixed with ASCII.
        ("2021年3月4日 No. 88 记者 Li Si: 路通了 http://www.example.com/", "utf-8 gb18030 gbk"),
        ("2021年3月4日 No. 88 記者 Li Si: 路通了 http://www.example.com/", "utf-8 gb18030 cp950"),
        ("<html><body><p>雪後第一班車到站</p></body></html>", "cp950 gb18030 utf-16-le"),
        # Punctuation only, digits only.
        ("，。、；：？！“”（）《》", "utf-8 gb18030 cp950 big5hkscs"),
        ("……——", "gb18030"),
        ("１２３４５６７８９０", "utf-8 gb18030 cp950"),
        ("1234567890", "utf-8 gb18030 cp950 big5hkscs utf-16-le utf-16-be"),
        # What Microsoft's and Hong Kong's Big5 have in different places, or only one has.
        ("卡爾‧馬克思到過山城～", "cp950"),
        ("第①項：おでんの店開張了", "big5hkscs"),
        ("票價€30，比去年貴", "cp950"),
        ("深水埗新茶餐廳開張，衞生署派員巡查", "big5hkscs"),
    ],
)
def test_real_words(text, encodings):
    for encoding in encodings.split():
        assert decode(text.encode(encoding)).text == text, encoding


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


NEARLY = st.tuples(
    st.sampled_from(list(IN)), CHINESE, st.lists(st.tuples(st.integers(0, 400), st.binary()))
)


def spoiled(encoding, text, changes):
    data = bytearray((IN[encoding] + text).encode(encoding, "ignore"))
    for at, new in changes:
        data[at : at + 1] = new
    return bytes(data)


@given(st.one_of(st.binary(max_size=300), NEARLY.map(lambda made: spoiled(*made))))
@example(b"\xff\xfe\x00\x00\xff\xff\xff\xff")
@example(b"\xff\xfe\x00\xd8\x00\xd8")
def test_any_bytes_decode_or_raise(data):
    try:
        decoded = decode(data)
    except PaperError:
        return
    assert "\r" not in decoded.text
    decoded.text.encode()  # no lone surrogates
    assert ("\ufffd" in decoded.text) >= bool(decoded.broken)
    assert bool(decoded.complaint) == bool(decoded.broken) == bool(decoded.broken_line)


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


@given(st.binary(max_size=300), st.sampled_from(["gb2312", "latin1", "shift_jis", "hz", "rot13"]))
def test_any_bytes_decode_or_raise_whatever_they_say_they_are(data, declared):
    with contextlib.suppress(PaperError):
        decode(data, declared).text.encode()


def test_an_unknown_encoding_says_what_was_tried_and_where_it_failed():
    with pytest.raises(PaperError) as error:
        decode(b"caf\xe9 \xff\xff\xff cr\xe8me")
    assert "UTF-8 (byte 3)" in error.value.message
    assert "GB18030 (byte 3)" in error.value.message
    assert "Big5 (byte 3)" in error.value.message
    assert "convert the file to UTF-8" in error.value.message


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (
            "정부는 어제 회의를 열고 지역 도서관의 운영 시간을 연장하기로 하였다.",
            "euc_kr",
            "EUC-KR",
        ),
        ("昨日、山の図書館で新しい本の展示が始まり、多くの市民が訪れた。", "euc_jp", "EUC-JP"),
        ("昨日、山の図書館で新しい本の展示が始まり、多くの市民が訪れた。", "cp932", "Shift JIS"),
    ],
)
def test_other_languages_are_not_taken_for_chinese(text, encoding, name):
    with pytest.raises(PaperError, match=f"{name}.*UTF-8"):
        decode((text * 2).encode(encoding))
    assert decode((text * 2).encode(encoding), encoding).text == text * 2


@pytest.mark.parametrize(
    "text",
    [
        "Сегодня в городе открылась новая библиотека. ",
        "きょう、山のとしょかんで、あたらしい本のてんじがはじまりました。",
        "┌──┬──┐\n│甲│乙│\n├──┼──┤\n",
        "αβγδεζηθ ∑∏∫√≤≥≠∞",
        "bōpōmōfō 的拼音：dē tē nē lē，再读一遍 gē kē hē",
    ],
)
def test_gb18030_holds_more_than_han(text):
    assert decode((text * 5).encode("gb18030")).text == text * 5


def test_nonsense_that_can_be_decoded_is_refused():
    text = "".join(map(chr, range(0x9000, 0x9400)))  # characters in the order of their radicals
    with pytest.raises(PaperError, match="not Chinese text"):
        decode(text.encode("gb18030"))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("GB2312", "gb18030"),
        ("gbk", "gbk"),
        ("x-gbk", "gb18030"),
        ("Big5", "cp950"),
        ("big5-hkscs", "big5hkscs"),
        ("x-x-big5", "big5hkscs"),
        ("UTF-8", "utf-8"),
        # Wrong, or not known.
        ("utf-8", "gb18030"),
        ("gb2312", "utf-8"),
        ("big5", "gbk"),
        ("gb2312", "cp950"),
        ("iso-8859-1", "gb18030"),
        ("iso-8859-1", "utf-8"),
        ("utf-16", "gb18030"),
        ("unicode_escape", "gb18030"),
        ("nonsense\0", "cp950"),
        ("", "gb18030"),
    ],
)
def test_what_a_file_says_of_itself_is_believed_if_it_fits(declared, encoding):
    text = TRADITIONAL if encoding in {"gbk", "cp950", "big5hkscs"} else SIMPLIFIED
    assert decode(text.encode(encoding), declared).text == text


def test_what_a_file_says_of_itself_decides_where_the_bytes_do_not():
    text = "Le café était fermé."
    assert decode(text.encode("cp1252"), "iso-8859-1").text == text
    data = "联".encode("gb18030") + b" " + "摹".encode("gb18030")
    assert data.decode("utf-8", "ignore") != ""
    assert decode(data, "gb2312").text == "联 摹"
    assert decode(b"~{<:Ky~}", "hz-gb-2312").text == "~{<:Ky~}"


LINES = [
    "雪后的第一班车昨日到站，",
    "候车的人都说，路通了就好。",
    "老人说，人就回来了。",
]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "cp950", "big5hkscs"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@given(data=st.data())
def test_broken_bytes_are_replaced_and_counted(encoding, newline, data):
    lines = [*LINES, *LINES, *LINES]
    if encoding in {"gbk", "cp950", "big5hkscs"}:
        lines = [line.translate(str.maketrans("后车报讯说", "後車報訊說")) for line in lines]
        lines = [line.replace("班车", "班車").replace("来", "來") for line in lines]
    number = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[number]) - 1))
    expected = [*lines]
    expected[number] = lines[number][:at] + "\ufffd" + lines[number][at:]
    # 0xFF begins no character in any of them, and is the second half of none.
    raw = [line.encode(encoding) for line in lines]
    before, behind = lines[number][:at].encode(encoding), lines[number][at:].encode(encoding)
    raw[number] = before + b"\xff" + behind
    decoded = decode(newline.encode().join(raw))
    assert decoded.text == "\n".join(expected)
    assert (decoded.broken, decoded.broken_line) == (1, number + 1)
    assert decoded.complaint == f"1 broken byte was replaced; first at line {number + 1}"


@pytest.mark.parametrize("encoding", ["gb18030", "cp950"])
def test_a_lost_byte_costs_its_character_only(encoding):
    text = SIMPLIFIED if encoding == "gb18030" else TRADITIONAL
    line = (text + "\n").encode(encoding)
    read = decode(line + line[:9] + line[10:] + line).text
    # Left to the decoder, all behind it would be other characters, to the end of the line.
    assert re.fullmatch(f"{text}\n{text[:4]}.{{1,2}}{text[6:]}\n{text}\n", read)


def test_a_line_of_another_encoding_is_read_in_that():
    blank = "　".encode("gb18030") * 4
    data = (SIMPLIFIED + "\n").encode() * 9 + blank + b"(4)\n" + SIMPLIFIED.encode()
    decoded = decode(data)
    assert decoded.text == (SIMPLIFIED + "\n") * 9 + "　　　　(4)\n" + SIMPLIFIED
    assert decoded.complaint == ""


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_half_a_pair_in_utf16_is_broken(encoding):
    data = (SIMPLIFIED + "\n").encode(encoding) + "\ud800".encode(encoding, "surrogatepass")
    decoded = decode(data + SIMPLIFIED.encode(encoding))
    assert decoded.text == f"{SIMPLIFIED}\n\ufffd{SIMPLIFIED}"
    assert (decoded.broken, decoded.broken_line) == (2, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp950"])
def test_text_and_then_nonsense_is_refused(encoding):
    text = SIMPLIFIED if encoding == "utf-8" else "山口村的人都好"
    with pytest.raises(PaperError, match=r"looks like|neither|no Chinese"):
        decode(text.encode(encoding) * 40 + b"\xff\xfe\x80" * 9000)


def test_much_that_is_broken_is_another_encoding():
    with pytest.raises(PaperError, match="looks like UTF-8, but"):
        decode(codecs.BOM_UTF8 + SIMPLIFIED.encode("gb18030"))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "cp950", "big5hkscs", "utf-16", "utf-16-le", "utf-32"],
)
def test_a_stream_gives_the_same_text(encoding):
    text = (TRADITIONAL + "\n" if "big5" in encoding or encoding == "cp950" else TEXT) * 9000
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


@given(NEARLY.map(lambda made: spoiled(*made)))
def test_a_stream_is_in_the_encoding_that_its_bytes_are_in(data):
    assume(b"\0" not in data)  # of which a stream may have some
    try:
        encoding = decode(data).encoding
    except PaperError:
        with pytest.raises(PaperError):
            find_encoding(io.BytesIO(data))
        return
    assert find_encoding(io.BytesIO(data))[0] == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp950"])
def test_a_few_bad_bytes_early_in_a_stream_do_not_cost_the_rest(encoding):
    line = (TRADITIONAL + "\n").encode(encoding)
    with open_text(io.BytesIO(b"\xff\xff\n" + line * 9)) as lines:
        assert lines.read() == "\udcff\udcff\n" + (TRADITIONAL + "\n") * 9


def test_a_stream_in_no_encoding_raises():
    with pytest.raises(PaperError, match="neither UTF-8"), open_text(io.BytesIO(b"\xff\xff\n" * 9)):
        pass


def test_a_stream_is_left_open_when_the_reader_stops_early():
    stream = io.BytesIO(TEXT.encode() * 9)
    with open_text(stream) as lines:
        lines.readline()
    assert stream.seek(0) == 0
