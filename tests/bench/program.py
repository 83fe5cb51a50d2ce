"""trayapp as its owner starts it: its command line, in a process of its own, on a real desktop."""

import json
import sys

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.errors import BenchError
from desktop_bench.processes import Process
from desktop_bench.session import Desktop

ACCOUNT = "bench"
_SECONDS = 60.0


def command(*words: str) -> list[str]:
    """Give the argument list of a command of trayapp."""
    return [sys.executable, "-P", "-m", "trayapp", *words]


def run_command(desktop: Desktop, *words: str, stdin: str | None = None) -> str:
    """Run a command to its end and give its output.

    Args:
        desktop: Where.
        words: The command.
        stdin: What it reads.

    Raises:
        BenchError: It did not succeed.
    """
    process = desktop.start(command(*words), name=f"trayapp-{words[0]}", stdin=stdin is not None)
    if stdin is not None:
        with process.stdin as pipe:
            pipe.write(stdin.encode())
    if process.wait(_SECONDS):
        raise BenchError(process.tail())
    return process.stdout()


def sign_in(desktop: Desktop, cloud: Cloud, inbox: Inbox) -> None:
    """Sign in to the cloud's queue; the key goes into the desktop's keyring."""
    account = {
        "access_key_id": cloud.access_key_id,
        "secret_access_key": cloud.secret_access_key,
        "region": cloud.region,
        "queue_url": inbox.queue_url,
        "endpoint_url": cloud.endpoint_url,
    }
    run_command(desktop, "login", ACCOUNT, "--stdin", stdin=json.dumps(account))


def start_watching(desktop: Desktop) -> Process:
    """Start ``trayapp run``."""
    return desktop.start(command("run"), name="trayapp-run")
