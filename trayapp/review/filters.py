"""What the filters above the history say, as what the store is asked for. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from trayapp.core.clock import Clock
from trayapp.core.history import Wanted
from trayapp.core.severity import Severity
from trayapp.review import texts

SEVERITY_CHOICES: tuple[tuple[str, Severity | None], ...] = (
    (texts.ANY_SEVERITY, None),
    (texts.SEVERITIES[Severity.CRITICAL], Severity.CRITICAL),
    (texts.AND_HEAVIER.format(severity=texts.SEVERITIES[Severity.HIGH]), Severity.HIGH),
    (texts.AND_HEAVIER.format(severity=texts.SEVERITIES[Severity.MEDIUM]), Severity.MEDIUM),
)
STATE_CHOICES: tuple[tuple[str, tuple[bool | None, bool | None]], ...] = (
    (texts.ANY_STATE, (None, None)),
    (texts.STATE_OPEN, (False, False)),
    (texts.STATE_REVIEWED, (True, None)),
    (texts.STATE_MUTED, (None, True)),
)
"""What each wants of ``Wanted.reviewed`` and ``Wanted.muted``."""
PERIOD_CHOICES: tuple[tuple[str, int | None], ...] = (
    (texts.ANY_TIME, None),
    *((text, days) for days, text in texts.PERIODS.items()),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What its owner has chosen.

    Attributes:
        text: Words to be found.
        severity: The index in ``SEVERITY_CHOICES``.
        account: The account's name, or empty for any.
        state: The index in ``STATE_CHOICES``.
        period: The index in ``PERIOD_CHOICES``.
        day: One day, which outweighs the period.
    """

    text: str = ""
    severity: int = 0
    account: str = ""
    state: int = 0
    period: int = 0
    day: date | None = None

    @property
    def plain(self) -> bool:
        """Whether it leaves nothing out."""
        return replace(self, text=self.text.strip()) == Filters()

    def wanted(self, clock: Clock) -> Wanted:
        """Give what the store is asked for."""
        least = SEVERITY_CHOICES[self.severity][1]
        reviewed, muted = STATE_CHOICES[self.state][1]
        severities = {each for each in Severity if least is not None and each >= least}
        if STATE_CHOICES[self.state][0] == texts.STATE_OPEN:
            # What is of low severity is history from the start.
            severities = (severities or set(Severity)) - {Severity.LOW}
        since, until = self._span(clock)
        return Wanted(
            severities=frozenset(severities),
            accounts=frozenset({self.account} if self.account else ()),
            reviewed=reviewed,
            muted=muted,
            since=since,
            until=until,
            text=self.text.strip(),
        )

    def _span(self, clock: Clock) -> tuple[datetime | None, datetime | None]:
        if self.day is not None:
            return start_of(self.day, clock), start_of(self.day + timedelta(days=1), clock)
        days = PERIOD_CHOICES[self.period][1]
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
