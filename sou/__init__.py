"""Full-text search for Chinese newspaper archives, from Python.

It gives the answers that the command `sou` gives, with its flags as keywords:

>>> import sou
>>> with sou.open("index_data") as index:
...     results = index.search("志愿服务", limit=2)
...     for hit in results:
...         print(hit.rank, hit.date, hit.title)

"""

# A package of one module, since the types of a bare module are seen by no type checker (PEP 561).


def _see_that_search_is_ours() -> None:
    """Raise ImportError where `search`, on which all of this rests, is another module.

    Whoever has a search.py of their own has it found first; that it lacks `search.api` would
    say nothing to them. It is only looked for here: theirs is not run.
    """
    import os
    import sys
    from importlib.util import find_spec

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  (no pathlib for this)
    ours = os.path.join(os.path.dirname(here), "search")  # noqa: PTH118, PTH120
    known = sys.modules.get("search")
    if known:
        found = getattr(known, "__file__", None)
    else:
        spec = find_spec("search")
        found = spec and (spec.origin or next(iter(spec.submodule_search_locations or ()), None))
    if found is None:
        raise ImportError(
            f"sou needs its package 'search', which should be {ours} and is not: install sou again",
            name="search",
        )
    place = os.path.dirname(found) if os.path.basename(found) != "search" else found  # noqa: PTH119, PTH120
    if os.path.realpath(place) != os.path.realpath(ours):
        raise ImportError(
            f"sou needs its own package 'search' ({ours}), but here {found} is found in its "
            "place: rename that, or run Python so that its folder comes later on the path or "
            "not at all (python -P)",
            name="search",
            path=found,
        )


_see_that_search_is_ours()

from search.api import (  # noqa: E402
    Index,
    Mode,
    Names,
    Progress,
    Report,
    Sort,
    Synonyms,
    TextField,
    Words,
    build,
    open,  # noqa: A004
    parse,
)
from search.model.article import Article  # noqa: E402
from search.model.errors import (  # noqa: E402
    ConsentNeeded,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexProblem,
    IndexUnwritable,
    LimitError,
    QueryError,
    RequestError,
)
from search.model.errors import SouError as Error  # noqa: E402
from search.model.facets import Facet, FacetName  # noqa: E402
from search.model.results import Hit, Results, Snippet, Suggestion  # noqa: E402
from search.papers.problem import Problem  # noqa: E402
from search.query.ast import Node  # noqa: E402

__all__ = [
    "Article",
    "ConsentNeeded",
    "Error",
    "Facet",
    "FacetName",
    "Hit",
    "Index",
    "IndexBusy",
    "IndexDamaged",
    "IndexMissing",
    "IndexOutdated",
    "IndexProblem",
    "IndexUnwritable",
    "LimitError",
    "Mode",
    "Names",
    "Node",
    "Problem",
    "Progress",
    "QueryError",
    "Report",
    "RequestError",
    "Results",
    "Snippet",
    "Sort",
    "Suggestion",
    "Synonyms",
    "TextField",
    "Words",
    "build",
    "open",
    "parse",
]
