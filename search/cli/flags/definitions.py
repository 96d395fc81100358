"""Every command, argument and flag, once: all that reads, explains or completes them is made of this.

`parse` reads a command line by it, `typer_app` makes of it the help and the completion of
Typer, and `manual` the manual pages and the tables in the docs. Nothing heavy is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from search.engines.port import SORTS
from search.model.frozen import frozen, replace
from search.output.formats import FORMATS as ALL_FORMATS

if TYPE_CHECKING:
    from search.output.world import World

SWITCH, TEXT, NUMBER, PATH = "switch", "text", "number", "path"
"""What a flag takes: nothing, a string, a whole number, the name of a file or folder."""


@frozen
class Flag:
    """A flag of a command, and the keyword by which the command's function takes it.

    `names` are as they are typed, the long one last. `choices` are the only values there are,
    if there are any; a number is not less than `least`. One that is `many` may be given again
    and is a list, or None. `off` is the flag that takes a switch back. `environ` names the
    variable that is taken where the flag is not given.
    """

    name: str
    names: tuple[str, ...]
    help: str
    chinese: str
    kind: str = SWITCH
    metavar: str = ""
    choices: tuple[str, ...] = ()
    default: str | int | bool | None = None
    least: int = 0
    many: bool = False
    off: str = ""
    environ: str = ""

    @property
    def long(self) -> str:
        """The name that says what it is."""
        return self.names[-1]

    @property
    def value(self) -> str:
        """What stands for the value in a manual; nothing for a switch."""
        return self.metavar or "|".join(self.choices) or ("N" if self.kind == NUMBER else "")


@frozen
class Argument:
    """What a command takes by position. One that is `many` is a list."""

    name: str
    metavar: str
    help: str = ""
    chinese: str = ""
    kind: str = TEXT
    many: bool = False
    needed: bool = True


@frozen
class Command:
    """A command: the function of a module that carries it out, and what it takes.

    The first paragraph of `help` says what it does. Words of a query that begin with `-` are
    what is not to be found, in a command that is `asking`.
    """

    name: str
    function: str
    help: str
    chinese: str
    arguments: tuple[Argument, ...] = ()
    flags: tuple[Flag, ...] = ()
    asking: bool = False


FORMATS = tuple(name for name in ALL_FORMATS if name != "count")  # which -c stands for
# As in search.model.facets, which is not loaded here.
FACETS = ("paper", "year", "month", "author", "section")
LIST_SORTS = ("path", "date", "-date")

DEPTH = 100
"""Hits for each query of a batch unless -n says otherwise: as deep as R@100 looks."""

# What several commands take.

_INDEX = Flag(
    "index",
    ("--index",),
    "The index folder. Default: the nearest index_data/, upwards from here.",
    "索引文件夹。默认为当前目录或其上级中最近的 index_data/。",
    PATH,
    "DIR",
    environ="SOU_INDEX",
)
_LIMIT = Flag(
    "limit", ("-n", "--limit"), "Show this many; 0 shows all.", "显示多少条；0 为全部。", NUMBER
)
_OFFSET = Flag(
    "offset", ("--offset",), "Skip this many first.", "先跳过多少条。", NUMBER, default=0
)
_SORT = Flag(
    "sort",
    ("--sort",),
    "Best first, or by date (-date: newest).",
    "按相关度，或按日期（-date：最新在前）。",
    TEXT,
    choices=SORTS,
    default="relevance",
)
_IN = Flag(
    "field",
    ("--in",),
    "Look only in title, body or author.",
    "只在标题、正文或作者中查找。",
    TEXT,
    "FIELD",
)
_SINCE = Flag(
    "since", ("--since",), "From this year, month or day on.", "自某年、月、日起。", TEXT, "DATE"
)
_UNTIL = Flag(
    "until", ("--until",), "Up to this year, month or day.", "至某年、月、日止。", TEXT, "DATE"
)
_PAPER = Flag(
    "paper", ("--paper",), "Papers named like this.", "报名含此。", TEXT, "NAME", many=True
)
_AUTHOR = Flag(
    "author", ("--author",), "Authors named like this.", "作者名含此。", TEXT, "NAME", many=True
)
_PATH = Flag(
    "path",
    ("--path",),
    "Files like this, such as '*/2023/*'.",
    "文件路径如此，例如 '*/2023/*'。",
    TEXT,
    "GLOB",
    many=True,
)
_FILTERS = (_SINCE, _UNTIL, _PAPER, _AUTHOR, _PATH)
_ANY = Flag(
    "any_",
    ("--any",),
    "Plain words, nothing an operator; any of them will do.",
    "普通词语，不含运算符；有其一即可。",
)
_LITERAL = Flag(
    "literal",
    ("-F", "--literal"),
    "One string, to be found exactly where it stands.",
    "一整个字符串，原样查找。",
)
_NO_PARTIAL = Flag(
    "no_partial",
    ("--no-partial",),
    "No partial matches when no article has it all.",
    "没有文章完全符合时，不给部分符合的。",
)
_NO_DEDUPE = Flag(
    "no_dedupe",
    ("--no-dedupe",),
    "Every copy of an article printed twice for itself.",
    "重复刊登的文章逐条列出。",
)
_NO_SYNONYMS = Flag(
    "no_synonyms",
    ("--no-synonyms",),
    "Without the synonyms of synonyms.txt.",
    "不用 synonyms.txt 中的同义词。",
)
_EXPLAIN = Flag(
    "explain",
    ("--explain",),
    "Show how the query was read and each score made.",
    "显示查询如何理解、得分如何构成。",
)
_FACET = Flag(
    "facet",
    ("--facet",),
    "Count all articles found by this; may be given again.",
    "按此统计找到的全部文章；可重复给出。",
    TEXT,
    choices=FACETS,
    many=True,
)
_FORMAT = Flag(
    "format_",
    ("-f", "--format"),
    "Default: rich on a terminal, plain in a pipe.",
    "默认：终端上为 rich，管道中为 plain。",
    TEXT,
    choices=FORMATS,
)
_FILES = Flag(
    "files",
    ("-l", "--files"),
    "Only the paths, each once (all).",
    "只列出路径，每个一次（全部）。",
)
_COUNT = Flag(
    "count", ("-c", "--count"), "Only the number of articles found.", "只给出找到的篇数。"
)
_NUL = Flag(
    "nul", ("-0", "--null"), "End paths with NUL, for xargs -0.", "路径以 NUL 结尾，供 xargs -0。"
)
_YES = Flag("yes", ("--yes",), "", "")
_VERBOSE = Flag(
    "verbose",
    ("-v", "--verbose"),
    "Name every file that was touched.",
    "列出处理过的每个文件。",
)
_SHOWN = (_FORMAT, _FILES, _COUNT, _NUL, _INDEX)
_QUERY = Argument("query", "QUERY", many=True, needed=False)
_QUERY_FILE = Argument(
    "file",
    "FILE",
    "Lines of ID<TAB>QUERY; - is standard input.",
    "每行为 编号<TAB>查询；- 为标准输入。",
    PATH,
)

COMMANDS = (
    Command(
        "search",
        "search.cli.commands.search:search",
        """\
Search the papers: sou 志愿服务, sou '"会议召开" -旅游', sou 马拉松 --since 2023.

Words are ANDed; OR, NOT, -, (), "strings", title: author: paper: date: work as they do \
elsewhere, in full width too; so do 网格*管理, 青?捡跑, 关工委~ (one character wrong), \
志愿 NEAR/5 服务, 词^2, py:wanggehua, /regex/, date:去年. See docs/query.md.""",
        """\
检索报纸：sou 志愿服务、sou '"会议召开" -旅游'、sou 马拉松 --since 2023。

各词之间为“与”；OR、NOT、-、()、"字符串"、title: author: paper: date: 用法与别处相同，全角亦可；\
还有 网格*管理、青?捡跑、关工委~（允许错一个字）、志愿 NEAR/5 服务、词^2、py:wanggehua、/正则/、\
date:去年。见 docs/query.md。""",
        (_QUERY,),
        (
            *(_LIMIT, _OFFSET, _SORT, _IN, *_FILTERS, _ANY, _LITERAL, _NO_PARTIAL, _NO_DEDUPE),
            *(_NO_SYNONYMS, _EXPLAIN, _FACET, *_SHOWN),
        ),
        asking=True,
    ),
    Command(
        "index",
        "search.cli.commands.index:index",
        """\
Index papers: new and changed files are read, removed ones taken out.

With no PATH, all that the index was made from, and the corpus/ beside it. --rebuild with a \
PATH keeps only what is there. Where much would leave the index, that is asked about.""",
        """\
为报纸建立索引：读取新增和改动的文件，移出已删除的。

不给 PATH 时，为索引原有的全部来源和旁边的 corpus/。--rebuild 加 PATH 只保留所给的。\
将有大量内容移出索引时会先询问。""",
        (
            Argument(
                "paths",
                "PATH",
                "Files and folders of papers.",
                "报纸文件和文件夹。",
                PATH,
                True,
                False,
            ),
        ),
        (
            Flag(
                "rebuild",
                ("--rebuild",),
                "Read everything again, beside the running index.",
                "全部重新读取，期间旧索引照常可用。",
            ),
            Flag(
                "dry_run",
                ("--dry-run",),
                "Say what would be done, and do nothing.",
                "只说将做什么，不实际执行。",
            ),
            Flag(
                "jobs",
                ("-j", "--jobs"),
                "Processes; default: one a core.",
                "进程数；默认每个处理器核一个。",
                NUMBER,
                least=1,
            ),
            replace(
                _YES,
                help="Answer yes to every question.",
                chinese="所有询问一律回答“是”。",
            ),
            Flag(
                "follow_links",
                ("--follow-links",),
                "Read also what links lead to outside of a folder.",
                "指向文件夹之外的链接也读取。",
            ),
            _VERBOSE,
            _INDEX,
        ),
    ),
    Command(
        "show",
        "search.cli.commands.show:show",
        "Show articles as they stand in their source.",
        "按原文显示文章。",
        (Argument("ids", "ID", "Ids, or their beginnings.", "文章编号，或其开头。", many=True),),
        (_FORMAT, _INDEX),
    ),
    Command(
        "similar",
        "search.cli.commands.similar:similar",
        "Find articles like one: those that share the words which set it apart.",
        "查找相似文章：与它共有特征词的文章。",
        (Argument("id_", "ID", "An id, or its beginning.", "文章编号，或其开头。"),),
        (_LIMIT, _OFFSET, _SORT, *_FILTERS, _EXPLAIN, _FACET, *_SHOWN),
    ),
    Command(
        "terms",
        "search.cli.commands.terms:terms",
        """\
Show the words that set articles apart: term, count, weight.

Of the articles that the query and the filters find, against all others; of one article with \
--id; of all when nothing is asked for.""",
        """\
显示文章的特征词：词、次数、权重。

对查询和筛选所得的文章，与其余文章相比；--id 为单篇文章；什么都不给则为全部。""",
        (_QUERY,),
        (
            Flag("id_", ("--id",), "Of one article.", "单篇文章的。", TEXT, "ID"),
            Flag(
                "month", ("--month",), "Of a month, or of a year.", "某月或某年的。", TEXT, "MONTH"
            ),
            *(_LIMIT, _IN, *_FILTERS, _ANY, _LITERAL, _NO_SYNONYMS, _FORMAT, _INDEX),
        ),
        asking=True,
    ),
    Command(
        "list",
        "search.cli.commands.list_:list_",
        "List articles, all or those that the filters let through, without searching.",
        "列出全部文章或符合筛选条件的文章，不检索。",
        (),
        (
            *(_LIMIT, _OFFSET),
            replace(
                _SORT,
                help="By path and line, or by date (-date: newest).",
                chinese="按路径和行，或按日期（-date：最新在前）。",
                choices=LIST_SORTS,
                default="path",
            ),
            *(*_FILTERS, _FACET, *_SHOWN),
        ),
    ),
    Command(
        "status",
        "search.cli.commands.status:status",
        "Say where the index is, what it was made from, and when.",
        "显示索引在何处、由什么建成、何时更新。",
        (),
        (_INDEX,),
    ),
    Command(
        "sources",
        "search.cli.commands.sources:sources",
        """\
List the files and folders that the index is made from; add some, or remove them.

Both take effect at once. Papers are only read: none is ever removed from its folder.""",
        """\
列出索引的来源文件和文件夹；也可添加或移除。

两者立即生效。报纸只读，绝不会从文件夹中删除。""",
        (),
        (
            Flag(
                "add",
                ("--add",),
                "Read this too, as sou index PATH does.",
                "加入此来源，同 sou index PATH。",
                PATH,
                "PATH",
                many=True,
            ),
            Flag(
                "remove",
                ("--remove",),
                "Forget this, and take its articles out.",
                "不再保留此来源，移出其中的文章。",
                TEXT,
                "PATH",
                many=True,
            ),
            replace(
                _YES,
                help="Read and take out what is asked for, without asking.",
                chinese="直接读取和移出，不再询问。",
            ),
            _VERBOSE,
            replace(_FORMAT, choices=("rich", "plain", "json", "jsonl")),
            _INDEX,
        ),
    ),
    Command(
        "check",
        "search.cli.commands.status:check",
        "Read the whole index and say whether it is sound; --repair repairs it from the papers.",
        "读取整个索引，报告是否完好；--repair 据原报修复。",
        (),
        (
            Flag(
                "repair",
                ("--repair",),
                "Read again the papers of what is broken.",
                "重新读取受损部分所在的报纸。",
            ),
            replace(
                _YES,
                help="Repair also where articles are lost by that.",
                chinese="即使因此失去文章也修复。",
            ),
            _INDEX,
        ),
    ),
    Command(
        "analyze",
        "search.cli.commands.analyze:analyze",
        "Show the folded text, then each word with its place in the text and how it stands there.",
        "显示归一后的文本，再列出每个词及其在原文中的位置和写法。",
        (Argument("text", "TEXT", many=True),),
    ),
    Command(
        "batch",
        "search.cli.commands.batch:batch",
        "Run many queries: a TREC run (qid Q0 key-or-id rank score sou), or -f jsonl.",
        "批量查询：输出 TREC run（qid Q0 编号 名次 得分 sou），或 -f jsonl。",
        (_QUERY_FILE,),
        (
            *(replace(_LIMIT, default=DEPTH), _SORT, _IN, *_FILTERS, _ANY, _LITERAL, _NO_PARTIAL),
            _NO_SYNONYMS,
            replace(
                _FORMAT,
                help="A TREC run, or jsonl, csv, plain ...",
                chinese="TREC run，或 jsonl、csv、plain 等。",
                default="trec",
            ),
            _INDEX,
        ),
    ),
    Command(
        "eval",
        "search.cli.commands.batch:evaluate",
        "Measure the ranking against judged queries: nDCG@10, MRR@10 and R@100.",
        "用测试集衡量排序：nDCG@10、MRR@10 和 R@100。",
        (
            replace(_QUERY_FILE, name="queries"),
            Argument(
                "qrels",
                "QRELS",
                "Lines of ID<TAB>DOCUMENT<TAB>GRADE, or TREC's.",
                "每行为 编号<TAB>文档<TAB>等级，或 TREC 格式。",
                PATH,
            ),
        ),
        (
            Flag(
                "any_",
                ("--any",),
                "Queries as plain words, or as a query each.",
                "把每行当作普通词语，或当作查询式。",
                default=True,
                off="--query",
            ),
            _IN,
            _INDEX,
        ),
    ),
)

BY_NAME = {command.name: command for command in COMMANDS}


def carry_out(command: Command, world: World, given: dict[str, Any]) -> int:
    """Call the function of a command, which is loaded now, and return its exit status."""
    module, _, name = command.function.partition(":")
    return int(getattr(import_module(module), name)(world, **given))
