r"""The switch of Windows: a value of the user's ``Run`` key.

https://learn.microsoft.com/en-us/windows/win32/setupapi/run-and-runonce-registry-keys. What the owner switches off in
the Task Manager or in the Settings stays in that key and is noted beside it, in ``StartupApproved\Run``: twelve bytes,
of which the first is odd for what is off.
"""

import ctypes
import subprocess
import sys
import winreg
from ctypes import wintypes

from trayapp.core.language import say
from trayapp.desktop.autostart.base import AutostartFailed, Standing, State, same_program, standing_of

assert sys.platform == "win32"  # noqa: S101 - the form by which type checkers know that the rest is for Windows

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
VALUE = "trayapp"

_LONGEST_COMMAND = 260
"""Characters, says the page above."""


class RunKey:
    """The switch of this user.

    Args:
        command: What a session is to start, program first.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    def status(self) -> State:
        """Look how the switch stands; see ``Autostart``."""
        place = rf"HKEY_CURRENT_USER\{RUN}\{VALUE}"
        try:
            line, approved = _read(RUN), _read(APPROVED)
        except OSError as error:
            raise AutostartFailed.unread(place, error) from error
        if not isinstance(line, str) or (isinstance(approved, bytes) and approved[:1] and approved[0] % 2):
            return State(Standing.OFF, place)
        command = _split(line)
        return State(standing_of(command), place, command)

    def switch(self, *, on: bool) -> State:
        """Turn the switch; see ``Autostart``."""
        now = self.status()
        if on and now.on and same_program(now.command, self._command):
            return now
        try:
            if on:
                self._write()
            else:
                _delete(RUN)
            _delete(APPROVED)
        except OSError as error:
            raise AutostartFailed.unwritten(now.place, error) from error
        return self.status()

    def _write(self) -> None:
        line = subprocess.list2cmdline(self._command)
        if not line.startswith('"'):
            # Without quotation marks Windows tries every part of a path with spaces as a program.
            program, *rest = self._command
            line = " ".join((f'"{program}"', subprocess.list2cmdline(rest)))
        if len(line) > _LONGEST_COMMAND:
            raise AutostartFailed(
                say(
                    "Windows starts no command of more than {most} characters, and this one has {length}: {command}",
                    most=_LONGEST_COMMAND,
                    length=len(line),
                    command=line,
                )
            )
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN) as key:
            winreg.SetValueEx(key, VALUE, 0, winreg.REG_SZ, line)


def _read(path: str) -> object:
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
            value, _ = winreg.QueryValueEx(key, VALUE)
    except FileNotFoundError:
        return None
    found: object = value
    return found


def _delete(path: str) -> None:
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
            winreg.DeleteValue(key, VALUE)
    except FileNotFoundError:
        return


def _split(line: str) -> tuple[str, ...]:
    """Split a command line as Windows does.

    https://learn.microsoft.com/en-us/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw
    """
    if not line.strip():
        return ()
    split = ctypes.windll.shell32.CommandLineToArgvW
    split.argtypes, split.restype = [wintypes.LPCWSTR, ctypes.POINTER(ctypes.c_int)], ctypes.POINTER(wintypes.LPWSTR)
    count = ctypes.c_int()
    words = split(line, ctypes.byref(count))
    try:
        return tuple(words[place] or "" for place in range(count.value))
    finally:
        ctypes.windll.kernel32.LocalFree(words)
