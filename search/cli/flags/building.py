"""The commands that make, look after and repair an index, and the flags that only they take."""

from __future__ import annotations

from search.cli.flags.choosing import FORMAT, INDEX
from search.cli.flags.declaration import NUMBER, PATH, TEXT, Argument, Command, Flag
from search.model.frozen import replace

_YES = Flag(
    "yes",
    ("--yes",),
    "Answer yes to every question.",
    "对所有询问一律回答“是”。",
)
_VERBOSE = Flag(
    "verbose",
    ("-v", "--verbose"),
    "Name every file that is added, changed or removed, and every problem.",
    "列出每个新增、改动和移除的文件，以及每个问题。",
)

BUILD = Command(
    "index",
    "search.cli.commands.index:index",
    """\
Build the index or bring it up to date: read new and changed files, drop deleted ones.

Without PATH, all sources that the index remembers are read, and the corpus/ beside it. \
--rebuild with PATH keeps only the sources named. Before a large part of a source leaves the \
index, sou asks.""",
    """\
建立或更新索引：读取新增和改动的文件，移出已删除文件的文章。

不写 PATH 时，读取索引记住的全部来源和索引旁的 corpus/。--rebuild 加 PATH 只保留所写的来源。\
某个来源有大量文章要移出索引时，会先询问。""",
    (
        Argument(
            "paths",
            "PATH",
            "Files and folders of newspapers.",
            "报纸文件或文件夹。",
            PATH,
            many=True,
            needed=False,
        ),
    ),
    (
        Flag(
            "rebuild",
            ("--rebuild",),
            "Read everything again; the old index answers until the new one is complete.",
            "重建索引：全部重新读取，完成之前仍由旧索引提供检索。",
        ),
        Flag(
            "dry_run",
            ("--dry-run",),
            "Say what would be done, without doing it.",
            "只说明将做什么，不实际执行。",
        ),
        Flag(
            "explain",
            ("--explain",),
            "Show how each PATH, a file in any format, is read; index nothing.",
            "显示每个 PATH（任何格式的文件）是怎样读取的，不建立索引。",
        ),
        Flag(
            "jobs",
            ("-j", "--jobs"),
            "Use at most N processes (default: one for each processor core).",
            "最多使用 N 个进程（默认：每个处理器核心一个）。",
            NUMBER,
            least=1,
        ),
        _YES,
        Flag(
            "follow_links",
            ("--follow-links",),
            "Also read what is reached through links that lead out of a source.",
            "也读取通向来源之外的链接所指的内容。",
        ),
        _VERBOSE,
        INDEX,
    ),
)
STATUS = Command(
    "status",
    "search.cli.commands.status:status",
    "Show where the index is, what is in it, and when it was updated.",
    "显示索引的位置、内容和更新时间。",
    (),
    (INDEX,),
)
SOURCES = Command(
    "sources",
    "search.cli.commands.sources:sources",
    """\
List the sources of the index (files and folders), or add and remove some.

Changes take effect at once. The newspapers are only read, never changed or deleted.""",
    """\
列出索引的来源（文件和文件夹），也可添加或移除来源。

改动立即生效。报纸文件只读，绝不会被改动或删除。""",
    (),
    (
        Flag(
            "add",
            ("--add",),
            "Add this source and read it, as sou index PATH does.",
            "添加此来源并读取，同 sou index PATH。",
            PATH,
            "PATH",
            many=True,
        ),
        Flag(
            "remove",
            ("--remove",),
            "Remove this source, and its articles from the index.",
            "移除此来源，并将其中的文章移出索引。",
            TEXT,
            "PATH",
            many=True,
        ),
        replace(
            _YES,
            help="Add and remove without asking.",
            chinese="添加和移除时不再询问。",
        ),
        _VERBOSE,
        replace(FORMAT, choices=("rich", "plain", "json", "jsonl")),
        INDEX,
    ),
)
CHECK = Command(
    "check",
    "search.cli.commands.status:check",
    "Read the whole index and report whether it is sound, or repair it.",
    "通读索引并报告是否完好，也可修复。",
    (),
    (
        Flag(
            "repair",
            ("--repair",),
            "Repair a damaged index by reading the newspapers concerned again.",
            "修复受损的索引：重新读取有关的报纸。",
        ),
        replace(
            _YES,
            help="Repair even if articles are lost by it.",
            chinese="即使会失去文章也修复。",
        ),
        INDEX,
    ),
)
