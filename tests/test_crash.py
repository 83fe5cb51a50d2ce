"""The process may be killed at any instant, and still nothing that happened is lost or told twice."""

import json
import multiprocessing
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL

import pytest

from crash_driver import ACCOUNT, RECEIVING, Job, Step, drive
from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.messages import ec2_instance_baseline, ec2_instance_created, iam_user_baseline, iam_user_created
from desktop_bench.waiting import wait_until
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint
from trayapp.store import Store

MESSAGES = 40
BROKEN = '{"messageType": "ConfigurationItemChangeNotification", "configurationItem": {'

PROCESSES = multiprocessing.get_context("forkserver")
# What takes long to import is imported once, in the process that all drivers are forked from.
PROCESSES.set_forkserver_preload(["__main__", "trayapp.aws.poller", "trayapp.aws.queue", "trayapp.intake", "pytest"])


@dataclass
class Sent:
    """What was put into the queue.

    Attributes:
        new: Ids of new resources.
        existing: Ids of resources that were there before.
        broken: Whether there was a message that cannot be read.
    """

    new: set[str] = field(default_factory=set)
    existing: set[str] = field(default_factory=set)
    broken: bool = False


class Driver:
    """A worker's process, as its parent sees it."""

    def __init__(self, job: Job) -> None:
        self._words, theirs = PROCESSES.Pipe(duplex=False)
        self._process: BaseProcess = PROCESSES.Process(target=drive, args=(job, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.hear(RECEIVING)

    def hear(self, word: str) -> None:
        words: Connection[str, str] = self._words
        assert words.poll(10), f"waited in vain for: {word}"
        assert words.recv() == word

    def died_at(self, step: Step) -> None:
        """Make sure that it killed itself, and where."""
        self.hear(step.value)
        self._process.join(10)
        assert self._process.exitcode == -SIGKILL
        self._words.close()

    def kill(self) -> None:
        self._process.kill()
        self._process.join(10)
        assert self._process.exitcode == -SIGKILL
        self._words.close()


class Bench:
    """One queue and one store, between which workers come and go."""

    def __init__(self, cloud: Cloud, folder: Path, rng: random.Random) -> None:
        self._cloud, self.rng = cloud, rng
        self.inbox: Inbox = cloud.inbox()
        self.sent = Sent()
        self.store = folder / "alerts.db"
        key = AccessKey(cloud.access_key_id, cloud.secret_access_key)
        self._endpoint = Endpoint(cloud.region, key, cloud.endpoint_url)
        # What was received and not deleted comes back after a second.
        cloud.sqs.set_queue_attributes(QueueUrl=self.inbox.queue_url, Attributes={"VisibilityTimeout": "1"})

    def send(self, count: int) -> None:
        """Send messages, a good quarter of them for the second time, one of ten about what was there before."""
        fresh = [self.rng.choice((iam_user_created, ec2_instance_created))() for _ in range(count * 6 // 10)]
        before = [self.rng.choice((iam_user_baseline, ec2_instance_baseline))() for _ in range(count // 10)]
        bodies = [json.dumps(message.body) for message in (*fresh, *before)]
        bodies += [BROKEN]
        bodies += self.rng.choices(bodies, k=count - len(bodies))
        self.rng.shuffle(bodies)
        for begin in range(0, count, 10):
            self._cloud.sqs.send_message_batch(
                QueueUrl=self.inbox.queue_url,
                Entries=[
                    {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[begin : begin + 10])
                ],
            )
        self.sent.new |= {message.item["resourceId"] for message in fresh}
        self.sent.existing |= {message.item["resourceId"] for message in before}
        self.sent.broken = True

    def driver(self, step: Step = Step.NEVER, batch: int = 1) -> Driver:
        return Driver(Job(self._endpoint, self.inbox.queue_url, self.store, step, batch))

    def drain(self) -> None:
        """Let a worker live until the queue is empty."""
        driver = self.driver()
        wait_until(lambda: self.inbox.depth() == Depth(visible=0, in_flight=0), 20, "the queue to be empty")
        driver.kill()

    def nothing_is_lost_or_doubled(self) -> None:
        with Store(self.store) as store:
            incidents = store.incidents()
            found = [finding.subject.id for incident in incidents for finding in incident.findings]
            assert sorted(found) == sorted(self.sent.new)
            assert {incident.watch for incident in incidents} == {ACCOUNT}
            assert store.existing() == len(self.sent.existing)
            assert [kept.body for kept in store.quarantine()] == [BROKEN]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def bench(cloud: Cloud, tmp_path: Path) -> Bench:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return Bench(cloud, tmp_path, random.Random(seed))


def test_without_a_crash_everything_arrives_once(bench: Bench) -> None:
    bench.send(MESSAGES)
    bench.drain()
    bench.nothing_is_lost_or_doubled()


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.NEVER], ids=lambda step: step.value)
def test_a_crash_at_a_step_loses_and_doubles_nothing(step: Step, bench: Bench) -> None:
    bench.send(MESSAGES)
    for batch in (2, 1, 1):
        bench.driver(step, batch).died_at(step)
    bench.drain()
    bench.nothing_is_lost_or_doubled()


def test_a_crash_before_the_commit_leaves_every_message_in_the_queue(bench: Bench) -> None:
    bench.send(MESSAGES)
    bench.driver(Step.RECEIVED).died_at(Step.RECEIVED)
    depth = bench.inbox.depth()
    assert depth.visible + depth.in_flight == MESSAGES
    assert not bench.store.exists()


def test_a_crash_after_the_commit_leaves_the_alerts_on_disk_and_the_messages_in_the_queue(bench: Bench) -> None:
    bench.send(MESSAGES)
    bench.driver(Step.COMMITTED).died_at(Step.COMMITTED)
    depth = bench.inbox.depth()
    assert depth.visible + depth.in_flight == MESSAGES
    with Store(bench.store) as store:
        assert sum(store.counts().values()) == 10


def test_twenty_crashes_at_any_instant_lose_and_double_nothing(bench: Bench) -> None:
    rng = bench.rng
    for _ in range(20):
        bench.send(10)
        driver = bench.driver()
        # Not a wait for anything: the instant at which the process dies is what is tried out.
        time.sleep(rng.uniform(0, 0.08))
        driver.kill()
    bench.drain()
    bench.nothing_is_lost_or_doubled()
