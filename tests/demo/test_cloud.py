"""The embedded cloud: our own template in an AWS of our own, undisturbed by its surroundings and gone without trace."""

import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from trayapp.aws.checks import Expected, Rounds
from trayapp.aws.keys import AccessKey
from trayapp.aws.queue import Interrupted, SqsQueue
from trayapp.aws.session import Endpoint, identity_client
from trayapp.core.checks import Check, Outcome
from trayapp.demo.cloud import DemoUnavailable, EmbeddedCloud

SUBJECT = "[AWS Config:us-east-1] AWS::IAM::User helpdesk2 Discovered in Account 123456789012"


@pytest.fixture
def cloud() -> Iterator[EmbeddedCloud]:
    with EmbeddedCloud() as running:
        yield running


def waiting(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_what_is_published_comes_out_of_the_queue_in_the_envelope_of_sns(cloud: EmbeddedCloud) -> None:
    cloud.publish('{"messageType":"news"}', SUBJECT)

    (message,) = cloud.client("sqs").receive_message(QueueUrl=cloud.queue_url)["Messages"]
    envelope = json.loads(message["Body"])

    assert envelope["Type"] == "Notification"
    assert envelope["TopicArn"] == cloud.topic_arn
    assert envelope["Subject"] == SUBJECT
    assert envelope["Message"] == '{"messageType":"news"}'


def test_the_key_belongs_to_the_listener_user(cloud: EmbeddedCloud) -> None:
    endpoint = Endpoint(cloud.region, AccessKey(cloud.access_key_id, cloud.secret_access_key), cloud.endpoint_url)

    identity = identity_client(endpoint).get_caller_identity()

    assert identity["Arn"] == f"arn:aws:iam::123456789012:user/{cloud.listener}"


def test_each_cloud_has_a_key_of_its_own_and_knows_nothing_of_the_one_before() -> None:
    keys = set()
    for _ in range(2):
        with EmbeddedCloud() as cloud:
            keys.add((cloud.access_key_id, cloud.secret_access_key))
            assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 1

    assert len(keys) == 2


def test_the_whole_cloud_is_in_the_region_it_was_asked_for() -> None:
    with EmbeddedCloud("sa-east-1") as cloud:
        assert cloud.topic_arn.startswith("arn:aws:sns:sa-east-1:")
        assert cloud.client("sqs").list_queues()["QueueUrls"]


def test_there_is_one_at_a_time(cloud: EmbeddedCloud) -> None:
    with pytest.raises(DemoUnavailable, match="one at a time"), EmbeddedCloud():
        pass

    assert cloud.client("sqs").list_queues()["QueueUrls"]


def test_only_this_machine_can_reach_it(cloud: EmbeddedCloud) -> None:
    assert cloud.endpoint_url.startswith("http://127.0.0.1:")


def test_it_stops_within_a_second_and_leaves_no_thread_no_server_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(threading.enumerate())
    with EmbeddedCloud() as cloud:
        cloud.publish("{}", SUBJECT)
        _, _, port = cloud.endpoint_url.rpartition(":")
        stopping = time.monotonic()
    took = time.monotonic() - stopping

    assert took < 1.0
    assert set(threading.enumerate()) - before == set()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(port)), timeout=5)
    assert list(tmp_path.iterdir()) == []


def test_a_poll_that_waits_does_not_hold_up_the_stop_and_ends_with_it() -> None:
    before = set(threading.enumerate())
    with ThreadPoolExecutor(1) as pool:
        with EmbeddedCloud() as cloud:
            client, url = cloud.client("sqs"), cloud.queue_url
            poll = pool.submit(client.receive_message, QueueUrl=url, WaitTimeSeconds=20)
            assert waiting(lambda: len(set(threading.enumerate()) - before) >= 3)
            stopping = time.monotonic()
        took = time.monotonic() - stopping
        error = poll.exception(timeout=5)

    assert took < 1.0
    assert isinstance(error, BotoCoreError | ClientError)
    assert waiting(lambda: set(threading.enumerate()) - before == set())


def test_a_poll_given_up_by_its_client_does_not_swallow_the_next_message(cloud: EmbeddedCloud) -> None:
    before = set(threading.enumerate())
    key = AccessKey(cloud.access_key_id, cloud.secret_access_key)
    queue = SqsQueue(Endpoint(cloud.region, key, cloud.endpoint_url), cloud.queue_url)
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(queue.receive)
        assert waiting(lambda: len(set(threading.enumerate()) - before) >= 2)
        queue.close()
        assert isinstance(poll.exception(timeout=5), Interrupted)

    cloud.publish("{}", SUBJECT)

    sqs = cloud.client("sqs")
    assert "Messages" in sqs.receive_message(QueueUrl=cloud.queue_url, WaitTimeSeconds=2)
    assert waiting(lambda: set(threading.enumerate()) - before == set())


def test_a_thousand_waiting_messages_do_not_slow_it_down(cloud: EmbeddedCloud) -> None:
    sqs = cloud.client("sqs")
    for _ in range(100):
        entries = [{"Id": str(number), "MessageBody": "x"} for number in range(10)]
        sqs.send_message_batch(QueueUrl=cloud.queue_url, Entries=entries)  # type: ignore[arg-type]

    started = time.process_time()
    got = sqs.receive_message(QueueUrl=cloud.queue_url, MaxNumberOfMessages=10)["Messages"]

    assert len(got) == 10
    # The server is in this process. It needs a fiftieth of a second; moto by itself needs a third of one.
    assert time.process_time() - started < 0.15


def test_it_is_quiet_and_gives_the_server_s_log_back_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("werkzeug")
    before = log.level

    with EmbeddedCloud() as cloud:
        cloud.publish("{}", SUBJECT)

    assert log.level == before
    assert capfd.readouterr() == ("", "")


def test_hostile_surroundings_do_not_disturb_it(tmp_path: Path) -> None:
    aws = tmp_path / ".aws"
    aws.mkdir()
    (aws / "config").write_text("[default\nnot = a file that can be read")
    (aws / "credentials").write_text("[other]\naws_access_key_id = AKIAOTHER\n")
    surroundings = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "AWS_PROFILE": "missing",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9",
        "AWS_DEFAULT_REGION": "mars-north-1",
        "AWS_ACCESS_KEY_ID": "AKIAOTHER",
        "AWS_SECRET_ACCESS_KEY": "other",
        "AWS_SESSION_TOKEN": "other",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_RETRY_MODE": "bogus",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    program = """
from trayapp.demo.cloud import EmbeddedCloud
with EmbeddedCloud() as cloud:
    cloud.publish("{}", "hello")
    print(len(cloud.client("sqs").receive_message(QueueUrl=cloud.queue_url)["Messages"]), cloud.region)
"""

    done = subprocess.run(
        [sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.stderr) == ("1 us-east-1\n", "")


@pytest.mark.parametrize("missing", ["moto", "moto.server", "flask"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
from trayapp.demo.cloud import DemoUnavailable, EmbeddedCloud
try:
    EmbeddedCloud().__enter__()
except DemoUnavailable as error:
    print(error)
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert "packaging/dev demo" in done.stdout


def test_there_is_nothing_for_the_guard_to_complain_of(cloud: EmbeddedCloud) -> None:
    endpoint = Endpoint(cloud.region, AccessKey(cloud.access_key_id, cloud.secret_access_key), cloud.endpoint_url)
    expected = Expected(cloud.queue_url, cloud.region, cloud.account_id, (cloud.topic_arn,))

    checks = {each.check: each.outcome for each in Rounds(lambda: endpoint, expected).run()}

    assert checks.pop(Check.SIGNATURES) is Outcome.NOTICE  # this server cannot sign as AWS does
    assert set(checks.values()) == {Outcome.PASSED}
    assert set(checks) >= {Check.RECORDER, Check.DELIVERY_CHANNEL, Check.SUBSCRIPTION, Check.TRAIL}


def test_unwatched_it_has_neither_aws_config_nor_cloudtrail() -> None:
    with EmbeddedCloud(watched=False) as bare:
        assert bare.client("config").describe_configuration_recorders()["ConfigurationRecorders"] == []
        assert bare.client("cloudtrail").describe_trails()["trailList"] == []


def test_the_account_is_the_one_that_everything_in_it_belongs_to(cloud: EmbeddedCloud) -> None:
    assert cloud.topic_arn.split(":")[4] == cloud.account_id


def test_moto_still_cannot_be_asked_whether_a_channel_delivers() -> None:
    from moto.config.responses import ConfigResponse  # noqa: PLC0415 - beside what it is looked at for

    from trayapp.demo import moto_config  # noqa: PLC0415 - same

    with pytest.raises(NotImplementedError):
        moto_config.UNTAUGHT(ConfigResponse())


def test_a_failing_deployment_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(threading.enumerate())
    monkeypatch.setattr("trayapp.demo.cloud.template_text", lambda: "Resources: {}")

    with pytest.raises(KeyError), EmbeddedCloud():
        pass

    assert set(threading.enumerate()) - before == set()
    monkeypatch.undo()
    with EmbeddedCloud() as cloud:
        assert cloud.queue_url
