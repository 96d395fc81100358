"""jieba's dictionary as a mapped file: words for a query without loading jieba.

Loading jieba costs more than a second of CPU, a query a few dozen look-ups. So the dictionary
is compiled once into a file that is mapped and searched in place; opening it reads one page.

The words are jieba's and their folded forms (`search.analysis.jieba_loader`). What is done with
them, and in which order of additions, is `search.analysis.jieba_algorithm`.

The file, little-endian, without padding:

    header   magic "souwords", format version u32;
             jieba's files: total size u64, CRC of sizes and times u32, CRC of contents u32;
             size of this file u64, sum of all frequencies u64, number of words u32, number
             of emission rows u32, where blob, emissions and sums begin u64 each, CRC of the
             sums u32; CRC of all this u32
    hmm      f64: start[B, E, M, S], then transition[from][to] in the same order of states
    firsts   u32 for each of U+4E00 to U+9FD6: the first word not before that character
    entries  (u32 start in blob, u32 frequency) for each word, and one more (end of blob, 0)
    blob     the words in UTF-8, sorted
    rows     (u32 character, f64 log-probability in B, E, M, S), sorted by character
    sums     CRC u32 of each block of 16 kB of all from hmm to rows

A block is read and compared with its sum when something in it is needed for the first time:
the whole file would cost 3 ms, more than the rest of a small query; what a query needs of it,
a tenth of that.

Prefixes, which jieba keeps as words of frequency 0, are not stored: where a prefix would
stand among the sorted words, the next word begins with it. Those of frequency 0 that begin no
other word can neither be chosen nor lead to one. Frequencies are stored, not their
logarithms: those are worked out by the machine that also works them out for jieba.
"""

from __future__ import annotations

import mmap
import os
import stat
import zlib
from math import log
from struct import Struct
from typing import TYPE_CHECKING, Any

from search.analysis.jieba_algorithm import FIRST, LAST, NEVER, STATES, Cutter, Levels
from search.system.files import is_own, open_regular, replacing

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 3
"""Raised with every change of the layout, or of the words besides jieba's (`folded_words`);
part of the file's name, too."""

_MAGIC = b"souwords"
_HEADER = Struct("<8sIQIIQQIIQQQI")
_U32 = Struct("<I")
_HMM = Struct("<20d")
_RANGE = Struct("<II")
_ENTRY = Struct("<III")
_ROW = Struct("<I4d")
_LEVELS = Struct("<4d")
_HMM_AT = _HEADER.size + _U32.size
_FIRSTS_AT = _HMM_AT + _HMM.size
_ENTRIES_AT = _FIRSTS_AT + 4 * (LAST - FIRST + 2)
_BLOCK = 1 << 14
"""Bytes that have a sum."""


class DamagedLexicon(ValueError):
    """A compiled dictionary that is not what was written."""


class Lexicon(Cutter):
    """A compiled dictionary, mapped. Made by `Lexicon.open`; usable from several threads.

    Every use of it may raise DamagedLexicon.
    """

    def __init__(self, data: mmap.mmap) -> None:
        fields = _HEADER.unpack_from(data)
        self.source: tuple[int, int, int] = fields[2:5]
        total, self._count, self._row_count, self._blob, self._rows = fields[6:11]
        self._sums, crc = fields[11:]
        self._log_total = log(total)
        self._data = data
        self._view = memoryview(data)
        if zlib.crc32(self._view[self._sums :]) != crc:
            raise DamagedLexicon("its sums are damaged")
        self._sound = bytearray(-(-(self._sums - _HMM_AT) // _BLOCK))
        self._prove(_HMM_AT, _ENTRIES_AT)
        hmm = _HMM.unpack_from(data, _HMM_AT)
        pairs = [before + after for before in STATES for after in STATES]
        super().__init__(hmm[:4], dict(zip(pairs, hmm[4:], strict=True)))

    @classmethod
    def open(cls, path: Path) -> Lexicon:
        """Map a file; ValueError says what is wrong with one that cannot be used.

        It must be ours, and closed to the writing of others. The header has a CRC and knows
        the file's size; the rest is compared with its sums as it is used.
        """
        with open_regular(path) as file:
            status = os.fstat(file.fileno())
            size = status.st_size
            if not is_own(status):
                raise ValueError(f"{path} is another's, or others can write to it")
            head = file.read(_HMM_AT)
            if not head.startswith(_MAGIC):
                raise ValueError(f"{path} is not a compiled dictionary")
            version = int.from_bytes(head[8:12], "little")
            if len(head) == _HMM_AT and version != FORMAT:
                raise ValueError(f"{path} has format {version}, not {FORMAT}")
            if len(head) < _HMM_AT or _U32.unpack(head[-4:])[0] != zlib.crc32(head[:-4]):
                raise ValueError(f"{path} has a damaged header")
            if _HEADER.unpack_from(head)[5] != size:
                raise ValueError(f"{path} is not as long as it should be")
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def is_current(self) -> bool:
        """Return whether the installed jieba's files are those this was compiled from.

        Sizes and times decide. Where the times alone differ (the same jieba in another
        environment, the cache being shared), the contents do, at a cost of some milliseconds.
        """
        folder = _jieba_folder()
        if folder is None:
            return False
        try:
            size, stamp = _stamp(folder)
            if (size, stamp) == self.source[:2]:
                return True
            return size == self.source[0] and _contents(folder) == self.source[2]
        except OSError:
            return False

    def _prove(self, start: int, stop: int) -> None:
        """Compare the blocks from `start` to `stop` with their sums, unless that was done."""
        blocks = range((start - _HMM_AT) // _BLOCK, -(-(stop - _HMM_AT) // _BLOCK))
        for block in blocks:
            if not self._sound[block]:
                at = _HMM_AT + block * _BLOCK
                data = self._view[at : min(at + _BLOCK, self._sums)]
                if zlib.crc32(data) != _U32.unpack_from(self._data, self._sums + 4 * block)[0]:
                    raise DamagedLexicon("a block is damaged")
                self._sound[block] = True

    def _ends(self, block: str) -> list[int]:
        data, blob, log_total = self._data, self._blob, self._log_total
        entry, entries, locate = _ENTRY.unpack_from, _ENTRIES_AT, self._locate
        raw = block.encode()  # three bytes for each character
        size = len(block)
        best = [0.0] * (size + 1)
        ends = list(range(1, size + 1))
        for at in range(size - 1, -1, -1):
            top = float("-inf")
            low, high = self._starting_with(block[at])
            end = at + 1
            while low < high:
                start, frequency, stop = entry(data, entries + 8 * low)
                word, key = data[blob + start : blob + stop], raw[3 * at : 3 * end]
                if word == key:
                    if frequency:
                        score = log(frequency) - log_total + best[end]
                        if score >= top:  # of equal routes the one with the longer word
                            top, ends[at] = score, end
                    low += 1
                elif not word.startswith(key):
                    break
                end += 1
                if end > size:
                    break
                low = locate(raw[3 * at : 3 * end], low, high)
            best[at] = top if top > float("-inf") else 0.0 - log_total + best[at + 1]
        return ends

    def _starting_with(self, char: str) -> tuple[int, int]:
        """Return the range of the words that start with a known character: sound, all of them."""
        low, high = _RANGE.unpack_from(self._data, _FIRSTS_AT + 4 * (ord(char) - FIRST))
        first, last = _ENTRIES_AT + 8 * low, _ENTRIES_AT + 8 * high
        self._prove(first, last + 8)  # where the words end stands in the entry behind them
        start, stop = (_U32.unpack_from(self._data, at)[0] for at in (first, last))
        self._prove(self._blob + start, self._blob + stop)
        return low, high

    def _locate(self, key: bytes, low: int, high: int) -> int:
        """Return the first word from `low` on that does not sort before the key."""
        data, blob, entry, entries = self._data, self._blob, _ENTRY.unpack_from, _ENTRIES_AT
        while low < high:
            middle = (low + high) // 2
            start, _, stop = entry(data, entries + 8 * middle)
            if data[blob + start : blob + stop] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _frequency(self, word: str) -> int:
        key = word.encode()
        low, high = self._starting_with(word[0])
        low = self._locate(key, low, high)
        if low < high:
            start, frequency, stop = _ENTRY.unpack_from(self._data, _ENTRIES_AT + 8 * low)
            if self._data[self._blob + start : self._blob + stop] == key:
                return int(frequency)
        return 0

    def _levels(self, char: str) -> Levels:
        self._prove(self._rows, self._sums)
        data, rows, code = self._data, self._rows, ord(char)
        low, high = 0, self._row_count
        while low < high:
            middle = (low + high) // 2
            found = _U32.unpack_from(data, rows + _ROW.size * middle)[0]
            if found == code:
                return _LEVELS.unpack_from(data, rows + _ROW.size * middle + 4)
            if found < code:
                low = middle + 1
            else:
                high = middle
        return NEVER


def compile_lexicon(target: Path) -> None:
    """Write the compiled form of the installed jieba's dictionary and model to a file.

    The file appears under its name when it is whole, so of two writers the last one wins.
    OSError when it cannot be written; on Windows also while somebody has the old one mapped.
    """
    from pathlib import Path

    from search.analysis.jieba_loader import import_jieba, read_dictionary

    jieba = import_jieba()
    folder = Path(jieba.__file__).parent
    stamp = _stamp(folder)  # before anything is read: a file changed meanwhile has a later one
    source = (*stamp, _contents(folder))
    parts = _sections(*read_dictionary(jieba.Tokenizer()), jieba.finalseg, source)
    with replacing(target, 0o600) as file:
        file.writelines(parts)


def _sections(
    frequencies: dict[str, int], total: int, model: Any, source: tuple[int, int, int]
) -> list[bytes]:
    """Return the parts of the file in their order, the header first."""
    from bisect import bisect_left
    from itertools import accumulate

    # By code points, which is also the order of the bytes of UTF-8.
    words = sorted(word for word, frequency in frequencies.items() if frequency)
    firsts = [bisect_left(words, chr(code)) for code in range(FIRST, LAST + 2)]
    blob = [word.encode() for word in words]
    offsets = accumulate(map(len, blob), initial=0)
    counts = [*(frequencies[word] for word in words), 0]
    entries = [number for pair in zip(offsets, counts, strict=True) for number in pair]
    hmm = [model.start_P[state] for state in STATES]
    hmm += [model.trans_P[a].get(b, model.MIN_FLOAT) for a in STATES for b in STATES]
    tables = [model.emit_P[state] for state in STATES]
    seen = sorted(set().union(*tables))
    rows = [
        _ROW.pack(ord(char), *(table.get(char, model.MIN_FLOAT) for table in tables))
        for char in seen
    ]
    body = [
        _HMM.pack(*hmm),
        Struct(f"<{len(firsts)}I").pack(*firsts),
        Struct(f"<{len(entries)}I").pack(*entries),
        b"".join(blob),
        b"".join(rows),
    ]
    at = [*accumulate(map(len, body), initial=_HMM_AT)]
    whole = b"".join(body)
    sums = [zlib.crc32(whole[start : start + _BLOCK]) for start in range(0, len(whole), _BLOCK)]
    end = Struct(f"<{len(sums)}I").pack(*sums)
    places = (at[5] + len(end), total, len(words), len(seen), at[3], at[4], at[5])
    header = _HEADER.pack(_MAGIC, FORMAT, *source, *places, zlib.crc32(end))
    return [header, _U32.pack(zlib.crc32(header)), whole, end]


def lexicon_path() -> Path | None:
    """Return where the compiled dictionary belongs; None when this user has no cache folder."""
    folder = _cache_folder()
    return folder and folder / f"lexicon-{FORMAT}.bin"


def _cache_folder() -> Path | None:
    """Return a folder that is this user's alone to write to; make it if there is none."""
    from pathlib import Path

    try:
        given = os.environ.get("XDG_CACHE_HOME", "")
        # A relative one is to be ignored (the specification): it would lie where one stands.
        base = Path(given) if os.path.isabs(given) else Path.home() / ".cache"  # noqa: PTH117
        folder = base / "sou"
        if not os.path.lexists(folder):
            _make(folder)
        status = folder.lstat()
    except (OSError, RuntimeError):  # RuntimeError: nobody knows where home is
        return None
    usable = stat.S_ISDIR(status.st_mode) and is_own(status) and os.access(folder, os.W_OK)
    return folder if usable else None


def _make(folder: Path) -> None:
    """Make a folder that is ours alone, in a place that is ours, or the system's.

    Else somebody could take it away and put another there: root would make it so in the home
    of the user whose environment it runs in, who could then no longer use it.
    """
    above = folder.parent
    while not above.exists():
        above = above.parent
    user = getattr(os, "geteuid", None)
    if user and above.stat().st_uid not in {0, user()}:
        raise PermissionError(above)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def open_lexicon() -> Lexicon | None:
    """Return the compiled dictionary of the installed jieba, or None when there is none yet."""
    path = lexicon_path()
    try:
        lexicon = path and Lexicon.open(path)
    except (OSError, ValueError):
        return None
    return lexicon if lexicon and lexicon.is_current() else None


def _jieba_folder() -> Path | None:
    """Find the installed jieba without importing it, which is what costs.

    By the search path alone: `importlib.util.find_spec` finds the same and costs an import.
    """
    from importlib.machinery import PathFinder
    from pathlib import Path

    spec = PathFinder.find_spec("jieba")
    return Path(spec.origin).parent if spec and spec.origin else None


def _files(folder: Path) -> list[Path]:
    """Return the files of jieba that decide how it cuts."""
    model = [folder / "finalseg" / f"prob_{name}.py" for name in ("start", "trans", "emit")]
    return [folder / "dict.txt", *model]


def _stamp(folder: Path) -> tuple[int, int]:
    """Return the size of jieba's files and a checksum of each one's size and time."""
    states = [path.stat() for path in _files(folder)]
    facts = repr([(state.st_size, state.st_mtime_ns) for state in states])
    return sum(state.st_size for state in states), zlib.crc32(facts.encode())


def _contents(folder: Path) -> int:
    """Return a checksum of what jieba's files contain."""
    crc = 0
    for path in _files(folder):
        crc = zlib.crc32(path.read_bytes(), crc)
    return crc
