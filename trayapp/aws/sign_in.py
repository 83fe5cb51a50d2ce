"""Proving that a key and a queue belong together, before anything is stored."""

from dataclasses import dataclass

from trayapp.aws.checks import topics_in
from trayapp.aws.failures import BOTOCORE_ERRORS, AwsFailure, answered_by_aws, failure_of
from trayapp.aws.session import Endpoint, identity_client, queue_client
from trayapp.core.causes import PROBLEMS
from trayapp.core.language import say


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a key belongs to, and what its queue listens to.

    Attributes:
        account_id: The account's number.
        arn: The ARN of the key's user.
        topics: The ARNs of the topics that the queue's policy lets in.
    """

    account_id: str
    arn: str
    topics: tuple[str, ...] = ()

    @property
    def is_root(self) -> bool:
        """Whether it is the account's root user, whose key should not exist at all."""
        return self.arn.endswith(":root")


class SignInRefused(Exception):  # noqa: N818 - named after what happened
    """The key or the queue was refused; the text says which, why and what to do."""


def prove(endpoint: Endpoint, queue_url: str, account: str) -> Identity:
    """Ask AWS who the key is, and whether it may read the queue's attributes.

    Args:
        endpoint: Where to ask, and as whom.
        queue_url: The queue.
        account: The account's name, for the way out.

    Raises:
        SignInRefused: One of the two was refused, or AWS could not be asked.
    """
    try:
        identity = identity_client(endpoint).get_caller_identity()
        answered_by_aws(identity)
    except (*BOTOCORE_ERRORS, AwsFailure) as error:
        raise _refused(say("The key was not accepted"), error, account) from None
    try:
        queue = queue_client(endpoint).get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn", "Policy"])
        answered_by_aws(queue)
    except (*BOTOCORE_ERRORS, AwsFailure) as error:
        raise _refused(
            say("The key is good, but the queue {queue} was refused", queue=queue_url), error, account
        ) from None
    attributes = queue.get("Attributes", {})
    topics = topics_in(attributes.get("Policy", ""), attributes.get("QueueArn", ""))
    return Identity(identity.get("Account", ""), identity.get("Arn", ""), topics)


def _refused(what: str, error: Exception, account: str) -> SignInRefused:
    failure = error if isinstance(error, AwsFailure) else failure_of(error)
    problem = PROBLEMS[failure.cause]
    if problem.passing:  # nobody has judged the key or the queue
        what = say("AWS could not be asked")
    why = say("{what}: {problem} ({detail}).", what=what, problem=say(problem.what), detail=failure)
    return SignInRefused(f"{why}\n{say(problem.way_out, account=account)}")
