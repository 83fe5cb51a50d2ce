"""The guard's checks: whether those who should report still can, asked with as little permission as it takes."""

from trayapp.aws.checks.asking import Stopped
from trayapp.aws.checks.expected import Expected
from trayapp.aws.checks.policy import parsed
from trayapp.aws.checks.queue_policy import topics_in as topics_of_policy
from trayapp.aws.checks.rounds import Rounds

__all__ = ["Expected", "Rounds", "Stopped", "topics_in"]


def topics_in(policy: str, queue_arn: str) -> tuple[str, ...]:
    """Give the ARNs of the topics that a queue's policy, JSON text, lets in; none where it cannot be read."""
    try:
        return topics_of_policy(parsed(policy, queue_arn))
    except ValueError:
        return ()
