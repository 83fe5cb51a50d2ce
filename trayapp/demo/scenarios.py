"""What the demo plays: messages in the order and the amount in which AWS really sends them.

A launch is never one message. Each instance brings six: itself, its network interface and its volume as discovered, and
its security group, subnet and VPC as updated; the load balancer's own interfaces, the role, the group and the stack
come on top. CloudTrail tells what somebody did some seconds before AWS Config tells what became of it, and only one of
the two is to be heard: most of the messages here must stay silent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from trayapp.demo import intruder, launch
from trayapp.demo.calls import Event
from trayapp.demo.messages import Notification

Script = Iterator[tuple[float, Notification | Event]]


@dataclass(frozen=True, slots=True)
class Step:
    """One message on its way.

    Attributes:
        delay_seconds: How long after the step before it is to be published.
        sent: What AWS Config publishes to its topic, or what EventBridge hands to its rules.
    """

    delay_seconds: float
    sent: Notification | Event

    @property
    def message(self) -> str:
        """What reaches the queue, but for SNS's envelope: JSON text."""
        return self.sent.message


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story that AWS tells.

    Attributes:
        title: What happens, in a few words.
        expected: The ids of resources that must each be in an incident that was told.
        script: Yields each message and its delay; asks for the time whenever AWS Config would look.
    """

    title: str
    expected: frozenset[str]
    script: Callable[[Callable[[], datetime]], Script]

    def steps(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Step]:
        """Play it.

        A message is stamped with the time at which it is asked for, and its delay is its way to the topic. What it
        tells of came to be about three minutes before, which is how long AWS Config takes.

        Args:
            now: Gives the time, aware; asked once for the start and once for each message.
        """
        for delay, sent in self.script(now):
            yield Step(delay, sent)


SCENARIOS = (
    Scenario("a stack launch", launch.EXPECTED, launch.script),
    Scenario("an intruder's evening", intruder.EXPECTED, intruder.script),
)


def expected_alerts() -> frozenset[str]:
    """Give the ids of all resources that must each be in an incident that was told."""
    return frozenset().union(*(scenario.expected for scenario in SCENARIOS))
