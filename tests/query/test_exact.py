import pytest

from search.model.errors import QueryError
from search.query.ast import And, Exact, Near, Not, Or, Word
from search.query.parser import literal, parse
from search.searching.search import Question


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("=裏", Exact("里", "裏")),
        ("＝裏", Exact("里", "裏")),
        ("=“Ａ 股”", Exact("a股", "Ａ 股")),
        ("title:=雲^2", Exact("云", "雲", "title", 2.0)),
        ('="Ａ^2"^3', Exact("a^2", "Ａ^2", None, 3.0)),
        ("-=裏", Not(Exact("里", "裏"))),
        ("桥 OR =裏", Or((Word("桥"), Exact("里", "裏")))),
        ("title:(桥 =裏)", And((Word("桥", "title"), Exact("里", "裏", "title")))),
        (r"=3\*5", Exact("3*5", "3*5")),
        ("=a*b", Exact("a*b", "a*b")),
        ("a=b", Word("a=b")),
        ("==", Word("==")),
        ("= 桥", And((Word("="), Word("桥")))),
    ],
)
def test_exact_forms_are_read(query, tree):
    assert parse(query) == tree


def test_a_whole_query_in_exact_form():
    assert parse("裏 “雲”", exact=True) == And((Exact("里", "裏"), Exact("云", "雲")))
    assert parse("标题:裏^2", exact=True) == Exact("里", "裏", "title", 2.0)
    assert parse("网?格 -裏", exact=True).children[1] == Not(Exact("里", "裏"))
    assert isinstance(parse("裏 NEAR 雲"), Near)
    assert parse("page:3 ..1999", exact=True) == parse("page:3 ..1999")
    assert literal("裏 ", exact=True) == Exact("里", "裏")
    assert Question("53届", exact_form=True).tree() == Exact("53届", "53届")
    assert Question("53届").tree() == Word("53届", forms=("五十三届", "5 3届"))


@pytest.mark.parametrize(
    ("query", "place"), [("=志愿服务~", (0, 6)), ('="\u200b "', (0, 5)), ("=裏 NEAR 雲", (0, 2))]
)
def test_what_cannot_be_exact(query, place):
    with pytest.raises(QueryError) as error:
        parse(query)
    assert (error.value.start, error.value.end) == place
