"""The kinds of steps in a posting list. See `lists` (with numpy) and `plain` (without)."""

from __future__ import annotations

VARINTS, BYTES, SHORTS = 0, 1, 2

WIDEST = {BYTES: 0xFF, SHORTS: 0xFFFF}
"""The number that stands for itself and says that more is to be added."""

LONG = 50
"""Steps from which on another kind than varints is thought of."""

LONG_BYTES = 256
"""Bytes of varints that are LONG for certain."""
