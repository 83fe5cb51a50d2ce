"""The accounts to watch, as the settings name them."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from trayapp.core.language import say
from trayapp.core.regions import is_region
from trayapp.settings.problems import InvalidValue, Key, check_known

ACCOUNT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
ACCOUNT_ID = re.compile(r"[0-9]{12}")  # no digits but those of ASCII
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
# with the DNS suffixes of the ``partitions`` file of botocore.
_AWS_QUEUE_HOST = re.compile(
    r"(?:sqs\.(?P<region>[a-z0-9-]+)|(?P<old>[a-z0-9-]+)\.queue|queue)\."
    r"(?:amazonaws\.(?:com|com\.cn|eu)|api\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))"
)
# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html has the characters of a topic's name.
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?")
_PERIOD = re.compile(r"(?P<count>[1-9][0-9]{0,3})(?P<unit>[mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LISTS = {"topics": '"arn:aws:sns:eu-central-1:123456789012:config"', "regions": '"eu-central-1", "us-east-1"'}
"""The settings that are lists of texts, each with an example."""
_SWITCHES = ("trail",)
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
        topics: The ARNs of the topics that may send to the queue, and have to. Where there are none, those that the
            queue's policy lets in are believed.
        regions: The Regions in which AWS Config is expected to record; empty where that is not used at all, and
            ``None`` for the queue's own.
        trail: CloudTrail is expected to log; ``None`` where the queue's policy says it, by letting its events in.
        heartbeat: How often the stack sends a message that only proves the way: ``1h``, or empty for never.
    """

    name: str
    region: str
    queue_url: str
    label: str = ""
    endpoint_url: str = ""
    account_id: str = ""
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] | None = None
    trail: bool | None = None
    heartbeat: str = ""

    @property
    def called(self) -> str:
        """What to call it."""
        return self.label or self.name

    @property
    def endpoint_host(self) -> str:
        """The host and port of an AWS-compatible server, or empty."""
        return urlsplit(self.endpoint_url).netloc if self.endpoint_url else ""

    @property
    def config_regions(self) -> tuple[str, ...]:
        """The Regions in which AWS Config is expected to record."""
        return (self.region,) if self.regions is None else self.regions

    @property
    def heartbeat_period(self) -> timedelta | None:
        """How often a heartbeat comes, ``None`` for never."""
        return _period(self.heartbeat) if self.heartbeat else None


DEFAULTS = {field.name: None if field.default is MISSING else field.default for field in fields(Account)}
"""What each setting of an account is where it is not written; ``None`` as well where it has to be."""

ACCOUNT_KEYS = tuple(name for name in DEFAULTS if name != "name")


def check_account(name: str, values: object) -> Account:
    """Check one account's settings.

    Raises:
        InvalidValue: Something in them is wrong.
    """
    at = ("accounts", name)
    if not ACCOUNT_NAME.fullmatch(name):
        raise InvalidValue(
            at, say("{name} cannot name an account: use up to 40 letters, digits, dots, dashes", name=repr(name))
        )
    if not isinstance(values, Mapping):
        raise InvalidValue(
            at, say("an account is a table: write [accounts.{name}], then one setting a line", name=name)
        )
    check_known(values, ACCOUNT_KEYS, at)
    account = Account(name=name, **{"region": "", "queue_url": "", **_typed(values, at)})
    for key in ("region", "queue_url"):
        if not getattr(account, key).strip():
            raise InvalidValue(
                (*at, key), say("{key} is missing; give it, or run: trayapp login {name}", key=key, name=name)
            )
    _check_region(account, at)
    _check_endpoint(account, at)
    _check_queue(account, at)
    if account.account_id and not ACCOUNT_ID.fullmatch(account.account_id):
        raise InvalidValue((*at, "account_id"), say("account_id must be the twelve digits of an account"))
    _check_watch(account, at)
    return account


def _typed(values: Mapping[str, Any], at: Key) -> dict[str, Any]:
    """Check that every value is of its setting's type, and give lists as tuples."""
    typed: dict[str, Any] = {}
    for key, value in values.items():
        if key in _LISTS:
            if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
                raise InvalidValue(
                    (*at, key),
                    say("{key} must be a list of texts, such as {example}", key=key, example=f"[{_LISTS[key]}]"),
                )
            typed[key] = tuple(dict.fromkeys(value))
        elif key in _SWITCHES:
            if not isinstance(value, bool):
                raise InvalidValue((*at, key), say("{key} must be true or false, without quotation marks", key=key))
            typed[key] = value
        elif isinstance(value, str):
            typed[key] = value
        else:
            raise InvalidValue((*at, key), say("{key} must be text in quotation marks", key=key))
    return typed


def _check_watch(account: Account, at: Key) -> None:
    """Check what is said of those who report."""
    for topic in account.topics:
        if not _TOPIC.fullmatch(topic):
            raise InvalidValue(
                (*at, "topics"),
                say(
                    "{topic} is no topic; write its ARN, such as {example}",
                    topic=repr(topic),
                    example=_LISTS["topics"].strip('"'),
                ),
            )
    for region in account.regions or ():
        if not is_region(region):
            raise InvalidValue((*at, "regions"), _no_region(region))
    if account.heartbeat and _period(account.heartbeat) is None:
        raise InvalidValue(
            (*at, "heartbeat"),
            say("{period} is no period; write 15m, 1h or 1d, as in the stack", period=repr(account.heartbeat)),
        )


def _period(text: str) -> timedelta | None:
    found = _PERIOD.fullmatch(text)
    return timedelta(**{_UNITS[found["unit"]]: int(found["count"])}) if found else None


def _no_region(region: str) -> str:
    return say("{region} is no Region; write its code, such as eu-central-1", region=repr(region))


def _check_region(account: Account, at: Key) -> None:
    if not is_region(account.region):
        raise InvalidValue((*at, "region"), _no_region(account.region))


def _check_endpoint(account: Account, at: Key) -> None:
    if not account.endpoint_url:
        return
    parts = _split(account.endpoint_url, (*at, "endpoint_url"))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise InvalidValue(
        (*at, "endpoint_url"), say("endpoint_url must begin with https:// (http:// only for this computer itself)")
    )


def _check_queue(account: Account, at: Key) -> None:
    parts = _split(account.queue_url, (*at, "queue_url"))
    if account.endpoint_url:
        if parts.scheme not in ("http", "https"):
            raise InvalidValue(
                (*at, "queue_url"), say("queue_url must be the queue's address, beginning with https://")
            )
        return
    host = _AWS_QUEUE_HOST.fullmatch(parts.hostname or "")
    if parts.scheme != "https" or host is None:
        raise InvalidValue(
            (*at, "queue_url"),
            say(
                "queue_url must look like https://sqs.REGION.amazonaws.com/ACCOUNT/NAME (the console and the stack's "
                "outputs show it); for an AWS-compatible server set endpoint_url too"
            ),
        )
    region = host["region"] or host["old"]
    if region and region != account.region:
        raise InvalidValue(
            (*at, "region"), say("region is {region}, but the queue is in {other}", region=account.region, other=region)
        )


def _split(url: str, key: Key) -> Any:  # noqa: ANN401 - urllib's result type is private
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed, and refused, only when asked for
    except ValueError as error:
        raise InvalidValue(key, say("{key} is no address: {error}", key=key[-1], error=error)) from None
    if not parts.hostname:
        raise InvalidValue(key, say("{key} is no address: it names no host", key=key[-1]))
    if parts.username or parts.password:
        raise InvalidValue(key, say("{key} must not carry a user or password", key=key[-1]))
    return parts
