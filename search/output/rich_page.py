"""The format for a person at a terminal: a page, with the matches marked.

The only module that loads Rich. It builds `Text` objects, never markup, so that `[red]` in
an article is printed and not obeyed, and it breaks the lines itself (see `wrap`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from search.model.article import ARTICLE, Article
from search.model.facets import Facet
from search.model.results import NO_PARTS, Hit, Parts, Results, Span
from search.output.formats import Format, Options, before_partial, filled, whole_matches
from search.output.safe import pieces, safe, safe_block, safe_path
from search.output.world import World
from search.output.wrap import display_width, wrapped

INDENT = 4

COPIES = 5
"""Copies of an article that are named; of the others there is only the number."""

MOST_VALUES = 20
"""Values of a facet; the rest are counted."""

LEAST_ROOM = 10
"""Columns that text gets beside its indent, whatever the terminal says its width is."""

PLAIN = Style()
DIM = Style(dim=True)
TITLE = Style(bold=True)
MATCH = Style(bold=True, color="red")
MATCH_WITHOUT_COLOUR = Style(bold=True, underline=True)


class RichPage(Format):
    """Hits with their passages, wrapped to the terminal; nothing of it is for a program."""

    def __init__(self, world: World, options: Options) -> None:
        super().__init__(world, options)
        self.match = MATCH if world.colour else MATCH_WITHOUT_COLOUR
        self.width = world.width
        self.dot = " · " if self._encodable("·–") else " | "
        self.dash = "–" if self._encodable("·–") else "-"
        self.console = Console(
            file=StringIO(),
            force_terminal=world.styles,
            force_jupyter=False,
            color_system="standard" if world.styles else None,
            no_color=not world.colour,
            legacy_windows=False,
            width=world.width,
            height=25,
        )

    def results(self, results: Results) -> None:
        """Write the hits, then how many there are and how long it took.

        Of several queries, each has its name and text above, and an empty line below.
        """
        qid = self.options.qid
        if qid is not None:
            name = Text(f"{safe(qid)}  ", DIM)
            self._print(self._wrap(name, Text(safe(results.query), TITLE)))
        for hit in results.hits:
            if line := before_partial(results, hit):
                self._print([*self._wrap(Text(), Text(line)), Text()])
            self._print(self._hit(hit))
        self.facets(results.facets)
        self._print(self._wrap(Text(), self._closing(results)))
        if qid is not None:
            self.world.write("\n")

    def articles(self, articles: Iterable[Article]) -> None:
        """Write the title of each article and where it stands."""
        for article in articles:
            self._print(self._head(article))

    def article(self, article: Article, parts: Parts = NO_PARTS) -> None:
        """Write an article, its lines broken where the source breaks them."""
        self._print(self._article(article, parts))

    def facets(self, facets: tuple[Facet, ...]) -> None:
        """Write a small table for each facet: counts and values."""
        for facet in facets:
            self._print(self._counts(facet))

    def _counts(self, facet: Facet) -> Iterator[Text]:
        yield Text(facet.name, TITLE)
        by_time = facet.name in {"year", "month"}
        shown = facet.counts if by_time else facet.counts[:MOST_VALUES]
        wide = max((len(f"{count:,}") for _, count in shown), default=0)
        for value, count in shown:
            margin = Text(" " * INDENT + f"{count:,}".rjust(wide) + "  ")
            yield from self._wrap(margin, Text(safe(value)) if value else Text("-", DIM))
        rest = len(facet.counts) - len(shown)
        if rest:
            yield Text(" " * INDENT + f"and {rest:,} more (-f plain: all)", DIM)
        yield Text()

    def _hit(self, hit: Hit) -> Iterator[Text]:
        rank = Text(f"{hit.rank}. ".rjust(INDENT), DIM)
        margin = Text(" " * len(rank))
        yield from self._wrap(rank, self._marked(hit.title, hit.title_spans, TITLE))
        yield from self._wrap(margin, self._about(hit.article))
        for snippet in hit.snippets:
            line = Text.assemble(margin, (f"{snippet.line}: ", DIM))
            yield from self._wrap(line, self._marked(snippet.text, snippet.spans, PLAIN))
        for copy in hit.also[:COPIES]:
            yield from self._wrap(margin, self._copy(copy))
        if len(hit.also) > COPIES:
            more = f"and in {len(hit.also) - COPIES} more (--no-dedupe shows each)"
            yield from self._wrap(margin, Text(more, DIM))
        for reason in hit.why:
            yield from self._wrap(margin, Text(safe(reason), DIM))
        yield Text()

    def _head(self, article: Article) -> Iterator[Text]:
        yield from self._wrap(Text(), self._marked(article.title, (), TITLE))
        yield from self._wrap(Text(" " * INDENT), self._about(article, article.issue))

    def _article(self, article: Article, parts: Parts) -> Iterator[Text]:
        yield from self._head(article)
        if article.url:
            yield from self._wrap(Text(" " * INDENT), Text(safe(article.url), DIM))
        for name, part in (("begins in", parts.begins), ("goes on in", parts.goes_on)):
            if part:
                link = Text.assemble(
                    (f"{name} ", DIM), safe(part.id), (self.dot, DIM), self._place(part)
                )
                yield from self._wrap(Text(" " * INDENT), link)
        yield Text()
        body = safe_block(article.body).replace("\t", " " * INDENT)
        for line in body.strip("\n").split("\n"):
            yield from self._wrap(Text(), Text(line))

    def _about(self, article: Article, issue: str | None = None) -> Text:
        """Return the line below a title: the id to type, whose it is, and where it stands."""
        about = Text(safe(article.id))
        names = "、".join(article.authors)
        page = f"第{article.page}版" if article.page else None
        section = article.section if article.section != article.page else None
        of_paper = (article.paper, article.edition, article.date, issue, page)
        for known in (*of_paper, names, section, article.part):
            if known:
                about.append(self.dot + safe(known), DIM)
        return about.append(self.dot, DIM).append_text(self._place(article))

    def _copy(self, article: Article) -> Text:
        """Return the line of a copy: whose it is, and where it stands."""
        known = [safe(text) + self.dot for text in (article.paper, article.date) if text]
        return Text("also in " + "".join(known), DIM).append_text(self._place(article))

    def _place(self, article: Article) -> Text:
        """Return `path:line`, on a terminal as a link to the file."""
        style = DIM
        if self.world.links:
            with suppress(ValueError):  # a name that no file of this system can have
                style += Style(link=Path(self.options.absolute(article.path)).as_uri())
        return Text(f"{safe_path(article.shown_path)}:{article.line}", style)

    def _closing(self, results: Results) -> Text:
        hits = results.hits
        shown = f"{hits[0].rank}{self.dash}{hits[-1].rank} of " if hits else ""
        of = hits[0].kind if hits else ARTICLE
        noun = of if results.total == 1 else f"{of}s"
        copies = sum(len(hit.also) for hit in hits)
        folded = f" ({copies} {'copy' if copies == 1 else 'copies'} folded)" if copies else ""
        parts = [f"{shown}{results.total} {noun}{folded}", f"{results.seconds:.2f} s"]
        if filled(results):
            page = f"{hits[0].rank}{self.dash}{hits[-1].rank}"
            parts[0] = f"{page}{self.dot}{whole_matches(results)}{folded}"
        if results.partial:
            parts.insert(1, "none matches the whole query")
        if results.beside:
            parts.insert(1, "no article has it")
        return Text(self.dot.join(parts), DIM)

    def _marked(self, text: str, spans: Sequence[Span], style: Style) -> Text:
        found = Text(style=style)
        for piece, is_match in pieces(text, spans):
            found.append(piece, self.match if is_match else None)
        return found

    def _wrap(self, before: Text, text: Text) -> Iterator[Text]:
        """Yield the lines of `text`: `before` begins the first and indents the others."""
        room = self.width - display_width(before.plain)
        for start, end in wrapped(text.plain, max(room, LEAST_ROOM)):
            yield Text.assemble(before, text[start:end])
            before = Text(" " * len(before))

    def _print(self, lines: Iterable[Text]) -> None:
        # Printed as one text, which takes Rich half the time; soft_wrap leaves lines alone.
        with self.console.capture() as capture:
            self.console.print(
                Text("\n").join(lines), soft_wrap=True, emoji=False, markup=False, highlight=False
            )
        self.world.write(capture.get())

    def _encodable(self, text: str) -> bool:
        try:
            text.encode(self.world.encoding)
        except UnicodeEncodeError:
            return False
        return True
