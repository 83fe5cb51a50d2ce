"""A boto3 session that takes nothing from its surroundings.

The AWS tools read variables, ``~/.aws``, credential processes, endpoint overrides and the instance metadata service.
Any of these could point us at somebody else's server, or make us fail because of a file that is not ours; so every
source is emptied, and keys, Region and endpoint are given in the open. Two things are left on purpose, since without
them there is no way out of many networks: the proxy variables, which botocore reads by itself, and the CA bundle.
"""

import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, overload
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.credentials import CredentialResolver
from botocore.exceptions import IncompleteReadError
from botocore.loaders import Loader

import trayapp
from trayapp.aws.keys import AccessKey

if TYPE_CHECKING:
    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_config import ConfigServiceClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sts import STSClient

LONG_POLL_SECONDS = 20
"""The longest wait that SQS knows.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

SERVICES = ("cloudtrail", "config", "sns", "sqs", "sts")
"""The services that are asked here: a package needs botocore's data of these, and of no others."""

CONNECT_SECONDS = 5
_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")
_CA_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, and as whom.

    Attributes:
        region: The Region's code.
        key: The key to sign with.
        url: The address of an AWS-compatible server, or empty for AWS itself.
    """

    region: str
    key: AccessKey = field(repr=False)
    url: str = ""


def polling_client(endpoint: Endpoint) -> "SQSClient":
    """Make a client for the long poll: it never retries by itself, so that its loop can be ended at once."""
    client: SQSClient = _client("sqs", endpoint, answer_seconds=LONG_POLL_SECONDS + 5, attempts=1)
    return client


def queue_client(endpoint: Endpoint) -> "SQSClient":
    """Make a client for the short calls on a queue."""
    client: SQSClient = _client("sqs", endpoint, answer_seconds=10, attempts=3)
    return client


def identity_client(endpoint: Endpoint) -> "STSClient":
    """Make a client that can ask AWS who we are."""
    client: STSClient = _client("sts", endpoint, answer_seconds=10, attempts=2)
    return client


@overload
def asking_client(endpoint: Endpoint, service: Literal["cloudtrail"]) -> "CloudTrailClient": ...
@overload
def asking_client(endpoint: Endpoint, service: Literal["config"]) -> "ConfigServiceClient": ...
@overload
def asking_client(endpoint: Endpoint, service: Literal["sns"]) -> "SNSClient": ...
@overload
def asking_client(endpoint: Endpoint, service: Literal["sqs"]) -> "SQSClient": ...
@overload
def asking_client(endpoint: Endpoint, service: Literal["sts"]) -> "STSClient": ...
def asking_client(endpoint: Endpoint, service: str) -> object:
    """Make a client for questions that change nothing; it never retries by itself, as the patrol comes again."""
    client: object = _client(service, endpoint, answer_seconds=10, attempts=1)
    return client


def is_this_computer(url: str) -> bool:
    """Tell whether an address is one of this computer itself."""
    return urlsplit(url).hostname in _THIS_COMPUTER


def ca_bundle() -> str | None:
    """Give the CA bundle that the surroundings name; a name without a file behind it is passed over."""
    named = (os.environ.get(variable, "") for variable in _CA_BUNDLES)
    return next((path for path in named if path and os.path.isfile(path)), None)  # noqa: PTH113 - a string for botocore


@lru_cache(maxsize=1)
def hermetic_session() -> boto3.session.Session:
    """Give the one session: it caches the service models, which makes every client after the first nearly free."""
    # Each entry is (key in the file, variable, default, conversion): without its first two only the default is left.
    sourceless = {
        name: (None, None, default, conversion)
        for name, (_, _, default, conversion) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    session: Any = botocore.session.Session(session_vars=sourceless)
    session.set_config_variable("config_file", os.devnull)
    session.set_config_variable("credentials_file", os.devnull)
    session.register_component("credential_provider", CredentialResolver(providers=[]))
    session.register_component("data_loader", _OwnModels())
    session.register("before-parse", _whole)
    return boto3.session.Session(botocore_session=session)


class _OwnModels(Loader):
    """botocore's own models of the services, and no others."""

    def __init__(self) -> None:
        # The default search path has ~/.aws/models in it, which could redefine the services.
        super().__init__([self.BUILTIN_DATA_PATH], include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's signature
        """Give the services that there are; botocore itself would look into each one's folder for each new client."""
        return os.listdir(self.BUILTIN_DATA_PATH)  # noqa: PTH208 - names, not paths


def _whole(response_dict: dict[str, Any], **_: object) -> None:
    """Refuse an answer whose end is missing: botocore would take it for one without messages.

    Also where it breaks off within its headers. Those that came until then are believed, and the one that tells how
    long the rest is may not have been among them.
    """
    headers, received = response_dict["headers"], len(response_dict["body"])
    promised = headers.get("content-length", "")
    if promised.isdecimal() and received < int(promised):
        raise IncompleteReadError(actual_bytes=received, expected_bytes=int(promised))
    if not received and not promised.isdecimal() and not headers.get("transfer-encoding"):
        raise IncompleteReadError(actual_bytes=received, expected_bytes=len("{}"))  # the shortest answer there is


def _client(service: str, endpoint: Endpoint, *, answer_seconds: int, attempts: int) -> Any:  # noqa: ANN401 - each service's has a type of its own
    settings: dict[str, Any] = {"ignore_configured_endpoint_urls": True}  # known to botocore, not yet to its stubs
    if is_this_computer(endpoint.url):
        settings["proxies"] = {}  # a proxy would look for the server on its own computer
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=answer_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        tcp_keepalive=True,
        max_pool_connections=2,
        use_dualstack_endpoint=False,
        use_fips_endpoint=False,
        user_agent_extra=f"trayapp/{trayapp.__version__}",
        **settings,
    )
    make: Any = hermetic_session().client
    return make(
        service,
        config=config,
        endpoint_url=endpoint.url or None,
        verify=ca_bundle() or True,
        region_name=endpoint.region,
        aws_access_key_id=endpoint.key.id,
        aws_secret_access_key=endpoint.key.secret,
    )
