"""One measurement in a process of its own. Run by the other scripts, not by hand.

usage: trial.py build ENGINE SOURCE FOLDER JOBS [MOST]
       trial.py ask ENGINE FOLDER QUESTIONS.json SECONDS    CPU of each question, warm
       trial.py cold ENGINE FOLDER TEXT                     one question, and the end
       trial.py add ENGINE FOLDER ARTICLE.json
       trial.py choose SOURCE SEED                          questions, from a corpus
       trial.py truth SOURCE QUESTIONS.json                 what a grep finds
Prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from adapters import ADAPTERS, Adapter, Question

LEAST_ROUNDS, MOST_ROUNDS = 3, 15


def _clock(engine: str) -> Callable[[], float]:
    """Return the clock for an engine: CPU seconds of this process, and of rg's processes."""
    if engine != "rg":
        return time.process_time

    def children() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    return children


def build(engine: str, source: str, folder: str, jobs: str, most: str = "") -> dict:
    ADAPTERS[engine]().build(Path(source), Path(folder), int(jobs), int(most) if most else None)
    return {}


def ask(engine: str, folder: str, questions: str, seconds: str) -> dict:
    """Ask each class of questions in rounds, so that no question follows itself."""
    adapter = ADAPTERS[engine]()
    begun = time.process_time()
    adapter.open(Path(folder))
    opened = time.process_time() - begun
    classes = json.loads(Path(questions).read_text("utf-8"))
    out = {
        name: _ask_class(adapter, _clock(engine), asked, float(seconds))
        for name, asked in classes.items()
    }
    return {"open_cpu_ms": opened * 1e3, "classes": out}


def _ask_class(
    adapter: Adapter, clock: Callable[[], float], questions: list[Question], seconds: float
) -> dict:
    able = [question for question in questions if adapter.can(question)]
    begun = clock()
    counts = [adapter.ask(question) for question in able]  # the round that warms up
    spent = clock() - begun
    times: list[list[float]] = [[] for _ in able]
    begun, rounds = clock(), 0
    most = 1 if spent > seconds * 4 else MOST_ROUNDS
    while rounds < most and (rounds < LEAST_ROUNDS or clock() - begun < seconds):
        for question, spans in zip(able, times, strict=True):
            start = clock()
            adapter.ask(question)
            spans.append((clock() - start) * 1e3)
        rounds += 1
    asked = [
        {"text": q["text"], "band": q["band"], "cpu_ms": round(median(spans), 4), "count": count}
        for q, spans, count in zip(able, times, counts, strict=True)
    ]
    return {"asked": asked, "unable": len(questions) - len(able), "rounds": rounds}


def cold(engine: str, folder: str, text: str) -> dict:
    adapter = ADAPTERS[engine]()
    adapter.open(Path(folder))
    return {"count": adapter.ask({"kind": "word", "text": text})}


def add(engine: str, folder: str, article: str) -> dict:
    ADAPTERS[engine]().add(Path(folder), json.loads(Path(article).read_text("utf-8")))
    return {}


def choose(source: str, seed: str) -> dict:
    import questions

    return questions.choose(Path(source), int(seed))


def truth(source: str, asked: str) -> dict:
    import questions

    return questions.truth(Path(source), json.loads(Path(asked).read_text("utf-8")))


if __name__ == "__main__":
    action = {f.__name__: f for f in (build, ask, cold, add, choose, truth)}[sys.argv[1]]
    print(json.dumps(action(*sys.argv[2:]), ensure_ascii=False))
