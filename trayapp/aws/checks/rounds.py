"""Rounds of checks: every check asked in turn, and what came of each said, whatever becomes of the others.

A round of an account as our template makes it is ten questions at five services: who we are, the queue, the recorder
(two), its channel (two), the topic's subscription (two), the trail (two). Each further Region adds four, each further
topic two.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from botocore.exceptions import ClientError

from trayapp.aws.checks.asking import Asker, NoAnswer, Patience, Refused, Stopped
from trayapp.aws.checks.channel import check_channel
from trayapp.aws.checks.consumers import Consumers
from trayapp.aws.checks.expected import Expected
from trayapp.aws.checks.identity import check_identity
from trayapp.aws.checks.policy import Policy, parsed
from trayapp.aws.checks.queue_policy import hears_cloudtrail, judge_queue_policy, topics_in
from trayapp.aws.checks.recorder import Recorder, check_recorder, judge_types, recorder_of
from trayapp.aws.checks.subscription import check_subscription
from trayapp.aws.checks.trail import check_trail
from trayapp.aws.failures import AwsFailure
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import mark, say

log = logging.getLogger(__name__)

_UNKNOWN = {
    Check.IDENTITY: mark("whose key it is"),
    Check.RECORDER: mark("whether AWS Config records"),
    Check.RECORDED_TYPES: mark("what AWS Config records"),
    Check.DELIVERY_CHANNEL: mark("whether AWS Config delivers what it records"),
    Check.SUBSCRIPTION: mark("whether the topic still sends to this queue"),
    Check.QUEUE_POLICY: mark("whom the queue lets in"),
    Check.CONSUMERS: mark("whether somebody else takes messages out of the queue"),
    Check.TRAIL: mark("whether CloudTrail logs"),
}
"""What is not known while a check may not be made."""

_WORST_FIRST = (Outcome.FAILED, Outcome.UNANSWERED, Outcome.NOT_GRANTED, Outcome.NOTICE, Outcome.PASSED)
_QUEUE_ATTRIBUTES = ["QueueArn", "Policy", "VisibilityTimeout", "ApproximateNumberOfMessagesNotVisible"]


class Rounds:
    """The checks of one account, to be run again and again, by one thread.

    Args:
        connect: Tells where to ask, and as whom; called at the beginning of each round. Raises ``AwsFailure``.
        expected: What the account's owner set up.
        idle_for: Gives the seconds since we last held a message of the queue, 0 while we hold some; ``None`` where
            nobody knows, and then nobody looks for other consumers.
        now: Gives seconds that only go forward.
        patience: How long answers are waited for.

    Attributes:
        again: Seconds after which another round would tell more than the next one in its turn; ``None`` if none would.
    """

    def __init__(
        self,
        connect: Callable[[], Endpoint],
        expected: Expected,
        idle_for: Callable[[], float] | None = None,
        now: Callable[[], float] = time.monotonic,
        patience: Patience | None = None,
    ) -> None:
        self._connect, self._expected, self._patience = connect, expected, patience
        self._consumers = Consumers(idle_for, now) if idle_for else None
        self._lock = threading.Lock()
        self._asker: Asker | None = None
        self._closed = False
        self.again: float | None = None

    def run(self) -> tuple[Checked, ...]:
        """Run one round; gives one outcome for each check and Region.

        Raises:
            Stopped: It was closed meanwhile.
        """
        self.again = None
        try:
            asker = self._opened(Asker(self._connect(), self._patience))
        except AwsFailure as failure:
            return (Checked(Check.IDENTITY, Outcome.UNANSWERED, cause=Cause.UNCHECKED, detail=str(failure)),)
        try:
            checks = merged(_Round(asker, self._expected, self._consumers).checks())
        finally:
            asker.let_go()
        self.again = self._consumers.again if self._consumers else None
        return checks

    def close(self) -> None:
        """End the round that is under way; no other can begin."""
        with self._lock:
            self._closed = True
            if self._asker is not None:
                self._asker.close()

    def _opened(self, asker: Asker) -> Asker:
        with self._lock:
            if self._closed:
                raise Stopped
            self._asker = asker
        return asker


class _Round:
    """One round, and what its checks learn for one another."""

    def __init__(self, asker: Asker, expected: Expected, consumers: Consumers | None) -> None:
        self._asker, self._expected, self._consumers = asker, expected, consumers
        self._policy: Policy | None = None
        self._attributes: Mapping[str, str] | None = None
        self._recorders: dict[str, Recorder] = {}

    def checks(self) -> Iterator[Checked]:
        """Make every check."""
        here, consumers = self._expected.region, self._consumers
        yield from guarded(Check.IDENTITY, "", lambda: check_identity(self._asker, self._expected))
        yield from guarded(Check.QUEUE_POLICY, here, self._check_queue_policy)
        if consumers is not None:
            yield from guarded(Check.CONSUMERS, here, lambda: self._check_consumers(consumers))
        topics = self._topics()
        for region in self._expected.recording:
            yield from self._check_config(region, topics)
        yield from judge_types(self._recorders, calls=self._calls() is True)
        for topic in topics or ():
            yield from self._check_topic(topic)
        if self._calls():
            yield from guarded(Check.TRAIL, here, lambda: check_trail(self._asker, here))

    def _queue(self) -> Mapping[str, str]:
        """Give the queue's attributes. One question, however often they are needed."""
        if self._attributes is None:
            client = self._asker.client("sqs")
            answer = self._asker.ask(
                client.get_queue_attributes, QueueUrl=self._expected.queue_url, AttributeNames=_QUEUE_ATTRIBUTES
            )
            self._attributes = {str(key): value for key, value in answer.get("Attributes", {}).items()}
        return self._attributes

    def _check_queue_policy(self) -> list[Checked]:
        attributes = self._queue()
        arn, here = attributes["QueueArn"], self._expected.region
        try:
            self._policy = parsed(attributes.get("Policy", ""), arn)
        except ValueError as error:
            sentence = say("the queue's policy cannot be read")
            return [Checked(Check.QUEUE_POLICY, Outcome.NOTICE, here, sentence=sentence, detail=str(error))]
        own = frozenset({arn.split(":")[4], self._expected.account_id} - {""})
        return [judge_queue_policy(self._policy, self._expected.topics, own, here)]

    def _check_consumers(self, consumers: Consumers) -> list[Checked]:
        return [consumers.judge(self._queue(), self._expected.region)]

    def _topics(self) -> tuple[str, ...] | None:
        """Give the topics that the queue listens to, ``None`` where they are not known."""
        if self._expected.topics:
            return self._expected.topics
        return None if self._policy is None else topics_in(self._policy)

    def _calls(self) -> bool | None:
        """Tell whether calls are to come by way of CloudTrail, ``None`` where that is not known."""
        if self._expected.trail is not None:
            return self._expected.trail
        return None if self._policy is None else hears_cloudtrail(self._policy)

    def _check_config(self, region: str, topics: tuple[str, ...] | None) -> Iterator[Checked]:
        status = guarded(Check.RECORDER, region, lambda: check_recorder(self._asker, region))
        yield from status
        yield from guarded(Check.RECORDED_TYPES, region, lambda: self._remember_recorder(region))
        yield from guarded(Check.DELIVERY_CHANNEL, region, lambda: check_channel(self._asker, region, topics))

    def _remember_recorder(self, region: str) -> list[Checked]:
        recorder = recorder_of(self._asker, region)
        if recorder is not None:
            self._recorders[region] = recorder
        return []

    def _check_topic(self, topic: str) -> list[Checked]:
        region = topic.split(":")[3]
        return guarded(
            Check.SUBSCRIPTION, region, lambda: check_subscription(self._asker, topic, self._queue()["QueueArn"])
        )


def guarded(check: Check, region: str, run: Callable[[], list[Checked]]) -> list[Checked]:
    """Run a check, and say it where it could not be asked.

    Args:
        check: Which one.
        region: The Region that it is about, or empty.
        run: The check.

    Raises:
        Stopped: The round was ended.
    """
    try:
        return run()
    except Refused as refused:
        what = say(_UNKNOWN[check])
        if refused.by_server:
            sentence = say("this server cannot tell {what}", what=what)
        else:
            sentence = say("this key may not ask {what}", what=what)
        return [Checked(check, Outcome.NOT_GRANTED, region, sentence=sentence, detail=str(refused))]
    except (NoAnswer, ClientError) as silence:
        return [Checked(check, Outcome.UNANSWERED, region, Cause.UNCHECKED, detail=str(silence))]
    except Stopped:
        raise
    except Exception as fault:  # an answer of another shape than expected must not take the other checks with it
        log.exception("the check %s failed", check.value)
        return [Checked(check, Outcome.UNANSWERED, region, Cause.UNCHECKED, detail=type(fault).__name__)]


def merged(checks: Iterable[Checked]) -> tuple[Checked, ...]:
    """Make one outcome of those of the same check and Region: the worst, with the sentences of all that are as bad."""

    def which(checked: Checked) -> tuple[str, str]:
        return checked.check.value, checked.region

    order: dict[tuple[str, str], None] = {}
    by_which: dict[tuple[str, str], list[Checked]] = {}
    for checked in checks:
        order.setdefault(which(checked))
        by_which.setdefault(which(checked), []).append(checked)
    return tuple(_worst(by_which[each]) for each in order)


def _worst(same: list[Checked]) -> Checked:
    heaviest = min(same, key=lambda checked: _WORST_FIRST.index(checked.outcome))
    as_bad = [each for each in same if (each.outcome, each.cause) == (heaviest.outcome, heaviest.cause)]
    sentence = "; ".join(dict.fromkeys(each.sentence for each in as_bad if each.sentence))
    detail = "; ".join(dict.fromkeys(each.detail for each in as_bad if each.detail))
    return Checked(heaviest.check, heaviest.outcome, heaviest.region, heaviest.cause, sentence, detail)
