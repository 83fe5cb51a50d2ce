"""Hearing from the services on the system's bus that the computer has woken, or can reach the Internet again."""

import logging
from collections.abc import Callable

from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.linux.connection import BusError
from trayapp.desktop.linux.messages import Remote, Signal
from trayapp.desktop.linux.places import system_bus
from trayapp.desktop.linux.thread import EventThread

_log = logging.getLogger(__name__)

LOGIND = Remote("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
"""systemd-logind, or elogind in its place (https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html)."""

NETWORK_MANAGER = Remote(
    "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager"
)
"""https://networkmanager.dev/docs/api/latest/gdbus-org.freedesktop.NetworkManager.html"""

_CONNECTED_GLOBAL = 70
"""NM_STATE_CONNECTED_GLOBAL: NetworkManager's own question to the Internet was answered as it should be."""

_TIMEOUT = 5.0


class SystemSignals:
    """Listens on the system's bus until the thread ends.

    Nobody is asked anything, so that no service is started and none needs to be there. And it is not looked at who
    sends: all that a liar gets out of it is that we poll once more.

    Args:
        thread: Where to listen.
        woken: Called when the computer has woken from sleep.
        online: Called when the Internet can be reached again, which no address or route tells of: the owner has
            signed in at a captive portal, say.
    """

    def __init__(self, thread: EventThread, woken: Callable[[], None], online: Callable[[], None]) -> None:
        self._thread, self._woken, self._online = thread, woken, online
        thread.spawn(self._listen)

    async def _listen(self) -> None:
        try:
            bus = await Bus.open(self._thread, system_bus(), _TIMEOUT)
            await bus.subscribe(LOGIND, self._logind_said, "PrepareForSleep")
            await bus.subscribe(NETWORK_MANAGER, self._network_manager_said, "StateChanged")
        except BusError as error:
            _log.info("Nobody tells when the computer wakes: %s", error)

    def _logind_said(self, signal: Signal) -> None:
        if (signal.member, signal.body) == ("PrepareForSleep", [False]):
            self._woken()

    def _network_manager_said(self, signal: Signal) -> None:
        if (signal.member, signal.body) == ("StateChanged", [_CONNECTED_GLOBAL]):
            self._online()
