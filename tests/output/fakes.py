"""A world to print to, and invented things to print."""

from __future__ import annotations

import io
import re

from hypothesis import strategies as st

from search.model.article import Article
from search.model.facets import Facet
from search.model.frozen import replace
from search.model.results import Hit, Results, Snippet
from search.output.formats import Options, open_format
from search.output.world import World

ARTICLE = Article(
    id="k3f9q2ab7x",
    title="坚持网格化\n服务管理 让群众少跑腿",
    body="本报青石讯(记者 林一舟)近年来,青石县推行网格化服 务管理。\n\n全县划分网格1234个。\n",
    path="corpus/2023/青石日报-0822.txt",
    line=41,
    end_line=58,
    body_line=42,
    date="2023-08-22",
    paper="青石日报",
    authors=("林一舟", "周小满"),
    section="要闻",
)
COPY = Article(
    id="t5y2b7wq3e",
    title="网格化服务管理让群众少跑腿",
    body=ARTICLE.body,
    path="corpus/2023/澜石晚报-0823.txt",
    line=7,
    date="2023-08-23",
    paper="澜石晚报",
)
HIT = Hit(
    rank=1,
    score=12.345678,
    article=ARTICLE,
    title="坚持网格化服务管理 让群众少跑腿",
    title_spans=((2, 5),),
    snippets=(Snippet("青石县推行网格化服务管理。", ((5, 8),), 42),),
    also=(COPY,),
)
OTHER = Hit(
    rank=2,
    score=3.5,
    article=Article(id="m2x7c4tq9d", title="简讯", body="", path="corpus/b.jsonl", key="b 17"),
    title="简讯",
)
RESULTS = Results(query="网格化", total=17, hits=(HIT, OTHER), seconds=0.0412)
COUNTED = replace(
    RESULTS,
    facets=(
        Facet("year", (("2022", 5), ("2023", 11), (None, 1))),
        Facet("paper", (("青石日报", 16), (None, 1))),
    ),
)


def fake_world(encoding: str = "utf-8", **known: object) -> World:
    """A world without a terminal unless told; `errors` is strict, as in the worst case."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    return World(out, io.StringIO(), **known)  # type: ignore[arg-type]


def written(world: World) -> bytes:
    world.flush()
    return world.stdout.buffer.getvalue()  # type: ignore[attr-defined, no-any-return]


def output(
    name: str,
    what: Results | Article | list[Article] = RESULTS,
    world: World | None = None,
    **options: object,
) -> str:
    """What a format writes, decoded."""
    world = world or fake_world()
    out = open_format(name, world, Options(**options))  # type: ignore[arg-type]
    if isinstance(what, Results):
        out.results(what)
    elif isinstance(what, Article):
        out.article(what)
    else:
        out.articles(what)
    return written(world).decode(world.encoding)


OURS = re.compile(r"\x1b\[[0-9;]+m|\x1b\]8;[^;\x1b]*;[^\x1b\x07]*\x1b\\")
"""The escape sequences sou writes itself: styles and links."""


def without_styles(text: str) -> str:
    return OURS.sub("", text)


# Any text, with what does harm more often than chance would have it.
texts = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\x00\x07\x08\x1b\x7f\x85\x9b\r\n\t\u2028\u202e\u2066\u200b\ufeff"),
        st.sampled_from("[]/;,\"'=\\网格化服务，。“”（）𠮷 ab1"),
    ),
    max_size=60,
)
some_texts = st.none() | texts
# File names: text without NUL, and bytes that are no text.
names = st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
    | st.sampled_from("\udc80\udcff\t\r\n\x1b"),
    min_size=1,
    max_size=20,
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    return Article(
        id=draw(st.text("abcdefghij234567", min_size=10, max_size=10)),
        title=draw(texts),
        body=draw(texts),
        path=draw(names),
        line=draw(st.integers(1, 99)),
        key=draw(some_texts),
        date=draw(st.sampled_from([None, "2023", "2023-08-22"])),
        paper=draw(some_texts),
        authors=tuple(draw(st.lists(texts, max_size=2))),
        section=draw(some_texts),
        url=draw(some_texts),
    )


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, tuple[tuple[int, int], ...]]:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    return text, tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def results(draw: st.DrawFn) -> Results:
    hits = []
    for rank in range(1, draw(st.integers(0, 2)) + 1):
        title, title_spans = draw(marked_texts())
        snippets = draw(st.lists(marked_texts(), max_size=2))
        hits.append(
            Hit(
                rank=rank,
                score=draw(st.floats(0, 100)),
                article=draw(articles()),
                title=title,
                title_spans=title_spans,
                snippets=tuple(Snippet(text, spans, 3) for text, spans in snippets),
                why=tuple(draw(st.lists(texts, max_size=1))),
                also=tuple(draw(st.lists(articles(), max_size=2))),
            )
        )
    return Results(draw(texts), len(hits), tuple(hits))
