"""Desktops and clouds for end-to-end tests."""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# The bench's parts are those of a Linux desktop.
if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]
else:
    from desktop_bench import Cloud, Desktop, DesktopConfig, Inbox, NotificationDaemon

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
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
    wanted = getattr(request, "param", None)
    config = DesktopConfig(notifications=wanted) if isinstance(wanted, NotificationDaemon) else wanted
    label = re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name).strip("-")
    # Not tmp_path, which bears the test's name: the sockets below have room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="desk-", ignore_cleanup_errors=True) as root:
        with Desktop(Path(root), config, label) as one:
            yield one
            if request.node.stash.get(_FAILED, False):
                request.node.add_report_section("teardown", "screen", str(one.screenshot("failed")))


@pytest.fixture(scope="session")
def running_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Cloud"]:
    """The cloud's process; tests ask for ``cloud``."""
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
