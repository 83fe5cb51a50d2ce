"""The switch of Linux desktops and their kin: a file in the folder whose programs a session starts.

https://specifications.freedesktop.org/autostart-spec/latest/: of the files of one name only that in the most important
folder counts, the owner's before the system's, and one with ``Hidden=true`` says that nothing is started.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from trayapp.desktop.autostart.base import AutostartFailed, Standing, State, same_program, standing_of
from trayapp.desktop.autostart.desktop_entry import join_exec, parse, split_exec, write
from trayapp.desktop.autostart.writing import write_whole

FILE = "trayapp.desktop"

_SWITCHED_OFF = "X-GNOME-Autostart-enabled"
"""How GNOME, MATE and Cinnamon write the same as ``Hidden``."""


class XdgAutostart:
    """The switch of this session's owner.

    Args:
        command: What a session is to start, program first.
        environment: Names the folders and the desktop; that of this process, if not given.
    """

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str] | None = None) -> None:
        env = os.environ if environment is None else environment
        self._command = command
        self._desktops = {each for each in env.get("XDG_CURRENT_DESKTOP", "").split(":") if each}
        # https://specifications.freedesktop.org/basedir-spec/latest/: what is not absolute is passed over.
        home = env.get("XDG_CONFIG_HOME", "")
        owns = Path(home) if Path(home).is_absolute() else Path(env.get("HOME") or Path.home(), ".config")
        systems = [folder for folder in env.get("XDG_CONFIG_DIRS", "").split(":") if Path(folder).is_absolute()]
        self._own = owns / "autostart" / FILE
        self._systems = [Path(folder, "autostart", FILE) for folder in systems or ["/etc/xdg"]]

    def status(self) -> State:
        """Look how the switch stands; see ``Autostart``."""
        return self._first_of([self._own, *self._systems])

    def switch(self, *, on: bool) -> State:
        """Turn the switch; see ``Autostart``."""
        now = self.status()
        if now.standing is Standing.OFF if not on else now.on and same_program(now.command, self._command):
            return now
        systems = self._first_of(self._systems)
        wanted = systems.on and same_program(systems.command, self._command) if on else not systems.command
        try:
            if wanted:
                # What the system says is what is wanted, also after its next upgrade.
                self._own.unlink(missing_ok=True)
            else:
                write_whole(self._own, self._entry(on=on).encode())
        except OSError as error:
            raise AutostartFailed.unwritten(self._own, error.strerror) from error
        return self.status()

    def _first_of(self, paths: list[Path]) -> State:
        for path in paths:
            try:
                entries = parse(path.read_text("utf-8"))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, UnicodeDecodeError) as error:
                raise AutostartFailed.unread(path, error) from error
            return self._judge(path, entries)
        return State(Standing.OFF, str(self._own))

    def _judge(self, path: Path, entries: Mapping[str, str]) -> State:
        if entries.get("Hidden") == "true" or entries.get(_SWITCHED_OFF) == "false" or not self._is_for_here(entries):
            return State(Standing.OFF, str(path))
        try:
            command = split_exec(entries.get("Exec", ""))
        except ValueError:
            command = ()
        tried = entries.get("TryExec")
        if tried and not shutil.which(tried):
            return State(Standing.BROKEN, str(path), command or (tried,))
        return State(standing_of(command), str(path), command)

    def _is_for_here(self, entries: Mapping[str, str]) -> bool:
        only, never = (set(entries.get(key, "").split(";")) - {""} for key in ("OnlyShowIn", "NotShowIn"))
        return not (only and not only & self._desktops) and not never & self._desktops

    def _entry(self, *, on: bool) -> str:
        what = {"Type": "Application", "Name": "trayapp", "Exec": join_exec(self._command)}
        if not on:
            return write({**what, "Hidden": "true"})
        return write(
            {
                **what,
                "Comment": "Tells what happens in your AWS account",
                "TryExec": self._command[0],
                "Icon": "trayapp",
                "Terminal": "false",
                "StartupNotify": "false",
            }
        )
