"""What one account's owner set up, which a round of checks holds against what AWS says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """What one account's owner set up.

    Attributes:
        queue_url: The queue's address.
        region: The queue's Region.
        account_id: The number of the account that the key belongs to; empty where it was never asked.
        topics: The ARNs of the topics that may send to the queue, and have to; where there are none, those that the
            queue's policy lets in are taken for them.
        config_regions: The Regions in which AWS Config is expected to record; ``None`` for the queue's own.
        trail: CloudTrail is expected to log; ``None`` where the queue's policy says so, by letting EventBridge in.
    """

    queue_url: str
    region: str
    account_id: str = ""
    topics: tuple[str, ...] = ()
    config_regions: tuple[str, ...] | None = None
    trail: bool | None = None

    @property
    def recording(self) -> tuple[str, ...]:
        """The Regions in which AWS Config is expected to record."""
        return (self.region,) if self.config_regions is None else self.config_regions
