"""Write the manual pages, and the tables of commands and exit statuses in the docs.

usage: python tools/manual.py [--check]

All of it is made from the declarations in search/cli/flags, and from what is listed here. In
the docs, what stands between `<!-- made by tools/manual.py: NAME -->` and `<!-- end -->` is
replaced. With --check nothing is written, and the files that are out of date are named.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from search.cli.flags.declaration import Command, Flag
from search.cli.flags.definitions import ABOUT, ABOUT_IN_CHINESE, COMMANDS, HELP, TOP_LEVEL
from search.cli.flags.help import explained, spelled
from search.cli.flags.searching import SEARCH
from search.output.wrap import display_width

ROOT = Path(__file__).resolve().parent.parent
ENGLISH, CHINESE = False, True
PAGES = {"docs/man/sou.1": ENGLISH, "docs/man/zh_CN/sou.1": CHINESE}
TABLES = {
    "README.md": ("exit statuses",),
    "README.zh-CN.md": ("退出状态",),
    "docs/output.md": ("exit statuses", "退出状态"),
    "docs/commands.md": ("examples", "commands", "示例", "命令"),
}
"""The documents with tables, and the names of these in their order."""

DATE = "2026-11-28"
"""Of the manual pages: when they last said something new."""


@dataclass(frozen=True)
class Entry:
    """Something with a name, and what it means in English and in Chinese."""

    name: str
    english: str
    chinese: str

    def meaning(self, chinese: bool) -> str:
        """Return what it means in a language."""
        return self.chinese if chinese else self.english


STATUSES = (
    Entry("0", "found, or done", "命中，或已完成"),
    Entry("1", "nothing found", "无命中"),
    Entry(
        "2",
        "the request could not be carried out: an error in the query or in an option, papers that "
        "could not be read, output that could not be written",
        "请求无法执行：查询或选项有误、有报纸无法读取、输出无法写入",
    ),
    Entry(
        "3",
        "there is no index, or it is damaged or was built by another version",
        "没有索引，或索引已损坏，或由其他版本建立",
    ),
    Entry("4", "another process is writing to the index", "另一个进程正在写入索引"),
    Entry(
        "70",
        "an error in `sou` itself: please report it; `SOU_DEBUG=1` shows where it happened",
        "`sou` 自身的错误，请报告；`SOU_DEBUG=1` 显示出错位置",
    ),
    Entry("130", "interrupted", "被中断"),
)
ENVIRONMENT = (
    Entry("SOU_INDEX", "The index folder, unless --index is given.", "索引文件夹；--index 优先。"),
    Entry("SOU_LIMIT", "The number of results shown, unless -n is given.", "显示的条数；-n 优先。"),
    Entry(
        "SOU_DEBUG",
        "If 1, an error in sou itself is shown with the place where it happened.",
        "为 1 时，显示 sou 自身错误的出错位置。",
    ),
    Entry("NO_COLOR", "If set, no colours are used.", "设置后不使用颜色。"),
    Entry(
        "FORCE_COLOR",
        "If set, and not 0, styles are kept in a pipe.",
        "设置后（0 除外），在管道中也保留样式。",
    ),
    Entry("TERM", "If dumb, plain text is shown.", "为 dumb 时显示纯文本。"),
    Entry(
        "LC_ALL, LC_MESSAGES, LANG",
        "The first that is set chooses the language of the help: Chinese if it begins with zh.",
        "以其中第一个有值的决定帮助的语言：以 zh 开头则为中文。",
    ),
    Entry(
        "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME",
        "The folders that stand for ~/.config, ~/.local/state and ~/.cache below.",
        "分别代替下文的 ~/.config、~/.local/state 和 ~/.cache。",
    ),
)
FILES = (
    Entry(
        "index_data/",
        "The index. The nearest one is used, from the working folder upwards.",
        "索引。使用从当前文件夹往上最近的一个。",
    ),
    Entry(
        "corpus/",
        "Newspapers beside the index, which sou index reads without being told to.",
        "索引旁的报纸，sou index 不写路径也会读取。",
    ),
    Entry(
        "sou.toml",
        "Settings, in the working folder or above it: index, corpus, limit, max_page_mb, "
        "max_record_mb, synonyms, words, corrections.",
        "设置，位于当前文件夹或其上级：index、corpus、limit、max_page_mb、max_record_mb、"
        "synonyms、words、corrections。",
    ),
    Entry("synonyms.txt", "Your own synonyms.", "自定义的同义词。"),
    Entry("words.txt", "Your own words, for segmentation.", "自定义的词语，供分词使用。"),
    Entry(
        "NAME.sou",
        "Beside a newspaper, or in corrections/: how its pages are read, put right by sou correct.",
        "在报纸文件旁或 corrections/ 中：用 sou correct 更正的版面读法。",
    ),
    Entry(
        "~/.config/sou/config.toml",
        'The folders of other users that you trust: trusted = ["/srv/archive"].',
        '信任的其他用户的文件夹：trusted = ["/srv/archive"]。',
    ),
    Entry(
        "~/.local/state/sou/sources.json",
        "The newspapers that you named for each index.",
        "为各个索引指定过的报纸。",
    ),
    Entry(
        "~/.cache/sou/", "The compiled dictionary; it may be deleted.", "编译后的词典，可以删除。"
    ),
)
EXAMPLES = (
    Entry("sou index corpus", "build the index, or bring it up to date", "建立或更新索引"),
    Entry("sou 志愿服务", "articles on a subject, best first", "检索一个主题，最相关的在前"),
    Entry(
        "sou '\"会议召开\" -旅游' --since 2023",
        "a string, without a word, since 2023",
        "含一串文字、不含某词，2023 年起",
    ),
    Entry(
        "sou 望澜桥 --sort date -n 0 -f csv > bridge.csv",
        "all articles by date, as a table",
        "按日期排列全部文章，输出表格",
    ),
    Entry(
        "sou 志愿服务 -l -0 | xargs -0 ls -l",
        "the files, for another program",
        "把文件交给其他程序",
    ),
    Entry("sou 志愿服务 --facet year", "how many articles in each year", "各年的篇数"),
    Entry("sou terms --month 2023-05", "the distinctive words of a month", "某个月的特征词"),
    Entry("sou show 634m3bpcuq", "a whole article", "显示文章全文"),
    Entry("sou check", "whether the index is sound", "检查索引是否完好"),
)


def own_flags(command: Command) -> tuple[list[Flag], list[Flag]]:
    """Return the flags that are explained with a command, and those that are with search."""
    if command is SEARCH:
        return [*command.flags], []
    shared = [flag for flag in command.flags if flag in SEARCH.flags]
    return [flag for flag in command.flags if flag not in shared], shared


def usage(command: Command, chinese: bool) -> str:
    """Return how a command is called, in a line."""
    words = ["sou", command.name, "[选项]" if chinese else "[OPTIONS]"]
    return " ".join([*words, *(argument.shown for argument in command.arguments)])


def about(command: Command, chinese: bool) -> str:
    """Return what a command does, in paragraphs."""
    return command.chinese if chinese else command.help


# The manual pages.

_CJK = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026"
_BREAK = re.compile(  # between these a line may end, but not before , or after (
    rf"(?<=[{_CJK}])(?<![（“‘《])(?=[^\s，。、；：？！）”’》…])|(?<=[^\s(\[/\"'])(?=[{_CJK}])(?<![（“‘《])(?![，。、；：？！）”’》…])"
)
_HEADINGS = {
    "NAME": "名称",
    "SYNOPSIS": "概要",
    "DESCRIPTION": "描述",
    "COMMANDS": "命令",
    "OPTIONS WITHOUT A COMMAND": "不带命令的选项",
    "EXIT STATUS": "退出状态",
    "ENVIRONMENT": "环境变量",
    "FILES": "文件",
    "EXAMPLES": "示例",
    "SEE ALSO": "参见",
}


def roff(text: str, *, breaks: bool = False) -> str:
    """Return a text as a line of roff; with `breaks`, a line may end between its characters."""
    signs = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
    parts = _BREAK.split(text) if breaks else [text]
    line = r"\:".join("".join(signs.get(char, char) for char in part) for part in parts)
    return rf"\&{line}" if line.startswith(".") else line


def page(chinese: bool) -> str:
    """Return a manual page."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    title, *more = (ABOUT_IN_CHINESE if chinese else ABOUT).split("\n\n")
    calls = [usage(command, chinese).split(" ", 2) for command in COMMANDS]
    sections = {
        "NAME": [rf"sou \- {roff(title.rstrip('.。'))}"],
        "SYNOPSIS": "\n.br\n".join(rf"\fB{a} {b}\fR {rest}" for a, b, rest in calls).split("\n"),
        "DESCRIPTION": _said("\n\n".join([*more, _about_the_whole(chinese)])),
        "COMMANDS": [line for command in COMMANDS for line in _section(command, chinese)],
        "OPTIONS WITHOUT A COMMAND": _listed(_explained([*TOP_LEVEL], chinese)),
        "EXIT STATUS": _entries(STATUSES, chinese),
        "ENVIRONMENT": _entries(ENVIRONMENT, chinese),
        "FILES": _entries(FILES, chinese),
        "EXAMPLES": _entries(EXAMPLES, chinese),
        "SEE ALSO": [r"\fBgrep\fR(1), \fBjq\fR(1), \fBxargs\fR(1)"],
    }
    lines = [
        r"'\" -*- coding: utf-8 -*-",
        r".\" Made by tools/manual.py from search/cli/flags; do not edit.",
        f'.TH SOU 1 "{DATE}" "sou {version}" "{"sou 手册" if chinese else "sou manual"}"',
        ".nh",
        ".ad l",
    ]
    for name, inside in sections.items():
        lines += [f".SH {_HEADINGS[name] if chinese else name}", *inside]
    return "\n".join(lines) + "\n"


def _section(command: Command, chinese: bool) -> list[str]:
    own, shared = own_flags(command)
    arguments = [(one.shown, one.chinese if chinese else one.help) for one in command.arguments]
    return [
        f'.SS "{roff(usage(command, chinese))}"',
        *_said(about(command, chinese)),
        *_listed([*arguments, *_explained(own, chinese)]),
        *([".PP", *_said(_as_search(shared, chinese))] if shared else []),
    ]


def _said(text: str) -> list[str]:
    """Return paragraphs of text as lines of roff."""
    return "\n.PP\n".join(roff(part, breaks=True) for part in text.split("\n\n")).split("\n")


def _listed(rows: list[tuple[str, str]]) -> list[str]:
    """Return names and what they mean as lines of roff."""
    return [
        line
        for name, meaning in rows
        for line in (".TP", rf"\fB{roff(name)}\fR", roff(meaning, breaks=True))
    ]


def _entries(entries: tuple[Entry, ...], chinese: bool) -> list[str]:
    return _listed([(each.name, each.meaning(chinese).replace("`", "")) for each in entries])


def _explained(flags: list[Flag], chinese: bool) -> list[tuple[str, str]]:
    return [(spelled(flag), explained(flag, chinese=chinese)) for flag in flags]


def _about_the_whole(chinese: bool) -> str:
    if chinese:
        return (
            "结果写到标准输出，提示、进度和错误写到标准错误。"
            f"每个命令都可用 {' 或 '.join(HELP.names)} 查看帮助。"
        )
    return (
        "Results go to standard output; notes, progress and errors go to standard error. "
        f"Every command takes {' or '.join(HELP.names)} and then shows its help."
    )


def _as_search(shared: list[Flag], chinese: bool, mark: str = "") -> str:
    names = [f"{mark}{', '.join(flag.names)}{mark}" for flag in shared]
    if chinese:
        return f"与 search 相同的选项：{'、'.join(names)}。"
    return f"As with search: {', '.join(names)}."


# The tables in the docs.


def cell(text: str) -> str:
    """Return a text as it stands in a cell of a table."""
    return text.replace("|", "\\|")


def statuses(chinese: bool) -> str:
    """Return the table of exit statuses."""
    rows = ["| 退出状态 | 含义 |" if chinese else "| exit status | meaning |", "|--:|---|"]
    return "\n".join([*rows, *(f"| {each.name} | {each.meaning(chinese)} |" for each in STATUSES)])


def commands(chinese: bool) -> str:
    """Return a section for each command, with tables of what it takes."""
    out = []
    for command in COMMANDS:
        own, shared = own_flags(command)
        out += [f"### {command.name}", "", f"`{usage(command, chinese)}`", ""]
        out += [code(about(command, chinese)), ""]
        rows = [(one.shown, one.chinese if chinese else one.help) for one in command.arguments]
        rows += _explained(own, chinese)
        out += _table(rows, chinese)
        if shared:
            out += [_as_search(shared, chinese, "`"), ""]
    out += ["### 不带命令的选项" if chinese else "### Options without a command", ""]
    out += _table(_explained([*TOP_LEVEL], chinese), chinese)
    return "\n".join(out).rstrip()


def _table(rows: list[tuple[str, str]], chinese: bool) -> list[str]:
    if not rows:
        return []
    head = ["| 参数 | 含义 |" if chinese else "| argument | meaning |", "|---|---|"]
    return [*head, *(f"| `{cell(name)}` | {cell(code(meaning))} |" for name, meaning in rows), ""]


def code(text: str) -> str:
    """Return a text whose signs mean nothing to Markdown."""
    return re.sub(r"([*<>~^_\[\]])", r"\\\1", text)


def examples(chinese: bool) -> str:
    """Return the examples as a block of commands."""
    width = max(display_width(each.name) for each in EXAMPLES) + 2
    lines = [
        f"{each.name}{' ' * (width - display_width(each.name))}# {each.meaning(chinese)}"
        for each in EXAMPLES
    ]
    return "\n".join(["```sh", *lines, "```"])


MAKERS = {
    "exit statuses": (statuses, ENGLISH),
    "退出状态": (statuses, CHINESE),
    "commands": (commands, ENGLISH),
    "命令": (commands, CHINESE),
    "examples": (examples, ENGLISH),
    "示例": (examples, CHINESE),
}
_MADE = re.compile(
    r"(?P<begin><!-- made by tools/manual\.py: (?P<name>.+?) -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)


def filled(text: str, names: tuple[str, ...]) -> str:
    """Return a document with its tables as they should be. Raises ValueError if one is missing."""

    def made(match: re.Match[str]) -> str:
        make, chinese = MAKERS[match["name"]]
        return f"{match['begin']}\n{make(chinese)}\n\n{match['end']}"

    found = tuple(match["name"] for match in _MADE.finditer(text))
    if found != names:
        raise ValueError(f"the tables are {found}, not {names}")
    return _MADE.sub(made, text)


def wanted() -> dict[Path, str]:
    """Return every file as it should be."""
    files = {ROOT / name: page(chinese) for name, chinese in PAGES.items()}
    for name, names in TABLES.items():
        files[ROOT / name] = filled((ROOT / name).read_text("utf-8"), names)
    return files


def stale() -> list[str]:
    """Return the names of the files that are not as they should be."""
    return [
        str(path.relative_to(ROOT))
        for path, text in wanted().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write all files, or say which are out of date; return the exit status."""
    if arguments == ["--check"]:
        for name in stale():
            print(f"{name} is out of date: python tools/manual.py")
        return bool(stale())
    if arguments:
        print(__doc__)
        return 2
    for path, text in wanted().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
