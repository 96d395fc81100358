"""Full-text search for Chinese newspaper archives.

The Python API in full:

    from search import open_index

    with open_index("index_data") as index:
        results = index.search("志愿服务", limit=5)
        for hit in results:
            print(hit.rank, hit.title, hit.article.path, hit.article.line)
"""

# No more is imported here: `python -m search` loads this while the working folder is still
# on Python's path (search/system/module_path.py).
import os

TYPE_CHECKING = False  # as type checkers know it without `typing`
if TYPE_CHECKING:
    from search.api import Index

__all__ = ["open_index"]


def open_index(folder: str | os.PathLike[str] = "index_data") -> "Index":
    """Open an index for searching.

    Raises search.model.errors.IndexMissing, IndexOutdated or IndexDamaged.
    """
    from search.api import Index

    return Index(folder)
