"""A page with a few broken bytes is read; that is said, and no reason for a script to stop."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.cli.running import inside


def test_broken_bytes_are_told_and_no_failure(tmp_path: Path) -> None:
    text = "秋收现场会在柳溪镇召开\n\n本报讯 九月二十日，全县秋收现场会在柳溪镇召开。\n" * 5
    data = text.encode("gb18030")
    paper = tmp_path / "corpus" / "a.txt"
    paper.parent.mkdir()
    paper.write_bytes(data[:-3] + b"\xff" + data[-3:])
    os.utime(paper, (time.time() - 100,) * 2)
    for _ in range(2):  # the second run remembers it
        done = inside("index", "corpus", cwd=tmp_path)
        assert done.status == 0
        assert "corpus/a.txt:15: 1 broken byte was replaced" in done.err
        assert "cannot read" not in done.err
        assert "unreadable" not in done.err
    assert inside("-c", "秋收现场会", cwd=tmp_path).out.strip() != "0"
