"""The switch of macOS: a launch agent of the owner's.

launchd reads the file at the next login: ``launchd.plist(5)``, and
https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/Chapters/CreatingLaunchdJobs.html
It is not told of the change now. ``launchctl bootstrap`` would start a second program at once, and ``bootout`` would
end the one that runs.
"""

import plistlib
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from trayapp.core.language import say
from trayapp.desktop.autostart.base import AutostartFailed, Standing, State, same_program, standing_of
from trayapp.desktop.autostart.writing import write_whole

LABEL = "org.example.trayapp"
"""Also the identifier of the application bundle, by which macOS names the agent in its settings."""


class LaunchAgent:
    """The switch of one user.

    Args:
        command: What a session is to start, program first.
        home: The home folder; this user's, if not given.
    """

    def __init__(self, command: tuple[str, ...], home: Path | None = None) -> None:
        self._command = command
        self._path = (home or Path.home()) / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def status(self) -> State:
        """Look how the switch stands; see ``Autostart``."""
        try:
            said = plistlib.loads(self._path.read_bytes())
        except FileNotFoundError:
            return State(Standing.OFF, str(self._path))
        except (OSError, plistlib.InvalidFileException, ExpatError, ValueError) as error:
            raise AutostartFailed.unread(self._path, error) from error
        if not isinstance(said, dict):
            raise AutostartFailed.unread(self._path, say("it is no dictionary"))
        if said.get("Disabled") or not said.get("RunAtLoad"):
            return State(Standing.OFF, str(self._path))
        command = tuple(said.get("ProgramArguments", ()))
        return State(standing_of(command), str(self._path), command)

    def switch(self, *, on: bool) -> State:
        """Turn the switch; see ``Autostart``."""
        now = self.status()
        if on and now.on and same_program(now.command, self._command):
            return now
        try:
            if on:
                write_whole(self._path, plistlib.dumps(agent(self._command)))
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise AutostartFailed.unwritten(self._path, error.strerror) from error
        return self.status()


def agent(command: tuple[str, ...]) -> dict[str, Any]:
    """Give the agent that starts a command once with each graphical session."""
    return {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        # Only where there is a menu bar, and with the priority of what a person waits for.
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }
