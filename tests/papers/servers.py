"""What child processes of tests do. Each is run by name, in a process of its own."""

import json
import os
import signal
import sys
import time

from search.model.article import Article


def requests():
    for line in sys.stdin.buffer:
        request = json.loads(line)
        yield request | {"data": sys.stdin.buffer.read(request.get("size", 0))}


def tell(**answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def counting():
    """Answer with the numbers up to one, and with the id of the process."""
    for request in requests():
        for number in range(request["up_to"]):
            tell(number=number)
        tell(end=True, process=os.getpid())


def measuring():
    """Answer with the size and the sum of the bytes that came."""
    for request in requests():
        tell(size=len(request["data"]), sum=sum(request["data"]), end=True)


def once():
    """End after the first request, as a process does that has had nothing to do for long."""
    for _ in requests():
        tell(end=True, process=os.getpid())
        return


def bad_pages():
    """Tell of a PDF of six pages; crash on the second, and hang on the fourth."""
    for request in requests():
        tell(pages=6)
        for page in range(request["first"], min(6, request["last"]) + 1):
            if page == 2:
                os._exit(139)
            if page == 4:
                time.sleep(600)
            tell(page=page, text=f"第{page}页的文字在此。", fault="")
        tell(end=True)


def crashing():
    """Crash at whatever comes."""
    for request in requests():
        if request.get("first", 1) > 1:
            tell(pages=9)
        os._exit(139)


def endless():
    """Tell of a page, and then write a line that never ends."""
    for _ in requests():
        tell(pages=1)
        while True:
            sys.stdout.write("x" * 1000)


def wicked():
    """Read files as search.papers.readers.isolation.reader_server does, with a reader of HTML that does what they say."""
    from search.papers.reader import Reader
    from search.papers.readers.html import reader as html
    from search.papers.readers.isolation import reader_server

    html.READER = Reader(_do)
    reader_server.main()


def _do(shown, stream, _):
    """Do what is the first word of a file; with another word, tell of an article before."""
    what, _, after = stream.read().decode().partition(" ")
    if after:
        yield _article(shown, "before")
    yield from _DEEDS[what](shown) or ()


def _article(shown, title, **more):
    return Article("", title, "路" * 40_000, shown, **more)


def _memory(_):
    hoard = []
    while True:
        hoard.append(bytes(10_000_000))


def _drip(shown):
    while True:
        time.sleep(0.2)
        yield _article(shown, "drop")


def _fail(_):
    raise IndexError("list index out of range")


def _little(shown):
    yield Article("", "little", "", shown)
    _fail(shown)


def _recurse(_):
    _recurse(_)


def _print(shown):
    os.write(1, b"what a library prints\n")
    yield _article(shown, "printed")


def _core(shown):
    import resource

    yield _article(shown, str(resource.getrlimit(resource.RLIMIT_CORE)))


_DEEDS = {
    "crash": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda _: os._exit(3),
    "leave": lambda _: os._exit(0),
    "memory": _memory,
    "hang": lambda _: time.sleep(600),
    "drip": _drip,
    "raise": _fail,
    "recurse": _recurse,
    "little": _little,
    "print": _print,
    "core": _core,
    "process": lambda shown: [_article(shown, str(os.getpid()))],
    "wrong": lambda shown: [_article(shown, "title", line="one")],
    "wrong_names": lambda shown: [_article(shown, "title", authors=(1,))],
}
