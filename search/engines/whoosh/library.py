"""Whoosh: what sou uses of it, imported here and nowhere else, without a word.

Whoosh 2.7.4 was written when Python let unknown escapes in strings pass. Today each warns
when it is compiled: wherever Python cannot keep what it compiled, on every start; and where
warnings are errors, the import fails. That is no news to the user.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import fields, formats, index
    from whoosh.codec import base
    from whoosh.columns import ColumnReader
    from whoosh.filedb.filestore import RamStorage
    from whoosh.matching import ListMatcher
    from whoosh.reading import TermInfo

__all__ = [
    "ColumnReader",
    "ListMatcher",
    "RamStorage",
    "TermInfo",
    "base",
    "fields",
    "formats",
    "index",
]
