"""What the filters above the history say, as what the store is asked for. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from trayapp.core.clock import Clock
from trayapp.core.history import Wanted
from trayapp.core.severity import Severity


class State(Enum):
    """What is wanted of what has become of incidents."""

    ANY = "any"
    OPEN = "open"
    REVIEWED = "reviewed"
    MUTED = "muted"


SEVERITY_CHOICES: tuple[Severity | None, ...] = (None, Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
"""The least that is wanted, ``None`` for anything."""

STATE_CHOICES = tuple(State)
_STATES: dict[State, tuple[bool | None, bool | None]] = {
    State.ANY: (None, None),
    State.OPEN: (False, False),
    State.REVIEWED: (True, None),
    State.MUTED: (None, True),
}
"""What each wants of ``Wanted.reviewed`` and ``Wanted.muted``."""

PERIOD_CHOICES: tuple[int | None, ...] = (None, 1, 7, 30, 90)
"""Days until now, ``None`` for all there have been."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What its owner has chosen.

    Attributes:
        text: Words to be found.
        severity: The index in ``SEVERITY_CHOICES``.
        account: The account's name, or empty for any.
        region: The Region's code, or empty for any.
        signal: The signal's id, or empty for any.
        state: The index in ``STATE_CHOICES``.
        period: The index in ``PERIOD_CHOICES``.
        day: One day, which outweighs the period.
    """

    text: str = ""
    severity: int = 0
    account: str = ""
    region: str = ""
    signal: str = ""
    state: int = 0
    period: int = 0
    day: date | None = None

    @property
    def plain(self) -> bool:
        """Whether it leaves nothing out."""
        return replace(self, text=self.text.strip()) == Filters()

    def wanted(self, clock: Clock) -> Wanted:
        """Give what the store is asked for."""
        least, state = SEVERITY_CHOICES[self.severity], STATE_CHOICES[self.state]
        reviewed, muted = _STATES[state]
        severities = {each for each in Severity if least is not None and each >= least}
        if state is State.OPEN:
            # What is of low severity is history from the start.
            severities = (severities or set(Severity)) - {Severity.LOW}
        since, until = self._span(clock)
        return Wanted(
            severities=frozenset(severities),
            accounts=frozenset({self.account} if self.account else ()),
            regions=frozenset({self.region} if self.region else ()),
            signals=frozenset({self.signal} if self.signal else ()),
            reviewed=reviewed,
            muted=muted,
            since=since,
            until=until,
            text=self.text.strip(),
        )

    def _span(self, clock: Clock) -> tuple[datetime | None, datetime | None]:
        if self.day is not None:
            return start_of(self.day, clock), start_of(self.day + timedelta(days=1), clock)
        days = PERIOD_CHOICES[self.period]
        return (clock.now - timedelta(days=days) if days else None), None


def start_of(day: date, clock: Clock) -> datetime:
    """Give the moment at which a day begins for the reader.

    The reader's zone is known as a function only, so the moment is looked for from the present offset; where that has
    changed meanwhile, a second look with the offset of that day settles it.
    """
    offset = clock.localise(clock.now).utcoffset() or timedelta()
    for _ in range(2):
        guess = datetime.combine(day, time(), UTC) - offset
        offset = clock.localise(guess).utcoffset() or timedelta()
    return datetime.combine(day, time(), UTC) - offset


def next_morning(clock: Clock, hour: int = 9) -> datetime:
    """Give tomorrow's morning for the reader, until which something is snoozed."""
    tomorrow = clock.localise(clock.now).date() + timedelta(days=1)
    return start_of(tomorrow, clock) + timedelta(hours=hour)
