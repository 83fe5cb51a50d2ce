"""What its owner says of an incident, kept, and told in a sentence."""

from collections.abc import Callable
from datetime import timedelta

from trayapp.core.incidents import Decision
from trayapp.core.policy import Mute
from trayapp.review.desk import Desk
from trayapp.review.filters import next_morning
from trayapp.review.guard import Guard
from trayapp.review.texts import Texts

_HOUR = timedelta(hours=1)


class Deciding:
    """Keeps decisions.

    Args:
        desk: Where they are kept.
        guarded: Does what needs the disk.
        decided: Told what was decided.
        say: Told why nothing was.
    """

    def __init__(self, desk: Desk, guarded: Guard, decided: Callable[[str], None], say: Callable[[str], None]) -> None:
        self._desk, self._guarded, self._decided, self._say = desk, guarded, decided, say

    def decide(self, number: int, decision: Decision, note: str = "") -> bool:
        """Keep what is said of an incident; tell whether it is kept."""
        return self._guarded(lambda: self._desk.decide([number], decision, note)) is not None

    def snooze(self, number: int, *, until_tomorrow: bool) -> None:
        """Let an incident be for an hour or until tomorrow."""
        clock = self._desk.clock()
        until = next_morning(clock) if until_tomorrow else clock.now + _HOUR
        snoozed = self._guarded(lambda: self._desk.snooze(number, until))
        if snoozed:
            self._decided(Texts.DONE_SNOOZE.format(when=clock.moment(until)))
        elif snoozed is not None:
            self._say(Texts.NOT_SNOOZED)

    def make_rule(self, number: int, rule: Mute, note: str) -> bool:
        """Make a rule of an incident that was its owner's doing; tell whether it is made."""

        def make() -> bool:
            self._desk.make_rule(number, rule, note)
            return True

        return self._guarded(make) is not None
