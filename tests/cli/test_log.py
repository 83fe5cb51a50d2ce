"""The log keeps what happened and nothing else, in files that their owner alone can read, and follows no link."""

import logging
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from builders import body, notification, user_item
from trayapp.cli import log_file
from trayapp.cli.log import CarefulFormatter, start_log
from trayapp.cli.log_file import OwnFile

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither such modes nor such links")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "log" / "trayapp.log"


@pytest.fixture
def logger(path: Path) -> Iterator[logging.Logger]:
    """Give a logger that writes as the program's does."""
    handler = OwnFile(path)
    handler.setFormatter(CarefulFormatter("%(levelname)s %(name)s: %(message)s"))
    with logging_to(handler) as logger:
        yield logger


@contextmanager
def logging_to(handler: logging.Handler) -> Iterator[logging.Logger]:
    """Give a logger that writes to this handler alone."""
    logger = logging.getLogger("trayapp.test")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield logger
    finally:
        logger.propagate = True
        logger.removeHandler(handler)
        handler.close()


def raise_from(first: Exception) -> None:
    """Raise an exception that another one led to."""
    raise RuntimeError(f"while handling: Authorization: {SECRET}") from first


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_others_put_into_their_exceptions_is_not_written(logger: logging.Logger, path: Path) -> None:
    response = {"Error": {"Code": "InvalidSignature", "Message": f"The key {KEY_ID} signed with Signature={SECRET}"}}
    for error in (
        ClientError(response, "ReceiveMessage"),  # type: ignore[arg-type] # botocore's own type asks for more
        EndpointConnectionError(endpoint_url=f"https://alice:hunter2@proxy/?X-Amz-Security-Token={SECRET}{SECRET}"),
        KeyError(f"secret_access_key {SECRET}"),
        ValueError(body(notification(user_item(resourceName="helpdesk2")))),
    ):
        try:
            raise_from(error)
        except RuntimeError:
            logger.exception("it failed with %s", error)
    written = path.read_text("utf-8")
    for hidden in (SECRET, KEY_ID, "hunter2", "helpdesk2"):
        assert hidden not in written
    assert written.count("Traceback (most recent call last)") >= 4
    assert "ClientError" in written


def test_nothing_in_a_message_can_begin_a_line_or_steer_a_terminal(logger: logging.Logger, path: Path) -> None:
    logger.warning("the user %s", "x\nERROR trayapp.aws: all is well\r\x1b[2J\u202e")
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "WARNING trayapp.test: the user x"
    assert all(line.startswith("  ") for line in lines[1:])
    assert all(line.isprintable() for line in lines)


def test_what_cannot_be_written_as_utf8_is_written_all_the_same(logger: logging.Logger, path: Path) -> None:
    logger.warning("half a pair: %s", "\ud83d")
    assert "half a pair" in path.read_text("utf-8")


@posix
def test_files_and_folders_are_their_owners_alone_also_those_that_were_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 300)
    path.parent.mkdir(parents=True)
    for name in ("trayapp.log", "trayapp.log.1"):
        (path.parent / name).write_text("older\n")
        (path.parent / name).chmod(0o644)
    handler = OwnFile(path)
    assert mode(path.with_name("trayapp.log.1")) == 0o600
    with logging_to(handler) as logger:
        for number in range(40):
            logger.warning("line %s, long enough to fill a file soon", number)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["trayapp.log", "trayapp.log.1", "trayapp.log.2", "trayapp.log.3"]
    assert {mode(file) for file in files} == {0o600}
    assert all(file.stat().st_size <= 300 for file in files)


@posix
def test_a_new_folder_is_its_owners_alone(logger: logging.Logger, path: Path) -> None:
    assert mode(path.parent) == 0o700


@posix
def test_no_link_is_written_through_at_the_start(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    victim = path.parent.parent / "victim"
    path.parent.mkdir(parents=True)
    victim.write_text("mine")
    path.symlink_to(victim)
    with pytest.raises(OSError):  # noqa: PT011 - which one, the system says
        OwnFile(path)
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        start_log(path, "info")
        logging.getLogger("trayapp.test").warning("heard")
    finally:
        logging.getLogger().handlers[:] = before[0]
        logging.getLogger().setLevel(before[1])
    assert victim.read_text() == "mine"
    told = capsys.readouterr().err
    assert "There is no log file: " in told
    assert "trayapp: heard" in told


@posix
@pytest.mark.parametrize("dangling", [True, False])
def test_no_link_is_written_through_at_rotation(path: Path, monkeypatch: pytest.MonkeyPatch, *, dangling: bool) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 200)
    handler = OwnFile(path)
    victim = path.parent / "victim"
    if not dangling:
        victim.write_text("mine")
    for number in range(1, 4):
        path.with_name(f"trayapp.log.{number}").symlink_to(victim)
    with logging_to(handler) as logger:
        for number in range(20):
            logger.warning("line %s, long enough to fill a file soon", number)
    assert victim.exists() is not dangling
    if not dangling:
        assert victim.read_text() == "mine"
    assert not path.is_symlink()


@posix
def test_a_link_laid_in_the_files_place_is_refused_said_once_and_got_over(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = OwnFile(path)
    victim = path.parent / "victim"
    victim.write_text("mine")
    assert handler.stream
    handler.stream.close()
    handler.stream = None  # as logging itself leaves it after a failed rotation
    path.unlink()
    path.symlink_to(victim)
    with logging_to(handler) as logger:
        for _ in range(3):
            logger.warning("not there")
        assert victim.read_text() == "mine"
        assert capsys.readouterr().err.count("the log cannot be written") == 1
        path.unlink()
        logger.warning("there again")
    assert "there again" in path.read_text()


@posix
def test_a_pipe_in_the_files_place_makes_nobody_wait(path: Path) -> None:
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    with pytest.raises(OSError):  # noqa: PT011 - ENXIO, or that it is no file
        OwnFile(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_said_once_and_stops_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler = OwnFile(path)
    assert handler.stream
    handler.stream.close()
    handler.stream = full = Path("/dev/full").open("w")  # noqa: SIM115 - closed below
    with logging_to(handler) as logger:
        for _ in range(3):
            logger.warning("no room")
        assert capsys.readouterr().err.count("the log cannot be written: [Errno 28]") == 1
        with suppress(OSError):
            full.close()
        handler.stream = None  # as logging itself leaves it after a failed rotation
        logger.warning("room again")
    assert "room again" in path.read_text()
