"""Full-text search for Chinese newspaper archives: the package behind `sou`.

Programs import `sou`; `search.open_index` is `sou.open`.
"""

# No more is imported here: `python -m search` loads this while the working folder is still
# on Python's path (search/system/module_path.py).
import os

TYPE_CHECKING = False  # as type checkers know it without `typing`
if TYPE_CHECKING:
    from search.api import Index

__all__ = ["open_index"]


def open_index(folder: str | os.PathLike[str] = "index_data") -> "Index":
    """Open an index for searching, as `sou.open` does.

    Raises search.model.errors.IndexMissing, IndexOutdated or IndexDamaged.
    """
    from search.api import Index

    return Index(folder)
