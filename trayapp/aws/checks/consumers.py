"""Whether somebody else takes messages out of the queue.

Messages are in flight while nobody here holds any: somebody else received them. SQS counts them only about right, and
up to a minute late, and what a crashed run of ours had received stays in flight until its visibility timeout is over.
So the count means something only after a silence longer than both, and only when it is seen twice.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

import time
from collections.abc import Callable, Mapping

from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import say

COUNTED_LATE = 60.0
"""Seconds that the counts may lag behind."""

APART = 20.0
"""Seconds between two sightings, at the least."""

_MOST_LOOKS = 3
"""Extra looks in a row: a queue that is never silent says nothing, however often it is looked at."""


class Consumers:
    """Remembers sightings from one round to the next.

    Args:
        idle_for: Gives the seconds since we last held a message.
        now: Gives seconds that only go forward.
    """

    def __init__(self, idle_for: Callable[[], float], now: Callable[[], float] = time.monotonic) -> None:
        self._idle_for, self._now = idle_for, now
        self._began = now()
        self._seen: float | None = None
        self._looks = 0
        self.again: float | None = None
        """Seconds after which another look would tell more; ``None`` where none would."""

    def judge(self, attributes: Mapping[str, str], region: str) -> Checked:
        """Judge the attributes of a queue."""
        now = self._now()
        in_flight = int(attributes.get("ApproximateNumberOfMessagesNotVisible", "0"))
        silence = float(attributes.get("VisibilityTimeout", "30")) + COUNTED_LATE
        missing = silence - min(self._idle_for(), now - self._began)
        self.again = None
        if in_flight == 0:
            self._seen, self._looks = None, 0
        elif missing > 0:
            self._seen = None
            self._look_again(missing + 1)
        elif self._seen is None or now - self._seen < APART:
            self._seen = now if self._seen is None else self._seen
            self._look_again(APART + 1)
        else:
            return Checked(
                Check.CONSUMERS,
                Outcome.FAILED,
                region,
                Cause.QUEUE_SHARED,
                say("somebody holds messages of the queue, and it is not this computer"),
            )
        return Checked(Check.CONSUMERS, Outcome.PASSED, region)

    def _look_again(self, seconds: float) -> None:
        self._looks += 1
        self.again = seconds if self._looks <= _MOST_LOOKS else None
