"""What child processes of tests do. Each is run by name, in a process of its own."""

import json
import os
import sys
import time


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
