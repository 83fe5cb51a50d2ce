"""Waking and network changes on Windows, as the system's libraries tell them in threads of their own."""

import ctypes
import logging
from collections.abc import Callable
from typing import Any

from trayapp.desktop.wake.base import News

_log = logging.getLogger(__name__)

# https://learn.microsoft.com/en-us/windows/win32/api/powerbase/nf-powerbase-powerregistersuspendresumenotification
_CALLBACK = 2  # DEVICE_NOTIFY_CALLBACK
_WOKEN = 0x12  # PBT_APMRESUMEAUTOMATIC, which comes at every waking; with the owner there, PBT_APMRESUMESUSPEND follows

# https://learn.microsoft.com/en-us/windows/win32/api/netioapi/nf-netioapi-notifyunicastipaddresschange
_ANY_FAMILY = 0  # AF_UNSPEC
_ADDED, _DELETED = 1, 2  # MibAddInstance, MibDeleteInstance; a lifetime that is prolonged is neither


class _Subscription(ctypes.Structure):
    """DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS."""

    _fields_ = (("callback", ctypes.c_void_p), ("context", ctypes.c_void_p))


class WindowsWakes:
    """Listens from its making on.

    Args:
        news: Where the news go; called in the system's threads.
    """

    def __init__(self, news: News) -> None:
        self._news = news
        self._stops: list[Callable[[], object]] = []
        # On x86 the system's functions clean the stack up, and so must these, which are held for as long as they may
        # be called.
        prototype = ctypes.WINFUNCTYPE  # type: ignore[attr-defined,unused-ignore] # exists on Windows alone
        self._power_changed: Any = prototype(ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)(
            self._power
        )
        self._address_changed: Any = prototype(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(self._address)
        for start in (self._follow_power, self._follow_addresses):
            try:
                start()
            except OSError as error:
                _log.info("%s", error)
            except AttributeError as error:  # too old a system has not got the function
                _log.info("%s", error)

    def close(self) -> None:
        """Stop listening."""
        while self._stops:
            self._stops.pop()()

    def _follow_power(self) -> None:
        library = _library("powrprof")
        self._subscription = _Subscription(ctypes.cast(self._power_changed, ctypes.c_void_p), None)
        handle = ctypes.c_void_p()
        _check(
            library.PowerRegisterSuspendResumeNotification(
                ctypes.c_ulong(_CALLBACK), ctypes.byref(self._subscription), ctypes.byref(handle)
            ),
            "Waking cannot be heard",
        )
        self._stops.append(lambda: library.PowerUnregisterSuspendResumeNotification(handle))

    def _follow_addresses(self) -> None:
        library = _library("iphlpapi")
        handle = ctypes.c_void_p()
        _check(
            library.NotifyUnicastIpAddressChange(
                ctypes.c_ushort(_ANY_FAMILY), self._address_changed, None, ctypes.c_ubyte(0), ctypes.byref(handle)
            ),
            "Changes of the network cannot be heard",
        )
        self._stops.append(lambda: library.CancelMibChangeNotify2(handle))

    def _power(self, _context: int | None, kind: int, _setting: int | None) -> int:
        if kind == _WOKEN:
            self._news("the computer has woken")
        return 0

    def _address(self, _context: int | None, _row: int | None, kind: int) -> None:
        if kind in {_ADDED, _DELETED}:
            self._news("the network has changed")


def _library(name: str) -> Any:  # noqa: ANN401 - what a library offers has no type
    return ctypes.WinDLL(name)  # type: ignore[attr-defined,unused-ignore] # exists on Windows alone


def _check(code: int, what: str) -> None:
    if code:
        raise OSError(f"{what}: Windows error {code}.")
