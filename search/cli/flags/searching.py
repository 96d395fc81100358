"""The commands that find, show and measure articles, and the flags that only they take."""

from __future__ import annotations

from search.cli.flags.choosing import (
    ANY,
    COUNT,
    EXACT_FORM,
    EXPLAIN,
    FACET,
    FILES,
    FILTERS,
    FORMAT,
    IN,
    INDEX,
    LIMIT,
    LITERAL,
    NO_DEDUPE,
    NO_PARTIAL,
    NO_SYNONYMS,
    NUL,
    OFFSET,
    QUERY,
    RECENT,
    SHOWN,
    SORT,
    WORD,
)
from search.cli.flags.declaration import PATH, TEXT, Argument, Command, Flag
from search.engines.port import SORTS
from search.model.frozen import replace

DEPTH = 100
"""Hits for each query of a batch unless -n says otherwise: as deep as R@100 looks."""

_WORDS = replace(
    LIMIT,
    help="Show at most N words; 0 shows all (default: 20).",
    chinese="最多列出 N 个词；0 表示全部（默认：20）。",
)
_LISTED = replace(
    LIMIT,
    help="List at most N articles (default: all).",
    chinese="最多列出 N 篇（默认：全部）。",
)
_LISTED_IN = replace(
    IN,
    help="List the records of pages (page), what is printed beside the articles.",
    chinese="改为列出版面记录（page），即版面上文章以外的文字。",
    metavar="",
    choices=("page",),
)
_EACH = replace(
    LIMIT,
    help="Print at most N results for each query; 0 prints all.",
    chinese="每个查询最多输出 N 条；0 表示全部。",
    default=DEPTH,
)
_SIMILAR_FILES = replace(
    FILES,
    help="Print only the paths of the files, each once.",
    chinese="只输出文件路径，每个文件一次。",
)
_QUERY_FILE = Argument(
    "file",
    "FILE",
    "A file with ID<TAB>QUERY on each line; - is standard input.",
    "每行为“编号<TAB>查询”的文件；- 表示标准输入。",
    PATH,
)

SEARCH = Command(
    "search",
    "search.cli.commands.search:search",
    """\
Search the newspapers and list the articles found, best first.

All words must occur (AND). There are also OR, NOT or -, parentheses, "exact strings", \
fields (title: author: paper: date:), the wildcards 网格*管理 and 青?捡跑, 关工委~ (one character \
may be wrong; ~2: two), 志愿 NEAR/5 服务 (ADJ/5: in this order), weights (词^2), pinyin (py:wanggehua), /regular expressions/ \
and relative dates (date:去年). Operators may be full-width.

Examples: sou 志愿服务; sou '"会议召开" -旅游'; sou 马拉松 --since 2023.""",
    """\
检索报纸，列出命中的文章，最相关的在前。

各词默认须全部出现（AND）。还可以用 OR、NOT 或 -、括号、"精确字符串"、\
字段（title: author: paper: date:）、通配符 网格*管理 和 青?捡跑、关工委~（允许错一个字，~2 两个）、\
志愿 NEAR/5 服务（ADJ/5 须照此先后）、加权（词^2）、拼音（py:wanggehua）、/正则表达式/、相对日期（date:去年）。\
运算符可用全角。

例如：sou 志愿服务；sou '"会议召开" -旅游'；sou 马拉松 --since 2023。""",
    (QUERY,),
    (
        *(
            LIMIT,
            OFFSET,
            SORT,
            RECENT,
            IN,
            *FILTERS,
            ANY,
            LITERAL,
            WORD,
            EXACT_FORM,
            NO_PARTIAL,
            NO_DEDUPE,
        ),
        *(NO_SYNONYMS, EXPLAIN, FACET, *SHOWN),
    ),
    asking=True,
)
SHOW = Command(
    "show",
    "search.cli.commands.show:show",
    "Show whole articles as they stand in the source.",
    "按来源中的原样显示文章全文。",
    (
        Argument(
            "ids",
            "ID",
            "Article ids, or the beginnings of ids.",
            "文章编号，也可只写开头几位。",
            many=True,
        ),
    ),
    (FORMAT, INDEX),
)
SIMILAR = Command(
    "similar",
    "search.cli.commands.similar:similar",
    "Find articles that share the distinctive words of a given article.",
    "查找与指定文章有共同特征词的相似文章。",
    (
        Argument(
            "id_",
            "ID",
            "The id of an article, or the beginning of it.",
            "文章编号，也可只写开头几位。",
        ),
    ),
    (
        *(LIMIT, OFFSET, SORT, *FILTERS, EXPLAIN, FACET),
        *(FORMAT, _SIMILAR_FILES, COUNT, NUL, INDEX),
    ),
)
TERMS = Command(
    "terms",
    "search.cli.commands.terms:terms",
    """\
List the distinctive words of articles: word, count, weight.

The articles are those found by the query and the filters, compared with all others; a single \
article with --id; or the whole archive if nothing is given.""",
    """\
列出文章的特征词：词、次数、权重。

所指的文章是查询和筛选命中的文章（与其余文章比较）；用 --id 时为单篇文章；什么都不写则为全部文章。""",
    (QUERY,),
    (
        Flag(
            "id_",
            ("--id",),
            "The words of a single article.",
            "单篇文章的特征词。",
            TEXT,
            "ID",
        ),
        Flag(
            "month",
            ("--month",),
            "The words of one month (2023-05) or one year (2023).",
            "某月（2023-05）或某年（2023）的特征词。",
            TEXT,
            "MONTH",
        ),
        *(_WORDS, IN, *FILTERS, ANY, LITERAL, WORD, EXACT_FORM, NO_SYNONYMS, FORMAT, INDEX),
    ),
    asking=True,
)
LIST = Command(
    "list",
    "search.cli.commands.list_:list_",
    "List articles without searching: all, or those that pass the filters.",
    "不检索，列出全部文章或符合筛选条件的文章。",
    (),
    (
        *(_LISTED, OFFSET),
        replace(
            SORT,
            help="Sort by path and line, date (oldest first), title or paper (Chinese by pinyin);"
            " with - the other way round.",
            chinese="按路径和行号、日期（从旧到新）、标题或报纸（中文按拼音）排序；前面加 - 则相反。",
            choices=tuple(sort for sort in SORTS if sort != "relevance"),
            default="path",
        ),
        *(_LISTED_IN, *FILTERS, FACET, *SHOWN),
    ),
)
ANALYZE = Command(
    "analyze",
    "search.cli.commands.analyze:analyze",
    "Show how a text is folded, then each of its words with its position and original form.",
    "显示归一后的文本，再列出每个词的位置和原文写法。",
    (
        Argument(
            "text",
            "TEXT",
            "The text; several arguments make one text.",
            "要分析的文本；多个参数合为一段。",
            many=True,
        ),
    ),
)
BATCH = Command(
    "batch",
    "search.cli.commands.batch:batch",
    """\
Run many queries from a file and print a TREC run.

A line of the run is: query id, Q0, document (key, or id without one), rank, score, sou.""",
    """\
批量执行文件中的查询，输出 TREC run。

每行依次为：查询编号、Q0、文档（key，没有则用文章编号）、名次、得分、sou。""",
    (_QUERY_FILE,),
    (
        *(_EACH, SORT, RECENT, IN, *FILTERS, ANY, LITERAL, WORD, EXACT_FORM, NO_PARTIAL),
        NO_SYNONYMS,
        replace(
            FORMAT,
            help="The output format; paths is not possible here.",
            chinese="输出格式；此处不能用 paths。",
            default="trec",
        ),
        INDEX,
    ),
)
EVAL = Command(
    "eval",
    "search.cli.commands.batch:evaluate",
    """\
Measure the ranking on a test collection: nDCG@10, MRR@10 and R@100.

With --pages, measure how pages are read, on those that were corrected (sou correct): F1 of \
articles, titles and authors, and whether date and paper are right.""",
    """\
用测试集评测排序：nDCG@10、MRR@10 和 R@100。

加 --pages 则用更正过的版面（sou correct）评测版面的读取：文章、标题、作者的 F1，日期和报名是否正确。""",
    (
        replace(_QUERY_FILE, name="queries", needed=False),
        Argument(
            "qrels",
            "QRELS",
            "A file of judgements: ID<TAB>DOCUMENT<TAB>GRADE on each line, or TREC qrels.",
            "相关性判断文件：每行为“编号<TAB>文档<TAB>等级”，或 TREC qrels 格式。",
            PATH,
            needed=False,
        ),
    ),
    (
        Flag(
            "any_",
            ("--any",),
            "Read queries as plain words (--any), or in the query language (--query).",
            "把每行当作普通词语（--any），或按查询语言解析（--query）。",
            default=True,
            off="--query",
        ),
        Flag(
            "pages",
            ("--pages",),
            "Measure how pages are read, against all corrections in force.",
            "对照全部有效的更正，评测版面的读取。",
        ),
        IN,
        INDEX,
    ),
)
