"""Something for Nagstamon to watch, and the configuration that makes it do so."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

# Left out is what has Nagstamon's own default, such as the interval of a minute.
_MAIN = """[Nagstamon]
icon_in_systray = True
statusbar_floating = False
check_for_new_version = False
notification_sound = False
"""

_SERVER = """[Server_bench]
name = bench
type = Alertmanager
enabled = True
monitor_url = {url}
monitor_cgi_url = {url}
username = bench
password = bench
save_password = True
use_proxy = False
use_proxy_from_os = False
"""


def configure(folder: Path, url: str) -> Path:
    """Write a configuration with one server to watch.

    Args:
        folder: Where; it is what Nagstamon takes as its only argument.
        url: The server, an Alertmanager.
    """
    (folder / "servers").mkdir(parents=True)
    (folder / "nagstamon.conf").write_text(_MAIN, encoding="utf-8")
    (folder / "servers" / "server_bench.conf").write_text(_SERVER.format(url=url), encoding="utf-8")
    return folder


def environment() -> dict[str, str]:
    """Give the variables it needs here.

    Qt's media player, which Nagstamon makes even when it shall not play sounds, crashes where GStreamer lacks its
    plug-ins, as it does unless Debian's recommended packages are installed; its other back end always works.
    """
    return {"QT_MEDIA_BACKEND": "ffmpeg"}


class AllWell:
    """An Alertmanager without alerts (https://prometheus.io/docs/alerting/latest/overview/), in a ``with`` block.

    Attributes:
        url: Its address.
        asked: How often it was asked.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Serve."""
        threading.Thread(target=self._server.serve_forever, args=(0.5,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        well = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                well.asked += 1
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"[]")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
