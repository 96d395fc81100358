"""The errors sou raises, each with what to do next and the exit status it becomes.

Adapters turn foreign errors into these (`raise ... from exc`); `search.cli` prints one
once and exits with its `exit_code`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it without `typing`
if TYPE_CHECKING:
    from typing import Any

EXIT_FOUND = 0
EXIT_NOTHING = 1
EXIT_REQUEST = 2
EXIT_INDEX = 3
EXIT_BUSY = 4
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class SouError(Exception):
    """Base of every error sou raises on purpose: a message, and a hint or an empty string."""

    exit_code = EXIT_REQUEST

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RequestError(SouError):
    """The request cannot be carried out as it was given."""


class ConsentNeeded(RequestError):
    """What was asked for needs a yes: it reads papers not named before, or much would be lost."""


class LimitError(RequestError):
    """A query that would need more than `search.query.limits` allows."""


class QueryError(SouError):
    """A query that cannot be read; `start` and `end` are offsets into `query`."""

    def __init__(
        self, message: str, query: str, start: int, end: int | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.query = query
        self.start = start
        self.end = max(start + 1, end if end is not None else start + 1)

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how it is made again in another process: Exception would give the message alone."""
        return type(self), (self.message, self.query, self.start, self.end, self.hint)


class Unpaired(QueryError):
    """A query with a quote or bracket that has no other half, or nothing inside."""


class PaperError(SouError):
    """A file that cannot be read as a paper; the message is the reason alone.

    `detail` is the end of a traceback where the error is one that nobody foresaw.
    """

    def __init__(self, message: str, hint: str = "", *, detail: str = "") -> None:
        super().__init__(message, hint)
        self.detail = detail


class ArticleMissing(SouError):
    """No article has the id that was named."""

    exit_code = EXIT_NOTHING


class IndexProblem(SouError):
    """Base of what is the matter with an index, and not with what is asked of it."""

    exit_code = EXIT_INDEX


class IndexMissing(IndexProblem):
    """There is no index where one was looked for."""


class IndexOutdated(IndexProblem):
    """The index was built by other settings or another version of the analysis."""


class IndexDamaged(IndexProblem):
    """The index cannot be read."""


class IndexBusy(IndexProblem):
    """Another process is writing to the index."""

    exit_code = EXIT_BUSY


class IndexUnwritable(IndexProblem, RequestError):
    """The index cannot be written: a disk that is full or fails, or no permission."""

    exit_code = EXIT_REQUEST
