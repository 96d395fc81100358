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
            "source",
            ("--source",),
            "Read a PATH and remember what is said of the papers there: "
            "'path=PATH,paper=NAME,pattern={date}_{page}' (docs/sources.md); "
            "'path=PATH' alone forgets it.",
            "读取某一路径并记住其中报纸的情况：'path=路径,paper=报名,pattern={date}_{page}'"
            "（见 docs/sources.md）；只写 'path=路径' 则忘掉。",
            TEXT,
            "KEY=VALUE,…",
            many=True,
        ),
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
    (replace(FORMAT, choices=("rich", "plain", "json")), INDEX),
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
CORRECT = Command(
    "correct",
    "search.cli.commands.correct:correct",
    """\
Put right how a page is read: open it as a form in your editor, and keep what you change.

Each article is below its headline, its lines as they stand; moving a line moves it. What comes \
back is checked (no line lost or made up) and kept in a small file beside the newspaper, or in \
corrections/ where that cannot be written. From the next sou index on it wins, until the text of \
the page changes.""",
    """\
更正版面的读取：用编辑器打开 sou 读出的版面，改好后保存。

每篇文章列在其标题之下，各行保持原样；移动一行就是改变它的归属。保存后会核对（不得少行或多行），\
更正存入报纸文件旁的小文件，该处不可写时存入 corrections/。从下次 sou index 起以更正为准，直到版面文字变动。""",
    (
        Argument(
            "file",
            "FILE",
            "A newspaper file: text, Markdown, PDF, DOCX, ALTO or hOCR.",
            "报纸文件：文本、Markdown、PDF、DOCX、ALTO 或 hOCR。",
            PATH,
            needed=False,
        ),
    ),
    (
        Flag(
            "page",
            ("--page",),
            "The page, in a file of several.",
            "文件有多个版面时，指定第几页。",
            NUMBER,
            least=1,
        ),
        Flag(
            "print_",
            ("--print",),
            "Print the form instead of opening an editor.",
            "只输出表单，不打开编辑器。",
        ),
        Flag(
            "form",
            ("--from",),
            "Take this edited form and keep it, also one without changes; - is standard input.",
            "读入改好的表单并保存（未作改动的也保存）；- 表示标准输入。",
            PATH,
            "FORM",
        ),
        Flag(
            "remove",
            ("--remove",),
            "Take back the correction of FILE, or of the page.",
            "撤销对该文件（或该页）的更正。",
        ),
        Flag(
            "list_",
            ("--list",),
            "List the corrections of all sources, and whether they hold.",
            "列出各来源的全部更正及其是否有效。",
        ),
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
