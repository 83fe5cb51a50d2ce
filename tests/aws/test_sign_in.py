"""A key and a queue are proven before anything is stored, and a refusal says which of them, why, and what to do."""

import pytest

from aws.permissions import User, checked
from aws.servers import closed_port
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint
from trayapp.aws.sign_in import Identity, SignInRefused, prove

READ = ["sts:GetCallerIdentity", "sqs:GetQueueAttributes"]


def refusal(endpoint: Endpoint, queue_url: str) -> str:
    """Give the words of the refusal that must come, plain and without the secret."""
    with pytest.raises(SignInRefused) as caught:
        prove(endpoint, queue_url, "acme")
    text = str(caught.value)
    assert endpoint.key.secret not in text
    assert not set("<>{}") & set(text)
    assert len(text.splitlines()) == 2
    assert caught.value.__cause__ is None
    return text


def test_a_good_key_is_told_whose_it_is(cloud: Cloud, inbox: Inbox) -> None:
    user = User(cloud, "listener", READ, "*")
    key = user.new_key()
    with checked(cloud):
        identity = prove(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url, "acme")
    assert identity == Identity(
        cloud.account_id, f"arn:aws:iam::{cloud.account_id}:user/listener", topics=(inbox.topic_arn,)
    )
    assert not identity.is_root


def test_the_root_users_key_is_known_as_such() -> None:
    assert Identity("123456789012", "arn:aws:iam::123456789012:root").is_root
    assert not Identity("123456789012", "arn:aws:iam::123456789012:user/root").is_root


def test_a_key_that_aws_does_not_know_is_refused(cloud: Cloud, inbox: Inbox) -> None:
    key = AccessKey("AKIAUNKNOWNTOANYBODY", "not-so-secret-after-all")
    with checked(cloud):
        text = refusal(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url)
    assert text.startswith("The key was not accepted: AWS does not know this access key (InvalidClientTokenId: ")
    assert "run: trayapp login acme" in text


def test_a_wrong_secret_is_refused(cloud: Cloud, inbox: Inbox) -> None:
    key = AccessKey(User(cloud, "listener", READ).new_key().id, "wrong-and-still-nobodys-business")
    with checked(cloud):
        text = refusal(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url)
    assert text.startswith("The key was not accepted: the secret key is wrong (SignatureDoesNotMatch: ")


def test_a_key_that_may_not_read_the_queue_is_refused(cloud: Cloud, inbox: Inbox) -> None:
    key = User(cloud, "visitor", ["sts:GetCallerIdentity"]).new_key()
    with checked(cloud):
        text = refusal(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url)
    assert text.startswith(
        f"The key is good, but the queue {inbox.queue_url} was refused: this key may not read the queue"
    )
    assert "user/visitor is not authorized to perform: sqs:GetQueueAttributes" in text


def test_a_key_that_may_read_another_queue_only_is_refused(cloud: Cloud, inbox: Inbox) -> None:
    key = User(cloud, "listener", READ, cloud.inbox().queue_arn).new_key()
    with checked(cloud):
        text = refusal(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url)
    assert text.startswith("The key is good, but the queue")


def test_a_queue_that_is_not_there_is_refused(cloud: Cloud, inbox: Inbox, key: AccessKey) -> None:
    text = refusal(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url + "-not")
    assert text.startswith(f"The key is good, but the queue {inbox.queue_url}-not was refused: the queue is not there")
    assert "trayapp login acme" in text


def test_a_queue_in_another_region_is_refused(cloud: Cloud, inbox: Inbox, key: AccessKey) -> None:
    assert "the queue is not there" in refusal(Endpoint("us-east-1", key, cloud.endpoint_url), inbox.queue_url)


def test_a_login_page_is_no_proof(cloud: Cloud, inbox: Inbox, key: AccessKey) -> None:
    endpoint = Endpoint(cloud.region, key, cloud.endpoint_url)
    for action in ("GetCallerIdentity", "GetQueueAttributes"):
        cloud.inject(Fault.PORTAL, action)
        text = refusal(endpoint, inbox.queue_url)
        assert text.startswith("AWS could not be asked: a login page is in the way")
        assert "a login page is in the way" in text


def test_a_passing_failure_is_no_refusal(cloud: Cloud, inbox: Inbox, key: AccessKey) -> None:
    cloud.inject(Fault.ERROR_503, "GetCallerIdentity")
    cloud.inject(Fault.DROP, "GetQueueAttributes")
    assert (
        prove(Endpoint(cloud.region, key, cloud.endpoint_url), inbox.queue_url, "acme").account_id == cloud.account_id
    )


def test_without_a_network_it_says_so(key: AccessKey) -> None:
    text = refusal(Endpoint("eu-west-1", key, f"http://{closed_port()}"), "https://sqs.eu-west-1.amazonaws.com/1/q")
    assert "no connection to AWS" in text
