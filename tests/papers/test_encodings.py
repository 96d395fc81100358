"""The parts that find out an encoding; what they do together is in test_decode.py."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.analysis.tables.simplified import TRADITIONAL
from search.papers.encodings.alignment import likeliest
from search.papers.encodings.frequent import FREQUENT
from search.papers.encodings.labels import encoding_of
from search.papers.encodings.likelihood import bits_of, weigh
from search.papers.encodings.reading import Reading
from search.papers.encodings.repair import repaired
from tests.papers.strategies import CHINESE


def test_the_frequent_characters_are_simplified_and_each_is_there_once():
    assert len(set(FREQUENT)) == len(FREQUENT) == 4096
    assert not set(FREQUENT) & set(TRADITIONAL)
    assert set("的一是了我不在人们有") < set(FREQUENT[:100])


def test_what_is_more_frequent_needs_fewer_bits():
    assert bits_of("的") < bits_of("雪") < bits_of("鳇") < bits_of("鿃") < bits_of("\ue000")
    assert bits_of("国") < bits_of("國") < bits_of("囻")
    # All frequent characters together are no more than all there is.
    assert sum(2 ** -bits_of(character) for character in FREQUENT) < 1


@given(CHINESE, CHINESE)
def test_the_bits_of_a_text_are_those_of_its_parts(one, other):
    both, whole = zip(weigh(one), weigh(other), strict=True), weigh(one + other)
    assert all(math.isclose(a + b, c) for (a, b), c in zip(both, whole, strict=True))
    assert math.isclose(whole[0], sum(map(bits_of, one + other)))
    assert whole[1] == sum(character > "\x7f" for character in one + other)


@given(
    CHINESE, st.sampled_from(["gb18030", "cp950", "big5hkscs", "utf-8"]), st.lists(st.integers(0))
)
def test_reading_in_blocks_is_reading_in_one_go(text, encoding, places):
    data = text.encode(encoding, "ignore") + b"\xff\xff" + text.encode(encoding, "ignore")
    whole, blocks = Reading(encoding), Reading(encoding)
    whole.feed(data)
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    for start, end in pairwise(ends):
        blocks.feed(data[start:end])
    assert math.isclose(whole.bits, blocks.bits)
    assert (whole.broken, whole.first_broken) == (blocks.broken, blocks.first_broken)
    assert (whole.fits, whole.characters) == (blocks.fits, blocks.characters)


@pytest.mark.parametrize("encoding", ["gb18030", "cp950", "big5hkscs"])
@given(
    text=st.text(st.sampled_from(FREQUENT[:2000] + "，。、「」\n 1234567890abcXYZ"), max_size=60)
)
def test_the_likeliest_text_of_whole_bytes_is_what_was_written(encoding, text):
    data = text.encode(encoding, "ignore")
    text = data.decode(encoding)
    assert likeliest(data, encoding) == text
    assume(data and data[-1] >= 0x80)
    assert likeliest(data + "雪".encode(encoding)[:1], encoding, cut=True) == text


@pytest.mark.parametrize("encoding", ["gb18030", "cp950", "big5hkscs", "utf-8", "utf-16-le"])
@given(data=st.binary(max_size=200).filter(lambda data: "\ufffd".encode() not in data))
def test_what_is_counted_is_what_is_replaced(encoding, data):
    text, broken, first = repaired(data, encoding)
    assert bool(broken) == ("\ufffd" in text)
    assert first == (text.index("\ufffd") if broken else len(text))
    assert text.count("\ufffd") <= broken <= len(data)
    text.encode()  # nothing is left of how it was done


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("GB2312", "gb18030"),
        (" 'gbk' ", "gb18030"),
        ("gb_2312-80", "gb18030"),
        ("BIG5-HKSCS", "big5hkscs"),
        ("utf8", "utf-8"),
        ("Windows-1252", "cp1252"),
        ("Shift_JIS", "cp932"),
        ("utf-7", ""),
        ("rot13", ""),
        ("idna", ""),
        ("no such", ""),
        ("a\0b", ""),
        ("山", ""),
        (None, ""),
    ],
)
def test_only_names_of_encodings_are_known(label, encoding):
    assert encoding_of(label) == encoding
