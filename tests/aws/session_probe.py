"""Makes the program's clients in a process of its own, uses them, and prints what that touched.

Usage: ``session_probe.py URL``; the outcome is JSON.
"""

import json
import sys
from typing import Any

touched: dict[str, list[str]] = {"opened": [], "ran": [], "connected": []}


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """Take down what Python's audit hooks tell (https://docs.python.org/3/library/audit_events.html)."""
    if event == "open":
        touched["opened"].append(str(arguments[0]))
    elif event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"}:
        touched["ran"].append(f"{event} {arguments}")
    elif event == "socket.connect":
        touched["connected"].append(str(arguments[1]))


sys.addaudithook(note)

from trayapp.aws import session  # noqa: E402 - the hook comes first
from trayapp.aws.failures import BOTOCORE_ERRORS  # noqa: E402 - same
from trayapp.aws.keys import AccessKey  # noqa: E402 - same

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox"
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


def main(url: str) -> dict[str, Any]:
    """Make and use every kind of client."""
    endpoint = session.Endpoint("eu-west-1", KEY, url)
    polling, calls, identity = (
        session.polling_client(endpoint),
        session.queue_client(endpoint),
        session.identity_client(endpoint),
    )
    outcomes = [
        outcome(lambda: polling.receive_message(QueueUrl=QUEUE_URL)),
        outcome(lambda: calls.delete_message_batch(QueueUrl=QUEUE_URL, Entries=[{"Id": "0", "ReceiptHandle": "r"}])),
        outcome(identity.get_caller_identity),
    ]
    return {
        "outcomes": outcomes,
        "endpoints": [client.meta.endpoint_url for client in (polling, calls, identity)],
        **touched,
    }


def outcome(call: Any) -> str:  # noqa: ANN401 - any method of any client
    """Call, and tell how it went."""
    try:
        call()
    except BOTOCORE_ERRORS as error:
        return type(error).__name__
    return "answered"


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
