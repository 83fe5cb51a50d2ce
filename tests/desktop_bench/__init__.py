"""A bench that runs programs on a real desktop and against an emulated AWS, for end-to-end tests.

``Desktop`` starts real desktop parts (X server, session bus, window manager, tray host, notification daemon, Secret
Service), all private to one test, and acts on them with a real pointer. ``Cloud`` is an AWS in a process of its own,
behind a proxy that can misbehave. ``messages`` makes AWS Config's notifications up. Everything waits for conditions and
never for a time, and leaves no process behind.
"""

from desktop_bench.browser import RecordedBrowser
from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.dbus_client import DBusCallError, DBusClient
from desktop_bench.errors import BenchError, MissingPartError, WaitTimeoutError
from desktop_bench.faults import Fault
from desktop_bench.menu import MenuLine
from desktop_bench.messages import ConfigMessage
from desktop_bench.parts import DARK, LIGHT, NotificationDaemon, Palette
from desktop_bench.popups import Popups
from desktop_bench.processes import MARK, Process, marked_processes
from desktop_bench.proxy import Request
from desktop_bench.screen import Box, Screen, Window
from desktop_bench.session import PASSWORD, Desktop, DesktopConfig
from desktop_bench.spy import ActionInvoked, BusSpy, CloseNotification, NotificationClosed, Notify, Said
from desktop_bench.tray import ToolTip, Tray, TrayItem
from desktop_bench.waiting import wait_until

__all__ = [
    "DARK",
    "LIGHT",
    "MARK",
    "PASSWORD",
    "ActionInvoked",
    "BenchError",
    "Box",
    "BusSpy",
    "CloseNotification",
    "Cloud",
    "ConfigMessage",
    "DBusCallError",
    "DBusClient",
    "Depth",
    "Desktop",
    "DesktopConfig",
    "Fault",
    "Inbox",
    "MenuLine",
    "MissingPartError",
    "NotificationClosed",
    "NotificationDaemon",
    "Notify",
    "Palette",
    "Popups",
    "Process",
    "RecordedBrowser",
    "Request",
    "Said",
    "Screen",
    "ToolTip",
    "Tray",
    "TrayItem",
    "WaitTimeoutError",
    "Window",
    "marked_processes",
    "wait_until",
]
