"""sou correct: a page put right, kept, in force from the next sou index on, and taken back."""

import io
import json
import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from search.cli import run
from search.output.world import World
from tests.cli.running import inside, sou
from tests.conftest import ROOT
from tests.papers import pdfs

A, B = "corpus/a.txt", "corpus/b.txt"


def printed(town, name=A, *more):
    done = inside("correct", name, "--print", *more, cwd=town)
    assert done.status == 0
    return done.out


def give(town, form, name=A, *more):
    (town / "form").write_text(form, "utf-8")
    return inside("correct", name, "--from", "form", *more, cwd=town)


def index(town, *more):
    done = inside("index", *more, cwd=town)
    return done.status, done.err


def titles(town, name=A):
    done = inside("list", "--path", f"*{name}", "-f", "jsonl", cwd=town)
    assert done.status in {0, 1}
    return [json.loads(line)["title"] for line in done.out.splitlines()]


def parted(form):
    """The form of `a.txt` with its last line an article of its own, of another paper and day."""
    form = form.replace("@paper 报纸:", "@paper 报纸: 青岚日报").replace(
        "@date 日期:", "@date 日期: 2023年8月22日"
    )
    return form.replace(
        "桥开始修缮。", "@article\n@title: 桥的新闻\n@authors: 沈秋\n@text\n桥开始修缮。"
    )


def states(town):
    done = inside("correct", "--list", cwd=town)
    assert done.status in {0, 1}
    return {line.split("\t")[0]: line.split("\t")[2] for line in done.out.splitlines()}


def test_a_correction_wins_until_it_is_taken_back(town):
    assert index(town)[0] == 0
    before = inside("list", "-f", "jsonl", cwd=town).out
    assert give(town, parted(printed(town))).status == 0
    assert (town / "corpus" / "a.txt.sou").is_file()
    assert "1 changed" in index(town)[1], "though the paper is as it was"
    assert titles(town) == ["望澜桥修缮", "桥的新闻"]
    assert "0 changed" in index(town)[1]
    hits = [json.loads(line) for line in inside("list", "-f", "jsonl", cwd=town).out.splitlines()]
    assert {(hit["date"], hit["paper"]) for hit in hits[:2]} == {("2023-08-22", "青岚日报")}
    assert (hits[1]["line"], hits[1]["end_line"], hits[1]["authors"]) == (4, 4, ["沈秋"])
    found = inside("开始修缮", "-f", "jsonl", "--no-partial", cwd=town)
    assert json.loads(found.out)["snippets"][0]["line"] == 4
    assert index(town, "--rebuild")[0] == 0
    assert titles(town) == ["望澜桥修缮", "桥的新闻"]
    assert states(town) == {A: "in force"}
    assert inside("correct", A, "--remove", cwd=town).status == 0
    assert "1 changed" in index(town)[1]
    assert inside("list", "-f", "jsonl", cwd=town).out == before
    assert states(town) == {}
    assert inside("correct", A, "--remove", cwd=town).status == 1


def test_a_correction_that_changes_is_read_again(town):
    give(town, parted(printed(town)))
    assert index(town)[0] == 0
    give(town, printed(town).replace("桥的新闻", "桥的旧闻"))
    assert "1 changed" in inside("index", "--dry-run", cwd=town).err
    assert "1 changed" in index(town)[1]
    assert titles(town) == ["望澜桥修缮", "桥的旧闻"]


def test_a_correction_whose_paper_changed_is_named_and_not_used(town):
    give(town, parted(printed(town)))
    assert index(town)[0] == 0
    page = town / A
    page.write_text("编者按\n" + page.read_text("utf-8"), "utf-8")
    for _ in range(2):
        status, told = index(town)
        assert status == 0
        assert f"{A}: the paper has another text than when it was corrected" in told
        assert "sou correct" in told
    assert "桥的新闻" not in titles(town)
    assert states(town) == {A: "paper changed"}
    again = printed(town)
    assert "Lines that are new or different: 1" in again
    assert "@title 题目: 桥的新闻" in again
    assert give(town, again).status == 0
    assert "another text" not in index(town)[1]
    assert titles(town) == ["望澜桥修缮", "桥的新闻"]
    page.unlink()
    assert states(town) == {A: "paper gone"}


def test_a_form_that_is_not_the_page_is_not_kept(town):
    form = printed(town).replace("望澜桥修缮\n", "望澜桥修缮好了\n").replace("桥开始修缮。\n", "")
    done = give(town, form)
    assert done.status == 2
    assert "line 1 of the page is missing: 望澜桥修缮" in done.err
    assert "line 4 of the page is missing: 桥开始修缮。" in done.err
    assert f"line {form.split(chr(10)).index('望澜桥修缮好了') + 1} of the form" in done.err
    assert not (town / "corpus" / "a.txt.sou").exists()
    done = sou("correct", A, "--from", "-", cwd=town, stdin=form.encode())
    assert done.status == 2
    assert "your form is in a.txt.form" in done.err
    assert (town / "a.txt.form").read_text("utf-8") == form


def test_a_form_that_an_editor_saved_in_its_own_way(town):
    form = parted(printed(town)).replace("\n", "\r\n").encode("gb18030")
    done = sou("correct", A, "--from", "-", cwd=town, stdin=form)
    assert done.status == 0
    assert index(town)[0] == 0
    assert titles(town) == ["望澜桥修缮", "桥的新闻"]


def test_what_is_to_be_looked_at_with_explain_is_found_through_a_link(town):
    (town / "corrections" / "corpus").mkdir(parents=True)
    assert give(town, parted(printed(town))).status == 0
    (town / "corpus" / "a.txt.sou").rename(town / "corrections" / "corpus" / "a.txt.sou")
    (town / "link").symlink_to("corpus")
    for name in (A, "link/a.txt"):
        assert "桥的新闻" in inside("index", "--explain", name, cwd=town).out


def test_a_correction_whose_paper_was_renamed_is_told(town):
    assert give(town, parted(printed(town))).status == 0
    assert index(town)[0] == 0
    (town / A).rename(town / "corpus" / "新 名.txt")
    for more in ((), ("--rebuild",), ("--dry-run",)):
        status, told = index(town, "--yes", *more)
        assert status == 0
        (line,) = [line for line in told.splitlines() if "its paper is not there" in line]
        assert line.strip().startswith("corpus/a.txt.sou: ")
        assert line.endswith(": sou correct corpus/a.txt --remove")
    (town / "corpus" / "a.txt.sou").rename(town / "corpus" / "新 名.txt.sou")
    assert "not there" not in index(town)[1]
    assert titles(town, "名.txt") == ["望澜桥修缮", "桥的新闻"]
    (town / "corpus" / "新 名.txt").unlink()
    command = index(town, "--yes")[1].split("take this back: ")[1].splitlines()[0]
    assert inside(*shlex.split(command)[1:], cwd=town).status == 0
    assert not [*town.glob("corpus/*.sou")]
    assert "not there" not in index(town)[1]


def test_corrections_without_papers_are_told_in_one_line(town):
    kept = town / "corrections" / "corpus"
    kept.mkdir(parents=True)
    for name in ("甲.txt", "乙.md"):
        (kept / f"{name}.sou").write_text("version = 1\n", "utf-8")
    for number in range(3):
        (town / "corpus" / f"{number}.txt.sou").write_text("version = 1\n", "utf-8")
    for none in ("notes.sou", "x.jpg.sou", ".a.txt.sou"):
        (town / "corpus" / none).write_text("", "utf-8")
    (town / "corpus" / "y.txt.sou").mkdir()
    told = index(town)[1]
    (line,) = [line for line in told.splitlines() if "papers that are not there" in line]
    assert "5 corrections" in line
    assert "corpus/2.txt.sou and 2 more (-v lists all)" in line
    assert "corrections/corpus/甲.txt.sou" in index(town, "-v")[1]
    assert {*states(town).values()} == {"paper gone"} or not states(town)
    (town / "corpus").rename(town / "elsewhere")
    assert "papers that are not there" not in index(town)[1], "nobody has looked"


def test_a_folder_that_is_called_a_correction_is_listed(town):
    (town / "corpus" / "a.txt.sou").mkdir()
    (town / "corpus" / "y.txt.sou").mkdir()
    assert "its correction cannot be read: a folder" in index(town)[1]
    assert states(town) == {A: "unreadable"}
    assert "a folder" in inside("correct", "--list", "-f", "json", cwd=town).out


def test_no_corrections_are_told(town):
    for arguments in (("correct", "--list"), ("eval", "--pages")):
        done = inside(*arguments, cwd=town)
        assert (done.status, done.out) == (1, "")
        assert "No page has been corrected yet" in done.err


def test_the_correction_of_a_page_that_became_two_goes_with_its_text(town):
    text = "望澜晚报\n2023年5月12日 星期五 第1版\n会议召开\n本报讯 会开了。\n"
    more = text.replace("会", "桥").replace("第1版", "第2版")
    name = "corpus/c.txt"
    (town / name).write_text(text, "utf-8")
    form = printed(town, name).replace("@headline 标", "@title: 议事\n@headline 标")
    assert give(town, form, name).status == 0
    whole = (town / "corpus" / "c.txt.sou").read_text("utf-8")
    (town / name).write_text(f"{text}\f{more}", "utf-8")
    told = index(town)[1]
    assert "sou correct FILE --page N" in told

    def parts():
        rows = inside("correct", "--list", cwd=town).out.splitlines()
        return [tuple(row.split("\t")[1:3]) for row in rows]

    def page(number):
        return printed(town, name, "--page", number)

    assert "议事" not in page("2"), "it has other lines"
    assert give(town, page("2"), name, "--page", "2").status == 0
    assert parts() == [("", "paper changed"), ("p. 2", "in force")]
    assert "议事" in page("1")
    assert "Lines that are new or different: 0" in page("1")
    assert give(town, page("1"), name, "--page", "1").status == 0
    assert sorted(parts()) == [("p. 1", "in force"), ("p. 2", "in force")]
    # As an earlier sou left it, beside that of page 1:
    kept = town / "corpus" / "c.txt.sou"
    kept.write_text(kept.read_text("utf-8") + whole.split("version = 1\n")[1], "utf-8")
    assert len(parts()) == 3
    for left in (["", "p. 2"], ["p. 2"]):
        assert inside("correct", name, "--remove", "--page", "1", cwd=town).status == 0
        assert sorted(part for part, _ in parts()) == left
    (town / name).write_text(more, "utf-8")
    assert "changed after it was corrected. Lines that are new or different: 0" in page("1")
    assert give(town, page("1"), name).status == 0
    assert parts() == [("", "in force")], "and two become one"


EDITOR = """
import sys
from pathlib import Path
path = Path(sys.argv[-1])
steps = Path(sys.argv[1])
old, new = steps.read_text("utf-8").split("\\n")[:2]
steps.write_text(steps.read_text("utf-8").split("\\n", 2)[2], "utf-8")
text = path.read_text("utf-8")
path.write_text(text.replace(old.replace("|", "\\n"), new.replace("|", "\\n")), "utf-8")
sys.exit(int(old == "fail"))
"""


@pytest.fixture
def edited(town, monkeypatch):
    """What runs sou correct on a terminal: steps of an editor, each two lines, and answers."""

    def work(steps, answers=""):
        (town / "editor.py").write_text(EDITOR, "utf-8")
        (town / "steps").write_text("\n".join(steps) + "\n", "utf-8")
        monkeypatch.setenv("VISUAL", "")
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' editor.py steps")
        stdin = io.StringIO(answers)
        monkeypatch.setattr(stdin, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", stdin)
        monkeypatch.chdir(town)
        err = io.StringIO()
        status = run(["correct", A], World(io.StringIO(), err, stderr_terminal=True))
        return status, err.getvalue()

    return work


def test_an_editor_is_opened_and_its_work_kept(town, edited):
    status, told = edited(["桥开始修缮。", "@article|@text|桥开始修缮。"])
    assert status == 0
    assert "2 articles" in told
    assert index(town)[0] == 0
    assert titles(town) == ["望澜桥修缮", "桥开始修缮"]


def test_a_form_is_opened_again_until_it_is_right(town, edited):
    status, told = edited(["桥开始修缮。", "", "本报讯", "桥开始修缮。|本报讯"], "y\n")
    assert status == 0
    assert "is missing" in told
    assert (town / "corpus" / "a.txt.sou").exists()
    assert not (town / "a.txt.form").exists()


def test_no_work_is_lost_when_it_is_not_opened_again(town, edited):
    status, told = edited(["桥开始修缮。", "我的工作"], "n\n")
    assert status == 2
    assert "sou correct corpus/a.txt --from a.txt.form" in told
    assert "我的工作" in (town / "a.txt.form").read_text("utf-8")
    status, told = edited(["桥开始修缮。", "又是工作", "fail", ""], "y\n")
    assert status == 2
    assert "又是工作" in (town / "a.txt.2.form").read_text("utf-8"), "nothing is written over"


@pytest.mark.parametrize("data", [b"\0\x01\xff" * 100, b"x" * ((64 << 20) + 1)])
def test_no_work_is_lost_that_is_no_form(town, edited, monkeypatch, data):
    (town / "data").write_bytes(data)
    editor = "import shutil, sys; shutil.copy('data', sys.argv[-1])"
    monkeypatch.setattr("tests.cli.test_correct.EDITOR", editor)
    status, told = edited([])
    assert status == 2
    assert "sou correct corpus/a.txt --from a.txt.form" in told
    assert (town / "a.txt.form").read_bytes() == data
    assert not (town / "corpus" / "a.txt.sou").exists()


def test_no_work_is_lost_with_an_editor_that_fails(town, edited, monkeypatch):
    monkeypatch.setattr("tests.cli.test_correct.EDITOR", EDITOR.replace('old == "fail"', "1"))
    assert edited(["", ""])[0] == 2
    assert not (town / "a.txt.form").exists(), "nothing was done"
    assert edited(["桥开始修缮。", "我的工作"])[0] == 2
    assert "我的工作" in (town / "a.txt.form").read_text("utf-8")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "No space left"),
        (PermissionError(13, "Permission denied"), "cannot be kept"),
    ],
)
def test_no_work_is_lost_when_it_cannot_be_kept(town, edited, monkeypatch, error, said):
    from search.papers.corrections import storing

    def refuse(*_):
        raise error

    monkeypatch.setattr(storing, "_write", refuse)
    status, told = edited(["桥开始修缮。", "@article|@text|桥开始修缮。"])
    assert status == 2
    assert said in told
    assert "@article\n@text\n桥开始修缮。" in (town / "a.txt.form").read_text("utf-8")
    assert not (town / "a.txt.2.form").exists()


def test_nothing_is_kept_without_a_change(town, edited):
    for steps in (["", ""], ["fail", ""]):
        status, told = edited(steps)
        assert status == (2 if steps[0] else 0)
        assert "nothing is kept" in told
        assert not (town / "corpus" / "a.txt.sou").exists()
    os.environ["EDITOR"] = "no-such-editor"
    assert "EDITOR" in edited(["", ""])[1]


def test_without_a_terminal_it_says_how(town):
    done = sou("correct", A, cwd=town, env={"EDITOR": "true"})
    assert done.status == 2
    assert "--print" in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no FILE"),
        ((A, "--list"), "--list takes no FILE"),
        ((A, "--print", "--remove"), "cannot be combined"),
        (("corpus/none.txt", "--print"), "cannot read corpus/none.txt"),
        (("corpus", "--print"), "cannot read corpus"),
        (("corpus/r.jsonl", "--print"), "cannot be corrected"),
        ((A, "--print", "--page", "2"), "has no page 2"),
        ((A, "--from", "none"), "none cannot be read"),
    ],
)
def test_what_cannot_be_corrected(town, arguments, told):
    (town / "corpus" / "r.jsonl").write_text('{"title": "甲", "body": "乙"}\n', "utf-8")
    done = inside("correct", *arguments, cwd=town)
    assert done.status == 2
    assert told in done.err


def test_a_correction_of_a_stranger_stops_nothing(town):
    for number, data in enumerate((b"\xff", b"version = 2", b"a" * (3 << 20), b"[[page]]")):
        (town / "corpus" / "a.txt.sou").write_bytes(data)
        status, told = index(town)
        assert status == 0
        assert "a.txt: its correction" in told, number
        assert titles(town) == ["望澜桥修缮"]
        assert states(town) == {A: "unreadable"}
        assert inside("correct", A, "--print", cwd=town).status == 2
    (town / "corpus" / "a.txt.sou").unlink()
    (town / "corpus" / "a.txt.sou").symlink_to(town / "b")
    assert index(town)[0] == 0
    assert inside("correct", A, "--remove", cwd=town).status == 0
    assert not (town / "corpus" / "a.txt.sou").is_symlink()


def test_records_have_no_corrections(town):
    """They are not read by pages, and not read again for what lies beside them."""
    (town / "corpus" / "r.jsonl").write_text('{"title": "甲", "body": "乙"}\n', "utf-8")
    (town / "corpus" / "r.jsonl.sou").write_text("version = 1\n", "utf-8")
    assert index(town)[0] == 0
    assert "0 changed" in index(town)[1]
    assert titles(town, "r.jsonl") == ["甲"]


def test_what_a_correction_says_is_harmless_on_a_terminal(town):
    give(town, parted(printed(town)).replace("桥的新闻", "桥\x1b[2J的\u202e新闻"))
    assert index(town)[0] == 0
    done = inside("correct", A, "--print", cwd=town, terminal=True)
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "\x1b" not in (town / "corpus" / "a.txt.sou").read_text("utf-8")


def test_papers_that_cannot_be_written_beside_have_a_folder(town, monkeypatch):
    from search.papers.corrections import storing

    write = storing._write

    def refuse(place, data, mode):
        if "corpus" not in place.parts[-3:-1] or place.parts[-3] == "corrections":
            return write(place, data, mode)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(storing, "_write", refuse)
    assert give(town, parted(printed(town))).status == 0
    kept = town / "corrections" / "corpus" / "a.txt.sou"
    assert kept.is_file()
    assert index(town)[0] == 0
    assert titles(town) == ["望澜桥修缮", "桥的新闻"]
    assert "0 changed" in index(town)[1]
    assert states(town) == {A: "in force"}
    listed = inside("correct", "--list", "-f", "rich", cwd=town).out
    assert str(kept) in listed
    (town / "corrections").rename(town / "kept")
    (town / "sou.toml").write_text('corrections = "kept"\n', "utf-8")
    assert states(town) == {A: "in force"}
    assert "0 changed" in index(town)[1]
    (town / "corpus" / "a.txt.sou").write_bytes(
        (town / "kept" / "corpus" / "a.txt.sou").read_bytes()
    )
    done = give(town, printed(town).replace("桥的新闻", "桥的旧闻"))
    assert done.status == 2, "what is beside the paper would win"
    assert "cannot be replaced" in done.err
    (town / "corpus" / "a.txt.sou").unlink()
    monkeypatch.undo()
    assert give(town, printed(town)).status == 0
    assert not (town / "kept" / "corpus" / "a.txt.sou").exists(), "one paper has one correction"
    assert (town / "corpus" / "a.txt.sou").exists()


def test_a_correction_is_as_private_as_its_paper(town):
    (town / A).chmod(0o600)
    give(town, parted(printed(town)))
    assert (town / "corpus" / "a.txt.sou").stat().st_mode & 0o077 == 0


def test_pages_of_a_pdf_are_corrected_one_by_one(town):
    pytest.importorskip("pypdfium2")
    pytest.importorskip("reportlab")
    first = pdfs.lines((50, 0, 12, ["望澜桥通车", "老人都来看桥。"]))
    data = pdfs.drawn(first, pdfs.lines((50, 0, 12, ["图书馆开放", "书有三万册。"])))
    (town / "corpus" / "c.pdf").write_bytes(data)
    name = "corpus/c.pdf"
    done = inside("correct", name, "--print", cwd=town)
    assert done.status == 2
    assert "--page N" in done.err
    form = printed(town, name, "--page", "2").replace("@date 日期:", "@date 日期: 1999-01-02")
    assert give(town, form, name, "--page", "2").status == 0
    assert index(town)[0] == 0
    rows = inside("list", "--path", "*c.pdf", "-f", "jsonl", cwd=town).out.splitlines()
    dates = {row["part"]: row["date"] for row in map(json.loads, rows)}
    assert dates == {"p. 1": None, "p. 2": "1999-01-02"}
    assert inside("correct", name, "--remove", "--page", "1", cwd=town).status == 1
    assert inside("correct", name, "--remove", "--page", "2", cwd=town).status == 0
    assert states(town) == {}


def test_pages_that_are_read_in_another_process_are_corrected(town):
    """A reader of native code gets the file alone: what was corrected goes with the request."""
    pytest.importorskip("lxml")
    line = "<span class='ocr_line' title='bbox 0 {0} 300 {1}'>{2}</span>"
    spans = "".join(
        line.format(at * 40, at * 40 + 30, text)
        for at, text in enumerate(["望澜桥通车", "老人都来看桥。", "桥有三里长。"])
    )
    whole = (
        f"<html><body><div class='ocr_page' title='bbox 0 0 400 400'>{spans}</div></body></html>"
    )
    (town / "corpus" / "d.hocr").write_text(whole, "utf-8")
    name = "corpus/d.hocr"
    form = printed(town, name).replace("桥有三里长。", "@article\n@text\n桥有三里长。")
    assert give(town, form, name).status == 0
    assert index(town)[0] == 0
    assert titles(town, name)[-1] == "桥有三里长"
    assert len(titles(town, name)) == form.count("\n@article")


def test_all_pages_of_the_corpus_confirmed_are_the_same_articles(tmp_path):
    """Keeping what sou reads changes nothing: not an id, a line, nor a date."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    assert index(tmp_path)[0] == 0
    before = inside("list", "-f", "jsonl", cwd=tmp_path).out
    pages = [
        str(path.relative_to(tmp_path))
        for path in sorted((tmp_path / "corpus").rglob("*"))
        if path.suffix in {".txt", ".md"}
    ]
    for name in pages:
        assert give(tmp_path, printed(tmp_path, name), name).status == 0
    assert f"{len(pages)} changed" in index(tmp_path)[1]
    assert inside("list", "-f", "jsonl", cwd=tmp_path).out == before
    done = inside("eval", "--pages", cwd=tmp_path)
    assert done.status == 0
    last = done.out.splitlines()[-1].split("\t")
    assert last == [f"all {len(pages)}", *["1.000"] * 5]


def test_reading_is_measured_against_corrections(town):
    assert index(town)[0] == 0
    assert inside("eval", "--pages", cwd=town).status == 1
    give(town, printed(town, B), B)
    give(town, parted(printed(town)))
    done = inside("eval", "--pages", cwd=town)
    assert done.status == 0
    head, a, b, every = (line.split("\t") for line in done.out.splitlines())
    assert head == ["page", "articles", "titles", "authors", "date", "paper"]
    assert a == [A, "0.000", "0.000", "0.000", "wrong", "wrong"], "two articles are read as one"
    assert b[:4] == [B, "1.000", "1.000", "1.000"]
    assert every[:2] == ["all 2", "0.400"], "1 of 2 is right, 3 are wanted"
    (town / B).write_text("另一版\n", "utf-8")
    done = inside("eval", "--pages", cwd=town)
    assert done.status == 2
    assert f"not measured: {B} (paper changed)" in done.err
    assert inside("eval", cwd=town).status == 2
    assert inside("eval", "q.tsv", "qrels.tsv", "--pages", cwd=town).status == 2


def test_the_list_for_programs(town):
    give(town, parted(printed(town)))
    lines = inside("correct", "--list", "-f", "jsonl", cwd=town).out
    record = json.loads(lines)
    assert record == {
        "schema": "sou.correction/1",
        "path": A,
        "part": None,
        "state": "in force",
        "why": None,
        "articles": 2,
        "kept": str(Path(town / "corpus" / "a.txt.sou").resolve()),
    }
    whole = json.loads(inside("correct", "--list", "-f", "json", cwd=town).out)
    assert whole == {"schema": "sou.correction-list/1", "corrections": [record]}


def test_a_corrected_page_is_explained_as_it_was_put_right(town):
    before = inside("index", "--explain", A, cwd=town)
    assert (before.status, "corrected" in before.out, "article 2:" in before.out) == (
        0,
        False,
        False,
    )
    assert give(town, parted(printed(town))).status == 0
    after = inside("index", "--explain", A, cwd=town)
    assert after.status == 0
    assert "corrected with sou correct" in after.out
    assert "  headline: 桥的新闻" in after.out
    assert "date: 2023-08-22 (of the corrected page)" in after.out


RUNS_OVER = """青岚日报
2023年5月6日 第1版

渡口新桥通车
本报讯（记者 沈桂枝）5月4日，渡口新桥正式通车，两岸群众奔走相告。桥长三百米，宽十二米，可供四辆汽车并排行驶。有人说，这座桥将
\f使两岸的人们往来更加方便，也会带动两岸的经济发展。群众说，这是多年的愿望。
"""


def test_a_corrected_page_that_is_the_end_of_an_article_is_still_there(town):
    paper = town / "corpus" / "over.txt"
    paper.write_text(RUNS_OVER, "utf-8")
    name = "corpus/over.txt"
    assert give(town, printed(town, name, "--page", "2"), name, "--page", "2").status == 0
    paper.write_text(RUNS_OVER.replace("愿望", "心愿"), "utf-8")
    told = index(town)[1]
    assert "p. 2 has another text" in told
    assert "not there any more" not in told
    assert titles(town, name) == ["渡口新桥通车"]


def test_all_parts_of_a_line_beside_the_articles_are_found(town):
    form = printed(town).replace("桥开始修缮。", "始修").replace("望澜桥修缮\n", "")
    form = form.replace("\n@article", "望澜桥修缮\n桥开\n缮。\n@article", 1)
    assert give(town, form).status == 0
    assert index(town)[0] == 0
    for word in ("桥开", "缮。"):
        assert inside(f"in:page {word}", cwd=town).status == 0


def test_nothing_is_kept_that_would_not_be_read_again(town):
    names = "、".join(map(chr, range(0x4E00, 0x4E00 + 101)))
    done = give(town, printed(town) + f"@article\n@authors: {names}\n")
    assert done.status == 0, "an article without a line is none"
    form = parted(printed(town)).replace("沈秋", names)
    done = give(town, form)
    assert done.status == 2
    assert "authors" in done.err
    assert "桥的新闻" not in (town / "corpus" / "a.txt.sou").read_text("utf-8")


def test_a_form_of_a_paper_with_a_long_name_is_saved_too(town):
    name = f"corpus/{'长' * 83}.txt"
    (town / name).write_text(RUNS_OVER.replace("\f", ""), "utf-8")
    form = printed(town, name)
    for text in (form.replace("渡口新桥通车", "", 1), form):
        done = sou("correct", name, "--from", "-", cwd=town, stdin=text.encode())
        assert done.status == 2
        assert len([*town.glob("长*.form")]) == (1 if text != form else 2), done.err
    assert "shorter name" in done.err


def test_an_article_runs_over_the_end_of_a_corrected_page_as_before(town):
    name = "corpus/over.txt"
    (town / name).write_text(RUNS_OVER, "utf-8")
    assert index(town)[0] == 0

    def listed():
        done = inside("list", "--path", f"*{name}", cwd=town)
        assert done.status == 0
        return done.out

    before = listed()
    for page in ("1", "2"):
        assert give(town, printed(town, name, "--page", page), name, "--page", page).status == 0
        assert index(town)[0] == 0
        assert listed() == before, "to confirm a page changes nothing"
    form = printed(town, name, "--page", "1")
    form = form.replace("作者: 沈桂枝", "作者: 沈桂枝、俞白")
    assert give(town, form, name, "--page", "1").status == 0
    assert index(town)[0] == 0
    assert listed() == before
    form = printed(town, name, "--page", "2").replace(
        "@headline 标", "@title: 两岸往来\n@headline 标"
    )
    assert give(town, form, name, "--page", "2").status == 0
    assert index(town)[0] == 0
    assert titles(town, name) == ["渡口新桥通车", "两岸往来"], "what has a title begins"


def test_a_headline_that_gets_another_title_is_still_found(town):
    form = printed(town).replace("@headline 标", "@title: 桥的新闻\n@headline 标")
    assert give(town, form).status == 0
    assert index(town)[0] == 0
    assert titles(town) == ["桥的新闻"]
    done = inside("-F", "望澜桥修缮", "--no-partial", "-f", "jsonl", cwd=town)
    assert done.status == 0
    assert [json.loads(line)["line"] for line in done.out.splitlines()] == [1]


def test_the_command_that_is_told_names_the_page(town):
    name = "corpus/over.txt"
    (town / name).write_text(RUNS_OVER, "utf-8")
    done = sou("correct", name, "--page", "2", "--from", "-", cwd=town)
    assert done.status == 2
    assert "sou correct corpus/over.txt --page 2 --from over.txt.form" in done.err


def test_a_correction_that_was_emptied_is_told(town):
    (town / "corpus" / "a.txt.sou").write_bytes(b"")
    assert "its correction is not used: it is empty" in index(town)[1]


def test_a_form_shows_what_is_given_and_what_is_left_there_is_no_correction(town):
    page = town / "corpus/甲.txt"
    page.write_text("1958年3月9日\n\n望澜桥修缮\n桥开始修缮，过桥的人绕行。\n", "utf-8")
    (town / "corpus/metadata.csv").write_text(
        "file,paper,date,page\n甲.txt,望澜民报,1958-03-04,第3版\n", "utf-8"
    )
    form = printed(town, str(page))
    assert "报纸: 望澜民报\n@date 日期: 1958-03-04\n" in form
    assert "版次: 3\n" in form
    mended = form.replace("\n@headline", "\n@title: 望澜桥动工\n@headline")
    assert give(town, mended, str(page)).status == 0

    def fields():
        index(town)
        done = inside("list", "--path", "*甲.txt", "-f", "jsonl", cwd=town)
        [known] = map(json.loads, done.out.splitlines())
        return known["title"], known["paper"], known["date"], known["page"]

    assert fields() == ("望澜桥动工", "望澜民报", "1958-03-04", "3")
    (town / "corpus/metadata.csv").write_text("file,date\n甲.txt,1958-03-05\n", "utf-8")
    assert fields() == ("望澜桥动工", None, "1958-03-05", None)
    (town / "corpus/metadata.csv").unlink()
    assert fields() == ("望澜桥动工", None, "1958-03-09", None)
    # What a person says wins over the list; and what was said before stays said.
    (town / "corpus/metadata.csv").write_text("file,date\n甲.txt,1958-03-05\n", "utf-8")
    form = printed(town, str(page)).replace("日期: 1958-03-05", "日期: 1958-03-06")
    assert give(town, form, str(page)).status == 0
    assert give(town, printed(town, str(page)), str(page)).status == 0
    assert fields() == ("望澜桥动工", None, "1958-03-06", None)


def test_a_section_is_given_to_a_corrected_page_whose_articles_have_none(town):
    page = town / "corpus/甲.txt"
    page.write_text("第3版\n\n望澜桥修缮\n桥开始修缮，过桥的人绕行。\n", "utf-8")
    (town / "corpus/metadata.csv").write_text("file,section\n甲.txt,城建\n", "utf-8")
    form = printed(town, str(page))
    assert "版名: 城建\n" in form
    assert (
        give(town, form.replace("\n@headline", "\n@title: 动工\n@headline"), str(page)).status == 0
    )
    index(town)
    done = inside("list", "--path", "*甲.txt", "-f", "jsonl", cwd=town)
    [known] = map(json.loads, done.out.splitlines())
    assert (known["title"], known["section"]) == ("动工", "城建")
