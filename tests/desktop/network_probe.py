"""Runs in a network namespace of its own: does to the network what it is told, and says what was heard of it.

Each line of the standard input is a command for the shell; the answer is how many times a change was told since the
last one. Whatever the kernel has to say of a command is in our socket by the time the command has ended.
"""

import asyncio
import select
import subprocess
import sys
from concurrent.futures import Future

from trayapp.desktop.linux.network import NetworkChanges
from trayapp.desktop.linux.thread import EventThread

thread = EventThread()
heard: list[None] = []
changes: NetworkChanges


async def drain(done: Future[None]) -> None:
    """Wait until all is read that is there to be read, and all is learnt that was asked for."""
    while changes._to_ask or select.select([changes._socket], [], [], 0)[0]:  # noqa: ASYNC110 - others read it
        await asyncio.sleep(0)
    done.set_result(None)


def answer() -> None:
    done: Future[None] = Future()
    thread.spawn(drain, done)
    done.result(10)
    print(len(heard), flush=True)
    heard.clear()


for line in iter(sys.stdin.readline, ""):
    if line == "listen\n":
        changes = NetworkChanges(thread, lambda: heard.append(None))
        answer()
    else:
        subprocess.run(line, shell=True, check=True, timeout=10)
        if "changes" in globals():
            answer()
        else:
            print(0, flush=True)
thread.close()
