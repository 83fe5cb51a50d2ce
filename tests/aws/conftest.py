"""Surroundings without AWS in them, a key, and one emulated AWS for all tests of the room."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_bench.cloud import Cloud, Inbox
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint

REGION = "eu-west-1"
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@pytest.fixture(autouse=True)
def _bare_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine itself says about networks."""
    for variable in os.environ:
        if variable.upper().endswith(("_PROXY", "_CA_BUNDLE")) or variable.startswith("AWS_"):
            monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def cloud_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("cloud"), REGION) as cloud:
        yield cloud


@pytest.fixture
def cloud(cloud_process: Cloud) -> Cloud:
    """Give the emulated AWS, as new."""
    cloud_process.reset()
    return cloud_process


@pytest.fixture
def endpoint_at() -> Callable[[str], Endpoint]:
    """Give what makes the endpoint of a server."""
    return lambda url: Endpoint(REGION, KEY, url)


@pytest.fixture
def key() -> AccessKey:
    return KEY


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Give the path of a CA bundle that is not there yet."""
    return tmp_path / "bundle.pem"


@pytest.fixture
def inbox(cloud: Cloud) -> Inbox:
    return cloud.inbox()


@pytest.fixture
def brief_inbox(cloud: Cloud) -> Inbox:
    """Give a queue whose messages come back a second after they were received and not deleted."""
    inbox = cloud.inbox()
    cloud.sqs.set_queue_attributes(QueueUrl=inbox.queue_url, Attributes={"VisibilityTimeout": "1"})
    return inbox
