"""Uses the operating system's keyring in a process of its own, and prints what came of it as JSON.

Usage: ``key_store_probe.py VERB...``, each verb one of ``check``, ``save``, ``load``, ``remove``, ``plain-load``, which
does without the program's own caution, and ``await-line``, which waits for a line on standard input.
"""

import json
import sys
import time
from collections.abc import Callable

from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.key_store import SERVICE, OsKeyStore
from trayapp.aws.keys import AccessKey

ACCOUNT = "acme"
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


def load() -> str:
    """Load the key, and tell whether it is the one that was saved."""
    found = OsKeyStore().load(ACCOUNT)
    return "none" if found is None else "same" if found == KEY else "another"


def plain_load() -> str | None:
    """Load as any other program would."""
    import keyring  # noqa: PLC0415 - what it does when imported is part of what is tried

    return keyring.get_password(SERVICE, ACCOUNT)


def await_line() -> str:
    """Say that it waits, and wait."""
    print("waiting", file=sys.stderr, flush=True)
    return sys.stdin.readline()


VERBS: dict[str, Callable[[], object]] = {
    "check": lambda: OsKeyStore().check(),
    "save": lambda: OsKeyStore().save(ACCOUNT, KEY),
    "load": load,
    "remove": lambda: OsKeyStore().remove(ACCOUNT),
    "plain-load": plain_load,
    "await-line": await_line,
}


def outcome(verb: str) -> dict[str, object]:
    """Do one thing and tell how it went."""
    begin = time.monotonic()
    try:
        result: dict[str, object] = {"result": VERBS[verb]()}
    except KeyStoreProblem as problem:
        result = {"problem": str(problem), "cause": problem.cause.value}
    return {**result, "seconds": time.monotonic() - begin}


if __name__ == "__main__":
    print(json.dumps([outcome(verb) for verb in sys.argv[1:]]))
