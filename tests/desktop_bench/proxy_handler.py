"""One connection of a client to the fault proxy."""

import http.client
import json
import os
import select
import socket
import struct
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from desktop_bench.faults import Answer, Fault, answer_for

if TYPE_CHECKING:
    from desktop_bench.proxy import ProxyServer

HOP_HEADERS = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "accept-encoding"})
"""What is between two neighbours on the way and not passed on."""

_HANDSHAKE_SECONDS = 10.0
_DRIP_SECONDS = 1.0
_MISSING = 16
"""Bytes that a truncated answer promises and does not hold."""


class ProxyHandler(BaseHTTPRequestHandler):
    """Serves one client, in a thread of its own."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "ProxyServer"

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests are on record."""

    def setup(self) -> None:
        """Shake hands where the proxy speaks TLS; a client that does not like the certificate is gone after that."""
        if context := self.server.proxy.tls:
            self.request.settimeout(_HANDSHAKE_SECONDS)
            self.request = context.wrap_socket(self.request, server_side=True)
            self.request.settimeout(None)
        super().setup()

    def finish(self) -> None:
        """Let go of what shaking hands has made."""
        super().finish()
        self.request.close()

    def handle(self) -> None:
        """Answer requests until the client goes or is cut off."""
        with self.server.proxy.connection(self.connection), suppress(OSError):
            super().handle()

    def do_POST(self) -> None:
        """Answer one request, well or badly."""
        proxy = self.server.proxy
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the client has gone in the middle of its question
            self.close_connection = True
            return
        action = self._action(body)
        if struck := proxy.book.take(action):
            self._strike(*struck, action, body)
            return
        proxy.book.note(action, None)
        wait = _wait_seconds(action, body)
        if wait:
            self._poll(action, body, wait)
        else:
            self._answer(self._forward(body))

    do_GET = do_POST  # noqa: N815 - the names that the base class looks for

    # ---- good weather

    def _poll(self, action: str, body: bytes, wait: float) -> None:
        proxy = self.server.proxy
        question = _at_once(body)
        end = time.monotonic() + wait
        with proxy.waiting() as bell:
            while True:
                if struck := proxy.book.take(action):
                    self._strike(*struck, action, body)
                    return
                answer = self._forward(question)
                left = end - time.monotonic()
                if answer.status != http.client.OK or b'"Messages"' in answer.body or left <= 0:
                    break
                ready, _, _ = select.select([bell, self.connection], [], [], min(left, proxy.look_again))
                if bell in ready:
                    bell.recv(4096)
                if self.connection in ready and is_gone(self.connection):
                    self.close_connection = True
                    return
        if is_gone(self.connection):
            self._put_back(question, answer)
            self.close_connection = True
            return
        self._answer(answer)

    def _put_back(self, question: bytes, answer: Answer) -> None:
        """Make messages visible again that were taken for a client that did not get them."""
        queue = json.loads(question)["QueueUrl"]
        for message in json.loads(answer.body).get("Messages", []) if answer.status == http.client.OK else []:
            change = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
            self._forward(json.dumps(change).encode(), {"X-Amz-Target": "AmazonSQS.ChangeMessageVisibility"})

    def _forward(self, body: bytes, other: dict[str, str] | None = None) -> Answer:
        headers = {name: text for name, text in self.headers.items() if name.lower() not in HOP_HEADERS}
        return self.server.proxy.forward(self.command, self.path, {**headers, **(other or {})}, body)

    def _answer(self, answer: Answer) -> None:
        self.wfile.write(_on_the_wire(answer))

    # ---- bad weather

    def _strike(self, fault: Fault, delay: float, action: str, body: bytes) -> None:
        proxy = self.server.proxy
        proxy.book.note(action, fault)
        answer = answer_for(fault, speaks_json="json" in self.headers.get("Content-Type", ""))
        there = proxy.hang(self.connection, delay)
        if there and answer is not None:
            self._answer(answer)
            return
        if there and fault.spoils_the_answer:
            self._spoil(fault, action, body)
        elif there and fault is Fault.LOSE_REPLY:
            self._forward(body)
        elif there and fault is Fault.HANG:
            proxy.hang(self.connection, None)
        elif there and fault is Fault.BLACK_HOLE:
            proxy.hang(self.connection, None, outlasting=True)
        self.close_connection = True
        cut(self.connection)

    def _spoil(self, fault: Fault, action: str, body: bytes) -> None:
        polled = action == "ReceiveMessage"
        question = _at_once(body) if polled else body
        answer = self._forward(question)
        match fault:
            case Fault.DRIP:
                delivered = self._drip(_on_the_wire(answer))
            case Fault.TRUNCATE:
                self.wfile.write(_on_the_wire(answer, _MISSING))
                delivered = False
            case _:
                self._reset(_on_the_wire(answer, _MISSING))
                delivered = False
        if polled and not delivered:
            # AWS would give it again after the visibility timeout, which no test need wait for.
            self._put_back(question, answer)

    def _drip(self, wire: bytes) -> bool:
        """Send a byte a second, then, when the fault is over, the rest; tell whether all of it was taken."""
        for sent in range(len(wire)):
            self.wfile.write(wire[sent : sent + 1])
            if not self.server.proxy.hang(self.connection, _DRIP_SECONDS):
                if is_gone(self.connection):
                    return False
                self.wfile.write(wire[sent + 1 :])
                return True
        return True

    def _reset(self, wire: bytes) -> None:
        self.wfile.write(wire)
        # With this, closing discards what is unsent and sends a reset instead of an end:
        # https://man7.org/linux/man-pages/man7/socket.7.html (SO_LINGER)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def _action(self, body: bytes) -> str:
        if target := self.headers.get("X-Amz-Target"):
            return target.rpartition(".")[2]
        if "urlencoded" in self.headers.get("Content-Type", ""):
            return parse_qs(body.decode("ascii", "replace")).get("Action", [""])[0]
        return ""


def is_gone(client: socket.socket) -> bool:
    """Tell whether a client has closed its end."""
    try:
        if not select.select([client], [], [], 0)[0]:
            return False
        # TLS sockets cannot peek; what lies below them can, and an end is an end there too.
        with socket.socket(fileno=os.dup(client.fileno())) as below:
            return below.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True


def cut(connection: socket.socket) -> None:
    """End a connection, also one that another thread is using."""
    # The client may have been quicker.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _at_once(body: bytes) -> bytes:
    """Give the question of a long poll as one that does not wait."""
    return json.dumps({**json.loads(body), "WaitTimeSeconds": 0}).encode()


def _on_the_wire(answer: Answer, missing: int = 0) -> bytes:
    phrase = http.client.responses.get(answer.status, "")
    headers = (*answer.headers, ("Content-Length", str(len(answer.body) + missing)))
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {text}" for name, text in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1") + answer.body


def _wait_seconds(action: str, body: bytes) -> float:
    return float(json.loads(body).get("WaitTimeSeconds", 0)) if action == "ReceiveMessage" else 0.0
