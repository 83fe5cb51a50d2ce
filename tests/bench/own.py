"""trayapp's own way from the queue to the disk, without a desktop: ``python -m bench.own ENDPOINT QUEUE COUNT STORE``.

It takes that many messages out of the queue into a new store and prints what that took, as one JSON object.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from bench.bare import KEY_ID, REGION, SECRET
from trayapp.aws.keys import AccessKey
from trayapp.aws.poller import Failed, Poller, PollerEvent
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.intake import Intake


class _Counted(SqsQueue):
    """The queue, telling when so many messages have left it."""

    def __init__(self, endpoint: Endpoint, queue_url: str, count: int, done: Event) -> None:
        super().__init__(endpoint, queue_url)
        self._left, self._done = count, done

    def delete(self, messages: Sequence[Message]) -> list[str]:
        refused = super().delete(messages)
        self._left -= len(messages) - len(refused)
        if self._left <= 0:
            self._done.set()
        return refused


def drain(endpoint_url: str, queue_url: str, count: int, store: Path) -> None:
    """Take messages out and print the seconds and CPU seconds that took."""
    wall, cpu = time.monotonic(), time.process_time()
    done = Event()
    failures: list[Failed] = []

    def emit(event: PollerEvent) -> None:
        if isinstance(event, Failed):
            failures.append(event)
            done.set()

    endpoint = Endpoint(REGION, AccessKey(KEY_ID, SECRET), endpoint_url)
    poller = Poller(
        account="bench",
        connect=lambda: _Counted(endpoint, queue_url, count, done),
        sink=Intake("bench", store, lambda _: None, lambda: datetime.now(UTC)),
        emit=emit,
    )
    poller.start()
    done.wait()
    taken = {"seconds": time.monotonic() - wall, "cpu_seconds": time.process_time() - cpu}
    poller.stop()
    poller.join(5)
    if failures:
        sys.exit(f"{failures[0].cause}: {failures[0].detail}")
    print(json.dumps(taken))


if __name__ == "__main__":
    drain(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
