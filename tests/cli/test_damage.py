"""A search of a damaged index says so, whatever it stumbles over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import inside


@pytest.mark.parametrize("command", [["秋收"], ["秋收", "-f", "json"], ["list"], ["show", "a"]])
def test_damage_is_told_and_is_no_empty_answer(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "corpus").mkdir()
    lines = [f'{{"id": "{i}", "title": "秋收{i}", "body": "秋收第{i}天"}}\n' for i in range(99)]
    (tmp_path / "corpus" / "a.jsonl").write_text("".join(lines), "utf-8")
    assert inside("index", "corpus", cwd=tmp_path).status == 0
    [segment] = (tmp_path / "index_data" / "g1").glob("*.sou")
    data = bytearray(segment.read_bytes())
    wrong = {0, 1, 3}
    for at in range(40, 400, 3):  # in the stored articles, which come first
        damaged = bytearray(data)
        damaged[at : at + 4] = b"\xff\xfe\xff\xff"
        segment.write_bytes(damaged)
        done = inside(*command, cwd=tmp_path)
        assert done.status in wrong
        assert "Traceback" not in done.err
        if done.status == 3:
            assert "sou index --rebuild" in done.err
            break
    else:
        pytest.fail("no damage was noticed")
