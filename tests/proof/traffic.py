"""What is sent in a soak, and what goes wrong meanwhile."""

import json
import time
from collections import Counter
from random import Random

from desktop_bench.faults import Fault
from desktop_bench.messages import ConfigMessage, ec2_instance_created, iam_user_baseline, iam_user_created
from proof.subject import Subject

_CALM = (2.0, 8.0)
"""Seconds between one fault and the next, from and to."""

_ANSWERED_BADLY = (
    *(Fault.DROP, Fault.LOSE_REPLY, Fault.RESET, Fault.TRUNCATE, Fault.PORTAL, Fault.REDIRECT, Fault.BLOCKED),
    *(Fault.EMPTY, Fault.ERROR_500, Fault.ERROR_503, Fault.THROTTLE, Fault.ACCESS_DENIED, Fault.CLOCK_SKEW),
)
_ACTIONS = ("", "ReceiveMessage", "DeleteMessageBatch")


class Traffic:
    """Makes messages, and remembers what has to come of them."""

    def __init__(self, subject: Subject, random: Random) -> None:
        self._subject, self._random = subject, random
        self._sent: list[ConfigMessage] = []
        self.messages = self.unreadable = 0
        self.users: set[str] = set()
        self.instances: set[str] = set()

    def send(self) -> None:
        """Send one message, as likely as not a copy, or one that nobody need hear of."""
        number, chance = self.messages, self._random.random()
        self.messages += 1
        raw = self._random.random() < 0.2
        if chance < 0.25 and self._sent:
            self._subject.announce(self._random.choice(self._sent), past_the_topic=raw)
        elif chance < 0.35:
            self._subject.announce(iam_user_baseline(f"old-{number}"), past_the_topic=raw)
        elif chance < 0.4:
            self.unreadable += 1
            self._subject.inbox.send_raw(json.dumps({f"configurationItem-{number}": {}})[: -self._random.randint(1, 3)])
        elif chance < 0.5:
            instance = f"i-{number:017x}"
            self.instances.add(instance)
            self._new(ec2_instance_created(instance), raw=raw)
        else:
            user = f"user-{number}"
            self.users.add(user)
            self._new(iam_user_created(user), raw=raw)

    def _new(self, message: ConfigMessage, *, raw: bool) -> None:
        self._sent.append(message)
        self._subject.announce(message, past_the_topic=raw)


class Weather:
    """Makes faults come and go."""

    def __init__(self, subject: Subject, random: Random) -> None:
        self._proxy, self._random = subject.proxy, random
        self._until, self._next = 0.0, time.monotonic() + random.uniform(*_CALM)
        self.faults: Counter[str] = Counter()

    def pass_by(self) -> None:
        """Begin or end a fault, if it is time."""
        now = time.monotonic()
        if self._until and now >= self._until:
            self.clear_up()
            self._next = now + self._random.uniform(*_CALM)
        elif not self._until and now >= self._next:
            self._until = now + self._random.uniform(0.2, 4.0)
            self._begin()

    def clear_up(self) -> None:
        """End the fault that there is."""
        self._until = 0.0
        self._proxy.clear()
        self._proxy.accept()

    def _begin(self) -> None:
        kind = self._random.randrange(6)
        action = self._random.choice(_ACTIONS)
        if kind == 0:
            self._proxy.refuse()
            self.faults["refused"] += 1
            return
        if kind == 1:
            fault, times = self._random.choice((Fault.HANG, Fault.DRIP)), -1
        else:
            fault, times = self._random.choice(_ANSWERED_BADLY), self._random.choice((1, 2, 5, -1))
        self._proxy.inject(fault, action, times)
        self.faults[fault.value] += 1
