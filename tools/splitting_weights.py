"""Fit the weights by which pages are split, and write search/papers/pages/headline_weights.py.

usage: python -m tools.splitting_weights ARTICLES.jsonl [--made 900] [--seed 0] [--check]

ARTICLES.jsonl has news articles with `title` and `body`, a record a line. Pages are made of
them in many layouts: wrapped at the column or not, indented or not, with blank lines after
paragraphs, after every line or nowhere, with or without bylines, kickers, subtitles,
subheadings and captions, and as Markdown. On a made page it is known which lines are
headlines. The pages of this project (tests/data/headline_lines.json,
the gold files of corpus/ and benchmarks/pages/tuned/) are added, each three times.

Headlines: averaged structured perceptron (Collins 2002) with margin, on whole sequences.
Needs numpy.

`--check` writes nothing; it prints what weights fitted without a page (leave one out) do to it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from search.papers.encodings.decode import decode
from search.papers.pages import headlines, line_kinds, split
from search.papers.pages.headline_weights import HEADLINE_WEIGHTS
from search.papers.pages.lines import Kind, Line
from search.papers.pages.page_scores import Counts, score_page

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "search" / "papers" / "pages" / "headline_weights.py"
GOLD = {
    "corpus": ROOT / "tests" / "data" / "corpus_articles.json",
    "benchmarks/pages/tuned": ROOT / "benchmarks" / "pages" / "tuned" / "articles.json",
}
OWN = 3
"""How often a page of this project counts."""

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉力新生海燕晓东雨荷小川山石泉庆远"
)
LAYOUTS = [
    "block",
    "block",
    "spaced",
    "indented",
    "wrapped",
    "parted",
    "line",
    "indented-line",
    "each",
    "markdown",
    "markdown",
]
BYLINES = [
    ["dateline"], ["dateline", "dateline", "dateline", "none"],
    ["dateline", "dateline", "line", "close"], ["close", "close", "none"],
    ["line", "line", "dateline"], ["none"], ["agency", "dateline", "none"],
    ["dateline", "line", "close", "none", "agency"],
]  # fmt: skip

Weights = dict[str, float]
Article = tuple[str, list[str]]
"""A title and the sentences of a body."""


@dataclass
class Sample:
    """A page whose truth is known: the numbers of its headline lines, how its articles start."""

    text: str
    heads: set[int]
    gold: dict[str, Any]
    markdown: bool = False
    times: int = 1
    name: str = ""


def read_articles(source: Path) -> list[Article]:
    """Return the articles that have a title and three sentences or more."""
    found: list[Article] = []
    with source.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            body = re.sub(r"\s", "", record["body"])
            sentences = re.findall(r"[^。！？]+[。！？][”』」）)\"]*", body)
            if record.get("title") and len(sentences) > 2:
                found.append((record["title"].strip(), sentences))
    return found


@dataclass
class Maker:
    """Makes one page of articles, in a layout and with habits drawn by `rng`."""

    rng: random.Random
    articles: list[Article]
    lines: list[str] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    gold: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the habits of the page."""
        draw = self.rng.random
        self.layout = self.rng.choice(LAYOUTS)
        self.bylines = self.rng.choice(BYLINES)
        self.sections = self.rng.choice([0, 0.5, 0.8])
        self.width = self.rng.choice([13, 16, 18, 22, 26])
        self.blank = self.layout in {"block", "spaced", "parted", "each", "markdown"}
        self.markdown = self.layout == "markdown"
        self.any_level = draw() < 0.45
        self.level = self.rng.choice([1, 2, 2, 3])
        self.mixed = self.layout in {"block", "parted"} and draw() < 0.35
        self.column = 0

    def make(self) -> Sample:
        """Return the page."""
        draw = self.rng.random
        if draw() < 0.7:
            self._block(["东山日报"])
            self._block(["2021年3月4日 星期四 农历辛丑年正月廿一 第3版 要闻"])
        for _ in range(self.rng.choice([3, 4, 5, 6, 8])):
            self.column = self.rng.choice([0, 0, 14, 18, 22])
            self._article()
            if draw() < 0.12:
                self._caption()
            if draw() < 0.1:
                self._block(
                    [self.rng.choice(["责任编辑：王小明 校对：李四光", "新闻热线：0000-5550123"])]
                )
        return Sample(
            "\n".join(self.lines) + "\n", self.heads, {"articles": self.gold}, self.markdown
        )

    def _block(self, lines: list[str], *, head: bool = False) -> None:
        if head:
            self.heads.update(range(len(self.lines) + 1, len(self.lines) + 1 + len(lines)))
        self.lines.extend(lines)
        if self.blank:
            self.lines.append("")

    def _wrap(self, text: str, width: int, indent: str = "") -> list[str]:
        text = indent + text
        lines: list[str] = []
        while text:
            end = width
            while end < len(text) and text[end] in "，。、；：！？”）》":
                end += self.rng.choice([1, -1])
            lines.append(text[:end])
            text = text[end:]
        return lines

    def _paragraph(self, text: str) -> None:
        rng = self.rng
        indent = "　　" if self.layout in {"indented", "indented-line"} else ""
        if self.mixed and self.column:
            self._columns(self._wrap(text, self.column), 0.2, "\n")
        elif self.layout in {"block", "line", "indented-line", "markdown"}:
            if self.layout == "block" and len(text) > 80 and rng.random() < 0.15:
                cut = rng.randrange(20, len(text) - 20)
                self._block([text[:cut]])
                self._block([text[cut:]])
            else:
                self._block([indent + text])
        elif self.layout == "spaced":
            self._columns(self._wrap(text, self.width), 0.2, " ")
        elif self.layout == "each":
            for line in self._wrap(text, self.width):
                self._block([line])
        else:
            parted = 0.2 if self.layout == "parted" else 0
            self._columns(self._wrap(text, self.width, indent), parted, "\n")

    def _columns(self, lines: list[str], parted: float, joint: str) -> None:
        """Add the lines of a paragraph, perhaps with the end of a column among them."""
        cut = len(lines)
        if cut > 4 and self.rng.random() < parted:
            cut = self.rng.randrange(2, cut - 1)
        for part in (lines[:cut], lines[cut:]):
            if part:
                self._block(joint.join(part).split("\n"))

    def _name(self) -> str:
        return self.rng.choice(SURNAMES) + "".join(
            self.rng.choice(GIVEN) for _ in range(self.rng.choice([1, 2, 2]))
        )

    def _marked(self, text: str, kind: str) -> str:
        """Return a headline as Markdown may set it."""
        if not self.markdown:
            return text
        level = self.rng.choice([1, 2, 3, 4]) if self.any_level else self.level
        chance = self.rng.random()
        if kind == "title":
            return "#" * level + " " + text
        if chance < 0.3:
            return f"**{text}**" if kind == "section" else text
        if chance < 0.5 and kind != "section":
            return f"**{text}**"
        deeper = 1 if kind == "section" and not self.any_level else 0
        return "#" * (level + deeper) + " " + text

    def _headline(self, title: str, body: list[str]) -> None:
        rng = self.rng
        parts = [part.strip() for part in re.split(r"\s+|(?<=[，：！？])", title) if part.strip()]
        if len(parts) > 1 and rng.random() < 0.5:
            parts = ["".join(parts) if rng.random() < 0.5 else " ".join(parts)]
        parts = [part.rstrip("，") if rng.random() < 0.7 else part for part in parts]
        heads = [(part, "title") for part in parts[:4]]
        if rng.random() < 0.2:
            kicker = re.split("[，：]", rng.choice(self.articles)[0])[0][:14]
            heads.insert(0, (kicker, "beside"))
        if rng.random() < 0.15 and len(heads) < 3:
            heads.append(("——" + body[0].split("，")[-1][:18].rstrip("。"), "beside"))
        together = rng.random() < 0.3
        lines: list[str] = []
        for text, kind in heads:
            if not self.markdown and len(text) > 12 and rng.random() < 0.15:
                cut = rng.randrange(len(text) // 3, len(text))
                lines += [text[:cut], text[cut:]]
            else:
                lines.append(self._marked(text, kind))
        for block in [lines] if together else [[line] for line in lines]:
            self._block(block, head=True)

    def _subheadings(self, parts: list[list[str]]) -> list[str]:
        """Return a subheading for each part, all of one style; none where nothing fits."""
        rng = self.rng
        two = rng.random() < 0.25
        style = rng.choice(["{}"] * 4 + ["●{}", "◆ {}", "“{}”", "{n}、{}", "{n}", "{i}.{}"])
        found: list[str] = []
        for number, part in enumerate(parts):
            size = (5, 9) if two else (4, 15)
            clauses = [
                clause
                for clause in re.split(r"[，。、；：！？“”（）()《》]", "".join(part))
                if size[0] <= len(clause) <= size[1] and re.fullmatch(r"[\u4e00-\u9fff]+", clause)
            ]
            text = rng.choice(clauses) if clauses else ""
            if text and two:
                text += " " + rng.choice(clauses)
            found.append(text and style.format(text, n="一二三四五六"[number % 6], i=number + 1))
        return found

    def _article(self) -> None:  # noqa: C901, PLR0912  (one draw after the other)
        rng = self.rng
        title, body = rng.choice(self.articles)
        if rng.random() < 0.5 * self.sections:
            long = [a for a in (rng.choice(self.articles) for _ in range(12)) if len(a[1]) > 11]
            title, body = long[0] if long else (title, body)
        else:
            body = body[: rng.choice([2, 3, 5, 8, 14, 25])]
        paragraphs = self._paragraphs(body)
        starts = paragraphs[0][:20]
        late = rng.random() < 0.04
        kind = rng.choice(self.bylines)
        author, other = self._name(), self._name()
        lead = {
            "dateline": [f"本报讯（记者 {author}）", f"本报讯(记者 {author} 通讯员 {other})",
                         f"晚报讯（通讯员 {author} {other}）", f"本报讯（{author} {other}）"],
            "agency": ["本报讯 ", "本报讯　", "新华社北京8月2日电 "],
        }.get(kind, [""])  # fmt: skip
        if kind == "close":
            paragraphs[-1] += rng.choice([f"（{author}）", f"（记者 {author}）", f" 记者 {author}"])
        if kind in {"none", "close"} and rng.random() < 0.15:
            paragraphs.insert(0, rng.choice(["编辑同志：", "编辑部："]))
        if not (late and kind == "dateline"):
            self._headline(title, body)
        if kind == "line":
            line = rng.choice([f"记者 {author}", f"□ {author}", f"本报记者 {author} 文/图", author])
            self._block([f"*{line}*" if self.markdown and rng.random() < 0.5 else line])
        opening = rng.choice(lead)
        if self.markdown and opening.startswith("本报讯") and rng.random() < 0.5:
            opening = "**本报讯**" + opening[3:]
        paragraphs[0] = opening + paragraphs[0]
        parts = [paragraphs]
        if len(paragraphs) > 3 and kind != "none" and rng.random() < self.sections:
            many = rng.choice([3, 4])
            cuts = [len(paragraphs) * n // many for n in range(many + 1)]
            parts = [paragraphs[a:b] for a, b in pairwise(cuts)]
        heads = self._subheadings(parts) if len(parts) > 1 else [""]
        if rng.random() < 0.7:
            heads[0] = ""
        for head, part in zip(heads, parts, strict=True):
            if head:
                self._block([self._marked(head, "section")], head=True)
            for paragraph in part:
                self._paragraph(paragraph)
        if late and kind == "dateline":
            self._headline(title, body)
        self.gold.append({"title": title, "starts": starts, "ends": body[-1][-12:]})

    def _paragraphs(self, body: list[str]) -> list[str]:
        size = self.rng.choice([60, 120, 200, 300])
        found = [""]
        for sentence in body:
            found[-1] += sentence
            if len(found[-1]) >= size * self.rng.uniform(0.5, 1.5):
                found.append("")
        return [paragraph for paragraph in found if paragraph]

    def _caption(self) -> None:
        text = self.rng.choice(self.articles)[1][0][:60].rstrip("，。")
        name = self._name()
        forms = [
            f"图为{text}。 {name} 摄",
            f"{text}。图为现场。（{name} 摄）",
            f"▲{text}。 记者 {name} 摄",
        ]
        self._paragraph(self.rng.choice(forms))
        self.gold.append({"title": text, "starts": text[:14], "ends": text[-10:]})


def made_pages(articles: list[Article], number: int, seed: int) -> list[Sample]:
    """Return made pages, the same for the same seed."""
    return [Maker(random.Random(f"{seed}-{n}"), articles).make() for n in range(number)]


def own_pages() -> list[Sample]:
    """Return the pages of this project."""
    found: list[Sample] = []
    labels = json.loads((ROOT / "tests" / "data" / "headline_lines.json").read_text("utf-8"))
    for folder, file in GOLD.items():
        gold = json.loads(file.read_text("utf-8"))
        for name, page in gold.items():
            path = f"{folder}/{name}"
            if path in labels:
                text = decode((ROOT / path).read_bytes()).text
                markdown = name.endswith(".md")
                found.append(Sample(text, set(labels[path]), page, markdown, OWN, path))
    return found


def labelled(sample: Sample) -> tuple[list[Line], list[bool]]:
    """Return the lines of a page, none yet a headline, and which of them are headlines."""
    lines = line_kinds.read_lines(sample.text, markdown=sample.markdown)
    for line in lines:
        if line.kind is Kind.HEADLINE:
            line.kind = Kind.BODY
    page = headlines.PageLook(lines)
    return lines, [
        line.number in sample.heads and line.kind is Kind.BODY and page.may_be_headline(index)
        for index, line in enumerate(lines)
    ]


def fit_headlines(
    data: list[tuple[list[Line], list[bool], int]], rounds: int, seed: int
) -> Weights:
    """Return the averaged weights of a structured perceptron; the largest is 5."""
    weights: defaultdict[str, float] = defaultdict(float)
    summed: defaultdict[str, float] = defaultdict(float)
    rng = random.Random(seed)
    looked = [headlines.PageLook(lines) for lines, _, _ in data]
    truth = [
        headlines.features(page, told) for page, (_, told, _) in zip(looked, data, strict=True)
    ]
    order, steps = list(range(len(data))), 0
    for _ in range(rounds):
        rng.shuffle(order)
        for index in order:
            steps += 1
            told = headlines.best_sequence(looked[index], weights, data[index][1], 2.0)
            if told == data[index][1]:
                continue
            difference = Counter(truth[index])
            difference.subtract(headlines.features(looked[index], told))
            for name, by in difference.items():
                change = 0.3 * data[index][2] * max(-3, min(3, by))
                weights[name] += change
                summed[name] += steps * change
    mean = {name: weights[name] - summed[name] / (steps + 1) for name in weights}
    largest = max(map(abs, mean.values()))
    return {name: round(5 * value / largest, 2) for name, value in mean.items() if value}


def fit(samples: list[Sample], seed: int) -> Weights:
    """Return the weights of headlines."""
    return fit_headlines([(*labelled(s), s.times) for s in samples], 12, seed)


def use(heads: Mapping[str, float]) -> None:
    """Let the splitter use these weights."""
    HEADLINE_WEIGHTS.clear()
    HEADLINE_WEIGHTS.update(heads)


def check(made: list[Sample], own: list[Sample], seed: int) -> None:
    """Print the F1 of articles on the pages of this project, each by weights fitted without it."""
    alone = fit(made, seed)
    for name, base in (("made pages", None), ("made and other pages", made), ("other pages", [])):
        sums = Counts()
        for page in own:
            others = [other for other in own if other is not page]
            use(alone if base is None else fit([*base, *others], seed))
            sums.add(score_page(split.split(page.text, markdown=page.markdown), page.gold).articles)
        print(f"{name:24} P {sums.precision:.3f}  R {sums.recall:.3f}  F1 {sums.f1:.3f}")


def written(name: str, about: Iterable[str], weights: Weights) -> str:
    """Return a table of weights as source."""
    rows = "".join(f'    "{key}": {value:.2f},\n' for key, value in sorted(weights.items()))
    return f'\n{name}: dict[str, float] = {{\n{rows}}}\n"""{" ".join(about)}"""\n'


def main() -> int:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--made", type=int, default=900, help="made pages")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", action="store_true", help="leave one page out; write nothing")
    options = parser.parse_args()
    made = made_pages(read_articles(options.articles), options.made, options.seed)
    own = own_pages()
    if options.check:
        check(made, own, options.seed)
        return 0
    heads = fit([*made, *own], options.seed)
    source = (
        '"""Weights by which pages are split, written by tools/splitting_weights.py: not by hand.\n\n'
        f"Fitted to {len(made)} pages made of news articles in many layouts and the {len(own)} pages of\n"
        'this project. A feature that is not here counts nothing.\n"""\n'
        + written(
            "HEADLINE_WEIGHTS",
            ["Of `search.papers.pages.headlines`; above 0 speaks for a headline."],
            heads,
        )
    )
    TARGET.write_text(source, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
