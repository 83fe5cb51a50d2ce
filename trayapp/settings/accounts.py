"""The accounts to watch, as the settings name them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from trayapp.core.regions import is_region
from trayapp.settings.problems import InvalidValue, Key, check_known

ACCOUNT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_ACCOUNT_ID = re.compile(r"\d{12}")
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
# with the DNS suffixes of the ``partitions`` file of botocore.
_AWS_QUEUE_HOST = re.compile(
    r"(?:sqs\.(?P<region>[a-z0-9-]+)|(?P<old>[a-z0-9-]+)\.queue|queue)\."
    r"(?:amazonaws\.(?:com|com\.cn|eu)|api\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Account:
    """One account to watch.

    Attributes:
        name: Its name in the settings, on the command line and in the keyring.
        region: The Region of its queue.
        queue_url: The queue's address.
        label: What notifications call it; its name where not set.
        endpoint_url: The address of an AWS-compatible server, or empty for AWS itself.
        account_id: The account's number as AWS gave it at sign-in; empty before.
    """

    name: str
    region: str
    queue_url: str
    label: str = ""
    endpoint_url: str = ""
    account_id: str = ""

    @property
    def called(self) -> str:
        """What to call it."""
        return self.label or self.name

    @property
    def endpoint_host(self) -> str:
        """The host and port of an AWS-compatible server, or empty."""
        return urlsplit(self.endpoint_url).netloc if self.endpoint_url else ""


ACCOUNT_KEYS = tuple(field.name for field in fields(Account) if field.name != "name")


def check_account(name: str, values: object) -> Account:
    """Check one account's settings.

    Raises:
        InvalidValue: Something in them is wrong.
    """
    at = ("accounts", name)
    if not ACCOUNT_NAME.fullmatch(name):
        raise InvalidValue(at, f"{name!r} cannot name an account: use up to 40 letters, digits, dots, dashes")
    if not isinstance(values, Mapping):
        raise InvalidValue(at, f"an account is a table: write [accounts.{name}], then one setting a line")
    check_known(values, ACCOUNT_KEYS, at)
    for key, value in values.items():
        if not isinstance(value, str):
            raise InvalidValue((*at, key), f"{key} must be text in quotation marks")
    account = Account(name=name, **{"region": "", "queue_url": "", **values})
    for key in ("region", "queue_url"):
        if not getattr(account, key).strip():
            raise InvalidValue((*at, key), f"{key} is missing; give it, or run: trayapp login {name}")
    _check_region(account, at)
    _check_endpoint(account, at)
    _check_queue(account, at)
    if account.account_id and not _ACCOUNT_ID.fullmatch(account.account_id):
        raise InvalidValue((*at, "account_id"), "account_id must be the twelve digits of an account")
    return account


def _check_region(account: Account, at: Key) -> None:
    if not is_region(account.region):
        raise InvalidValue((*at, "region"), f"{account.region!r} is no Region; write its code, such as eu-central-1")


def _check_endpoint(account: Account, at: Key) -> None:
    if not account.endpoint_url:
        return
    parts = _split(account.endpoint_url, (*at, "endpoint_url"))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise InvalidValue(
        (*at, "endpoint_url"), "endpoint_url must begin with https:// (http:// only for this computer itself)"
    )


def _check_queue(account: Account, at: Key) -> None:
    parts = _split(account.queue_url, (*at, "queue_url"))
    if account.endpoint_url:
        if parts.scheme not in ("http", "https"):
            raise InvalidValue((*at, "queue_url"), "queue_url must be the queue's address, beginning with https://")
        return
    host = _AWS_QUEUE_HOST.fullmatch(parts.hostname or "")
    if parts.scheme != "https" or host is None:
        raise InvalidValue(
            (*at, "queue_url"),
            "queue_url must look like https://sqs.REGION.amazonaws.com/ACCOUNT/NAME (the console and the stack's "
            "outputs show it); for an AWS-compatible server set endpoint_url too",
        )
    region = host["region"] or host["old"]
    if region and region != account.region:
        raise InvalidValue((*at, "region"), f"region is {account.region}, but the queue is in {region}")


def _split(url: str, key: Key) -> Any:  # noqa: ANN401 - urllib's result type is private
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed, and refused, only when asked for
    except ValueError as error:
        raise InvalidValue(key, f"{key[-1]} is no address: {error}") from None
    if not parts.hostname:
        raise InvalidValue(key, f"{key[-1]} is no address: it names no host")
    if parts.username or parts.password:
        raise InvalidValue(key, f"{key[-1]} must not carry a user or password")
    return parts
