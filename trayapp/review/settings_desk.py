"""What the settings page asks of the rest: the file, and the running program that has to hear of changes. No Tk."""

import contextlib
import threading
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from trayapp.core.policy import Mute
from trayapp.desktop import instance
from trayapp.settings import Paths, Settings, SettingsError
from trayapp.settings.edit import Place, add_mute, remove_mute, write_values
from trayapp.settings.load import read
from trayapp.settings.toml_text import Value

_TRAY_SECONDS = 3.0

Values = Mapping[Place, Value | None]


class SettingsDesk:
    """The settings as they stand in the file, also when somebody else changes it.

    Args:
        paths: Where things live.

    Attributes:
        settings: What the file says, or said when it was last without a fault.
        problem: What is wrong with the file now, as a sentence; empty if nothing is.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.settings = Settings()
        self.problem = ""
        self._document: dict[str, Any] = {}
        self._seen: tuple[int, ...] | None = None
        self._undo: list[Callable[[], bool]] = []
        self._read()

    @property
    def file(self) -> str:
        """The file's name."""
        return str(self._paths.settings)

    def reread(self) -> bool:
        """Read the file if it is another than before, and tell whether it is; the running program hears of it then."""
        if self._state() == self._seen:
            return False
        self._read()
        self._tell()
        return True

    def write(self, values: Values) -> None:
        """Set values, all of them or none.

        Raises:
            InvalidValue: One of them is wrong; the file is as it was.
            SettingsError: The file is wrong already, or cannot be written.
        """
        before = {place: value for each in values for place, value in self._before(each).items()}
        write_values(self._paths.settings, values)
        self.reread()
        after = {each: self._at(each) for each in before}
        self._undo.append(lambda: self._restore(before, after))

    def end_mute(self, rule: Mute) -> None:
        """Take a rule out.

        Raises:
            SettingsError: The file is wrong already, or cannot be written.
        """
        remove_mute(self._paths.settings, rule)
        self.reread()
        self._undo.append(lambda: self._add(rule))

    def undo(self) -> bool | None:
        """Take back what was changed last at this desk.

        Returns:
            Whether that was done, as it is unless somebody has changed the same since; ``None`` if nothing is left to
            be taken back.

        Raises:
            SettingsError: The file is wrong already, or cannot be written.
        """
        return self._undo.pop()() if self._undo else None

    def _restore(self, before: Values, after: Mapping[Place, Any]) -> bool:
        self.reread()
        if any(self._at(place) != value for place, value in after.items()):
            return False
        write_values(self._paths.settings, before)
        self.reread()
        return True

    def _add(self, rule: Mute) -> bool:
        add_mute(self._paths.settings, rule)
        self.reread()
        return True

    def _before(self, place: Place) -> Values:
        """Give what has to be written so that a place says again what it says now."""
        for length in range(1, len(place)):
            if self._at(place[:length]) is None:
                return {place[:length]: None}
        value = self._at(place)
        if isinstance(value, dict):
            return {(*place, key): each for key, each in value.items()}
        return {place: value}

    def _at(self, place: Place) -> Any:  # noqa: ANN401 - whatever the file says
        found: Any = self._document
        for key in place:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def _read(self) -> None:
        # What is written between the two is seen as new the next time.
        self._seen = self._state()
        try:
            self.settings, text = read(self._paths.settings)
        except SettingsError as error:
            self.problem = str(error)
        else:
            self.problem, self._document = "", tomllib.loads(text)

    def _state(self) -> tuple[int, ...]:
        with contextlib.suppress(OSError):
            state = self._paths.settings.stat()
            return state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size
        return ()

    def _tell(self) -> None:
        """Tell the running program, without waiting for it, that the settings have changed."""
        threading.Thread(target=self._ask, name="tell of the settings", daemon=True).start()

    def _ask(self) -> None:
        with contextlib.suppress(instance.NotRunning, instance.NoAnswer):
            instance.ask(self._paths.runtime, {"ask": "reload"}, _TRAY_SECONDS)
