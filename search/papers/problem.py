"""Something in the corpus that could not be read, told to the user as one line."""

from __future__ import annotations

from search.model.errors import PaperError
from search.model.frozen import frozen
from search.model.path_spelling import shown

_FRAMES = 8
_MAX_REASON = 200
_MOST_CHARACTERS = 600


@frozen
class Problem:
    """One thing that could not be read: a file, a folder, or one record of a file.

    `path` is spelled as the user gave it; `line` counts from 1 and is None when the whole
    file or folder is meant. Reading goes on after a problem, so this is data, not an error.
    `lost` is false for a remark on what was read all the same. `again` says that the file is
    to be read again next time, though it has not changed: a library may then be there.
    `detail` is for who wants to repair sou: the end of a traceback, in several lines, or empty.
    """

    path: str
    reason: str
    line: int | None = None
    lost: bool = True
    again: bool = False
    detail: str = ""

    @property
    def short(self) -> str:
        """The reason, as long as it can be and still be read: names in it may have any length."""
        if len(self.reason) <= _MOST_CHARACTERS:
            return self.reason
        return f"{self.reason[: _MOST_CHARACTERS // 2]}…{self.reason[-_MOST_CHARACTERS // 2 :]}"

    def __str__(self) -> str:
        """Return `path:line: reason`, the form editors and grep use."""
        path = shown(self.path)
        place = path if self.line is None else f"{path}:{self.line}"
        return f"{place}: {self.reason}"


def unforeseen(exc: Exception) -> PaperError:
    """Return an error that no reader should raise as one of the paper that it was raised by.

    A reader that fails costs one file, and the error is kept so that it can be repaired.
    """
    import traceback

    detail = "".join(traceback.format_exception(exc, limit=-_FRAMES, chain=False)).rstrip()
    if isinstance(exc, MemoryError):
        return PaperError("reading it needs more memory than is allowed", detail=detail)
    text = " ".join(f"{type(exc).__name__}: {exc}".split()).rstrip(": ")
    if len(text) > _MAX_REASON:
        text = text[: _MAX_REASON - 1] + "…"
    return PaperError(f"its reader failed, which is an error in sou: {text}", detail=detail)
