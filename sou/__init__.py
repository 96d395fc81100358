"""Full-text search for Chinese newspaper archives, from Python.

`import sou` gives the answers that the command `sou` gives, with its flags as keywords. These
examples stand in a folder with the corpus of the repository, after `sou index`.

# Search

>>> import sou
>>> with sou.open("index_data") as index:
...     results = index.search("志愿服务", limit=2)
>>> for hit in results:
...     print(hit.rank, hit.date, hit.title)
1 2022-12-31 石埠僑眷志願服務隊滿三歲
2 2023-08-19 一滴汗的重量
>>> len(results), results.total
(2, 12)

The results are a sequence: they can be looped over, counted, indexed and sliced. A hit has what
JSON has of it as attributes, and `to_dict` gives the object itself (docs/output.md).

>>> first = results[0]
>>> first.paper, first.path, first.line, first.id
('青嵐僑訊', 'corpus/青嵐僑訊/2022/青嵐僑訊-2022-12-31.txt', 54, '634m3bpcuq')
>>> passage = first.snippets[0]
>>> [passage.text[start:end] for start, end in passage.spans]
['志願服務']
>>> first.to_dict()["schema"]
'sou.hit/1'

An index is open until it is closed, or until its `with` ends.

>>> index = sou.open("index_data")
>>> len(index)
63
>>> [facet] = index.search("志愿服务", papers="青岚日报", since="2023", facets="year").facets
>>> facet.counts
(('2023', 2), ('2024', 1))
>>> [hit.title for hit in index.similar(first, limit=1)]
['鄉音未改 溪水長流 三千二百冊書渡海還鄉']
>>> index.show(first.id) == first.article
True

# What goes wrong

Whatever goes wrong on purpose is a `sou.Error`: a `message`, and a `hint` that says what to do.
What is the matter with an index is a `sou.IndexProblem`, whatever it is.

>>> try:
...     index.search("志愿 AND")
... except sou.QueryError as error:
...     print(f"{error} (characters {error.start} to {error.end}): {error.hint}")
nothing follows AND (characters 3 to 6): for the word itself, quote it
>>> try:
...     sou.open("nowhere")
... except sou.IndexProblem as error:
...     print(type(error).__name__, error, sep=": ")
IndexMissing: there is no index in nowhere

# Words and synonyms of your own

words.txt and synonyms.txt are found where `sou --index FOLDER` finds them. They can also be
given, or left out, and belong to one index: another one in the same process has its own.

>>> index.search("帮工", partial=False).total
0
>>> own = sou.open("index_data", words=["志愿服务队"], synonyms={"帮工": "志愿服务"})
>>> own.search("帮工", partial=False).total
12
>>> own.search("帮工", partial=False, synonyms=False).total
0

# Build

>>> def progress(done, total, what):
...     print(f"{done} of {total} bytes, {what}")
>>> report = sou.build("new_index", "corpus", progress=progress)
56621 of 56621 bytes, 63 articles
>>> len(report.new), report.total, report.complete
(15, 63, True)
>>> sou.build("new_index").unchanged
15

It prints nothing and asks nobody. What `sou index` would ask about is a `sou.ConsentNeeded`.

>>> one = "corpus/wire/2022-2024-选登.jsonl"
>>> try:
...     sou.build("new_index", one, rebuild=True)
... except sou.ConsentNeeded as error:
...     print(str(error)[:65])
this would take out 54 of 63 articles from corpus, not named now:
>>> sou.build("new_index", one, rebuild=True, yes=True).total
9

# Threads and processes

Several threads may use one index: what they ask is answered one after the other. Threads that
are not to wait for each other open one each. Own words and synonyms are right in either case.
An index cannot be sent to another process, which opens the folder itself; results can.

>>> from concurrent.futures import ThreadPoolExecutor
>>> with ThreadPoolExecutor() as threads:
...     print([each.total for each in threads.map(index.search, ["志愿服务", "网格", "望澜桥"])])
[12, 7, 18]
>>> index.close()
"""

# A package of one module, for a bare module cannot tell type checkers that it has types (PEP 561).


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
        found = getattr(known, "__file__", None) or next(iter(getattr(known, "__path__", ())), None)
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
