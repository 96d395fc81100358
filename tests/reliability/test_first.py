"""What a first build left that was cut off, and what is merely somebody's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import inside

PAGE = "望澜桥修缮\n\n本报讯 望澜桥修缮完成。\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text(PAGE, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "left",
    [
        ["writer.json"],
        ["write.lock", "writer.json", "g1/"],
        ["g1/"],
        ["g1/segments.1.json", "g1/files.1.json", "g1/MAIN_0123456789abcdef0123.sou"],
        [".sou.json.0123456789abcdef.new"],
    ],
    ids=str,
)
def test_whatever_is_left_of_a_first_build_is_built_over(left: list[str], town: Path) -> None:
    for name in left:
        path = town / "index_data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        else:
            path.write_text("", "utf-8")
    assert inside("index", "papers", cwd=town).status == 0
    assert inside("check", cwd=town).status == 0
    assert inside("望澜桥", "-l", cwd=town).out == "papers/a.txt\n"
    assert {path.name for path in (town / "index_data").iterdir()} == {
        "sou.json",
        "write.lock",
        "g1",
    }


@pytest.mark.parametrize("name", ["g1/notes.txt", "g1/g1/x", "notes.txt", "g2", "g01/files.1.json"])
def test_a_folder_of_something_else_is_left_alone(name: str, town: Path) -> None:
    path = town / "index_data" / name
    path.parent.mkdir(parents=True)
    path.write_text("望", "utf-8")
    done = inside("index", "papers", "--index", "index_data", cwd=town)
    assert done.status == 2
    assert "is not an index" in done.err
    assert path.read_text("utf-8") == "望"
