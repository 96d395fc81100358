"""Names for arrays of numpy, for whoever checks types: nothing imports this when sou runs."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
"""Numbers of documents or terms, positions, offsets, counts."""

Mask: TypeAlias = NDArray[np.bool_]

Octets: TypeAlias = NDArray[np.uint8]
"""Bytes of a file."""

Numbers: TypeAlias = NDArray[np.integer[Any] | np.floating[Any]]
"""Counts, whole or weighted."""

Whole: TypeAlias = NDArray[np.integer[Any]]
"""Whole numbers of whatever size the file or the arithmetic has them in."""
