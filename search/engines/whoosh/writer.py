"""Changing an index: new segments, deletions and merges, all at once or not at all."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from search.analysis import user_dictionary
from search.engines.port import Prepared, Reading, Told, taken
from search.engines.whoosh.codec import docstore_writer, postings_numpy
from search.engines.whoosh.codec.container import Container, FormatError
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.segment_merge import merge, shares
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.segment_writer import BATCH_CHARACTERS, write_batch
from search.engines.whoosh.damage import damaged, faults_of, refused, refusing_damage
from search.engines.whoosh.segment_list import (
    Listed,
    Manifest,
    open_segments,
    seal,
)
from search.engines.whoosh.whoosh_table import table_of_contents
from search.engines.whoosh.workers import WorkerDied, Workers
from search.model.article import ARTICLE, KINDS, PAGE, Article, Kind
from search.model.errors import IndexUnwritable
from search.model.frozen import replace
from search.system.checksums import Stamp
from search.system.files import replacing

Made = TypeVar("Made")

TIER = 8
"""Segments of about one size that are merged into one of the next size."""

WORTH_A_PROCESS = 1 << 24
"""Bytes of segments that are merged by several processes."""

MOST = 32
"""Segments merged at once: each takes memory for its terms, and an open file."""

SMALLEST = 1 << 20
"""Bytes below which a segment counts as of the smallest size."""


class WhooshWriter:
    """One change to an index; nothing leads to what it writes."""

    def __init__(self, folder: Path, segments: Iterable[Listed] = (), *, jobs: int = 1) -> None:
        """Begin a change to some segments; `jobs` processes read and analyse articles."""
        docstore_writer.forget_dictionary()
        self._folder = folder
        self._listed = {listed.name: listed for listed in segments}
        self._old = open_segments(folder, self._listed.values())
        self._manifest = Manifest()
        self._removed: set[str] = set()
        self._new: dict[int, list[Listed]] = {}
        self._jobs = jobs
        self._workers = Workers(jobs)
        # What begins so was written by this change: here, in a worker, or by a worker that died.
        self._mark = f"MAIN_{secrets.token_hex(6)}"
        self._made_names = 0
        self._table = b""

    @property
    def portion(self) -> int:
        """How many bytes make a segment: Han takes 3 in UTF-8, and around it is some ASCII."""
        return max(1, BATCH_CHARACTERS * 5 // 2)

    def add(
        self,
        readings: Iterable[tuple[int, Reading[Told]]],
        tell: Callable[[int, Told], None] = lambda *_: None,
    ) -> None:
        """Add the articles of readings, here or in worker processes."""
        works = (
            (number, partial(_write, self._folder, self._name(), reading, user_dictionary.used()))
            for number, reading in readings
        )
        if self._jobs == 1:
            for number, work in works:
                self._take(number, self._made(work), tell)
            return
        done = self._workers.run(works)
        while finished := self._made(lambda: next(done, None)):
            self._take(*finished, tell)

    def _take(
        self, number: int, made: tuple[list[Listed], Told], tell: Callable[[int, Told], None]
    ) -> None:
        """Keep the segments of a reading, in the place of earlier ones of its number."""
        segments, told = made
        for replaced in self._new.get(number, ()):
            (self._folder / replaced.name).unlink()
        self._new[number] = segments
        tell(number, told)

    def _name(self) -> str:
        """Return what the names of the next segments begin with, as long as any other."""
        self._made_names += 1
        return f"{self._mark}{self._made_names:08x}"

    def _made(self, make: Callable[[], Made]) -> Made:
        """Return what `make` returns; what stops it stops the change, not one paper of it."""
        try:
            return make()
        except (OSError, FormatError, WorkerDied, MemoryError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else ""
            raise IndexUnwritable(
                f"the index cannot be written: {reason or exc or type(exc).__name__}",
                "give it room and memory (fewer --jobs take less)",
            ) from exc

    def remove(self, path: str) -> None:
        """Remove the articles of a path that the index holds."""
        self._removed.add(path)

    def _deleted(self, segment: Segment) -> bytes:
        """Return the bitmap of the deleted documents of a segment after this change."""
        paths = enumerate(segment.paths()) if self._removed else ()
        gone = {number for number, path in paths if path in self._removed}
        if not gone:
            return segment.deleted
        bits = bytearray(segment.deleted or bytes((segment.count + 7) // 8))
        postings = postings_numpy.Postings(segment)
        for number in postings.listed(postings.of_paths(gone)):
            bits[number >> 3] |= 1 << (number & 7)
        return bytes(bits)

    def prepare(self, number: int) -> Prepared:
        """Merge what has become many segments, and return what then is the index."""
        new = [listed for _, segments in sorted(self._new.items()) for listed in segments]
        with refusing_damage(self._old):
            old = [replace(self._listed[s.name], deleted=self._deleted(s)) for s in self._old]
        for segment in self._old:
            segment.close()
        current = [listed for listed in old if listed.live]
        sealed = {kind: self._sealed(kind, current + new) for kind in KINDS}
        self._workers.end()
        manifest = Manifest(number, sealed[ARTICLE], pages=sealed[PAGE])
        self._table = table_of_contents(manifest)
        stamp = Stamp(len(self._table), zlib.crc32(self._table))
        self._manifest = replace(manifest, table=stamp)
        fresh = [s.name for s in manifest.all if s.name.startswith(self._mark)]
        return Prepared(
            tuple(self._folder / name for name in fresh),
            self._manifest.listed(),
            self._manifest.names,
        )

    def _sealed(self, kind: Kind, segments: list[Listed]) -> tuple[Listed, ...]:
        """Return the segments of a kind, merged as far as they are too many."""
        of_kind = [listed for listed in segments if listed.kind == kind]
        return tuple(
            listed if listed.size else self._made(partial(seal, self._folder, listed))
            for listed in self._merged(of_kind, whole=not self._old)
        )

    def commit(self) -> None:
        """Write Whoosh's table: the change is made."""
        if self._table:
            with replacing(self._folder / self._manifest.table_name) as file:
                file.write(self._table)

    def _merged(self, segments: list[Listed], *, whole: bool) -> list[Listed]:
        """Merge neighbours until fewer than TIER of any size are left.

        `whole` makes one of all: an index just built is searched more than it is changed.
        """
        while whole and len(segments) > 1:
            last = len(segments) <= MOST
            groups = [segments[i : i + MOST] for i in range(0, len(segments), MOST)]
            segments = [self._one_of(group, last=last) for group in groups]
        while chosen := _crowd(self._folder, segments):
            group = segments[chosen.start : chosen.stop]
            segments[chosen.start : chosen.stop] = [self._one_of(group)]
        return segments

    def _one_of(self, segments: list[Listed], *, last: bool = False) -> Listed:
        """Return one segment in the place of some."""
        if len(segments) == 1 and not segments[0].deleted:
            return segments[0]
        for listed in segments:
            if not listed.name.startswith(self._mark):
                _refuse_damaged(self._folder, listed)
        merged = self._made(partial(self._merge, segments, last))
        for listed in segments:
            if listed.name.startswith(self._mark):
                (self._folder / listed.name).unlink()
        return merged

    def _merge(self, segments: list[Listed], last: bool) -> Listed:
        """Merge segments into one; a large one in parts, by several processes."""
        name = self._name()
        size = sum((self._folder / listed.name).stat().st_size for listed in segments)
        if self._jobs == 1 or size < WORTH_A_PROCESS:
            return _merge(self._folder, f"{name}.sou", segments, last)
        works = [
            (part, partial(_merge, self._folder, f"{name}{i:04x}.sou", segments, last, part))
            for i, part in enumerate(map(frozenset, shares(self._jobs)))
        ]
        parts = [listed for _, listed in self._workers.run(works)]
        self._workers.end()  # what they hold is more than what copying needs
        with refusing_damage([]), ContainerWriter(self._folder / f"{name}.sou") as out:
            for part in parts:
                with Container(self._folder / part.name) as container:
                    out.copy(container)
                (self._folder / part.name).unlink()
        return replace(parts[0], name=f"{name}.sou")

    def cancel(self) -> None:
        """Forget the change."""
        self._workers.end()
        for segment in self._old:
            segment.close()
        for path in self._folder.glob(f"{self._mark}*"):
            with suppress(OSError):
                path.unlink()


def _write(
    folder: Path, name: str, reading: Reading[Told], words: frozenset[str]
) -> tuple[list[Listed], Told]:
    """Write the articles of a reading as segments, one for each batch; return what it tells.

    A batch is in memory at a time, however much there is to read; what of it are records of
    pages is a segment by itself. `words` are the user's own.
    """
    user_dictionary.use(words)
    segments: list[Listed] = []
    told: list[Told] = []
    articles = taken(reading, told)
    while not told:
        batches: dict[Kind, list[Article]] = {kind: [] for kind in KINDS}
        size = 0
        for article in articles:
            batches[article.kind].append(article)
            size += _size(article)
            if size >= BATCH_CHARACTERS:
                break
        for kind, batch in batches.items():
            if batch:
                file = f"{name}{len(segments):04x}.sou"
                segments.append(Listed(file, write_batch(folder / file, batch), kind=kind))
    return segments, told[0]


def _size(article: Article) -> int:
    """Return the characters of an article; what is kept of any takes about as much as 100."""
    short = [article.paper, article.section, article.key, article.url, article.part]
    short += [article.page, article.issue, article.edition]
    short.extend(article.authors)
    return len(article.body) + len(article.title) + sum(len(text or "") for text in short) + 100


def _refuse_damaged(folder: Path, listed: Listed) -> None:
    """Raise IndexDamaged for a segment that is not what was written: merged, it would be."""
    try:
        segment = Segment(folder, listed.name, listed.deleted)
    except FormatError as exc:
        raise refused(exc) from exc
    try:
        faults = faults_of(segment, stored=False)
    finally:
        segment.close()
    if faults:
        raise damaged(faults[0])


def _merge(
    folder: Path,
    name: str,
    segments: list[Listed],
    last: bool,
    parts: frozenset[str] | None = None,
) -> Listed:
    """Merge segments, or parts of them, into a file."""
    opened: list[Segment] = []
    try:
        with refusing_damage(opened):
            opened += open_segments(folder, segments)
            count = merge(opened, folder / name, last=last, parts=parts)
            return Listed(name, count, kind=segments[0].kind)
    finally:
        for segment in opened:
            segment.close()


def _crowd(folder: Path, segments: list[Listed]) -> range:
    """Return the first TIER neighbours of one size or less, or an empty range.

    A segment most of which is deleted is a crowd by itself.
    """
    for i, listed in enumerate(segments):
        if listed.live * 2 < listed.count:
            return range(i, i + 1)
    sizes = [_tier(folder / listed.name, listed) for listed in segments]
    for i in range(len(sizes) - TIER + 1):
        if max(sizes[i : i + TIER]) == sizes[i]:
            return range(i, i + TIER)
    return range(0)


def _tier(path: Path, listed: Listed) -> int:
    size, tier = path.stat().st_size * listed.live // max(1, listed.count), 0
    while size > SMALLEST:
        size //= TIER
        tier += 1
    return tier
