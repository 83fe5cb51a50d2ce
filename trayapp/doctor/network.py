"""The way to AWS, looked at without a key: what stands in between, who answers, and what time it is there."""

import socket
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from cryptography import x509
from cryptography.x509.oid import NameOID

from trayapp.aws.dialing import Left, LookUp
from trayapp.aws.failures import AwsFailure, failure_of
from trayapp.aws.session import CONNECT_SECONDS, ca_bundle, is_this_computer
from trayapp.core.causes import Cause
from trayapp.core.language import say
from trayapp.core.text import name

_NAME_SECONDS = 10.0
_ANSWER_SECONDS = 10
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a server told of itself before any key was shown to it.

    Attributes:
        tls: The version of TLS, ``TLSv1.3``; empty without TLS.
        issuer: Who issued its certificate; empty without TLS.
        date: Its time, aware, to the second; ``None`` where it did not say.
    """

    tls: str
    issuer: str
    date: datetime | None


def host_of(url: str) -> str:
    """Give the host of an address."""
    return urlsplit(url).hostname or ""


def proxy_of(url: str) -> str:
    """Give the proxy through which an address is reached, without user and password; empty without one."""
    found = _proxies(url).get(urlsplit(url).scheme, "")
    if not found:
        return ""
    parts = urlsplit(found if "://" in found else f"http://{found}")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def addresses_of(url: str) -> list[str]:
    """Look up the addresses behind a host's name.

    Raises:
        AwsFailure: They cannot be looked up.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)
    try:
        found = LookUp(host, port).wait(_NAME_SECONDS)
    except Left:
        raise AwsFailure(
            Cause.NAME_NOT_FOUND, say("no answer within {seconds} s", seconds=f"{_NAME_SECONDS:g}")
        ) from None
    except socket.gaierror as error:
        raise AwsFailure(Cause.NAME_NOT_FOUND, name(error.strerror or type(error).__name__, 200)) from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def greet(url: str) -> Greeting:
    """Connect as the program itself does, and ask for nothing in particular, without a key.

    Raises:
        AwsFailure: Nobody answers, or nobody who can be trusted.
    """
    try:
        answer = _session(url, verify=ca_bundle() or True).send(_question(url))
    except BotoCoreError as error:
        raise failure_of(error) from None
    with answer.raw:
        secured = getattr(answer.raw.connection, "sock", None)
        date = _date(answer.headers)
        if not isinstance(secured, ssl.SSLSocket):
            return Greeting("", "", date)
        return Greeting(secured.version() or "", _spoken(_issuer(secured)), date)


def who_answers(url: str) -> str:
    """Name the issuer of the certificate of a server that cannot be trusted; empty where that cannot be seen."""
    with warnings.catch_warnings():
        # Its warning says what we know: nobody vouches for this server, and nothing is told to it.
        warnings.simplefilter("ignore")
        try:
            answer = _session(url, verify=False).send(_question(url))
        except (BotoCoreError, OSError):
            return ""
        with answer.raw:
            secured = getattr(answer.raw.connection, "sock", None)
            return _spoken(_issuer(secured)) if isinstance(secured, ssl.SSLSocket) else ""


def _proxies(url: str) -> dict[str, str]:
    if is_this_computer(url):
        return {}
    found: dict[str, str] = get_environ_proxies(url)
    return found


def _session(url: str, *, verify: bool | str) -> Any:  # noqa: ANN401 - botocore's, and its stubs know less than it
    make: Any = URLLib3Session
    return make(verify=verify, proxies=_proxies(url), timeout=(CONNECT_SECONDS, _ANSWER_SECONDS))


def _question(url: str) -> Any:  # noqa: ANN401 - botocore's, untyped
    return AWSRequest("GET", url, stream_output=True).prepare()


def _date(headers: Mapping[str, str]) -> datetime | None:
    """Read the header ``Date`` (RFC 9110, section 6.6.1)."""
    try:
        when = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _issuer(secured: ssl.SSLSocket) -> x509.Name | None:
    written = secured.getpeercert(binary_form=True)
    try:
        return x509.load_der_x509_certificate(written).issuer if written else None
    except ValueError:
        return None


def _spoken(issuer: x509.Name | None) -> str:
    """Say a name of a certificate: the organisation, and which of its authorities."""
    if issuer is None:
        return ""
    said = [
        name(str(attribute.value), 60)
        for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        for attribute in issuer.get_attributes_for_oid(kind)[:1]
    ]
    return " (".join(said) + ")" if len(said) > 1 else "".join(said)
