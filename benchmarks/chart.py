"""Draw what peers.py measured: python benchmarks/chart.py results.json docs/benchmarks.svg [SIZE].

Three panels: articles indexed in a CPU second, size of the index over that of the text, and
the median CPU of a warm question by class (logarithmic). Of the largest size measured, or of
SIZE. The picture is plain SVG, written by hand, with a light background of its own.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from statistics import median

from tables import Record, builds, rate, ratio, sizes, times

NAMES = {
    "sou": "sou",
    "sou+snippets": "sou, snippets made",
    "tantivy": "Tantivy (words)",
    "fts5": "SQLite FTS5 (words)",
    "trigram": "SQLite FTS5 (trigram)",
    "xapian": "Xapian (1- and 2-grams)",
    "whoosh": "Whoosh + jieba",
    "rg": "ripgrep",
}
COLOURS = {
    "sou": "#b3261e",
    "sou+snippets": "#e08a84",
    "tantivy": "#31538f",
    "fts5": "#3d8577",
    "trigram": "#93bfb5",
    "xapian": "#8a6bb1",
    "whoosh": "#a98546",
    "rg": "#77797d",
}
INK, FAINT, PAPER, RULE = "#222326", "#63666b", "#fdfdfb", "#dcdcd6"
WIDTH, LEFT, BAR, GAP = 960, 190, 17, 5


class Canvas:
    """Shapes, from the top down."""

    def __init__(self) -> None:
        self.shapes: list[str] = []
        self.y = 0.0

    def text(self, x: float, y: float, text: str, **style: object) -> None:
        """Write some text with its baseline at y."""
        given = {"font-size": 13, "fill": INK, **{k.replace("_", "-"): v for k, v in style.items()}}
        attributes = " ".join(f'{key}="{value}"' for key, value in given.items())
        self.shapes.append(f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(text)}</text>')

    def bar(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Draw a filled bar."""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" '
            f'height="{height:.1f}" fill="{fill}" rx="1.5"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a faint line."""
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{RULE}"/>'
        )

    def heading(self, title: str, remark: str) -> None:
        """Begin a panel."""
        self.y += 40
        self.text(24, self.y, title, font_size=15, font_weight="bold")
        self.text(WIDTH - 24, self.y, remark, font_size=12, fill=FAINT, text_anchor="end")
        self.y += 14

    def svg(self, label: str) -> str:
        """Return the picture."""
        height = self.y + 24
        fonts = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
            f'width="{WIDTH}" height="{height:.0f}" font-family="{fonts}" role="img" '
            f'aria-label="{escape(label)}">'
        )
        paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
        return "\n".join([head, paper, *self.shapes, "</svg>\n"])


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _bars(canvas: Canvas, values: dict[str, float], write: Callable[[float], str]) -> None:
    most = max(values.values())
    room = WIDTH - LEFT - 24 - 70
    for engine, value in values.items():
        weight = "bold" if engine == "sou" else "normal"
        canvas.text(LEFT - 10, canvas.y + 13, NAMES[engine], text_anchor="end", font_weight=weight)
        width = room * value / most
        canvas.bar(LEFT, canvas.y, width, BAR, COLOURS[engine])
        canvas.text(LEFT + width + 6, canvas.y + 13, write(value), font_weight=weight)
        canvas.y += BAR + GAP


def _classes(canvas: Canvas, medians: dict[str, dict[str, float]]) -> None:
    """Draw the bars of each class on one logarithmic scale, with a legend above."""
    x = 24.0
    canvas.y += 6
    for engine in medians:
        width = 24 + 7.1 * len(NAMES[engine])
        if x + width > WIDTH - 24:
            x, canvas.y = 24.0, canvas.y + 20
        canvas.bar(x, canvas.y, 12, 12, COLOURS[engine])
        canvas.text(x + 17, canvas.y + 11, NAMES[engine], font_size=12)
        x += width + 10
    canvas.y += 38
    values = [value for by_class in medians.values() for value in by_class.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    left, room = 110, WIDTH - 110 - 24 - 40
    names = list(dict.fromkeys(name for by_class in medians.values() for name in by_class))
    bar = 9
    height = sum(
        sum(name in by_class for by_class in medians.values()) * (bar + 2) + 12 for name in names
    )
    for power in range(low, high + 1):
        at = left + room * (power - low) / (high - low)
        canvas.line(at, canvas.y, at, canvas.y + height)
        canvas.text(
            at, canvas.y - 5, f"{10.0**power:g} ms", font_size=11, fill=FAINT, text_anchor="middle"
        )
    canvas.y += 6
    for name in names:
        there = [
            (engine, by_class[name]) for engine, by_class in medians.items() if name in by_class
        ]
        middle = canvas.y + len(there) * (bar + 2) / 2 + 4
        canvas.text(left - 10, middle, name, text_anchor="end")
        for engine, value in there:
            width = room * (math.log10(value) - low) / (high - low)
            canvas.bar(left, canvas.y, width, bar, COLOURS[engine])
            canvas.text(left + width + 5, canvas.y + 8, _short(value), font_size=9, fill=FAINT)
            canvas.y += bar + 2
        canvas.y += 12


def draw(records: list[Record], size: int) -> str:
    """Return the picture of what was measured at a size."""
    built = {
        engine: by_jobs.get(1) or by_jobs[2]
        for engine, by_jobs in builds(records, size).items()
        if engine != "rg"
    }
    medians = {
        r["engine"]: {name: median(spans) for name, spans in times(r).items()}
        for r in records
        if r["part"] == "ask" and r["size"] == size and r["articles"] == size
    }
    order = list(NAMES)
    built = {engine: built[engine] for engine in order if engine in built}
    medians = {engine: medians[engine] for engine in order if engine in medians}
    canvas = Canvas()
    canvas.y = 34
    text_mb = max((r["text_mb"] for r in built.values()), default=0)
    title = f"{size:,} news articles, {text_mb:.0f} MB of text"
    canvas.text(24, canvas.y, title, font_size=18, font_weight="bold")
    cpu = next(r["cpu"] for r in records if r["part"] == "machine")
    canvas.text(WIDTH - 24, canvas.y, cpu, font_size=11, fill=FAINT, text_anchor="end")
    if built:
        canvas.heading("Articles indexed in a second of CPU", "more is better")
        _bars(canvas, {engine: rate(r) for engine, r in built.items()}, _short)
        canvas.heading("Size of the index over that of the text", "less is better")
        _bars(canvas, {engine: ratio(r) for engine, r in built.items()}, lambda v: f"{v:.2f}")
    if medians:
        canvas.heading(
            "CPU of a question, median by class: ten best articles and the exact total",
            "less is better; each line is ten times the last",
        )
        _classes(canvas, medians)
    return canvas.svg(f"Benchmarks of sou and other engines: {title}")


def main() -> None:
    """Read, draw, write."""
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    size = int(sys.argv[3]) if len(sys.argv) > 3 else sizes(records)[-1]
    Path(sys.argv[2]).write_text(draw(records, size), "utf-8")


if __name__ == "__main__":
    main()
