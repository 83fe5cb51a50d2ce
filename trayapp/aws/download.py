"""Getting one small public file: no redirects, not a byte too many, and never longer than allowed.

Nothing secret is sent and no key is used. The way out of the network is that of every other request of ours: the
proxy variables and the CA bundle (``trayapp.aws.session``).
"""

from contextlib import closing
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from trayapp.aws.alarm import Alarm
from trayapp.aws.interrupt import Interrupter
from trayapp.aws.session import CONNECT_SECONDS, ca_bundle
from trayapp.core.text import name

_OK = 200
_CHUNK = 4096
_TOO_LONG = "it takes too long"


class DownloadFailed(Exception):  # noqa: N818 - named after what happened
    """The file could not be had just now; the text says why, for the log."""


def download(url: str, *, most_bytes: int, most_seconds: float) -> bytes:
    """Get a file.

    Args:
        url: Where it is; ``https://`` is verified, ``http://`` is for what proves itself by its content.
        most_bytes: How large it may be.
        most_seconds: How long the whole may take.

    Raises:
        DownloadFailed: It is not there, or something else is, or it takes too long.
    """
    try:
        session = _session(url)
    except ValueError as error:
        raise DownloadFailed(name(str(error), 200)) from None
    interrupter = Interrupter(session)
    with closing(session), closing(Alarm("download")) as alarm, alarm.within(most_seconds, interrupter.interrupt):
        try:
            body = _body(session, url, most_bytes)
        except (BotoCoreError, HTTPError, OSError, ValueError) as error:
            why = _TOO_LONG if interrupter.interrupted else name(str(error), 200)
            raise DownloadFailed(why or type(error).__name__) from None
    if interrupter.interrupted:  # the end of the stream was ours
        raise DownloadFailed(_TOO_LONG)
    return body


def _session(url: str) -> URLLib3Session:
    options: dict[str, Any] = {"verify": ca_bundle() or True, "timeout": (CONNECT_SECONDS, CONNECT_SECONDS)}
    return URLLib3Session(proxies=get_environ_proxies(url), max_pool_connections=1, **options)


def _body(session: URLLib3Session, url: str, most_bytes: int) -> bytes:
    request = AWSRequest(method="GET", url=url, headers={"Accept-Encoding": "identity"}).prepare()
    request.stream_output = True
    response = session.send(request)
    try:
        # Redirects are not followed: an honest server has none, and a portal's leads anywhere.
        if response.status_code != _OK:
            raise DownloadFailed(f"the server answers {response.status_code}")
        body = bytearray()
        while chunk := response.raw.read(_CHUNK):
            body += chunk
            if len(body) > most_bytes:
                raise DownloadFailed("it is too large")
    finally:
        response.raw.close()
    return bytes(body)
