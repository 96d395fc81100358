"""Random texts, articles and queries, of few enough characters that they meet each other."""

from __future__ import annotations

from hypothesis import strategies as st

from search.analysis.fold import fold
from search.model.article import Article, article_id

LETTERS = "志愿谁服务网格化的管理会议网絡愿服一〇𬱟aA1２,，。“”(（ \n　-—·"
TEXT = st.text(LETTERS, max_size=40)
ANYTHING = st.text(max_size=60)
DATES = st.sampled_from([None, "1956", "1998-08", "2021-07-24", "2023-05-12", "2023-05-30"])


PAGES = st.sampled_from([None, "3", "13", "A03"])
ISSUES = st.sampled_from([None, "总第7期", "第7期", "第17号"])
EDITIONS = st.sampled_from([None, "海外版"])


@st.composite
def articles(draw: st.DrawFn, number: int = 0) -> Article:
    """A random article; `number` makes its path its own."""
    title, body, date = draw(TEXT), draw(TEXT), draw(DATES)
    path = f"corpus/{draw(st.sampled_from(['a', '志愿']))}/{number}.txt"
    return Article(
        id=article_id(path, None, title, body),
        title=title,
        body=body,
        path=path,
        date=date,
        paper=draw(st.sampled_from([None, "青岚日报", "澜溪晚报"])),
        authors=tuple(draw(st.lists(st.sampled_from(["王安", "志愿", "服务王"]), max_size=2))),
        section=draw(st.sampled_from([None, "要闻"])),
        page=draw(PAGES),
        issue=draw(ISSUES),
        edition=draw(EDITIONS),
    )


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    """One to six random articles."""
    return [draw(articles(number)) for number in range(draw(st.integers(1, 6)))]


def _leaf() -> st.SearchStrategy[str]:
    chunk = st.text(LETTERS.replace(" ", "").replace("\n", ""), min_size=1, max_size=6).filter(fold)
    bare = chunk.map(lambda s: "".join(c for c in s if c not in '"“”(（)）-—,，。·　')).filter(fold)
    quoted = chunk.map(lambda s: "「" + s + "」")
    dates = st.sampled_from(["date:2023", "date:1998..2021-07", "2023-05-13..", "since:1998"])
    field = st.sampled_from(["", "title:", "正文：", "author:", "报纸:", "path:", "栏目:"])
    return st.one_of(st.tuples(field, st.one_of(bare, quoted)).map("".join), dates)


QUERIES = st.recursive(
    _leaf(),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map("（{0[0]}）｜{0[1]}".format),
        inner.map("NOT ({})".format),
        inner.map("({})".format),
    ),
    max_leaves=5,
)


@st.composite
def _pattern(draw: st.DrawFn) -> str:
    """A wildcard, a fuzzy string, NEAR, pinyin or a regular expression; maybe with a boost."""
    letters = "志愿服务网格化管理会议aa1 "
    short = st.text(letters.strip(), min_size=1, max_size=3)
    wild = st.lists(short, min_size=2, max_size=4).flatmap(
        lambda pieces: st.lists(
            st.sampled_from(["*", "?", "??", "?*"]),
            min_size=len(pieces) - 1,
            max_size=len(pieces) - 1,
        ).map(lambda gaps: "".join(a + b for a, b in zip(pieces, [*gaps, ""], strict=True)))
    )
    fuzzy = st.one_of(
        st.text(letters.strip(), min_size=3, max_size=6).map(lambda s: f"{s}~"),
        st.text(letters.strip().strip("1"), min_size=6, max_size=9).map(lambda s: f"{s}~2"),
        st.text("志愿服", min_size=6, max_size=7).map(lambda s: f"{s}~2"),
    )
    side = st.one_of(short, short.map("「{}」".format), st.just("(志愿 OR 网格化)"))
    near = st.lists(side, min_size=2, max_size=3).flatmap(
        lambda sides: st.tuples(st.sampled_from(["NEAR", "ADJ"]), st.integers(0, 12)).map(
            lambda how: f" {how[0]}/{how[1]} ".join(sides)
        )
    )
    pinyin = st.sampled_from(
        [
            "zhiyuan",
            "fuwu",
            "wanggehua",
            "guan3li",
            "'hui yi'",
            "huiyi",
            "dewu",
            "zyfw",
            "wgh",
            "'fú wu'",
        ]
    )
    regex = st.sampled_from(
        [
            "/志愿.{0,3}服务/",
            "/网[格络]/",
            "/(网格|会)化?/",
            "/[a1]+/",
            "/^志/",
            "/a+.?1|管理$/",
            "/.服/",
        ]
    )
    whole = st.text("a1A２志愿", min_size=1, max_size=3).flatmap(
        lambda s: st.sampled_from([f"word:{s}", f"整词：「{s}」", f"word:({s} OR 1)"])
    )
    kinds = {
        "whole": whole,
        "wild": wild,
        "fuzzy": fuzzy,
        "near": near,
        "pinyin": pinyin.map(lambda s: 'py:"{}"'.format(s.strip("'"))),
        "regex": regex,
    }
    kind = draw(st.sampled_from(sorted(kinds)))
    field = draw(st.sampled_from(["", "", "title:", "正文:", "author:", "paper:"]))
    boost = draw(st.sampled_from(["", "", "^2", "^0.5"]))
    return f"{field}({draw(kinds[kind])}){boost}"


PATTERNS = _pattern()
PATTERN_QUERIES = st.recursive(
    st.one_of(PATTERNS, PATTERNS, _leaf()),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map("({0[0]}) OR ({0[1]})".format),
        inner.map("NOT ({})".format),
    ),
    max_leaves=4,
)


# Texts of words that jieba knows, which share some of them with each other.

WORDS = (
    *("网格", "网格化", "管理", "服务", "志愿", "志愿服务", "会议", "会议召开", "大桥", "桥"),
    *("望澜桥", "图书馆", "图书", "开放", "修缮", "防汛", "马拉松", "的", "谁", "ppt", "2023"),
)
"""Some stand in others, one is everywhere, one asks."""


@st.composite
def plain_corpora(draw: st.DrawFn) -> list[Article]:
    """Three to nine articles of a few words each, of which they share some and repeat some."""
    word = st.sampled_from(WORDS)
    between = st.sampled_from(["", "", "，", "。", "\n", "的"])
    some = st.lists(st.tuples(word, between).map("".join), max_size=8)
    found = []
    for number in range(draw(st.integers(3, 9))):
        title, body = "".join(draw(some)[:2]), "".join(draw(some))
        path = f"{draw(st.sampled_from(['a', '报/2023']))}/{number}.txt"
        found.append(
            Article(
                article_id(path, None, title, body),
                title,
                body,
                path,
                date=draw(DATES),
                paper=draw(st.sampled_from([None, "青岚日报", "澜溪晚报"])),
                authors=tuple(draw(st.lists(st.sampled_from(["王安", "桥", "志愿"]), max_size=2))),
                section=draw(st.sampled_from([None, "要闻"])),
                page=draw(PAGES),
                issue=draw(ISSUES),
                edition=draw(EDITIONS),
            )
        )
    return found


CHUNKS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join)
"""Plain words as they are typed, in one piece."""

PLAIN_QUERIES = st.recursive(
    st.one_of(
        CHUNKS,
        CHUNKS,
        st.tuples(st.sampled_from(["title:", "body:", "author:", "paper:"]), CHUNKS).map("".join),
        CHUNKS.map("“{}”".format),
        st.sampled_from(["paper:青岚", "date:2023-05", "..1998", "path:2023/*.txt", "path:a/*"]),
        st.sampled_from(["page:3", "版次:第三版", "page:a3", "page:*", "-page:*", "edition:海外"]),
        st.sampled_from(
            ["issue:7", "期号:总第七期", "issue:7..20", "page:1..20", "date:*", "paper:*"]
        ),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map("({0[0]} OR {0[1]})".format),
        st.tuples(inner, inner).map("{0[0]} NOT ({0[1]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} OR {0[1]}) NOT ({0[2]})".format),
    ),
    max_leaves=4,
)
"""Questions as readers ask them."""
