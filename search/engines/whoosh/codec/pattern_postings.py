"""Where patterns occur in a segment, by arithmetic on the positions of pairs.

`search.query.pattern_matching` says what an occurrence is; here the same is worked out for all
documents of a segment at once. A regular expression and an exact form cannot be: they are tried
on the articles that hold what they need (`search.engines.whoosh.verification`).

A field's values stand one after the other, each followed by END, so a position names a
document, and two positions are in one value when no END stands between them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.fold import END, fold, is_spaced
from search.engines.whoosh.codec import posting_lists, postings_numpy
from search.engines.whoosh.codec.article_values import texts_of
from search.engines.whoosh.codec.fuzzy_postings import fuzzy_places
from search.engines.whoosh.codec.positions import NONE, at_least, common, left_out, union
from search.engines.whoosh.codec.segment_reader import Segment
from search.model.errors import LimitError
from search.query.ast import Fuzzy, Near, Pattern, Pinyin, WholeWord, Wildcard
from search.query.limits import PLACES
from search.query.pattern_matching import stays_in_word, variants

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints, Mask, Whole
    from search.engines.whoosh.codec.positions import Places

_READ = 6000
"""Bytes of postings that are decoded in the time in which an article is read."""

_KEPT = 4_000_000
"""Positions of single characters that are kept for later queries: 32 MB."""


class Patterns:
    """The patterns of one query over one segment."""

    def __init__(self, segment: Segment, postings: object = None) -> None:
        """Look into a segment, by postings that some were read of already if they are arrays."""
        self.segment = segment
        read = postings if isinstance(postings, postings_numpy.Postings) else None
        self._postings = read or postings_numpy.Postings(segment)
        self._kept: dict[tuple[str, str], Places] = {}
        self._texts: dict[tuple[str, int], str] = {}
        self._read = 0

    def occurrences(self, leaf: Pattern, field: str) -> tuple[Ints, Ints]:
        """Return the documents in whose field a pattern occurs, and how often in each."""
        self._read = 0
        match leaf:
            case Wildcard():
                places = self._wildcard(leaf, field)
            case Fuzzy(text, edits=2):
                places = fuzzy_places(self, text, field)
            case Fuzzy(text):
                places = self._fuzzy(text, field)
            case WholeWord(text):
                places = self._whole(text, field)
            case Near():
                places = self._near(leaf, field)
            case Pinyin(readings):
                places = union([self._pinyin(reading, field) for reading in readings])
            case _:
                raise TypeError(leaf)
        return self._counted(field, places)

    def _counted(self, field: str, places: Places) -> tuple[Ints, Ints]:
        numbers = self.documents_at(field, places)
        starts = posting_lists.run_starts(numbers)
        return numbers[starts], np.diff(np.append(starts, len(numbers)))

    # Strings.

    def starts(self, field: str, text: str) -> Places:
        """Return where a string begins."""
        return self._keep(field, text, partial(self._starts, field, text))

    def _keep(self, field: str, name: str, make: Callable[[], Places]) -> Places:
        if (field, name) not in self._kept:
            self._kept[field, name] = make()
        return self._kept[field, name]

    def _starts(self, field: str, text: str) -> Places:
        if len(text) == 1:
            return self._single(field, text)
        cover = self.segment.grams(field).cover(text)
        found = None
        for offset, term in cover:
            self._count(self.segment.grams(field).size(term), text)
            places = self._postings.places(field, term) - offset
            found = places if found is None else common(found, places)
            if not len(found):
                break
        return NONE if found is None else found

    def _single(self, field: str, char: str) -> Places:
        """Return where a character stands: where any pair that begins with it does.

        The last few that were asked for are kept with the segment.
        """
        grams = self.segment.grams(field)
        code = grams.code(char)
        if code < 1:  # unknown, or END
            return NONE
        kept = self.segment.kept.singles
        places = kept.pop((field, char), None)
        if places is None:
            terms = np.arange(*grams.beginning_with(code))
            places = self._places_of(field, terms, char)
        kept[field, char] = places  # behind those that were asked for longer ago
        for oldest in list(kept):  # a list: other threads keep others
            if sum(map(len, list(kept.values()))) <= _KEPT:
                break
            kept.pop(oldest, None)
        return places

    def _places_of(self, field: str, terms: Ints, named: str) -> Places:
        """Return where any of some pairs stands: their lists decoded at once."""
        if not len(terms):
            return NONE
        grams, first = self.segment.grams(field), int(terms[0])
        ends = postings_numpy.whole_numbers(grams.ends[first : int(terms[-1]) + 2])
        begins, stops = ends[terms - first], ends[terms - first + 1]
        sizes = stops - begins
        if (sizes < 0).any() or stops.max() > len(grams.data):
            raise self.segment.container.wrong(f"grams.{field}.ends does not rise")
        self._count(int(sizes.sum()), named)
        if len(terms) == len(ends) - 1:  # side by side in the file
            some: memoryview | bytes = grams.data[int(begins[0]) : int(stops[-1])]
        else:
            edges = zip(begins.tolist(), stops.tolist(), strict=True)
            some = b"".join([grams.data[begin:stop] for begin, stop in edges])
        data = np.frombuffer(some, dtype=np.uint8)
        at = np.concatenate([[0], np.cumsum(sizes)])
        steps = posting_lists.decode(posting_lists.Lists(data, at), frequencies=False)
        places = posting_lists.absolute(steps.counts, steps.steps)
        places.sort()
        return places

    def _count(self, size: int, text: str) -> None:
        """Count what was read for a pattern, and stop where it is too much."""
        self._read += size
        if self._read > PLACES:
            raise LimitError(
                f"the pattern has parts that stand in too many places, such as {text!r}"
                f" (more than {PLACES:,})",
                "give it longer parts, or look for the text between them as words",
            )

    # Values and words.

    def documents_at(self, field: str, places: Places) -> Ints:
        """Return the document of each position."""
        return self._postings.documents_at(field, places)

    def _values_at(self, field: str, places: Places) -> Ints:
        """Return a number for each position, the same for those in one value of a document."""
        if field != "author":  # the one field with several values
            return self.documents_at(field, places)
        return np.searchsorted(self._ends(field), places)

    def _ends(self, field: str) -> Places:
        """Return where each END stands that something stands before."""

        def make() -> Places:
            seconds = self.segment.grams(field).seconds.whole()
            before = np.flatnonzero(np.frombuffer(seconds, dtype=f"<u{seconds.itemsize}") == 0)
            return self._places_of(field, before, "END") + 1

        return self._keep(field, "ends", make)

    def _in_word(self, field: str, starts: Places, ends: Places) -> Mask:
        """Tell of each stretch, maybe empty, whether it is all letters of a spaced script."""
        begins, stops = self._words(field)
        at = np.searchsorted(begins, starts, side="right") - 1
        inside: Mask = (
            (at >= 0) & (ends <= stops[at]) if len(begins) else np.zeros(len(starts), bool)
        )
        empty: Mask = starts == ends
        return inside | empty

    def _words(self, field: str) -> tuple[Places, Places]:
        """Return where each run of letters of a spaced script begins and ends."""
        kept = self.segment.kept.words
        if field not in kept:
            grams = self.segment.grams(field)
            terms = [np.arange(*grams.beginning_with(i)) for i in self._spaced(field)]
            places = self._places_of(field, np.concatenate([NONE, *terms]), "letters and digits")
            breaks = np.flatnonzero(np.diff(places) > 1)
            begins = places[np.concatenate([[0], breaks + 1])] if len(places) else NONE
            stops = places[np.concatenate([breaks, [-1]])] + 1 if len(places) else NONE
            kept[field] = begins, stops
        return kept[field]

    # Patterns.

    def _wildcard(self, leaf: Wildcard, field: str) -> Places:
        """From the last piece to the first: where the rest of the pattern begins.

        Of the places of the rest behind a piece, the first that is far enough is the best.
        """
        pieces, gaps = leaf.pieces, leaf.gaps
        long = [piece for piece in pieces if len(piece) > 1]
        if any(not len(self.starts(field, piece)) for piece in long):
            return NONE  # before anything frequent is read
        rest = self._last(field, leaf)
        for i in reversed(range(len(gaps))):
            if not len(rest):
                break
            (least, most), piece = gaps[i], pieces[i]
            steps = range(len(piece) + least, len(piece) + most + 1)
            here = self._among(field, piece, rest, [-step for step in steps])
            if least == most:
                here = common(here, rest - steps[0])
            ends = here + len(piece)
            following = at_least(rest, ends + least)
            kept = (following >= 0) & (following <= ends + most)
            here, ends, following = here[kept], ends[kept], following[kept]
            kept = self._values_at(field, here) == self._values_at(field, following)
            if stays_in_word(leaf, i):
                kept &= self._in_word(field, ends, following)
            rest = here[kept]
        return rest

    def _last(self, field: str, leaf: Wildcard) -> Places:
        """Return where the last piece begins, as far as it may follow the one before it."""
        (least, most), before = leaf.gaps[-1], leaf.pieces[-2]
        if len(before) == 1:  # of two single characters the first is looked up among the last
            return self.starts(field, leaf.pieces[-1])
        steps = range(len(before) + least, len(before) + most + 1)
        return self._among(field, leaf.pieces[-1], self.starts(field, before), list(steps))

    def _among(self, field: str, piece: str, anchors: Places, steps: list[int]) -> Places:
        """Return where a piece begins: all such places that are some step from an anchor.

        Of a single character those alone, read from the articles, where that is less work
        than to decode all the pairs that begin with it.
        """
        kept = self.segment.kept.singles
        if len(piece) > 1 or (field, piece) in self._kept or (field, piece) in kept:
            return self.starts(field, piece)
        grams = self.segment.grams(field)
        code = grams.code(piece)
        if code < 1:
            return NONE
        low, high = grams.beginning_with(code)
        worth = (grams.ends[high] - grams.ends[low]) // _READ
        if (
            len(anchors) <= worth
            or len(posting_lists.distinct(self.documents_at(field, anchors))) <= worth
        ):
            places: Places = posting_lists.distinct(
                np.concatenate([anchors + step for step in steps])
            )
            places = places[(places >= 0) & (places < grams.at[-1])]
            is_piece: Mask = self._characters(field, places) == ord(piece)
            return places[is_piece]
        return self.starts(field, piece)

    def _characters(self, field: str, places: Places) -> Whole:
        """Return the character at each position, read from the articles."""
        found = np.zeros(len(places), dtype=np.uint32)
        numbers = self.documents_at(field, places)
        edges = [*posting_lists.run_starts(numbers).tolist(), len(places)]
        at = postings_numpy.starts_of(self.segment, field)
        for low, high in pairwise(edges):
            number = int(numbers[low])
            text = np.frombuffer(self.text(field, number).encode("utf-32-le"), dtype="<u4")
            within = places[low:high] - at[number]
            if within[-1] >= len(text):
                raise self.segment.container.wrong(f"article {number} is shorter than its {field}")
            found[low:high] = text[within]
        return found

    def text(self, field: str, number: int) -> str:
        """Return the folded values of a document's field, each followed by END."""
        if (field, number) not in self._texts:
            values = texts_of(self.segment.article(number))[field]
            self._texts[field, number] = "".join(fold(value) + END for value in values if value)
        return self._texts[field, number]

    def _fuzzy(self, text: str, field: str) -> Places:
        """Find the variants, as strings and as wildcards."""
        found = []
        for head, gap, tail in variants(text):
            if gap:
                found.append(self._wildcard(Wildcard((head, tail), ((gap, gap),)), field))
            else:
                found.append(self.starts(field, head + tail))
        return union(found)

    def _whole(self, text: str, field: str) -> Places:
        """Find the string, and leave out where a pair says that its word goes on."""
        grams = self.segment.grams(field)
        places = self.starts(field, text)
        ends = len(text) - 1
        if len(places) and is_spaced(text[0]):
            terms = self._pairs(field, self._spaced(field), [grams.code(text[0])])
            places = left_out(places, self._places_of(field, terms, text[0]) + 1)
        if len(places) and is_spaced(text[-1]):
            terms = self._pairs(field, [grams.code(text[-1])], self._spaced(field))
            places = left_out(places, self._places_of(field, terms, text[-1]) - ends)
        return places

    def _spaced(self, field: str) -> list[int]:
        """Return the numbers of the letters of spaced scripts in a field, in order."""
        characters = self.segment.grams(field).characters
        return [i for i, code in enumerate(characters) if i and is_spaced(chr(code))]

    def _near(self, leaf: Near, field: str) -> Places:
        """Go along the chain: of each string, the occurrences near one of those before."""
        reached: tuple[Places, Places] | None = None
        for i, texts in enumerate(leaf.parts):
            spans = self._spans(field, texts)
            if reached is not None:
                starts, ends = spans
                both = i - 1 not in leaf.ordered
                near = self._is_near(field, reached, spans, leaf.gaps[i - 1], both=both)
                spans = starts[near], ends[near]
            reached = spans
        assert reached is not None
        return reached[0]

    def _spans(self, field: str, texts: tuple[str, ...]) -> tuple[Places, Places]:
        """Return where any of some strings begins and ends, in order."""
        starts = np.concatenate([self.starts(field, text) for text in texts])
        sizes = [np.full(len(self.starts(field, text)), len(text)) for text in texts]
        ends = starts + np.concatenate(sizes)
        order = np.argsort(starts, kind="stable")
        return starts[order], ends[order]

    def _is_near(
        self,
        field: str,
        some: tuple[Places, Places],
        spans: tuple[Places, Places],
        gap: int,
        *,
        both: bool,
    ) -> Mask:
        """Tell of each span whether one of some others is near, before it or on `both` sides."""
        starts, ends = spans
        values = self._values_at(field, starts)
        others = np.sort(some[1])
        at = np.searchsorted(others, starts, side="right") - 1
        before = np.append(others, 0)[at]  # of -1, an end that is too far
        near: Mask = (at >= 0) & (before >= starts - gap)
        near &= self._values_at(field, before - 1) == values
        if not both:
            return near
        after = at_least(some[0], ends)
        also = (after >= 0) & (after <= ends + gap)
        also &= self._values_at(field, after) == values  # of -1, whatever it is
        return near | also

    def _pinyin(self, reading: tuple[str, ...], field: str) -> Places:
        """Find the pairs that two syllables can be, and where these follow each other."""
        from search.query.pinyin import characters

        sets = [self._codes(field, characters(syllable)) for syllable in reading]
        found = None
        for offset in dict.fromkeys([*range(0, len(sets) - 1, 2), len(sets) - 2]):
            terms = self._pairs(field, sets[offset], sets[offset + 1])
            named = f"py:{reading[offset]} {reading[offset + 1]}"
            places = self._places_of(field, terms, named) - offset
            found = places if found is None else common(found, places)
            if not len(found):
                break
        return NONE if found is None else found

    def _codes(self, field: str, characters: frozenset[str]) -> list[int]:
        """Return the numbers of characters, as far as they stand in a field, in order."""
        codes = (self.segment.grams(field).code(char) for char in characters)
        return sorted(code for code in codes if code > 0)

    def _pairs(self, field: str, firsts: list[int], seconds: list[int]) -> Ints:
        """Return the numbers of the pairs of a first and a second character, in order."""
        grams = self.segment.grams(field)
        wanted = np.zeros(len(grams.characters), dtype=bool)
        wanted[seconds] = True
        found = [NONE]
        for code in firsts:
            low, high = grams.beginning_with(code)
            found.append(
                low + np.flatnonzero(wanted[postings_numpy.whole_numbers(grams.seconds[low:high])])
            )
        return np.concatenate(found)
