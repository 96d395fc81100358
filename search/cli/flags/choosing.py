"""The flags that choose articles and say how they are shown; several commands take them."""

from __future__ import annotations

from search.cli.flags.declaration import NUMBER, PATH, TEXT, Argument, Flag
from search.engines.port import SORTS
from search.output.formats import FORMATS as ALL_FORMATS

FORMATS = tuple(name for name in ALL_FORMATS if name != "count")  # which -c stands for
# As in search.model.facets, which is not loaded here.
FACETS = ("paper", "year", "month", "author", "section", "page", "issue", "edition")

INDEX = Flag(
    "index",
    ("--index",),
    "The index folder (default: the nearest index_data/, from the working folder upwards).",
    "索引文件夹（默认：从当前文件夹往上最近的 index_data/）。",
    PATH,
    "DIR",
    environ="SOU_INDEX",
)
LIMIT = Flag(
    "limit",
    ("-n", "--limit"),
    "Show at most N results; 0 shows all (default: SOU_LIMIT, else limit in sou.toml, else 10).",
    "最多显示 N 条；0 表示全部（默认：SOU_LIMIT，其次 sou.toml 的 limit，否则 10）。",
    NUMBER,
)
OFFSET = Flag(
    "offset",
    ("--offset",),
    "Skip the first N results.",
    "跳过前 N 条。",
    NUMBER,
    default=0,
)
SORT = Flag(
    "sort",
    ("--sort",),
    "Sort by relevance, relevance and age (recent), date (oldest first), title or paper (Chinese by"
    " pinyin), or path and line; with - the other way round.",
    "按相关度、兼顾新旧（recent）、日期（从旧到新）、标题或报纸（中文按拼音）、路径和行号排序；前面加 - 则相反。",
    TEXT,
    choices=SORTS,
    default="relevance",
)
RECENT = Flag(
    "recent",
    ("--recent",),
    "Let age weigh beside relevance: the same as --sort recent.",
    "兼顾相关度和新旧：与 --sort recent 相同。",
)
IN = Flag(
    "field",
    ("--in",),
    "Search only this field: title, body or author; or page: what is printed beside the articles.",
    "只检索一个字段：title（标题）、body（正文）或 author（作者）；page 为版面上文章以外的文字。",
    TEXT,
    "FIELD",
)
SINCE = Flag(
    "since",
    ("--since",),
    "Only articles published in or after this year, month or day: 2023-08, 民国三十八年, 去年.",
    "只要此年、月或日起出版的文章：2023-08、民国三十八年、去年。",
    TEXT,
    "DATE",
)
UNTIL = Flag(
    "until",
    ("--until",),
    "Only articles published in or before this year, month or day: 2023-08, 民国三十八年, 去年.",
    "只要至此年、月或日止出版的文章：2023-08、民国三十八年、去年。",
    TEXT,
    "DATE",
)
PAPER = Flag(
    "paper",
    ("--paper",),
    "Only newspapers whose name contains NAME.",
    "只要报名中含 NAME 的报纸。",
    TEXT,
    "NAME",
    many=True,
)
AUTHOR = Flag(
    "author",
    ("--author",),
    "Only authors whose name contains NAME.",
    "只要署名中含 NAME 的作者。",
    TEXT,
    "NAME",
    many=True,
)
PATHS = Flag(
    "path",
    ("--path",),
    "Only files whose whole path matches GLOB, such as '*/2023/*'.",
    "只要整个路径与 GLOB 匹配的文件，例如 '*/2023/*'。",
    TEXT,
    "GLOB",
    many=True,
)
PAGES = Flag(
    "page",
    ("--page",),
    "Only this page of the paper, or pages: 3, A03, 第三版, 1..4.",
    "只要报纸的这一版或这几版：3、A03、第三版、1..4。",
    TEXT,
    "PAGE",
    many=True,
)
ISSUES = Flag(
    "issue",
    ("--issue",),
    "Only this issue, or issues: 763, 总第763期, 760..770.",
    "只要这一期或这几期：763、总第763期、760..770。",
    TEXT,
    "ISSUE",
    many=True,
)
EDITIONS = Flag(
    "edition",
    ("--edition",),
    "Only editions whose name contains NAME, such as 海外版.",
    "只要名称中含 NAME 的版别，例如海外版。",
    TEXT,
    "NAME",
    many=True,
)
FILTERS = (SINCE, UNTIL, PAPER, AUTHOR, PATHS, PAGES, ISSUES, EDITIONS)
ANY = Flag(
    "any_",
    ("--any",),
    "Read the query as plain words without operators; any of them is enough.",
    "把查询当作普通词语，不识别运算符；含有任何一个即命中。",
)
LITERAL = Flag(
    "literal",
    ("-F", "--literal"),
    "Read the whole query as one string, operators included.",
    "把整个查询当作一串文字，运算符也按文字检索。",
)
WORD = Flag(
    "word",
    ("-w", "--word"),
    "Find letters and figures as whole words only: AI not in main; Chinese beside them is no letter.",
    "字母和数字须是完整的词：AI 不算 main 中的 ai；旁边的汉字不算字母。",
)
EXACT_FORM = Flag(
    "exact_form",
    ("--exact-form",),
    "Find words and strings only in the script and form in which they are typed: 裏 not 里, Ａ not a.",
    "词和字符串只按所写的字形检索：“裏”不含“里”，“Ａ”不含“a”。",
)
NO_PARTIAL = Flag(
    "no_partial",
    ("--no-partial",),
    "Show no partial matches, neither below whole ones nor where there are none.",
    "不显示部分符合的文章：既不排在完全符合的文章之后，也不在没有完全符合时代替。",
)
NO_DEDUPE = Flag(
    "no_dedupe",
    ("--no-dedupe",),
    "List each copy of an article that was printed more than once.",
    "重复刊登的文章逐篇列出，不合并。",
)
NO_SYNONYMS = Flag(
    "no_synonyms",
    ("--no-synonyms",),
    "Do not use the synonyms in synonyms.txt.",
    "不使用 synonyms.txt 中的同义词。",
)
EXPLAIN = Flag(
    "explain",
    ("--explain",),
    "Show how the query was interpreted and how each score is made up.",
    "显示查询如何解析、得分如何构成。",
)
FACET = Flag(
    "facet",
    ("--facet",),
    "Count all articles found, by this property.",
    "按此项统计命中的全部文章。",
    TEXT,
    choices=FACETS,
    many=True,
)
FORMAT = Flag(
    "format_",
    ("-f", "--format"),
    "The output format (default: rich on a terminal, plain in a pipe).",
    "输出格式（默认：终端上为 rich，管道中为 plain）。",
    TEXT,
    choices=FORMATS,
)
FILES = Flag(
    "files",
    ("-l", "--files"),
    "Print only the paths of the files, each once; all of them, unless -n is given.",
    "只输出文件路径，每个文件一次；不给 -n 时列出全部。",
)
COUNT = Flag(
    "count",
    ("-c", "--count"),
    "Print only the number of articles found.",
    "只输出命中篇数。",
)
NUL = Flag(
    "nul",
    ("-0", "--null"),
    "Like -l, but end each path with a NUL character, for xargs -0.",
    "同 -l，但每个路径以 NUL 字符结尾，供 xargs -0 使用。",
)
SHOWN = (FORMAT, FILES, COUNT, NUL, INDEX)

QUERY = Argument(
    "query",
    "QUERY",
    "What to search for; several arguments make one query.",
    "检索的内容；多个参数合为一个查询。",
    many=True,
    needed=False,
)
