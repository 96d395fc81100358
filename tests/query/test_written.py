import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.dates.numerals import number_of
from search.query.ast import And, Bag, Near, Not, Phrase, Word
from search.query.written import MOST, broken, in_other_figures, with_forms


@pytest.mark.parametrize("number", [*range(1, 130), *range(980, 1130), 2008, 5050, 9999])
def test_a_number_is_read_back_from_its_words(number):
    asked = f"{number}届"
    words, *pair = in_other_figures(asked)
    assert number_of(words.removesuffix("届")) == number
    assert all(number_of(each.removesuffix("届")) == number for each in pair)
    assert asked in in_other_figures(words)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("2023年", ["二零二三年", "二0二三年", "二o二三年"]),
        ("二〇二三年", ["二0二三年", "二o二三年", "2023年"]),
        ("1998", ["一九九八"]),
        ("53", ["五十三"]),
        ("五十三", ["53"]),
        ("10月1日", ["十月一日"]),
        ("十月一日", ["10月1日"]),
        ("第三版", ["第3版"]),
        ("2万人", ["二万人", "两万人"]),
        ("两万人", ["2万人"]),
        ("二十四节气", ["24节气"]),
        ("100周年", ["一百周年"]),
        ("一百零五人", ["105人"]),
        ("12345", []),
        ("007", []),
        ("5g", []),
        ("3.15晚会", []),
        ("0537-6557731", []),
        ("9:30", []),
        ("三农", []),
        ("一带一路", []),
        ("九一八", []),
        ("十四五规划", []),
        ("百年", []),
        ("千百", []),
        ("五四运动", []),
        ("一" * 80, []),
        ("二00八年", ["二零零八年", "二oo八年", "2008年"]),
        ("二OO八年", ["二零零八年", "二00八年", "2008年"]),
        ("二零零八年", ["二00八年", "二oo八年", "2008年"]),
        ("2020年", ["二零二零年", "二0二0年", "二o二o年"]),
        ("30%", ["百分之三十"]),
        ("百分之三十", ["30%", "百分之30"]),
        ("一万二千", ["12000", "12,000", "1.2万", "1万2000"]),
        ("205人", ["二百零五人", "两百零五人"]),
    ],
)  # fmt: skip
def test_other_figures(text, others):
    assert list(in_other_figures(fold(text))) == [fold(other) for other in others]


@given(st.text("0123456789abgz一万年月-.: 桥", max_size=80))
def test_what_ocr_leaves_is_the_text_but_for_spaces_and_hyphens(text):
    text = fold(text)
    forms = broken(text)
    assert len(forms) == len(set(forms)) <= MOST
    for form in forms:
        assert form != text == fold(text)
        assert fold(form) == form  # else it could not stand in a folded text
        assert form.replace(" ", "").replace("-", "") == text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("ai技术", ["a i技术"]),
        ("ai", []),  # it stands in `china international`
        ("gdp", ["g d p"]),
        ("5g基站", ["5 g基站"]),
        ("2023年", ["2 0 2 3年", "2 023年", "20 23年", "202 3年"]),
        (
            "053-6557731",
            [
                "0 5 3-6557731",
                "0 53-6557731",
                "05 3-6557731",
                *(f"053-{'6557731'[:i]} {'6557731'[i:]}" for i in range(1, 7)),
            ],
        ),
        ("1200", []),  # a row of a table has such figures
        ("google", ["go-ogle", "goo-gle", "goog-le"]),
        ("apple公司", ["ap-ple公司", "app-le公司"]),
        ("志愿服务", []),
    ],
)
def test_broken(text, forms):
    assert list(broken(text)) == forms


def test_only_texts_have_forms_and_quoted_numbers_keep_their_figures():
    near = Near((("53届",), ("桥",)), (3,))
    tree = And(
        (Word("53届"), Phrase("53届"), Not(Word("ai桥")), Bag("53届"), Word("53", "page"), near)
    )
    word, phrase, excluded, *rest = with_forms(tree).children
    assert word == Word("53届", forms=("五十三届", "5 3届"))
    assert phrase == Phrase("53届", forms=("5 3届",))
    assert excluded == Not(Word("ai桥", forms=("a i桥",)))
    assert tuple(rest) == tree.children[3:]
