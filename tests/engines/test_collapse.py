"""Folding copies: nothing is lost, pages fit together, and every engine does the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.frames import Text
from search.analysis.minhash import signature
from search.engines.collapse import REACH, Reader, folded
from search.engines.port import SORTS, Engine, Found, SearchRequest, Top
from search.engines.reference import ReferenceEngine
from search.engines.whoosh.codec.container import Container, FormatError
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.segment_merge import merge
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.segment_writer import write_batch
from search.model.article import Article
from search.model.frozen import replace
from search.query.ast import Everything
from search.query.parser import parse
from tests.analysis.test_frames import OBITUARIES
from tests.analysis.test_minhash import misread, story
from tests.conftest import examples
from tests.engines.test_contract import ENGINES, ON_DISK, Opened

ALL = SearchRequest(Everything(), Top(None, collapse=True))


def signs(kinds: list[int]) -> list[bytes]:
    made = {kind: signature("", story(kind, 60)) for kind in set(kinds)}
    return [made[kind] for kind in kinds]


def reader(of: list[bytes]) -> Reader[int]:
    """Signatures of articles whose texts have nothing that tells them apart."""
    return Reader(of.__getitem__, lambda _: Text("", ""))


@settings(max_examples=examples(50))
@given(
    kinds=st.lists(st.integers(0, 12), max_size=150),
    limit=st.integers(1, 20),
)
def test_pages_hold_every_article_once(kinds: list[int], limit: int) -> None:
    of = signs(kinds)

    def page(offset: int, limit: int | None) -> list[tuple[int, list[int]]]:
        top = Top(limit, offset, collapse=True)
        found = folded(lambda most: range(len(of))[:most], reader(of), top, len(of))
        return [(group.place, group.copies) for group in found]

    whole = page(0, None)
    pages = [group for offset in range(0, len(whole) + 1, limit) for group in page(offset, limit)]
    assert pages == whole
    assert sorted(i for place, copies in whole for i in (place, *copies)) == list(range(len(of)))
    leaders = {place for place, _ in whole}
    for place, copies in whole:
        assert all(kinds[copy] == kinds[place] for copy in copies)
        assert all(place < copy <= place + REACH for copy in copies)
        better = [i for i in leaders if i < place and kinds[i] == kinds[place]]
        assert all(i + REACH < place for i in better)


def test_a_ranking_is_asked_for_more_when_copies_fill_it() -> None:
    many = 4 * (REACH + 1)  # copies too far from the best begin groups of their own
    of = signs([0] * many + [1] * many + [2, 3])
    top = Top(4, 8, collapse=True)
    asked: list[int] = []

    def ranking(most: int) -> range:
        asked.append(most)
        return range(len(of))[:most]

    found = folded(ranking, reader(of), top, len(of))
    assert [group.place for group in found] == [2 * many, 2 * many + 1]
    assert asked[0] < 100 < asked[-1] == len(of)


def test_few_texts_are_read() -> None:
    """None where signatures differ, and each of them once."""
    texts = [Text("", text) for text in OBITUARIES]
    copied = [*texts, texts[2]]
    of = [signature("", text.body) for text in copied] + signs([1, 2, 3])
    read: list[int] = []

    def text(place: int) -> Text:
        read.append(place)
        return copied[place]

    top = Top(None, collapse=True)
    found = folded(lambda most: range(len(of))[:most], Reader(of.__getitem__, text), top, len(of))
    copies = {group.place: group.copies for group in found if group.copies}
    assert copies == {2: [len(texts)]}
    assert sorted(read) == list(range(len(copied)))


def archive() -> list[Article]:
    """Stories printed several times, in several papers, some misread or shortened."""
    out = []
    for number in range(30):
        body = f"望澜桥消息。{story(number, 200 + number)}"
        for copy in range(number % 4):
            text = (body, misread(body, 0.01, number), body[: len(body) * 3 // 4])[copy]
            paper = ("青岚报", "澜溪晚报", "周刊")[copy]
            name = f"{number}-{copy}"
            out.append(
                Article(name, f"题{copy}", text, f"{name}.txt", date="1956-10-01", paper=paper)
            )
    return out


def story_of(name: str) -> str:
    return name.partition("-")[0]


def groups(found: Found) -> list[list[str]]:
    return [[hit.article.id, *(copy.id for copy in hit.copies)] for hit in found.hits]


@ENGINES
@pytest.mark.parametrize("sort", SORTS)
def test_copies_stand_under_the_best(opened: Opened, sort: str) -> None:
    articles = archive()
    with opened(articles) as engine:
        tree, plain = parse("望澜桥"), Top(None, sort=sort)  # type: ignore[arg-type]
        order = [hit.article.id for hit in engine.search(SearchRequest(tree, plain)).hits]
        found = engine.search(SearchRequest(tree, replace(plain, collapse=True)))
        assert found.total == len(order) == len(articles)
        made = groups(found)
        assert sorted(name for group in made for name in group) == sorted(order)
        assert [group[0] for group in made] == [n for n in order if n in {g[0] for g in made}]
        for group in made:
            assert group == sorted(group, key=order.index)
            assert len({story_of(name) for name in group}) == 1
        assert len(made) <= 30  # 22 stories; some copies stand too far apart
        bodies = {article.id: article.body for article in articles}
        for hit in found.hits:
            assert all(copy.body == bodies[copy.id] for copy in hit.copies)


@ENGINES
def test_pages_of_an_engine_fit_together(opened: Opened) -> None:
    with opened(archive()) as engine:

        def page(limit: int | None, offset: int = 0) -> Found:
            top = Top(limit, offset, collapse=True)
            return engine.search(SearchRequest(parse("消息"), top))

        whole = groups(page(None))
        pages = [group for offset in range(0, 40, 7) for group in groups(page(7, offset))]
        assert pages == whole
        assert 20 < len(whole) < len(archive())
        assert page(0).hits == ()


@ON_DISK
def test_engines_fold_alike(opened: Opened) -> None:
    """By source and by day the engines rank alike, so they fold alike."""
    stories = 22
    articles = sorted(archive(), key=lambda article: article.path)
    oracle = ReferenceEngine(articles)
    with opened(articles) as engine:
        for sort in ("path", "date"):
            top = Top(None, sort=sort, collapse=True)  # type: ignore[arg-type]
            request = SearchRequest(Everything(), top)
            made = groups(engine.search(request))
            assert made == groups(oracle.search(request))
            assert stories <= len(made) < len(articles)


@ENGINES
def test_notices_of_one_frame_are_hits_of_their_own(opened: Opened) -> None:
    copies = [misread(text, 0.01, i) for i, text in enumerate(OBITUARIES)]
    notices = [
        Article(f"{i}-{copy}", "讣告", body, f"{i}-{copy}.txt", date=f"1956-10-0{i + 1}")
        for copy, bodies in enumerate((OBITUARIES, copies))
        for i, body in enumerate(bodies)
    ]
    with opened(notices) as engine:
        for sort in ("date", "relevance"):
            top = Top(None, sort=sort, collapse=True)  # type: ignore[arg-type]
            made = groups(engine.search(SearchRequest(parse("同志"), top)))
            assert sorted(map(sorted, made)) == [[f"{i}-0", f"{i}-1"] for i in range(len(copies))]


@ENGINES
def test_articles_without_text_are_nobodys_copies(opened: Opened) -> None:
    empty = [Article(f"{i}", "简讯", "", f"{i}.txt") for i in range(3)]
    short = [Article(f"s{i}", "图", "图为望澜桥。", f"s{i}.txt") for i in range(3)]
    with opened([*empty, *short]) as engine:
        assert groups(engine.search(ALL)) == [["0"], ["1"], ["2"], ["s0", "s1", "s2"]]


def test_signatures_follow_their_documents_through_a_merge(tmp_path: Path) -> None:
    batches = [archive()[:20], [Article("e", "", "", "e.txt")], archive()[20:]]
    segments = []
    for i, some in enumerate(batches):
        write_batch(tmp_path / f"{i}.sou", some)
        deleted = bytes([0b1001]) + bytes(8) if i == 0 else b""
        segments.append(Segment(tmp_path, f"{i}.sou", deleted))
    merge(segments, tmp_path / "all.sou")
    whole = Segment(tmp_path, "all.sou")
    kept = [a for i, a in enumerate([*batches[0], *batches[1], *batches[2]]) if i not in {0, 3}]
    assert whole.count == len(kept)
    for i, article in enumerate(kept):
        assert whole.signature(i) == signature(fold(article.title), fold(article.body))


def test_a_segment_without_signatures_is_damaged(tmp_path: Path) -> None:
    write_batch(tmp_path / "a.sou", archive())
    with Container(tmp_path / "a.sou") as whole, ContainerWriter(tmp_path / "b.sou") as out:
        for name, values in whole.arrays():
            if name != "signatures":
                out.add(name, values.kind, values.read())
    with pytest.raises(FormatError, match="signatures has 0 items"):
        Segment(tmp_path, "b.sou")


def test_a_flipped_signature_is_noticed(tmp_path: Path) -> None:
    write_batch(tmp_path / "a.sou", archive())
    with Container(tmp_path / "a.sou") as whole:
        sign = bytes(whole.array("signatures")[:64])
    data = bytearray((tmp_path / "a.sou").read_bytes())
    data[data.index(sign)] ^= 1
    (tmp_path / "a.sou").write_bytes(data)
    segment = Segment(tmp_path, "a.sou")
    [fault] = segment.container.faults()
    assert "signatures" in fault
    with pytest.raises(FormatError, match="checksum"):
        segment.signature(0)


def test_a_removed_copy_is_gone_and_the_next_takes_its_place() -> None:
    articles = archive()

    def shown(engine: Engine) -> dict[str, int]:
        found = engine.search(ALL)
        return {hit.article.id: len(hit.copies) for hit in found.hits}

    engine = ReferenceEngine(articles)
    best, copies = next(item for item in shown(engine).items() if item[1] == 2)
    engine.remove(f"{best}.txt")
    after = shown(engine)
    assert best not in after
    assert copies - 1 in {n for name, n in after.items() if story_of(name) == story_of(best)}
