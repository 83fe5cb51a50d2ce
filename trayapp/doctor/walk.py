"""The whole walk, from the settings to a notification on the screen."""

from collections.abc import Iterable, Iterator

from trayapp.core.language import say, say_count
from trayapp.core.records import StatusRecord
from trayapp.doctor import computer, desktop
from trayapp.doctor.account import ACCOUNT_STEPS, AccountWalk
from trayapp.doctor.program import ProgramWalk
from trayapp.doctor.steps import NotAsked, Stage, Step, walk_stages
from trayapp.doctor.surroundings import Surroundings
from trayapp.settings import Settings


class Walk:
    """Walks the way of an alert, step by step.

    Args:
        surroundings: What is looked at and asked.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._settings = Settings()
        self._program = ProgramWalk(surroundings)

    @property
    def settings(self) -> Settings:
        """The settings as the walk found them; empty before, and where they are wrong."""
        return self._settings

    @property
    def status(self) -> StatusRecord | None:
        """What the running program said of itself; ``None`` before, and where it did not answer."""
        return self._program.status

    def steps(self) -> Iterator[Step]:
        """Walk, giving each step as it is taken."""
        paths, keys = self._surroundings.paths, self._surroundings.keys
        yield from walk_stages(
            self._chained(
                (
                    Stage("settings", self._read_settings),
                    Stage("store", lambda: computer.look_at_store(paths.store)),
                    Stage("keyring", lambda: computer.look_at_keyring(keys)),
                    Stage("network", computer.look_at_network_settings),
                ),
                (
                    Stage("trayapp", self._program.look),
                    Stage("tray-host", desktop.look_for_tray_host),
                    Stage("notifications", desktop.look_for_notifications),
                    Stage("alert", self._send_alert, ("trayapp",)),
                    Stage("notification", self._show_note, ("notifications",)),
                ),
            )
        )

    def _chained(self, before: Iterable[Stage], after: Iterable[Stage]) -> Iterator[Stage]:
        """Give all stages; which accounts there are is known only once the settings have been read."""
        yield from before
        if not self._settings.accounts:
            yield from (Stage(step, _nowhere, ("settings",)) for step in ACCOUNT_STEPS)
        for account in self._settings.accounts:
            yield from AccountWalk(account, self._surroundings).stages()
        yield from after

    def _read_settings(self) -> str:
        path = self._surroundings.paths.settings
        self._settings = computer.read_settings(path)
        accounts = len(self._settings.accounts)
        return say_count("{path} names {count} account", "{path} names {count} accounts", accounts, path=path)

    def _show_note(self) -> str:
        self._ask_to_show()
        if self._program.alerted:
            raise NotAsked(say("the test alert was one"))
        return desktop.show_test_note()

    def _send_alert(self) -> str:
        self._ask_to_show()
        return self._program.send_test_alert()

    def _ask_to_show(self) -> None:
        if not self._surroundings.notify:
            raise NotAsked(say("nothing shall be shown (--no-notify)"))


def _nowhere() -> str:
    raise NotAsked(say("no account is set up"))
