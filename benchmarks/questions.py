"""The questions: written by hand, and chosen from the corpus by a fixed seed.

Of each class there are 8 by hand and 24 from a sample of the corpus: 8 of frequent, 8 of
middling and 8 of rare words, characters or strings. All consist of Han characters, so that
every engine reads them alike.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from adapters import Question, read

SAMPLE = 3000
PER_BAND = 8
BANDS = ("frequent", "middling", "rare")
_HAN = re.compile("[\u4e00-\u9fa5]+")

BY_HAND = {
    "one word": [
        "志愿服务",
        "乡村振兴",
        "马拉松",
        "高质量发展",
        "人工智能",
        "新能源汽车",
        "台风",
        "芯片",
    ],
    "many words": [
        "台风 受灾",
        "新能源汽车 出口",
        "医保 报销 比例",
        "大学 招生 改革",
        "股价 下跌 公告",
        "应急管理部 洪涝 救援",
        "华为 手机 发布会",
        "地震 遇难 人数",
    ],
    "phrase": [
        "国务院新闻办公室",
        "人民群众生命财产安全",
        "在接受采访时表示",
        "新能源汽车产业",
        "发展和改革委员会",
        "据央视新闻报道",
        "粤港澳大湾区建设",
        "净利润同比增长",
    ],
    "one char": list("的人雪龙鲸茶药禅"),
    "wildcard": ["志愿*", "新能源*", "网*化", "中*大学", "人工*", "地震*", "电*车", "数字*"],
    "date filter": ["志愿服务", "台风", "芯片", "上海", "救援", "高考", "股价", "旅游"],
    "by date": ["志愿服务", "台风", "芯片", "北京", "救援", "演唱会", "财报", "足球"],
}
KIND = {
    "one word": "word",
    "many words": "words",
    "phrase": "phrase",
    "one char": "char",
    "wildcard": "wild",
    "date filter": "word",
    "by date": "word",
}
CLASSES = tuple(BY_HAND)


def choose(source: Path, seed: int) -> dict[str, Any]:
    """Return {"classes": {name: questions}} for a corpus."""
    import rjieba

    rng = random.Random(seed)
    jieba = rjieba.Jieba()
    articles = list(read(source, SAMPLE))
    cut = [jieba.cut(f"{a['title']}\n{a['body']}") for a in articles]
    number = len(articles)
    words = _bands(_documents(map(_plain_words, cut)), number, rng, (0.05, 0.005, 0.03))
    chars = _bands(
        _documents({c for word in tokens for c in word if _HAN.match(c)} for tokens in cut),
        number,
        rng,
        (0.4, 0.02, 0.1),
    )
    strings = _bands(_documents(map(_strings, cut)), number, rng, (0.015, 0.004, 0.01))
    pick = {
        "one word": words,
        "many words": _together(cut, words, rng),
        "phrase": strings,
        "one char": chars,
        "wildcard": _wild(words),
        "date filter": words,
        "by date": words,
    }
    since, until = _middle(sorted(a["day"] for a in articles if a["day"]))
    classes: dict[str, list[Question]] = {}
    for name, by_hand in BY_HAND.items():
        asked = [("by hand", text) for text in by_hand]
        for band in BANDS:
            asked += [(band, text) for text in pick[name](band) if text not in by_hand]
        extra: dict[str, Any] = {}
        if name == "date filter":
            extra = {"since": since, "until": until}
        if name == "by date":
            extra = {"newest": True}
        classes[name] = [
            {"kind": KIND[name], "text": text, "band": band, **extra} for band, text in asked
        ]
    return {"classes": classes}


Pick = Callable[[str], list[str]]


def _plain_words(tokens: list[str]) -> set[str]:
    return {word for word in tokens if 2 <= len(word) <= 4 and _HAN.fullmatch(word)}


def _strings(tokens: list[str]) -> set[str]:
    """Return what two adjacent words make, 4 to 8 characters long."""
    return {
        a + b for a, b in pairwise(tokens) if 4 <= len(a) + len(b) <= 8 and _HAN.fullmatch(a + b)
    }


def _documents(sets: Iterable[set[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for found in sets:
        counts.update(found)
    return counts


def _bands(
    counts: Counter[str], number: int, rng: random.Random, limits: tuple[float, float, float]
) -> Pick:
    """Return a picker: from what at least, between, and hardly any of the articles have."""
    often, low, high = limits
    pools = {
        "frequent": [text for text, count in counts.items() if count >= often * number],
        "middling": [
            text for text, count in counts.items() if low * number <= count < high * number
        ],
        "rare": [text for text, count in counts.items() if count <= 2],
    }
    for pool in pools.values():
        pool.sort()  # the order of a set is not the same in two runs
        rng.shuffle(pool)
    at = dict.fromkeys(pools, 0)

    def pick(band: str, number: int = PER_BAND) -> list[str]:
        start = at[band]
        at[band] += number  # the next class gets others
        return pools[band][start : start + number] or pools[band][:number]

    return pick


def _together(cut: list[list[str]], words: Pick, rng: random.Random) -> Pick:
    """Return a picker of two to four words that stand in one article, one of the band."""

    def pick(band: str) -> list[str]:
        out = []
        for word in words(band):
            homes = [tokens for tokens in cut if word in tokens]
            others = sorted(_plain_words(rng.choice(homes)) - {word})
            out.append(" ".join([word, *rng.sample(others, min(len(others), rng.randint(1, 3)))]))
        return out

    return pick


def _wild(words: Pick) -> Pick:
    """Return a picker of `ab*` and `a*d` made of words."""

    def pick(band: str) -> list[str]:
        return [
            f"{word[0]}*{word[-1]}" if len(word) > 2 and i % 2 else f"{word[:2]}*"
            for i, word in enumerate(words(band))
        ]

    return pick


def _middle(days: list[int]) -> tuple[int, int]:
    """Return the days between which the middle fifth of the articles lies."""
    return (days[len(days) * 2 // 5], days[len(days) * 3 // 5]) if days else (20230801, 20230810)


def truth(source: Path, classes: dict[str, list[Question]]) -> dict[str, Any]:
    """Return how many articles have every string of a question, by plain comparison."""
    counts = {name: [0] * len(asked) for name, asked in classes.items()}
    for article in read(source):
        text = "".join(f"{article['title']}\n{article['body']}".split()).lower()
        for name, asked in classes.items():
            for i, question in enumerate(asked):
                if (
                    not question.get("since", 0)
                    <= article["day"]
                    <= question.get("until", 99999999)
                ):
                    continue
                if question["kind"] != "wild" and all(
                    part in text for part in question["text"].split()
                ):
                    counts[name][i] += 1
    return {
        "classes": {
            name: {q["text"]: n for q, n in zip(classes[name], found, strict=True)}
            for name, found in counts.items()
        }
    }
