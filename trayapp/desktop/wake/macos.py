"""Waking and network changes on macOS."""

import ctypes
import logging
import os
import select
import threading
from typing import Any

from trayapp.desktop.wake.base import News

_log = logging.getLogger(__name__)

_NETWORK_CHANGE = b"com.apple.system.config.network_change"
"""kNotifySCNetworkChange in <notify_keys.h>; posted by the system for everybody (notify(3))."""

_TOKEN_BYTES = 4


class MacWakes:
    """Listens from its making on.

    Waking is told through the main thread's run loop, so it is heard where there is an icon, which keeps one.

    Args:
        news: Where the news go.
    """

    def __init__(self, news: News) -> None:
        self._news = news
        self._centre: Any = None
        self._stop: int | None = None
        self._follow_waking()
        self._follow_network()

    def close(self) -> None:
        """Stop listening."""
        if self._centre is not None:
            self._centre.removeObserver_(self._observer)
            self._centre = None
        if self._stop is not None:
            os.close(self._stop)
            self._stop = None

    def _follow_waking(self) -> None:
        try:
            # Comes with pystray there.
            import AppKit  # type: ignore[import-not-found] # noqa: PLC0415 - see the line above
        except ImportError as error:
            _log.info("Waking cannot be heard: %s", error)
            return
        # https://developer.apple.com/documentation/appkit/nsworkspace/didwakenotification
        self._centre = AppKit.NSWorkspace.sharedWorkspace().notificationCenter()
        self._observer = self._centre.addObserverForName_object_queue_usingBlock_(
            AppKit.NSWorkspaceDidWakeNotification, None, None, lambda _: self._news("the computer has woken")
        )

    def _follow_network(self) -> None:
        library = ctypes.CDLL(None)
        descriptor, token = ctypes.c_int(), ctypes.c_int()
        status = library.notify_register_file_descriptor(
            _NETWORK_CHANGE, ctypes.byref(descriptor), 0, ctypes.byref(token)
        )
        if status:
            _log.info("Changes of the network cannot be heard: notify(3) says %d.", status)
            return
        stopped, self._stop = os.pipe()

        def listen() -> None:
            while stopped not in (ready := select.select([descriptor.value, stopped], [], [])[0]):
                if ready and os.read(descriptor.value, _TOKEN_BYTES):
                    self._news("the network has changed")
            library.notify_cancel(token)  # closes the descriptor as well
            os.close(stopped)

        threading.Thread(target=listen, name="network changes", daemon=True).start()
