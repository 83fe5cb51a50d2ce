"""Waking and network changes on Linux."""

from functools import partial

from trayapp.desktop.linux.network import NetworkChanges
from trayapp.desktop.linux.system_signals import SystemSignals
from trayapp.desktop.linux.thread import EventThread
from trayapp.desktop.wake.base import News


def listen(thread: EventThread, news: News) -> None:
    """Listen until the thread ends.

    Args:
        thread: Where to listen.
        news: Where the news go.
    """
    NetworkChanges(thread, partial(news, "the network has changed"))
    SystemSignals(
        thread,
        woken=partial(news, "the computer has woken"),
        online=partial(news, "the Internet can be reached again"),
    )
