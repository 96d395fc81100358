"""The engines there are: one entry for each, found by the address of an index.

An address is the path of a folder, or `SCHEME://...` for an engine that has a scheme. Nothing
of an engine is loaded before an index of it is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from search.model.frozen import frozen

if TYPE_CHECKING:
    from search.engines.port import Storage


@frozen
class Entry:
    """An engine: its name, what loads how it stores an index, and the scheme of its addresses.

    An index of an engine without a scheme is a folder.
    """

    name: str
    load: Callable[[], Storage]
    scheme: str = ""

    def has(self, address: str) -> bool:
        """Return whether an address is one of this engine; a path has a slash less than it."""
        return not self.scheme or address.startswith(f"{self.scheme}:/")


def _whoosh() -> Storage:
    from search.engines.whoosh import storage

    return storage


ENGINES: tuple[Entry, ...] = (Entry("whoosh", _whoosh),)
"""Those with a scheme first: the one without takes what is left."""


def storage_of(address: str) -> Storage:
    """Return how the engine of an address stores an index."""
    return next(entry for entry in ENGINES if entry.has(address)).load()
