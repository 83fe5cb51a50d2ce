"""Whether somebody else takes messages out of the same queue.

Whoever deletes what he receives leaves no trace in what we receive. But who crashes, or does not delete, hands his
messages on to us, and they tell how often and since when they have been received.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from trayapp.aws.clocks import elapsed
from trayapp.aws.queue import Message
from trayapp.aws.session import LONG_POLL_SECONDS

SIGNS = 2
"""So many messages tell of company; one may be an accident of SQS, whose counts are approximate."""

WHILE = 3600.0
"""Seconds within which they must come."""

_REMEMBERED = 5_000
_LINGERING = LONG_POLL_SECONDS + 10.0
"""Seconds for which AWS may still hand messages to a request of ours whose end it has not noticed."""

_SLACK = 5.0
"""Seconds that two clocks may differ: the ``Date`` of an answer knows no fractions, and answers take their time."""


class Company:
    """Looks for the traces of others. It belongs to the poller's thread; ``unclear_until`` is for all.

    Args:
        now: Gives seconds that run on during sleep.
    """

    def __init__(self, now: Callable[[], float] = elapsed) -> None:
        self._now = now
        self._ours: OrderedDict[str, float] = OrderedDict()
        # What was received before this may have been received by ourselves, in an earlier life.
        self._clear_since = now() + _LINGERING
        self._unclear: deque[tuple[float, float]] = deque(maxlen=256)
        self._unclear_until = self._clear_since
        self._signs: deque[float] = deque(maxlen=SIGNS)

    def lost(self, begin: float) -> None:
        """Note that a request got no answer; whatever was received for it was received by us without our knowing.

        Args:
            begin: When the request began.
        """
        end = self._now() + _LINGERING
        if self._unclear and begin <= self._unclear[-1][1]:
            begin = self._unclear.pop()[0]
        elif len(self._unclear) == self._unclear.maxlen:
            self._clear_since = max(self._clear_since, self._unclear[0][1])
        self._unclear.append((begin, end))
        self._unclear_until = end

    @property
    def unclear_until(self) -> float:
        """Until when something may have been received by us without our knowing, on the clock of ``now``."""
        return self._unclear_until

    def shows(self, messages: Sequence[Message]) -> bool:
        """Look at messages just received; tell whether they complete the proof that somebody else is there."""
        now = self._now()
        signs = [message for message in messages if self._is_sign(message, now)]
        for message in messages:
            self._ours[message.id] = now
            self._ours.move_to_end(message.id)
        while len(self._ours) > _REMEMBERED:
            self._clear_since = max(self._clear_since, self._ours.popitem(last=False)[1] + _SLACK)
        self._signs.extend(now for _ in signs)
        return bool(signs) and len(self._signs) == SIGNS and now - self._signs[0] <= WHILE

    def _is_sign(self, message: Message, now: float) -> bool:
        if message.receives <= 1 or message.age is None or message.id in self._ours:
            return False
        first = now - message.age
        if first - _SLACK < self._clear_since or message.age < _SLACK:
            return False
        return not any(begin - _SLACK <= first <= end + _SLACK for begin, end in self._unclear)
