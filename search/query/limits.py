"""What a query may ask for at most: each limit once, with what it bounds.

A query that would pass one is an error that names the limit and says how to narrow the
query; nothing is cut off in silence.
"""

from __future__ import annotations

LENGTH = 20_000
"""Characters of a query; a longer text is a file given by mistake."""

DEPTH = 100
"""Levels of brackets and NOTs."""

CLAUSES = 1000
"""Words, strings, patterns, dates."""

PATTERNS = 32
"""Wildcards, fuzzy strings, NEAR and ADJ, exact forms, whole words, pinyin and regular expressions."""

GAP = 8
"""Characters that a `*` inside a pattern stands for. Chinese has no spaces that would end
a word, so something else must."""

GAPS = 8
"""Places of `*` and `?` in one pattern."""

FUZZY_LEAST, FUZZY_MOST = 3, 32
"""Characters of a fuzzy string. Of two, one wrong would leave one that is in every article."""

FUZZY_TWO_LEAST = 6
"""Characters of one in which two may be wrong: of its thirds one is right, and two characters."""

FUZZY_ARTICLES = 5_000
"""Articles in which a string of two wrong characters may have to be looked for: a second."""

NEAR = 10
"""Characters between strings that are NEAR each other, or ADJ, when no number is given."""

NEAR_MOST = 1000
"""Characters between strings that are NEAR each other."""

SYLLABLES = 12
"""Syllables of a text in pinyin."""

READINGS = 16
"""Ways to divide letters into syllables (xian is xian and xi an)."""

BOOST = 100.0
"""What a leaf's score can be multiplied by."""

PLACES = 20_000_000
"""Bytes of encoded positions that a pattern may have read in one segment, and so about how
many positions. 160 MB of memory, half a second."""

CANDIDATES = 20_000
"""Articles that a regular expression may have to be tried on."""

REGEX_LENGTH = 500
"""Characters of a regular expression."""

REGEX_DEPTH = 50
"""Levels of brackets in a regular expression."""

REGEX_COST = 5_000
"""Parts of a regular expression when each is written out as often as it may come. It takes
some milliseconds and megabytes to compile."""

REGEX_TEXT = 1_000_000
"""Characters of a text on which a regular expression is tried: for each, the way back may be
kept, which takes 150 bytes or more."""

EXACT_SECONDS = 20.0
"""Seconds in which the articles are read that have a string of `=` in one form or another."""

REGEX_SECONDS = 5.0
"""Wall time for the regular expressions of a query, reading included."""
