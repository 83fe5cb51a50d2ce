"""Keys that mean something: the emulated AWS can check signatures and policies, but only when it is asked to."""

import json
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import boto3

from desktop_bench.cloud import Cloud
from trayapp.aws.keys import AccessKey

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient


class User:
    """A user of the emulated account, who may do some things with one resource. Made while nothing is checked."""

    def __init__(self, cloud: Cloud, name: str, actions: Sequence[str] = (), resource: str = "*") -> None:
        self.name = name
        self._iam: IAMClient = boto3.client(
            "iam",
            region_name="us-east-1",
            endpoint_url=cloud.endpoint_url,
            aws_access_key_id=cloud.access_key_id,
            aws_secret_access_key=cloud.secret_access_key,
        )
        self._iam.create_user(UserName=name)
        if actions:
            statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            self._iam.put_user_policy(UserName=name, PolicyName="some", PolicyDocument=policy)

    def new_key(self) -> AccessKey:
        """Make a key pair."""
        made = self._iam.create_access_key(UserName=self.name)["AccessKey"]
        return AccessKey(made["AccessKeyId"], made["SecretAccessKey"])

    def delete_key(self, key: AccessKey) -> None:
        """Delete a key pair."""
        self._iam.delete_access_key(UserName=self.name, AccessKeyId=key.id)


class Emulated(Protocol):
    """An emulated AWS, of whichever kind."""

    endpoint_url: str


@contextmanager
def checked(cloud: Emulated) -> Iterator[None]:
    """Let the emulator check every request for the length of a block; the bench's own clients are refused as well.

    https://docs.getmoto.org/en/latest/docs/iam.html
    """
    _check_after(cloud, "0")
    try:
        yield
    finally:
        _check_after(cloud, "inf")


def _check_after(cloud: Emulated, unchecked_requests: str) -> None:
    request = urllib.request.Request(
        f"{cloud.endpoint_url}/moto-api/reset-auth",
        data=unchecked_requests.encode(),
        headers={"Content-Type": "text/plain"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10):
        pass
