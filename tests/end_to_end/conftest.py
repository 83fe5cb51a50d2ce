"""Desktops and clouds for end-to-end tests."""

import re
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from desktop_bench.cloud import Cloud, Inbox
    from desktop_bench.session import Desktop

# The bench's parts are those of a Linux desktop.
collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixtures' clean-up whether the test failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture
def desktop(request: pytest.FixtureRequest) -> Iterator["Desktop"]:
    """A desktop of the test's own.

    Parametrise it indirectly with a ``DesktopConfig``, or with just a ``NotificationDaemon``. When the test fails, a
    picture of the screen is saved.
    """
    from desktop_bench.config import DesktopConfig  # noqa: PLC0415 - Linux only
    from desktop_bench.parts import NotificationDaemon  # noqa: PLC0415 - Linux only
    from desktop_bench.session import Desktop  # noqa: PLC0415 - Linux only

    wanted = getattr(request, "param", None)
    config = DesktopConfig(notifications=wanted) if isinstance(wanted, NotificationDaemon) else wanted
    label = re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name).strip("-")
    # Not tmp_path, which bears the test's name: a socket's address has room for about a hundred characters.
    with (
        tempfile.TemporaryDirectory(prefix="desk-", ignore_cleanup_errors=True) as root,
        Desktop(Path(root), config, label) as one,
    ):
        yield one
        if request.node.stash.get(_FAILED, False):
            one.screenshot("failed")


@pytest.fixture(scope="session")
def running_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Cloud"]:
    """The cloud's process; tests ask for ``cloud``."""
    from desktop_bench.cloud import Cloud  # noqa: PLC0415 - Linux only

    with Cloud(tmp_path_factory.mktemp("cloud")) as one:
        yield one


@pytest.fixture
def cloud(running_cloud: "Cloud") -> "Cloud":
    """An AWS with nothing in it and nothing wrong with it."""
    running_cloud.reset()
    return running_cloud


@pytest.fixture
def inbox(cloud: "Cloud") -> "Inbox":
    """A topic with a queue that gets its messages in SNS's envelope."""
    return cloud.inbox()
