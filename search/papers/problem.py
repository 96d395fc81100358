"""Something in the corpus that could not be read, told to the user as one line."""

from __future__ import annotations

from search.record import record


@record
class Problem:
    """One thing that could not be read: a file, a folder, or one record of a file.

    `path` is spelled as the user gave it; `line` counts from 1 and is None when the whole
    file or folder is meant. Reading goes on after a problem, so this is data, not an error.
    `lost` is false for a remark on what was read all the same. `again` says that the file is
    to be read again next time, though it has not changed: a library may then be there.
    """

    path: str
    reason: str
    line: int | None = None
    lost: bool = True
    again: bool = False

    def __str__(self) -> str:
        """Return `path:line: reason`, the form editors and grep use."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"
