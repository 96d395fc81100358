"""Articles that go on on another page find their other parts."""

from __future__ import annotations

import pytest

from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.model.frozen import replace
from search.model.results import Parts
from search.searching.continuations import parts_of

FIRST = Article(
    *("first", "全县秋收现场会在柳溪镇召开", "正文（下转第三版）", "报/01.txt"),
    date="2023-09-20",
    paper="青岚报",
    section="1",
    continued_on="3",
)
REST = Article(
    *("rest", "秋收现场会召开", "（上接第一版）正文", "报/03.txt"),
    date="2023-09-20",
    paper="青岚报",
    section="3",
    continued_from="1",
)
PLAIN = replace(FIRST, id="plain", title="别的消息", continued_on=None)


def parts(article: Article, *others: Article) -> Parts:
    return parts_of(ReferenceEngine([article, PLAIN, *others]), article)


def test_both_parts_find_each_other() -> None:
    assert parts(FIRST, REST) == Parts(goes_on=REST)
    assert parts(REST, FIRST) == Parts(begins=FIRST)


def test_a_part_in_the_middle_has_both() -> None:
    middle = replace(REST, id="middle", section="2", continued_on="3")
    first, rest = replace(FIRST, continued_on="2"), replace(REST, continued_from="2")
    assert parts(middle, first, rest) == Parts(first, rest)


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2023-09-21"},
        {"paper": "澜溪报"},
        {"continued_from": None},
        {"section": "4"},
        {"continued_from": "2"},
    ],
)
def test_what_does_not_fit_is_no_part(change: dict[str, str | None]) -> None:
    assert parts(FIRST, replace(REST, **change)) == Parts()


def test_of_several_the_title_tells() -> None:
    other = replace(REST, id="other", title="把小事办好 让群众满意")
    assert parts(FIRST, other, REST).goes_on == REST
    assert parts(FIRST, other).goes_on == other  # the only one on that page
    strange = replace(other, id="strange", title="雨中送伞")
    assert parts(FIRST, other, strange) == Parts()


def test_without_a_date_the_folder_is_the_issue() -> None:
    first, rest = replace(FIRST, date=None), replace(REST, date=None)
    assert parts(first, rest).goes_on == rest
    assert parts(first, replace(rest, path="[报]/03.txt")) == Parts()


@pytest.mark.parametrize("section", ["第三版", "03", "3版", "要闻", None])
def test_a_page_may_be_written_in_several_ways_or_be_unknown(section: str | None) -> None:
    rest = replace(REST, section=section)
    assert parts(FIRST, rest).goes_on == rest
