"""The emulated AWS's own process: ``python -m desktop_bench.cloud_server FILE``.

It writes two port numbers into FILE, that of the AWS endpoint and that of the control channel (XML-RPC), and serves
until it is ended.
"""

import dataclasses
import logging
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from xmlrpc.server import SimpleXMLRPCServer

from moto.server import ThreadedMotoServer
from moto.sqs import models

from desktop_bench.faults import Fault
from desktop_bench.proxy import FaultProxy
from trayapp.demo import moto_config  # noqa: F401 - importing it teaches moto what it cannot be asked


def quicken() -> None:
    """Spare moto two things that it does for every message on every receive, so that long queues are usable.

    It builds a dictionary of all the queue's attributes, which counts all messages, to learn one constant; and it
    computes the time of day from calendar dates.
    """

    def is_valid(self: Any, queue_name: str, message: Any) -> bool:  # noqa: ANN401 - moto is untyped
        age = time.time() - message.sent_timestamp / 1000
        return bool(age < self.get_queue(queue_name).message_retention_period)

    for owner, name, quick in (
        (models.SQSBackend, "is_message_valid_based_on_retention_period", is_valid),
        (models, "unix_time_millis", lambda: time.time() * 1000),
    ):
        if not hasattr(owner, name):
            raise RuntimeError(f"moto has no {name} any more: see whether it still needs this")
        setattr(owner, name, quick)


class Control:
    """What the test's process may ask for."""

    def __init__(self, proxy: FaultProxy) -> None:
        self._proxy = proxy

    def inject(self, fault: str, action: str, times: int, delay: float) -> bool:
        self._proxy.inject(Fault(fault), action, times, delay)
        return True

    def clear(self) -> bool:
        self._proxy.clear()
        return True

    def refuse(self) -> bool:
        self._proxy.refuse()
        return True

    def accept(self) -> bool:
        self._proxy.accept()
        return True

    def polls_waiting(self) -> int:
        return self._proxy.polls_waiting

    def upstream(self) -> str:
        return self._proxy.upstream

    def requests(self, since: float) -> list[dict[str, Any]]:
        found = [dataclasses.asdict(request) for request in self._proxy.book.requests() if request.at >= since]
        return [one | {"fault": one["fault"].value if one["fault"] else ""} for one in found]

    def reset(self) -> bool:
        """Forget all queues and topics, all faults, and serve again."""
        self._proxy.accept()
        self._proxy.clear()
        url = f"http://{self._proxy.upstream}/moto-api/reset"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=10) as answer:
            return bool(answer.status == 200)


def main() -> None:
    """Serve."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    quicken()
    emulator = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    emulator.start()
    host, port = emulator.get_host_and_port()
    proxy = FaultProxy(f"{host}:{port}")
    control = SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False, allow_none=False)
    control.register_instance(Control(proxy))
    ports = Path(sys.argv[1])
    unfinished = ports.with_suffix(".new")
    unfinished.write_text(f"{proxy.port} {control.server_address[1]}", encoding="ascii")
    unfinished.replace(ports)
    control.serve_forever()


if __name__ == "__main__":
    main()
