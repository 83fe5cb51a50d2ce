"""A text about one installation that is fit to be attached to a public bug."""

import os
import platform
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

import trayapp
from trayapp.core.records import StatusRecord
from trayapp.core.text import name
from trayapp.doctor.disguise import Disguise
from trayapp.doctor.steps import Step
from trayapp.settings import Account, Settings

LOG_LINES = 200
"""How many of the log's last lines are in it."""

_TAIL = 200_000
"""Bytes of the log that are looked at."""

_PACKAGES = (
    *("boto3", "botocore", "urllib3", "keyring", "secretstorage", "dbus-fast", "desktop-notifier", "pystray", "plyer"),
    *("pillow", "filelock", "platformdirs", "click"),
)
_DESKTOP_VARIABLES = ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")
_LABEL_LENGTHS = (24, 40)
"""To what our sentences shorten a label."""

_HEAD = """\
A report of trayapp doctor, to be attached to a bug. Names, numbers, addresses and paths are replaced by stand-ins such
as <account-1>, and keys and messages are left out. Read it all the same before you publish it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report tells of.

    Attributes:
        steps: The walk.
        settings: The settings; empty ones where they are wrong.
        status: What the running program said, ``None`` without one.
        counts: How many messages of each kind were consumed.
        log: The log file.
    """

    steps: Sequence[Step]
    settings: Settings
    status: StatusRecord | None
    counts: Mapping[str, int]
    log: Path


def report(facts: Facts) -> str:
    """Write the report."""
    disguise = Disguise(_known(facts.settings.accounts))
    sections = {
        "the walk": _walk(facts.steps),
        "status": _status(facts.status),
        "messages": [f"{count:>7}  {kind}" for kind, count in facts.counts.items()] or ["none yet"],
        f"the log's last {LOG_LINES} lines": _tail(facts.log) or ["there is none"],
    }
    own = "\n".join([_HEAD, "", "== versions", *_versions()])
    others = "\n".join(line for title, lines in sections.items() for line in ("", f"== {title}", *lines))
    return f"{own}\n{disguise(others)}\n"


def save(path: Path, text: str) -> None:
    """Write a report into a new file that only its owner can read.

    Raises:
        FileExistsError: There is something in that place, maybe a link.
        OSError: It cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - a descriptor
        file.write(text)


def _versions() -> Iterator[str]:
    yield f"trayapp {trayapp.__version__}"
    yield f"python {platform.python_version()} ({platform.python_implementation()})"
    yield f"system {sys.platform} {platform.machine()} {_system()}"
    for variable in _DESKTOP_VARIABLES:
        words = os.environ.get(variable, "")
        # Such as "ubuntu:GNOME"; anything else is nobody's business.
        yield f"{variable} {words if words.replace(':', '').replace('-', '').isalnum() and words.isascii() else '-'}"
    for package in _PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} -"


def _system() -> str:
    """Name the system and its release, without its build, in which people put their own names."""
    try:
        found = platform.freedesktop_os_release()
        return f"{found.get('ID', '')} {found.get('VERSION_ID', '')}".strip()
    except OSError:
        return f"{platform.system()} {platform.release()}"


def _walk(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        where = " ".join(part for part in (step.account, step.region) if part)
        yield f"{step.outcome.value:9}  {step.step}{f' ({where})' if where else ''}: {step.sentence}"
        yield from (f"{'':11}{more}" for more in (step.way_out, step.detail) if more)


def _status(status: StatusRecord | None) -> Iterator[str]:
    """Tell the state without its words, which name what the alerts are about."""
    if status is None:
        yield "no running trayapp has answered"
        return
    for field in ("state", "cause", "since", "to_review", "quarantined", "paused_until", "existing"):
        yield f"{field}: {status.get(field)}"
    for watch in status.get("accounts", []):
        for field in ("account", "watching", "cause", "since", "detail", "last_answer", "checked"):
            yield f"{'  ' if field != 'account' else '- '}{field}: {watch.get(field)}"
        for check in watch.get("checks", []):
            said = (
                check["check"],
                check["outcome"],
                check["region"],
                check["cause"],
                check["sentence"],
                check["detail"],
            )
            yield "    " + " · ".join(part for part in said if part)


def _tail(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[-LOG_LINES:]


def _known(accounts: Iterable[Account]) -> dict[str, list[str]]:
    """Gather what is known to be somebody's: of the accounts, of this computer, and of its owner."""
    found: dict[str, list[str]] = {kind: [] for kind in ("name", "label", "account", "queue", "host", "user", "home")}
    for account in accounts:
        found["name"].append(account.name)
        found["label"] += [account.label, *(name(account.label, length) for length in _LABEL_LENGTHS)]
        found["account"].append(account.account_id)
        found["queue"].append(urlsplit(account.queue_url).path.rpartition("/")[2])
        found["queue"] += [topic.rpartition(":")[2] for topic in account.topics]
        found["host"] += [_host(account.queue_url), account.endpoint_host, _host(account.endpoint_url)]
    found["host"] += [_host(url if "://" in url else f"//{url}") for url in getproxies().values()]
    found["host"] += [socket.gethostname(), socket.gethostname().partition(".")[0], platform.node()]
    found["user"] += [os.environ.get(variable, "") for variable in ("USER", "LOGNAME", "USERNAME")]
    home = Path.home()
    found["user"].append(home.name)
    found["home"] += [str(home), str(home.resolve())]
    return found


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
