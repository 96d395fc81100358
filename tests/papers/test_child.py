import io
import os
import time

import pytest

from search.papers.readers.isolation.child import Child, ChildDied, ChildSilent


@pytest.fixture
def child():
    made = []

    def make(function):
        made.append(Child("tests.papers.servers", function))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def ask(child, request, silence=30.0, total=60.0):
    return list(child.ask(request, silence, total))


def test_answers_come_in_order_and_the_process_is_kept(child):
    counting = child("counting")
    first = ask(counting, {"up_to": 100})
    assert [answer["number"] for answer in first[:-1]] == list(range(100))
    second = ask(counting, {"up_to": 0})
    assert second == [{"end": True, "process": first[-1]["process"]}]


def test_what_follows_a_request_arrives_whole(child):
    measuring = child("measuring")
    for data in (b"", b"\n{}\n", bytes(range(256)) * 20_000):
        stream = io.BytesIO(data)
        stream.read(3)  # where it was left does not matter
        (answer,) = measuring.ask({}, 30.0, 60.0, stream)
        assert answer == {"size": len(data), "sum": sum(data), "end": True}
    (answer,) = ask(measuring, {})
    assert answer["size"] == 0
    with pytest.raises(ChildDied):
        list(child("crashing").ask({}, 30.0, 60.0, io.BytesIO(bytes(10_000_000))))


def test_a_process_that_has_ended_meanwhile_is_started_again(child):
    once = child("once")
    (first,) = ask(once, {})
    time.sleep(0.1)
    (second,) = ask(once, {})
    assert first["process"] != second["process"]


def test_a_process_that_dies_is_told_from_one_that_is_silent(child):
    with pytest.raises(ChildDied):
        ask(child("crashing"), {})
    bad = child("bad_pages")
    answers = bad.ask({"first": 3, "last": 9}, 0.5, 60.0)
    assert [next(answers), next(answers)][1]["page"] == 3
    with pytest.raises(ChildSilent) as silent:
        next(answers)
    assert silent.value.waited >= 0.4


def test_the_time_spent_waiting_is_bounded_as_a_whole(child):
    start = time.monotonic()
    with pytest.raises(ChildSilent):
        ask(child("bad_pages"), {"first": 3, "last": 9}, 60.0, 3.0)
    assert time.monotonic() - start < 20


def test_a_line_that_never_ends_is_no_answer(child):
    with pytest.raises((ChildSilent, ChildDied)):
        ask(child("endless"), {}, 2.0, 3.0)


def test_turning_away_ends_the_process(child):
    counting = child("counting")
    answers = counting.ask({"up_to": 100_000}, 30.0, 60.0)
    assert next(answers) == {"number": 0}
    answers.close()
    assert ask(counting, {"up_to": 1})[0] == {"number": 0}


@pytest.mark.skipif(not hasattr(os, "kill"), reason="no signals")
def test_stopping_leaves_no_process(child):
    counting = child("counting")
    (last,) = ask(counting, {"up_to": 0})
    counting.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(last["process"], 0)


def test_a_program_in_the_working_folder_does_not_take_a_modules_place(
    child, tmp_path, monkeypatch
):
    (tmp_path / "json.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert ask(child("counting"), {"up_to": 1})[0] == {"number": 0}
