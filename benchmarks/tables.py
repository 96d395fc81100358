"""Records to tables that are read in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median
from typing import Any

Record = dict[str, Any]
Row = list[str]
BASE = "tantivy"
"""The engine to which the others are compared."""


def show(records: list[Record]) -> str:
    """Return all tables of a run."""
    out: list[str] = []
    for size in sizes(records):
        text_mb = max((r["text_mb"] for r in _of(records, "build", size)), default=0)
        out += ["", f"==== {size:,} articles" + (f", {text_mb:.1f} MB of text" if text_mb else "")]
        for table in (_building, _asking, _ratios, _found, _cold, _updates):
            out += table(records, size)
    out += _remarks(records)
    return "\n".join(out)


def sizes(records: list[Record]) -> list[int]:
    """Return the sizes that were measured."""
    return sorted({r["size"] for r in records if "size" in r})


def _of(records: list[Record], part: str, size: int) -> list[Record]:
    return [r for r in records if r["part"] == part and r.get("size") == size]


def builds(records: list[Record], size: int) -> dict[str, dict[int, Record]]:
    """Return the cheapest build of each engine and number of processes."""
    best: dict[str, dict[int, Record]] = {}
    for record in _of(records, "build", size):
        by_jobs = best.setdefault(record["engine"], {})
        known = by_jobs.get(record["jobs"])
        if known is None or record["cpu_s"] < known["cpu_s"]:
            by_jobs[record["jobs"]] = record
    return best


def rate(record: Record) -> float:
    """Return the articles that were indexed in a CPU second."""
    return record["articles"] / record["cpu_s"]


def ratio(record: Record) -> float:
    """Return the size of an index over that of its text."""
    return record["index_mb"] / record["text_mb"]


def times(record: Record) -> dict[str, list[float]]:
    """Return the CPU milliseconds of the questions of each class, sorted."""
    return {
        name: sorted(asked["cpu_ms"] for asked in answer["asked"])
        for name, answer in record["classes"].items()
        if answer["asked"]
    }


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return values[math.ceil(0.95 * len(values)) - 1]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"


def _mark(record: Record) -> str:
    return "~" if record.get("articles", record["size"]) != record["size"] else ""


def _table(title: str, head: Row, rows: list[Row]) -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return ["", title, *(_line(row, widths) for row in [head, *rows])]


def _line(row: Row, widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join(cells).rstrip()


def _building(records: list[Record], size: int) -> list[str]:
    found = builds(records, size)
    base = found.get(BASE, {}).get(1)
    head = ["engine", "CPU s", "articles/CPU s", f"x {BASE}", "wall 1 s", "wall 2 s"]
    head += ["peak MB 1", "peak MB 2", "index/text"]
    rows = []
    for engine, by_jobs in found.items():
        if engine == "rg":
            continue  # it has no index: writing the files is not its work
        one, two = by_jobs.get(1), by_jobs.get(2)
        best = one or two
        assert best
        scale = size / best["articles"]
        rows.append([
            engine + _mark(best),
            _number(best["cpu_s"] * scale),
            _number(rate(best)),
            _number(rate(best) / rate(base) if base else None),
            _number(one["wall_s"] * scale if one else None),
            _number(two["wall_s"] * scale if two else None),
            _number(one["peak_mb"] if one else None),
            _number(two["peak_mb"] if two else None),
            _number(ratio(best)),
        ])  # fmt: skip
    return _table("Building (from the file of articles to the index, whole process)", head, rows)


def _asking(records: list[Record], size: int) -> list[str]:
    asked = _of(records, "ask", size)
    names = _classes(asked)
    rows = []
    for record in asked:
        by_class = times(record)
        cells = [
            " / ".join(_number(v) for v in (median(spans), p95(spans), spans[-1]))
            + ("*" if record["classes"][name]["unable"] else "")
            if (spans := by_class.get(name))
            else "-"
            for name in names
        ]
        rows.append([record["engine"] + _mark(record), *cells, _number(record["peak_mb"])])
    title = "Asking, warm: CPU ms, median / p95 / max (top 10 fetched, exact total)"
    return _table(title, ["engine", *names, "peak MB"], rows)


def _classes(asked: list[Record]) -> list[str]:
    return list(dict.fromkeys(name for record in asked for name in record["classes"]))


def _ratios(records: list[Record], size: int) -> list[str]:
    asked = _of(records, "ask", size)
    base = next((times(r) for r in asked if r["engine"] == BASE), None)
    if base is None:
        return []
    names = _classes(asked)
    rows = []
    for record in asked:
        if record["engine"] == BASE or _mark(record):
            continue
        by_class = times(record)
        cells = [
            _number(median(by_class[n]) / median(base[n])) if n in by_class and n in base else "-"
            for n in names
        ]
        rows.append([record["engine"], *cells])
    return _table(
        f"Asking: median CPU over that of {BASE} (less is better)", ["engine", *names], rows
    )


def _found(records: list[Record], size: int) -> list[str]:
    """Compare what was found in all with what a grep finds, over the same questions."""
    truths = _of(records, "truth", size)
    if not truths:
        return []
    grep = truths[-1]["classes"]
    asked = _of(records, "ask", size)
    names = _classes(asked)
    rows = [["grep", *(_number(sum(grep[n].values())) if n != "wildcard" else "-" for n in names)]]
    for record in asked:
        if _mark(record):
            continue
        cells = []
        for name in names:
            answers = record["classes"][name]["asked"]
            found = sum(a["count"] for a in answers)
            there = sum(grep[name].get(a["text"], 0) for a in answers)
            share = f" ({found / there:.0%})" if there and name != "wildcard" else ""
            cells.append(f"{found:,}{share}" if answers else "-")
        rows.append([record["engine"], *cells])
    title = "Articles found in all (share of what a grep finds for the same questions)"
    return _table(title, ["engine", *names], rows)


def _cold(records: list[Record], size: int) -> list[str]:
    columns = ("cpu_ms", "least_cpu_ms", "wall_ms", "peak_mb")
    rows = [
        [_plain(r["command"]), *(_number(r[column]) for column in columns)]
        for r in _of(records, "cold", size)
    ]
    head = ["command", "CPU ms", "least", "wall ms", "peak MB"]
    return _table("Cold start: one process, one question", head, rows)


def _plain(command: str) -> str:
    """Write the one Chinese query so that columns stay straight in any font."""
    return command.replace("志愿服务", "QUERY")


def _updates(records: list[Record], size: int) -> list[str]:
    columns = ("cpu_ms", "wall_ms", "peak_mb", "found", "unchanged_cpu_ms")
    rows = [
        [r["engine"], *(_number(r.get(column)) for column in columns)]
        for r in _of(records, "update", size)
    ]
    head = ["engine", "CPU ms", "wall ms", "peak MB", "found", "no change: CPU ms"]
    return _table("Adding one page to the index (whole process)", head, rows)


def _remarks(records: list[Record]) -> Iterator[str]:
    yield ""
    floor = max((r["floor_mb"] for r in records if "floor_mb" in r), default=0)
    yield f"peak MB: up to {floor:.0f} means no more than that (what the measuring script takes)"
    if any(_mark(r) for r in records if r["part"] in {"build", "ask"}):
        yield "~ measured on fewer articles; building is scaled up, asking is as measured"
    if any(a["unable"] for r in records if r["part"] == "ask" for a in r["classes"].values()):
        yield "* some questions of the class are beyond the engine and left out"
    speeds = [r["yardstick_ms"] for r in records if "yardstick_ms" in r]
    if speeds:
        yield (
            f"yardstick: {min(speeds):.1f} to {max(speeds):.1f} ms of CPU for the same work; "
            f"differences below {max(speeds) / min(speeds) - 1:.0%} may be the machine"
        )
    versions = list(dict.fromkeys(r["sou"] for r in records if "sou" in r))
    yield f"sou: {' and then '.join(versions)}"
    if len(versions) > 1:
        yield "sou CHANGED DURING THE RUN: its indexes and its questions may not be of one version"
    for record in records:
        if record["part"] == "error":
            yield f"failed: {record['what']} {record['engine']}: {record['message']}"
